import { describe, expect, it } from 'vitest'
import type { Candidate, Rejection } from '../../../src/main/domain/imports/candidate.ts'
import { CsvReader } from '../../../src/main/domain/imports/csv-reader.ts'
import { REPAIR_MARK } from '../../../src/main/domain/imports/file-decoder.ts'
import { proposeMapping } from '../../../src/main/domain/imports/mapping.ts'
import { rowReader } from '../../../src/main/domain/imports/row.ts'
import {
  type FlagCode,
  flagReasons,
  malformations,
  type RejectionCode,
  rejectionReasons,
} from '../../../src/shared/imports/reasons.ts'
import { type ImportOptions, importOptionsSchema, type ReadSettings } from '../../../src/shared/imports/settings.ts'

const HEADER =
  'first_name,last_name,mobile,phone,email,country,time zone,tags,consent,consent source,consent text,consent date,company,zip,consent type'
const OPTIONS = importOptionsSchema.parse({ defaultCountry: 'US' })

/** Reads one line of a list with the given header; the mapping is the proposed one. */
function read(line: string, options: Partial<ImportOptions> = {}, header = HEADER) {
  const columns = header.split(',')
  const settings: ReadSettings = {
    format: { encoding: 'utf-8', lineEnd: 'LF', delimiter: ',', header: true },
    mapping: proposeMapping(columns, [], true, null),
    options: { ...OPTIONS, ...options },
  }
  const csv = new CsvReader({ delimiter: ',', maxRow: 20_000 })
  const [, row] = [...csv.push(`${header}\n${line}`), ...csv.end()]
  if (!row) throw new Error('no row')
  return rowReader(columns, settings).read(row)
}

function accepted(line: string, options: Partial<ImportOptions> = {}, header = HEADER): Candidate {
  const result = read(line, options, header)
  if ('rejection' in result) throw new Error(result.rejection.code)
  return result.candidate
}

function rejected(line: string, options: Partial<ImportOptions> = {}, header = HEADER): Rejection {
  const result = read(line, options, header)
  if ('candidate' in result) throw new Error(`accepted ${result.candidate.number}`)
  return result.rejection
}

describe('reasons', () => {
  const cases: [RejectionCode, string, Partial<ImportOptions>?][] = [
    ['phone_missing', 'Ann,Lee,,'],
    ['phone_missing', 'Ann,Lee,n/a,-'],
    ['phone_invalid', 'Ann,Lee,555-0123'],
    ['phone_extension', 'Ann,Lee,202-555-0123 x5'],
    ['phone_excel_damaged', 'Ann,Lee,4.41E+11'],
    ['phone_not_mobile', 'Ann,Lee,020 7946 0958,,,UK'],
    ['phone_country_unknown', 'Ann,Lee,202-555-0123,,,Atlantis'],
    ['phone_country_missing', 'Ann,Lee,202-555-0123', { defaultCountry: null }],
    ['consent_refused', 'Ann,Lee,202-555-0123,,,,,,no'],
    ['consent_kind_unknown', 'Ann,Lee,202-555-0123,,,,,,yes,,,,,,gold'],
    ['row_malformed', 'Ann,"Lee,202-555-0123'],
    ['row_malformed', 'Ann,Lee,202-555-0123,,,,,,,,,,Acme,10001,,Inc'],
    ['row_malformed', 'Ann,Le\0e,202-555-0123'],
    ['row_malformed', 'Total 12'],
    ['row_malformed', 'Ann,"Le"e,202-555-0123,'],
    ['row_too_long', `Ann,Lee,202-555-0123,${'x'.repeat(30_000)}`],
  ]

  it.each(cases)('%s: %s', (code, line, options) => {
    const rejection = rejected(line, options)
    expect(rejection).toMatchObject({ row: 2, code })
    expect(rejection.value.length).toBeLessThanOrEqual(200)
    const sentences: string[] = code === 'row_malformed' ? Object.values(malformations) : [rejectionReasons[code]]
    expect(sentences).toContain(rejection.message)
  })

  it('has a case for each but those that need the other contacts', () => {
    const others = ['duplicate_in_file', 'duplicate_contact', 'suppressed']
    expect([...new Set(cases.map(([code]) => code)), ...others].sort()).toEqual(Object.keys(rejectionReasons).sort())
    const messages = cases.filter(([code]) => code === 'row_malformed').map(([, line]) => rejected(line).message)
    expect(new Set(messages)).toEqual(new Set(Object.values(malformations)))
  })

  it('keeps the cells as they were, for the report that can be mended', () => {
    expect(rejected('Ann, Lee ,555-0123')).toMatchObject({ value: '555-0123', cells: ['Ann', ' Lee ', '555-0123'] })
  })

  it('are one or two sentences each', () => {
    for (const sentence of [
      ...Object.values(rejectionReasons),
      ...Object.values(malformations),
      ...Object.values(flagReasons),
    ]) {
      expect(sentence).toMatch(/^[A-Z].*[.)]$/)
    }
  })
})

describe('flags', () => {
  const cases: [FlagCode, string, string, string][] = [
    ['formula', 'company', '=1+1', 'Ann,Lee,202-555-0123,,,,,,,,,,=1+1'],
    ['formula', 'first_name', '@SUM(A1)', '@SUM(A1),Lee,202-555-0123'],
    ['email_invalid', 'email', 'nobody', 'Ann,Lee,202-555-0123,,nobody'],
    ['zone_invalid', 'time zone', 'EST', 'Ann,Lee,202-555-0123,,,,EST'],
    ['postcode_invalid', 'zip', 'unknown', 'Ann,Lee,202-555-0123,,,,,,,,,,,unknown'],
    ['country_unknown', 'country', 'Atlantis', 'Ann,Lee,+12025550123,,,Atlantis'],
    ['phone_several', 'mobile', '202-555-0123 / 202-555-0124', 'Ann,Lee,202-555-0123 / 202-555-0124'],
    ['consent_time_invalid', 'consent date', '03/04/2025', 'Ann,Lee,202-555-0123,,,,,,,,,03/04/2025'],
    ['text_cut', 'company', 'x'.repeat(200), `Ann,Lee,202-555-0123,,,,,,,,,,${'x'.repeat(2_001)}`],
    ['text_repaired', 'first_name', 'René', `Ren${REPAIR_MARK}é,Lee,202-555-0123`],
    ['text_damaged', 'first_name', 'Ren\uFFFD', 'Ren\uFFFD,Lee,202-555-0123'],
  ]

  it.each(cases)('%s in %s', (code, column, value, line) => {
    expect(accepted(line).flags).toEqual([{ column, code, value }])
  })

  it('has a case for each', () => {
    expect([...new Set(cases.map(([code]) => code))].sort()).toEqual(Object.keys(flagReasons).sort())
  })

  it('come with rejected rows too', () => {
    expect(rejected('=cmd|x,Lee,').flags).toMatchObject([{ column: 'first_name', code: 'formula' }])
  })

  it('leave numbers and phone numbers alone', () => {
    expect(accepted('Ann,Lee,+1 202-555-0123,,,,,,,,,,-12.50').flags).toEqual([])
    expect(accepted('Ann,Lee,"=""07400123456""",,,UK').flags).toEqual([])
    expect(rejected('Ann,Lee,"=HYPERLINK(1)"').flags).toMatchObject([{ column: 'mobile', code: 'formula' }])
  })

  it('are found in columns that nothing is taken from', () => {
    const settings: ReadSettings = {
      format: { encoding: 'utf-8', lineEnd: 'LF', delimiter: ',', header: true },
      mapping: { ...proposeMapping(['phone', 'x'], [], true, null), attributes: {} },
      options: OPTIONS,
    }
    const row = { row: 2, cells: ['202-555-0123', '=1+1'], fault: null, strayQuote: false }
    const result = rowReader(['phone', 'x'], settings).read(row, true)
    expect('candidate' in result && result.candidate).toMatchObject({
      attributes: {},
      flags: [{ column: 'x', code: 'formula' }],
    })
  })

  it('stay when formulas are stripped', () => {
    const candidate = accepted('=Ann,Lee,202-555-0123,,,,,,,,,,=-@x', { stripFormulas: true })
    expect(candidate).toMatchObject({ firstName: 'Ann', attributes: { company: 'x' } })
    expect(candidate.flags.map(flag => flag.code)).toEqual(['formula', 'formula'])
    expect(accepted('=Ann,Lee,202-555-0123').firstName).toBe('=Ann')
  })
})

describe('a candidate', () => {
  it('has what the row says', () => {
    expect(
      accepted(
        ' Ann ,Lee,202-555-0123,,ann@example.com,US,america/new_york,"vip; new",yes,web form,I agree to texts,2025-03-31T10:00:00+02:00,Acme',
      ),
    ).toEqual({
      row: 2,
      number: '+12025550123',
      country: 'US',
      kind: 'either',
      firstName: 'Ann',
      lastName: 'Lee',
      email: 'ann@example.com',
      zone: 'America/New_York',
      postcode: null,
      tags: ['vip', 'new'],
      attributes: { company: 'Acme' },
      consent: { kind: null, source: 'web form', wording: 'I agree to texts', at: Date.UTC(2025, 2, 31, 8) },
      flags: [],
    })
  })

  it('is empty where the row is', () => {
    expect(accepted('Ann,,202-555-0123')).toMatchObject({
      lastName: '',
      email: '',
      zone: null,
      postcode: null,
      tags: [],
      attributes: {},
      consent: null,
    })
  })

  it('takes the second phone where the first is no use, and says the reason one can do most about', () => {
    expect(accepted('Ann,Lee,555-0123,202-555-0123').number).toBe('+12025550123')
    expect(accepted('Ann,Lee,202-555-0124,202-555-0123').number).toBe('+12025550124')
    expect(rejected('Ann,Lee,555-0123,+44 20 7946 0958')).toMatchObject({
      code: 'phone_not_mobile',
      value: '+44 20 7946 0958',
    })
    expect(accepted('Ann,Lee,555-0123,+44 20 7946 0958', { allowLandlines: true }).number).toBe('+442079460958')
    expect(rejected('Ann,Lee,,555-0123')).toMatchObject({ code: 'phone_invalid', value: '555-0123' })
  })

  it('reads the number under the country of its row, and else under the default', () => {
    expect(accepted('Ann,Lee,07400 123456,,,England')).toMatchObject({ number: '+447400123456', country: 'GB' })
    expect(accepted('Ann,Lee,0151 23456789,,,+49').number).toBe('+4915123456789')
    expect(accepted('Ann,Lee,07400 123456', { defaultCountry: 'GB' }).number).toBe('+447400123456')
    expect(accepted('Ann,Lee,+447400123456', { defaultCountry: null }).number).toBe('+447400123456')
  })

  it('allows missing cells at the end and separators without end', () => {
    expect(accepted('Ann,Lee,202-555-0123').firstName).toBe('Ann')
    expect(accepted('Ann,Lee,202-555-0123,,,,,,,,,,Acme,, ,').attributes).toEqual({ company: 'Acme' })
  })

  it.each([
    ['Jane Doe', 'Jane', 'Doe'],
    ['Doe, Jane', 'Jane', 'Doe'],
    ['Cher', 'Cher', ''],
    ['Ana María  de la Cruz', 'Ana', 'María de la Cruz'],
  ])('splits %s', (name, firstName, lastName) => {
    const cell = name.includes(',') ? `"${name}"` : name
    expect(accepted(`${cell},202-555-0123`, {}, 'name,phone')).toMatchObject({ firstName, lastName })
  })

  it('composes letters and drops what cannot be seen', () => {
    expect(accepted('Zoe\u0308\u200b,Lee\u0007,202-555-0123')).toMatchObject({ firstName: 'Zoë', lastName: 'Lee' })
  })

  it('takes consent from whatever columns there are', () => {
    const none = { kind: null, source: '', wording: '', at: null }
    const consentOf = (cells: string) => accepted(`Ann,Lee,202-555-0123,,,,,,${cells}`).consent
    expect(consentOf('Yes')).toEqual({ ...none, source: 'consent: Yes' })
    expect(consentOf('paper form')).toEqual({ ...none, source: 'paper form' })
    expect(consentOf(',,,2025-03-31')).toEqual({ ...none, at: Date.UTC(2025, 2, 31) })
    expect(rejected('Ann,202-555-0123,yes', {}, 'name,phone,Opted out')).toMatchObject({
      code: 'consent_refused',
      value: 'yes',
    })
    expect(accepted('Ann,202-555-0123,no', {}, 'name,phone,Opted out').consent).toBeNull()
  })

  it.each([
    ['marketing', 'marketing'],
    ['Promotional Messages', 'marketing'],
    ['SMS offers', 'marketing'],
    ['Publicité', 'marketing'],
    ['Werbung', 'marketing'],
    ['transactional', 'informational'],
    ['Service', 'informational'],
    ['order updates', 'informational'],
    ['INFO only', 'informational'],
    ['Transactional & Promotional', 'marketing'],
    ['alerts, reminders', 'informational'],
    ['unspecified', 'unspecified'],
  ])('reads %s as consent of the kind %s', (cell, kind) => {
    expect(accepted(`Ann,Lee,202-555-0123,,,,,,,web form,,,,,"${cell}"`).consent).toMatchObject({
      ...{ kind, source: 'web form' },
    })
  })

  it('takes nobody in whose kind of consent is not understood, even in part', () => {
    for (const cell of ['gold', 'sms', 'yes', 'marketing and gold', 'no marketing', 'marketing?? ask Bob', '-']) {
      expect(rejected(`Ann,Lee,202-555-0123,,,,,,yes,,,,,,${cell}`)).toMatchObject({
        ...{ code: 'consent_kind_unknown', value: cell },
      })
    }
    expect(rejected('Ann,Lee,202-555-0123,,,,,,,,,,,,none')).toMatchObject({ code: 'consent_refused', value: 'none' })
  })

  it('says where a kind of consent comes from when nothing else does', () => {
    const line = 'Ann,Lee,202-555-0123,,,,,,,,,,,,Promo'
    const none = { kind: 'marketing', source: '', wording: '', at: null }
    expect(accepted(line).consent).toEqual({ ...none, source: 'consent type: Promo' })
    const consent = { ...none, kind: 'unspecified', source: 'web form', proof: '' } as const
    expect(accepted(line, { consent }).consent).toEqual(none)
  })
})

describe('rowReader', () => {
  const format = { encoding: 'utf-8', lineEnd: 'LF', delimiter: ',', header: true } as const

  it('refuses a mapping for another file', () => {
    const mapping = proposeMapping(['phone', 'old'], [], true, null)
    expect(() => rowReader(['phone'], { format, mapping, options: OPTIONS })).toThrow(/not the ones that were mapped/)
  })

  it('refuses a country that is none', () => {
    const mapping = proposeMapping(['phone'], [], true, null)
    expect(() => rowReader(['phone'], { format, mapping, options: { ...OPTIONS, defaultCountry: 'ZZ' } })).toThrow(/ZZ/)
  })
})

import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleContacts } from '../../../scripts/make-sample-contacts.ts'
import { type CheckOptions, type CheckReport, checkFile } from '../../../src/main/services/imports/check.ts'
import { type ImportOptions, importSettingsSchema } from '../../../src/shared/imports/settings.ts'

const ROOT = new URL('../../../', import.meta.url)
const SAMPLE = fileURLToPath(new URL('resources/samples/contacts.csv', ROOT))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

function check(path: string, options: Partial<ImportOptions> = {}, how: CheckOptions = {}): Promise<CheckReport> {
  return checkFile(path, importSettingsSchema.parse({ options: { defaultCountry: 'US', ...options } }), how)
}

async function checkText(text: string, options: Partial<ImportOptions> = {}): Promise<CheckReport> {
  const path = join(folder, 'list.csv')
  await writeFile(path, text)
  return check(path, options)
}

function byCode(report: CheckReport): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { code } of report.rejected) counts[code] = (counts[code] ?? 0) + 1
  return counts
}

describe('checkFile', () => {
  it('tells everything about a list', async () => {
    const text =
      'first_name,mobile,city\nAnn,202-555-0123,Rome\n\nBo,(202) 555 0123,Oslo\nCy,4.41E+11,Bonn\nDi,2025550124,"=1+1"\n'
    expect(await checkText(text)).toEqual({
      encoding: 'utf-8',
      lineEnd: 'LF',
      delimiter: ',',
      header: true,
      columns: ['first_name', 'mobile', 'city'],
      mapping: expect.objectContaining({ phones: ['mobile'], firstName: 'first_name', attributes: { city: 'city' } }),
      rows: 4,
      accepted: 2,
      duplicates: 1,
      rejected: [
        { row: 5, code: 'phone_excel_damaged', message: expect.stringContaining('spreadsheet'), value: '4.41E+11' },
      ],
      flagged: [
        { row: 6, column: 'city', code: 'formula', message: expect.stringContaining('formula'), value: '=1+1' },
      ],
    })
  })

  it('adds up, whatever the list holds', async () => {
    const cell = fc.constantFrom(
      'Ann',
      '',
      '202-555-0123',
      '+12025550123',
      '2025550124',
      '555',
      '"',
      '"a\nb"',
      'x,y',
      '4.41E+11',
    )
    const line = fc.array(cell, { maxLength: 4 }).map(cells => cells.join(','))
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async lines => {
        const report = await checkText(`name,phone,note\n${lines.join('\n')}`)
        expect(report.accepted + report.duplicates + report.rejected.length).toBe(report.rows)
        expect(new Set(report.rejected.map(one => one.row)).size).toBe(report.rejected.length)
        expect(report.accepted).toBeLessThanOrEqual(2)
      }),
      { numRuns: 100 },
    )
  })

  it('has no rows in a list of a header alone', async () => {
    expect(await checkText('name,phone\n')).toMatchObject({ header: true, rows: 0, accepted: 0, rejected: [] })
  })

  it('rejects every row of a list without phone column', async () => {
    expect(await checkText('name,city\nAnn,Rome\n')).toMatchObject({
      rows: 1,
      rejected: [{ row: 2, code: 'phone_missing' }],
    })
  })

  it('hands rejections over one by one where that is wanted', async () => {
    const seen: number[] = []
    const flags: string[] = []
    const report = await check(
      SAMPLE,
      {},
      { onRejected: one => seen.push(one.row), onFlagged: one => flags.push(one.code) },
    )
    const kept = await check(SAMPLE)
    expect(report).toMatchObject({ rejected: [], flagged: [], rows: kept.rows, accepted: kept.accepted })
    expect(seen).toEqual(kept.rejected.map(one => one.row))
    expect(flags).toHaveLength(kept.flagged.length)
  })
})

describe('the sample list', () => {
  it('is what its script makes', () => {
    expect(readFileSync(SAMPLE, 'utf8')).toBe(sampleContacts())
  })

  it('has the usual damage, and three hundred rows', async () => {
    const report = await check(SAMPLE)
    expect(report).toMatchObject({ header: true, delimiter: ',', lineEnd: 'CRLF', encoding: 'utf-8', rows: 300 })
    expect(report.mapping).toMatchObject({ phones: ['Mobile', 'Phone', 'Work Phone'], country: 'Country' })
    expect(report.accepted).toBeGreaterThan(250)
    expect(report.duplicates).toBeGreaterThan(8)
    expect(Object.keys(byCode(report)).sort()).toEqual([
      'consent_refused',
      'phone_country_unknown',
      'phone_excel_damaged',
      'phone_extension',
      'phone_invalid',
      'phone_missing',
      'phone_not_mobile',
      'row_malformed',
    ])
    expect([...new Set(report.flagged.map(one => one.code))].sort()).toEqual([
      'consent_time_invalid',
      'country_unknown',
      'email_invalid',
      'formula',
      'phone_several',
    ])
  })

  it('has the row numbers that a spreadsheet shows', async () => {
    const report = await check(SAMPLE)
    // Counted by hand in the file, by what stands in the rows.
    const lines = readFileSync(SAMPLE, 'utf8').split('\r\n')
    for (const { row, value } of report.rejected.filter(one => one.value !== '')) {
      expect(lines[row - 1]?.replaceAll('"', '')).toContain(value.replaceAll('"', '').slice(0, 20).trim().split(' ')[0])
    }
  })
})

const DATA = fileURLToPath(new URL('../shared/data/', ROOT))
const US = join(DATA, 'us-500.csv')
const GB = join(DATA, 'uk-500.csv')

describe.skipIf(!existsSync(US))('us-500.csv (skipped where the shared data folder is not there)', () => {
  it('has five hundred usable numbers', async () => {
    const report = await check(US)
    expect(report).toMatchObject({ rows: 500, accepted: 500, duplicates: 0, rejected: [], flagged: [] })
    expect(report.mapping).toMatchObject({ phones: ['phone1', 'phone2'], firstName: 'first_name', email: 'email' })
  })
})

describe.skipIf(!existsSync(GB))('uk-500.csv (skipped where the shared data folder is not there)', () => {
  it('holds landlines only', async () => {
    const report = await check(GB, { defaultCountry: 'GB' })
    expect(report).toMatchObject({ rows: 500, accepted: 0, duplicates: 0 })
    expect(byCode(report)).toEqual({ phone_not_mobile: 477, phone_invalid: 23 })
  })

  it('has 477 usable ones where landlines are allowed, since the second column serves', async () => {
    const report = await check(GB, { defaultCountry: 'GB', allowLandlines: true })
    expect(report).toMatchObject({ rows: 500, accepted: 477, duplicates: 0 })
    expect(byCode(report)).toEqual({ phone_invalid: 23 })
  })
})

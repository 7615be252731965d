import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Packer } from '../../../src/main/services/imports/packer.ts'
import { QuickRows } from '../../../src/main/services/imports/quick-rows.ts'
import { readBatches } from '../../../src/main/services/imports/read.ts'
import type { PackedRows } from '../../../src/main/services/imports/windows.ts'
import { importMappingSchema, importSettingsSchema, type ReadSettings } from '../../../src/shared/imports/settings.ts'

const COLUMNS = 'phone,other phone,first,last,full,mail,land,zone,tags,agreed,city,note,rest,zip,kind'.split(',')
const NO_CONSENT = { given: null, refused: null, source: null, wording: null, at: null, kind: null }
const MAPPING = {
  phones: ['phone', 'other phone'],
  ...{ firstName: 'first', lastName: 'last', fullName: 'full', email: 'mail' },
  ...{
    country: 'land',
    zone: 'zone',
    postcode: 'zip',
    tags: 'tags',
    consent: { ...NO_CONSENT, given: 'agreed', kind: 'kind' },
  },
  attributes: { city: 'city', note: 'note' },
}

function settingsFor(delimiter: ',' | ';' | '\t' | '|', country: string | null): ReadSettings {
  const { options } = importSettingsSchema.parse({ options: { defaultCountry: country } })
  return { format: { encoding: 'utf-8', lineEnd: 'LF', delimiter, header: true }, mapping: MAPPING, options }
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quick-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** All rows of a list, packed: read quickly where that is possible, or every one of them in the usual way. */
async function packed(
  path: string,
  settings: ReadSettings,
  quickly: boolean,
): Promise<PackedRows & { rejected: string }> {
  const packer = new Packer(settings.mapping.postcode !== null)
  const rejected: unknown[] = []
  for await (const batch of readBatches(path, settings, quickly ? { packer } : {})) {
    for (const candidate of batch.candidates) packer.add(candidate)
    rejected.push(...batch.rejections)
  }
  return { ...packer.take(), rejected: JSON.stringify(rejected) }
}

function take(cells: readonly string[], settings = settingsFor(',', 'US'), end = '\r\n'): boolean {
  const line = Buffer.from(`${cells.join(settings.format.delimiter)}${end}`)
  const next = new QuickRows(COLUMNS, settings, new Packer(true)).take(line, 0, 2)
  expect([-1, line.length]).toContain(next)
  return next > 0
}

const USUAL = [
  '(201) 555-0123',
  '',
  'Zoë',
  'Ash',
  '',
  'z.a@example.com',
  'USA',
  '',
  'vip',
  '',
  'São Paulo',
  '"a, b"',
  '',
  '02134-1000',
  '',
]

function withCell(column: string, cell: string): string[] {
  return USUAL.with(COLUMNS.indexOf(column), cell)
}

describe('QuickRows', () => {
  it('takes rows with nothing odd in them', () => {
    expect(take(USUAL)).toBe(true)
    for (const end of ['\n', '\r\n']) expect(take(USUAL, settingsFor(',', null), end)).toBe(true)
    expect(take(withCell('phone', '+44 7400 123456'))).toBe(true)
    expect(take(withCell('other phone', '+44 7400 123456'))).toBe(true)
    expect(take(withCell('zone', 'Europe/Paris'))).toBe(true)
    for (const zip of ['', '60601', 'sw1a 1aa', ' 2134 ']) expect(take(withCell('zip', zip))).toBe(true)
    expect(take(withCell('full', '"Ash, Zoë"'))).toBe(true)
    for (const cell of ['"the ""old"" town"', '"two\r\nlines"', '"a\\b"'])
      expect(take(withCell('city', cell))).toBe(true)
  })

  it.each([
    ['a number that is not valid', 'phone', '555-0123'],
    ['a landline', 'phone', '+44 20 7946 0123'],
    ['a number that became a decimal', 'phone', '1201555012.0'],
    ['two numbers', 'phone', '2015550123 / 2015550124'],
    ['a formula', 'note', '=1+1'],
    ['a formula with a plus', 'note', '+SUM(A1)'],
    ['a formula behind spaces', 'rest', '  @cell'],
    ['a formula in the second phone', 'other phone', '+SUM(A1)'],
    ['an odd e-mail address', 'mail', 'z.a@example'],
    ['an e-mail address with one letter behind the dot', 'mail', 'z@example.c'],
    ['the same with a letter of two bytes', 'mail', 'z@example.é'],
    ['spaces to put together', 'first', 'Ann  Lee'],
    ['a country that nobody knows', 'land', 'Atlantis'],
    ['a zone that nobody knows', 'zone', 'Mars/Base'],
    ['what is no postcode', 'zip', 'none'],
    ['an answer about consent', 'agreed', 'no'],
    ['what they agreed to', 'kind', 'marketing'],
    ['a quotation mark to take out', 'first', '"Al ""Ace"""'],
    ['a name on two lines', 'first', '"Ann\nLee"'],
    ['a line end around a cell', 'note', '"two\n"'],
    ['many lines', 'note', '"1\n2\n3\n4"'],
    ['a quotation mark in the middle', 'city', 'the "old" town'],
    ['text behind a quotation mark', 'city', '"old" town'],
    ['a quotation mark that is not closed', 'city', '"old'],
    ['a backslash without quotation marks', 'city', 'a\\b'],
    ['a letter of marks', 'city', 'Zu\u0308rich'],
    ['a space without break', 'city', '\u00A0Paris'],
    ['a control character', 'city', 'a\u0001b'],
    ['a name that is too long', 'last', 'x'.repeat(201)],
    ['a tag that is too long', 'tags', 'x'.repeat(121)],
    ['a quoted cell that no list has', 'rest', `"${'x'.repeat(65_600)}"`],
  ])('leaves %s to the usual reader', (_, column, cell) => {
    expect(take(withCell(column, cell))).toBe(false)
  })

  it('leaves rows of another width, and lines without an end like a lone CR, to the usual reader', () => {
    expect(take([...USUAL, 'more'])).toBe(false)
    expect(take(USUAL.slice(1))).toBe(false)
    expect(take(USUAL, settingsFor(',', 'US'), '\rx\n')).toBe(false)
  })

  it('makes of every list what the usual reader makes of it', async () => {
    const some = (...cells: string[]) => fc.constantFrom(...cells)
    const words = some(
      '',
      'Ann',
      'Zoë Lee',
      'Lee, Ann',
      ' Ann ',
      'Ann  Lee',
      '=1+1',
      '+1',
      '-',
      '"',
      'a\\b',
      'Łuć',
      '東京',
      'x\u0301',
    )
    const phone = fc.oneof(
      some(
        '',
        '2015550123',
        '(201) 555-0199',
        '+1 201.555.0100',
        '12015550123.0',
        '+447400123456',
        '07400 123456',
        'none',
      ),
      some(
        '0033612345678',
        '+33 6 12 34 56 78',
        '+1 (201) 555 0100 ',
        ' 2015550177',
        '4.41E+11',
        '+442079460123',
        '+881612345678',
      ),
      fc.integer({ min: 0, max: 9999 }).map(n => `+1201555${String(n).padStart(4, '0')}`),
      fc.string({ unit: some(...'+0123456789 ()-./'), maxLength: 16 }),
    )
    const mail = fc.oneof(
      some('', 'a@b.co', 'a@b.c', 'a@b@c.co', 'ä@ö.de', 'a b@c.de', '@b.co', 'a@.co', 'a@b..co', 'a@b.co.', 'a@b.é'),
      fc.string({ unit: some(...'ab@.é ,'), maxLength: 8 }),
    )
    const odd = [
      ...[phone, phone, words, words, words, mail],
      ...[some('', 'US', 'GB', 'Germany', 'Atlantis'), some('', 'Europe/Paris', 'Mars/Base')],
      ...[some('', 'a', 'a, b', 'a;a', ',', 'x'.repeat(130)), some('', 'yes', 'no'), words, words],
      fc.oneof(words, fc.string({ maxLength: 6 })),
      some('', '60601', 'k1a 0b1', 'SW1A  1AA', 'none', '606,01', '12345678901'),
    ]
    // One or two of them in a row that is else a usual one, or no row would be taken.
    const change = fc.nat({ max: odd.length - 1 }).chain(at => odd[at]!.map(cell => ({ at, cell })))
    const usual = USUAL.map(cell => cell.replaceAll('"', ''))
    const cells = fc
      .array(change, { maxLength: 2 })
      .map(changes => changes.reduce((row, { at, cell }) => row.with(at, cell), usual))
    const written = fc.tuple(cells, some('as it is', 'quoted', 'where needed', 'where needed', 'where needed'))
    const row = fc.oneof(
      { arbitrary: written, weight: 9 },
      { arbitrary: some('', '   ', 'Total', '"two\nlines",x', '"open,1,2', 'x\ry'), weight: 1 },
    )
    const delimiter = some(',', ';', '\t', '|') as fc.Arbitrary<',' | ';' | '\t' | '|'>
    const lines = fc.array(fc.tuple(row, some('\n', '\r\n', '\r\n', '\r')), { minLength: 1, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(lines, delimiter, some('US', ''), async (list, by, country) => {
        const path = join(folder, 'list.csv')
        const text = list.map(([one, end]) => (typeof one === 'string' ? one : lineOf(one[0], one[1], by)) + end)
        await writeFile(path, `${COLUMNS.join(by)}\n${text.join('')}`)
        const settings = settingsFor(by, country || null)
        expect(await packed(path, settings, true)).toEqual(await packed(path, settings, false))
      }),
      { numRuns: 200 },
    )
  })

  it('has room for a cell that is kept many times', async () => {
    const path = join(folder, 'many.csv')
    const cell = `"${'""'.repeat(900)}"`
    const rows = Array.from({ length: 300 }, (_, n) => `+1201${2_000_000 + n},${cell}`)
    await writeFile(path, `phone,note\n${rows.join('\n')}\n`)
    const keys = Array.from({ length: 30 }, (_, n) => [`note_${n}`, 'note'] as const)
    const { format, options } = settingsFor(',', 'US')
    const mapping = importMappingSchema.parse({ phones: ['phone'], attributes: Object.fromEntries(keys) })
    const settings = { format, options, mapping }
    const quick = await packed(path, settings, true)
    expect(quick.size).toBe(300)
    expect(Buffer.from(quick.texts).equals((await packed(path, settings, false)).texts)).toBe(true)
  })

  it('reads a list of many pieces like one', async () => {
    const path = join(folder, 'long.csv')
    const line = (n: number) =>
      withCell('city', n % 9 === 0 ? '"two\nlines"' : `Town ${n}`).with(0, `+1201${2_000_000 + n}`)
    const rows = Array.from({ length: 12_000 }, (_, n) => line(n).join(','))
    await writeFile(path, `${COLUMNS.join(',')}\n${rows.join('\r\n')}`)
    const settings = settingsFor(',', 'US')
    const quick = await packed(path, settings, true)
    expect(quick.size).toBe(12_000)
    const usual = await packed(path, settings, false)
    expect(Buffer.from(quick.texts).equals(usual.texts)).toBe(true)
    expect(Buffer.from(quick.rows.buffer).equals(Buffer.from(usual.rows.buffer))).toBe(true)
  })
})

function lineOf(cells: readonly string[], how: string, delimiter: string): string {
  const needs = (cell: string) =>
    how === 'quoted' || (how === 'where needed' && new RegExp(`["\r\n\\${delimiter}]`).test(cell))
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
  return cells.map(cell => (needs(cell) ? quoted(cell) : cell)).join(delimiter)
}

import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { CsvReader, type CsvReaderOptions, type CsvRow } from '../../../src/main/domain/imports/csv-reader.ts'
import { csvLine } from '../../../src/shared/csv.ts'

function read(text: string, options: Partial<CsvReaderOptions> = {}): CsvRow[] {
  const reader = new CsvReader({ delimiter: ',', ...options })
  return [...reader.push(text), ...reader.end()]
}

function cells(text: string, options: Partial<CsvReaderOptions> = {}): (readonly string[])[] {
  return read(text, options).map(row => row.cells)
}

/** Texts made of what makes CSV hard, so that a few hundred runs meet every pair of them. */
const hardText = fc
  .array(fc.constantFrom('"', '""', ',', ';', '\n', '\r', '\r\n', ' ', '\t', 'a', 'bc', 'é', '😀', '5"'), {
    maxLength: 60,
  })
  .map(parts => parts.join(''))

describe('CsvReader on well-formed CSV', () => {
  it('reads rows, quoted separators, doubled quotes and empty cells', () => {
    expect(cells('name,note\nAnn,"Lee, ""Al"""\n,\n')).toEqual([
      ['name', 'note'],
      ['Ann', 'Lee, "Al"'],
      ['', ''],
    ])
  })

  it('gives a last row that has no line end', () => {
    expect(cells('a,b\nc,d')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    expect(cells('a,b\nc,"d"')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    expect(cells('a,')).toEqual([['a', '']])
  })

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('takes %s as line end, also within quotes', (_, end) => {
    expect(cells(`a,b${end}c,"d${end}e"${end}f,g${end}`)).toEqual([
      ['a', 'b'],
      ['c', `d${end}e`],
      ['f', 'g'],
    ])
  })

  it('takes mixed line ends', () => {
    expect(cells('a,b\r\nc,d\ne,f\rg,h').map(row => row.join(''))).toEqual(['ab', 'cd', 'ef', 'gh'])
  })

  it('agrees with papaparse on everything that is written by the rules', () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '"', '\n', ';', 'é'), maxLength: 8 }),
      fc.constantFrom('', 'x'),
    )
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, newline, quotes) => {
        const text = Papa.unparse(rows, { newline, quotes, escapeFormulae: false })
        expect(cells(text)).toEqual(Papa.parse(text, { delimiter: ',', newline }).data)
      }),
      { numRuns: 500 },
    )
  })

  it('reads back what the writer of this project wrote', () => {
    const cell = fc
      .string({
        unit: fc.constantFrom('a', 'Z', '7', ' ', ',', ';', '|', '"', '\n', '\r', '\t', 'ß', '名'),
        maxLength: 10,
      })
      // What a spreadsheet would run gets an apostrophe by intent.
      .filter(text => !/^\s*[=+\-@\t\r\n]/.test(text))
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), rows => {
        expect(cells(rows.map(csvLine).join(''))).toEqual(rows)
      }),
    )
  })
})

describe('CsvReader however the text is cut', () => {
  it('gives the same rows for any pieces', () => {
    const options = fc.record({
      delimiter: fc.constantFrom(',', ';'),
      afterRow: fc.integer({ min: 0, max: 4 }),
      maxCell: fc.constantFrom(3, 8, 1_000),
      maxRow: fc.constantFrom(5, 12, 1_000),
    })
    fc.assert(
      fc.property(hardText, options, fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), (text, how, sizes) => {
        const reader = new CsvReader(how)
        const rows: CsvRow[] = []
        for (let at = 0, turn = 0; at < text.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1
          rows.push(...reader.push(text.slice(at, at + size)))
          at += size
        }
        rows.push(...reader.end())
        const whole = read(text, how)
        const shape = (row: CsvRow) => ({ ...row, cells: row.fault === null ? row.cells : [] })
        expect(rows.map(shape)).toEqual(whole.map(shape))
        for (const [index, row] of rows.entries()) {
          // How much of a row that went beyond the limit is shown depends on how much was there.
          if (row.fault !== null)
            expect(whole[index]?.cells[0]?.startsWith((row.cells[0] ?? '').slice(0, 3))).toBe(true)
        }
      }),
      {
        numRuns: 5_000,
        examples: [
          ['""""""', { delimiter: ',', afterRow: 0, maxCell: 3, maxRow: 5 }, [1]],
          ['"\r\n""""', { delimiter: ',', afterRow: 0, maxCell: 8, maxRow: 5 }, [1]],
        ],
      },
    )
  })

  it('passes over rows without changing those that follow', () => {
    fc.assert(
      fc.property(hardText, fc.integer({ min: 1, max: 6 }), (text, afterRow) => {
        const rest = read(text, { afterRow }).filter(row => row.row > afterRow)
        expect(rest).toEqual(read(text).filter(row => row.row > afterRow))
      }),
      { numRuns: 1_000 },
    )
  })

  it('numbers rows upwards, and loses no letter outside of reported rows', () => {
    fc.assert(
      fc.property(hardText, text => {
        const rows = read(text)
        for (const [index, row] of rows.entries()) expect(row.row).toBeGreaterThan(rows[index - 1]?.row ?? 0)
        const letters = (all: string) => all.replace(/[^abcé😀5]/gu, '')
        expect(letters(rows.flatMap(row => row.cells).join(''))).toBe(letters(text))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('CsvReader row numbers', () => {
  it('counts the header and blank lines, but no line break within quotes', () => {
    const rows = read('a,b\n\n1,"x\ny"\n   \n2,z\n')
    expect(rows.map(row => [row.row, row.cells[0]])).toEqual([
      [1, 'a'],
      [3, '1'],
      [5, '2'],
    ])
  })

  it('takes a row of separators for a row, and a line of tabs for blank only where tabs do not separate', () => {
    expect(read('a,b\n,\n')).toHaveLength(2)
    expect(read('a,b\n\t\n')).toHaveLength(1)
    expect(read('a\tb\n\t\n', { delimiter: '\t' })).toHaveLength(2)
  })

  it('leaves out the line by which Excel names the separator, and does not count it', () => {
    const rows = read('sep=;\nname;phone\nAnn;1\n', { delimiter: ';' })
    expect(rows.map(row => [row.row, ...row.cells])).toEqual([
      [1, 'name', 'phone'],
      [2, 'Ann', '1'],
    ])
    expect(read('"sep=,"\na,b\n')[0]?.cells).toEqual(['a', 'b'])
    expect(read('sep=,\na,b\n')[0]?.cells).toEqual(['a', 'b'])
  })
})

describe('CsvReader on damaged CSV', () => {
  it('reads stray quotes as a spreadsheet does', () => {
    const rows = read(`a,b,c\n5'10",x,y\n"Al" Roe,"p" ,q\n`)
    expect(rows.slice(1).map(row => row.cells)).toEqual([
      [`5'10"`, 'x', 'y'],
      ['Al Roe', 'p', 'q'],
    ])
    expect(rows.map(row => row.strayQuote)).toEqual([false, false, true])
  })

  it('takes spaces around quoted cells', () => {
    expect(cells('a, "b, c" ,d\n')).toEqual([['a', 'b, c', 'd']])
  })

  it('gives ragged rows as they are', () => {
    expect(cells('a,b,c\n1\n1,2,3,4\n').map(row => row.length)).toEqual([3, 1, 4])
  })

  const tail = Array.from({ length: 5_000 }, (_, index) => `Bo,Ray,${index}`).join('\n')

  it.each([
    ['no other quote in the file', `Ann,"Lee,1\n${tail}\n`, 5_000],
    ['a later row with quotes', `Ann,"Lee,1\n${tail}\nCy,"Orr, Jr",9\n`, 5_001],
    ['the next row quoted', `"Ann","Lee","1\n"Cy","Orr","9"\n${tail}\n`, 5_001],
    ['a second lone quote later on', `Ann,",1\nBo,Ray,2\nBo,Ray,3\nCy,",4\n${tail}\n`, 5_002],
    ['the last line', `${tail}\nAnn,"Lee,1`, 5_000],
  ])('loses only its own line to a quote that is not closed: %s', (_, body, kept) => {
    const rows = read(`first,last,phone\n${body}`)
    const good = rows.slice(1).filter(row => row.fault === null && row.cells.length === 3)
    expect(good).toHaveLength(kept)
    expect(rows.filter(row => row.fault === 'quote_open').length).toBeGreaterThanOrEqual(1)
    expect(rows.find(row => row.fault === 'quote_open')?.cells[0]).toContain('Ann')
    expect(rows.find(row => row.cells.includes('4999'))).toBeDefined()
  })

  it('does not wait for the end of the file to find that a quote is not closed', () => {
    const reader = new CsvReader({ delimiter: ',' })
    reader.push('first,last,phone\nAnn,"Lee,1\n')
    const rows: CsvRow[] = []
    for (let piece = 0; piece < 20; piece += 1) rows.push(...reader.push('Bo,Ray,2\n'.repeat(1_000)))
    expect(rows.length).toBe(20_001)
  })

  it('reports the row number of the open quote, and goes on counting from there', () => {
    const rows = read('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n')
    expect(rows.map(row => [row.row, row.fault])).toEqual([
      [1, null],
      [2, null],
      [3, 'quote_open'],
      [4, null],
    ])
  })

  it('keeps a long quoted cell with line breaks that is closed', () => {
    const note = 'line\n'.repeat(5_000)
    expect(cells(`a,b,c\n1,"${note}",3\n`)[1]).toEqual(['1', note, '3'])
  })

  it('reports a line that is too long and keeps no more than its head', () => {
    const reader = new CsvReader({ delimiter: ',', maxRow: 100_000 })
    const rows = [...reader.push('a,b\n1,2\n')]
    for (let piece = 0; piece < 50; piece += 1) rows.push(...reader.push('x'.repeat(10_000)))
    rows.push(...reader.push('\n3,4\n'), ...reader.end())
    expect(rows.map(row => [row.row, row.fault, row.cells.length])).toEqual([
      [1, null, 2],
      [2, null, 2],
      [3, 'row_too_long', 1],
      [4, null, 2],
    ])
    expect(rows[2]?.cells[0]?.length).toBeLessThanOrEqual(2_000)
  })
})

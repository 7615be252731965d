import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvByteOrderMark, csvLine } from '../../src/shared/csv.ts'
import { readSuppressionFile, textOfFile } from '../../src/shared/suppression-file.ts'

const numbers = (text: string) => readSuppressionFile(text).map(({ number }) => number)

describe('a list of numbers', () => {
  it.each([
    [
      'one a line',
      '+12025550101\n(202) 555-0102\r\n\r\n 202.555.0103 \n',
      ['+12025550101', '(202) 555-0102', '202.555.0103'],
    ],
    ['two columns', 'number;note\n+12025550101;by letter\n+12025550102;\n', ['+12025550101', '+12025550102']],
    ['a single number', '+12025550101', ['+12025550101']],
    ['the column that is named', 'name;phone;fax\nAnn;+12025550101;+12025550109\n', ['+12025550101']],
    [
      'the column that looks like numbers',
      'Ann\t12\t+1 202 555 0101\nBob\t7\t+1 202 555 0102',
      ['+1 202 555 0101', '+1 202 555 0102'],
    ],
    ['a column with another name', 'who,rufnummer\nAnn,+4930123456\n', ['+4930123456']],
    ['what a spreadsheet was kept from running', "number\n'+12025550101\n", ['+12025550101']],
    ['nothing', '\n\n', []],
    ['names of columns alone', 'number,note\n', []],
  ])('reads %s', (_what, text, expected) => expect(numbers(text)).toEqual(expected))

  it('tells the row of the spreadsheet, and what is noted in it', () => {
    const text = 'Phone,Reason\n\n+12025550101,"Wrote ""stop"",\nby letter"\n+12025550102,\n'
    expect(readSuppressionFile(text)).toEqual([
      { row: 3, number: '+12025550101', note: 'Wrote "stop",\nby letter' },
      { row: 4, number: '+12025550102', note: '' },
    ])
  })

  it('takes back whatever the application writes', () => {
    const number = fc.integer({ min: 200_000_0000, max: 999_999_9999 }).map(digits => `+1${digits}`)
    const note = fc.string({ unit: 'grapheme', maxLength: 40 }).filter(text => text.trim() !== '')
    fc.assert(
      fc.property(fc.array(fc.tuple(number, note), { minLength: 1, maxLength: 20 }), rows => {
        const lines = rows.map(([one, about]) => csvLine([one, 'manual', about, 'local', '2026-01-01T00:00:00.000Z']))
        const text = csvByteOrderMark + csvLine(['number', 'reason', 'note', 'by', 'since']) + lines.join('')
        expect(numbers(text)).toEqual(rows.map(([one]) => one))
      }),
    )
  })

  it('reads every encoding that spreadsheets write', () => {
    const text = 'number,note\n+12025550101,Zoë\n'
    const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le')
    const encodings = [
      Buffer.from(text),
      Buffer.from(`\uFEFF${text}`),
      utf16,
      Buffer.from(utf16).swap16(),
      Buffer.from(text, 'latin1'),
    ]
    for (const bytes of encodings) expect(readSuppressionFile(textOfFile(bytes))[0]).toMatchObject({ note: 'Zoë' })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine } from '../../../src/shared/csv.ts'
import { isFormula, stripFormula } from '../../../src/shared/imports/formula.ts'

describe('isFormula', () => {
  it.each([
    '=1+1',
    '=HYPERLINK("http://example.com","x")',
    '+cmd|calc',
    '-2+3+cmd',
    '@SUM(A1)',
    '\t=1+1',
    '\rAnn',
    '\nAnn',
    '  =1+1',
    '＝1+1',
    '-Ann',
    '+1 (call me)',
  ])('sees %j', text => expect(isFormula(text)).toBe(true))

  it.each([
    '',
    'Ann',
    'a=b',
    '-',
    '--',
    '=',
    ' ',
    '-12.50',
    '-1,234.56',
    '+5',
    '-3%',
    '-$5.00',
    '1.5e-7',
    '-1.5E+7',
    '+12025550123',
    '+1 (202) 555-0123',
    '+44 20 7946 0958',
    '+1 202 555 0123 ext. 12',
    '\t5',
  ])('leaves %j alone', text => expect(isFormula(text)).toBe(false))

  it('is gone after stripping, and stripping keeps every other text', () => {
    const text = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', ' ', 'a', '1', '(', '＝') })
    fc.assert(
      fc.property(text, cell => {
        expect(isFormula(stripFormula(cell))).toBe(false)
        if (!isFormula(cell)) expect(stripFormula(cell)).toBe(cell)
      }),
    )
    expect(stripFormula('=-@SUM(1)')).toBe('SUM(1)')
  })
})

describe('writing CSV', () => {
  it('puts an apostrophe before what a spreadsheet would run, and before nothing else', () => {
    expect(csvLine(['=1+1', '@x', '+44 7400 123456', '-5', 'Ann'])).toBe("'=1+1,'@x,+44 7400 123456,-5,Ann\r\n")
  })

  it('quotes separators, quotes, line breaks and outer spaces', () => {
    expect(csvLine(['a,b', 'c"d', 'e\nf', ' g', 'h;i', 'j'])).toBe('"a,b","c""d","e\nf"," g","h;i",j\r\n')
  })

  it('writes numbers, truth values and nothing', () => {
    expect(csvLine([1, -2.5, true, null, undefined, ''])).toBe('1,-2.5,true,,,\r\n')
    expect(csvLine([''])).toBe('""\r\n')
  })

  it('never writes a cell that would be run', () => {
    const text = fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' ', 'a', '1', '"', ',') })
    fc.assert(
      fc.property(text, cell => {
        const written = csvLine([cell, 'x']).slice(0, -4)
        const seen = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
        expect(isFormula(seen)).toBe(false)
      }),
    )
  })
})

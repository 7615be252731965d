import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { sniff } from '../../../src/main/domain/imports/sniff.ts'
import { type FileRefusalCode, fileRefusals } from '../../../src/shared/imports/reasons.ts'
import type { Sniffed } from '../../../src/shared/imports/settings.ts'

const LIST = 'Name,Phone\nZoë,202-555-0123\nAnn,202-555-0124\n'

function format(bytes: Uint8Array | string, whole = true, known: Partial<Sniffed> = {}): Sniffed {
  const result = sniff(Buffer.from(bytes), whole, known)
  if (!result.ok) throw new Error(result.code)
  return result.format
}

function utf16(text: string, order: 'le' | 'be', mark: boolean): Uint8Array {
  const bytes = Buffer.from((mark ? '\uFEFF' : '') + text, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}

describe('sniff: encoding', () => {
  it.each([
    ['utf-8', Buffer.from(LIST)],
    ['utf-8', Buffer.from('Name,Phone\nAnn,202-555-0123\n')],
    ['utf-8-bom', Buffer.from(`\uFEFF${LIST}`)],
    ['utf-16le', utf16(LIST, 'le', true)],
    ['utf-16be', utf16(LIST, 'be', true)],
    ['utf-16le', utf16(LIST, 'le', false)],
    ['utf-16be', utf16(LIST, 'be', false)],
    ['windows-1252', Buffer.from(LIST, 'latin1')],
  ] as const)('tells %s', (encoding, bytes) => {
    const result = sniff(bytes, true)
    expect(result).toMatchObject({ ok: true, format: { encoding, lineEnd: 'LF', delimiter: ',', header: true } })
    if (result.ok && encoding !== 'utf-8') expect(result.sample[1]?.[0]).toBe('Zoë')
    if (result.ok) expect(result.sample[0]?.[0]).toBe('Name')
  })

  it('does not stumble over a character that the sniffed part cuts in two', () => {
    const bytes = Buffer.from(`Name,Phone\n${'Ann,202-555-0123\n'.repeat(3)}Zoë`)
    expect(format(bytes.subarray(0, -1), false).encoding).toBe('utf-8')
  })

  it('keeps UTF-8 where one byte among many is not', () => {
    const bytes = Buffer.concat([Buffer.from('Name,Phone\nZoë,1\nJürgen,2\n'), Buffer.from('René,3\n', 'latin1')])
    expect(format(bytes).encoding).toBe('utf-8')
  })
})

describe('sniff: line ends, separator, header', () => {
  it.each([
    ['LF', 'a,b\n1,2\n'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['CR', 'a,b\r1,2\r'],
    ['mixed', 'a,b\r\n1,2\n3,4\r\n'],
    ['CRLF', 'a,b\r\n"1\n2",3\r\n'],
    ['LF', 'a,b'],
  ] as const)('tells %s', (lineEnd, text) => expect(format(text).lineEnd).toBe(lineEnd))

  it.each([
    [',', 'name,phone\nAnn,1\n'],
    [';', 'name;phone;address\nAnn;1;"Main Street, 1"\nBo;2;Elm Street, 2\nCy;3;Oak, 3\n'],
    ['\t', 'name\tphone\tnote\nLee, Ann\t1\tx\nRay, Bo\t2\ty\n'],
    ['|', 'name|phone\nAnn|1\n'],
    [',', 'phone\n2025550123\n'],
    [',', 'name,tags,phone\nAnn,a;b;c,1\nBo,a;d;c,2\n'],
    [',', `name,tags,phone\n${'Ann,a;b;c;d;e,1\n'.repeat(9)}`],
    [';', 'sep=;\nname;phone\n'],
  ] as const)('tells %j', (delimiter, text) => expect(format(text).delimiter).toBe(delimiter))

  it.each([
    [true, 'First Name,Mobile\nAnn,202-555-0123\n'],
    [true, 'Vorname;Handynummer\nAnn;0151 23456789\n'],
    [true, 'foo,bar\nAnn,202-555-0123\nBo,202-555-0124\n'],
    [false, 'Ann,202-555-0123\nBo,202-555-0124\n'],
    [false, '2025550123\n2025550124\n'],
    [false, '+44 7400 123456;ann@example.com\n'],
    [true, 'name,phone\n'],
  ])('header %s: %j', (header, text) => expect(format(text).header).toBe(header))

  it('does not guess what the operator says', () => {
    const known = { encoding: 'windows-1252', delimiter: ';', header: false, lineEnd: 'CR' } as const
    expect(format(LIST, true, known)).toEqual(known)
  })
})

describe('sniff: what is no list', () => {
  const zip = (name: string, content = '') =>
    Buffer.concat([
      Buffer.from('PK\x03\x04\x14\x00\x00\x00\x08\x00', 'latin1'),
      Buffer.alloc(20),
      Buffer.from(name + content),
    ])
  const magic = (...bytes: number[]) => Buffer.concat([Buffer.from(bytes), Buffer.from('\x00\x01\x02')])
  const files: Partial<Record<FileRefusalCode, Uint8Array[]>> = {
    file_empty: [Buffer.alloc(0), Buffer.from('\n \r\n'), Buffer.from('\uFEFF')],
    file_xlsx: [zip('[Content_Types].xml', '....PK\x03\x04...._rels/.rels....xl/workbook.xml')],
    file_docx: [zip('[Content_Types].xml', '....word/document.xml')],
    file_ods: [zip('mimetype', 'application/vnd.oasis.opendocument.spreadsheet')],
    file_numbers: [zip('Index/Document.iwa')],
    file_zip: [zip('contacts.csv', 'a,b'), Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1')],
    file_xls: [magic(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)],
    file_pdf: [Buffer.from('%PDF-1.7\n%âãÏÓ')],
    file_png: [magic(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
    file_jpeg: [magic(0xff, 0xd8, 0xff, 0xe0)],
    file_gif: [Buffer.from('GIF89a\x01\x00')],
    file_webp: [Buffer.from('RIFF\x00\x00\x00\x00WEBPVP8 ')],
    file_image: [Buffer.from('\0\0\0\x18ftypheic'), magic(0x49, 0x49, 0x2a, 0x00)],
    file_gzip: [gzipSync(LIST)],
    file_archive: [magic(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c), Buffer.from('Rar!\x1a\x07\x01\x00')],
    file_sqlite: [Buffer.from('SQLite format 3\0')],
    file_html: [Buffer.from('<!DOCTYPE html>\n<html>'), Buffer.from('  <table><tr><td>Ann</td></tr></table>')],
    file_xml: [Buffer.from('<?xml version="1.0"?><contacts/>'), Buffer.from('<contacts><c/></contacts>')],
    file_json: [Buffer.from('{"name": "Ann"}'), Buffer.from('[{"name":"Ann"}]'), Buffer.from('[\n  [1,2]]')],
    file_rtf: [Buffer.from('{\\rtf1\\ansi Ann}')],
    file_vcard: [Buffer.from('BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEND:VCARD\n')],
    file_utf32: [Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
    file_binary: [
      Buffer.from('Name,Phone\nAnn\0,1\n'),
      magic(0x7f, 0x45, 0x4c, 0x46),
      Buffer.from('\0\0\0\x18ftypisom'),
    ],
  }

  it.each(Object.entries(files).flatMap(([code, all]) => all.map(bytes => [code, bytes] as const)))(
    'says %s',
    (code, bytes) => {
      expect(sniff(bytes, true)).toEqual({ ok: false, code })
    },
  )

  it('has a case here for every kind of content, and a sentence that says what to do for each', () => {
    const elsewhere = ['file_missing', 'file_folder', 'file_unreadable', 'columns_changed']
    expect([...Object.keys(files), ...elsewhere].sort()).toEqual(Object.keys(fileRefusals).sort())
    for (const sentence of Object.values(fileRefusals)) expect(sentence).toMatch(/^(This|There|The) .*[.] .*[.]$/)
  })
})

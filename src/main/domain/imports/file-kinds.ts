import type { FileRefusalCode } from '../../../shared/imports/reasons.ts'

/** What a file is that is not a list, told from its first bytes; null if nothing speaks against its being one. */
export function foreignKind(head: Uint8Array): FileRefusalCode | null {
  if (startsWith(head, 0xff, 0xfe, 0, 0) || startsWith(head, 0, 0, 0xfe, 0xff)) return 'file_utf32'
  if (startsWith(head, 0x50, 0x4b, 0x03, 0x04) || startsWith(head, 0x50, 0x4b, 0x05, 0x06)) return zipKind(head)
  for (const [code, ...signature] of SIGNATURES) if (startsWith(head, ...signature)) return code
  if (startsWith(head, 0x52, 0x49, 0x46, 0x46) && latin(head, 8, 12) === 'WEBP') return 'file_webp'
  // The HEIC pictures of phones, and films.
  if (latin(head, 4, 8) === 'ftyp') return /^(hei|hev|mif|avif)/.test(latin(head, 8, 12)) ? 'file_image' : 'file_binary'
  return null
}

/** What a text is that is not a list, told from how it begins. */
export function foreignText(head: string): FileRefusalCode | null {
  const text = head.trimStart()
  if (/^\{\\rtf/.test(text)) return 'file_rtf'
  if (/^(?:<!doctype html|<html|<head|<body|<table|<meta|<script|<!--)/i.test(text)) return 'file_html'
  if (/^<\?xml/i.test(text) || (/^<[a-z][\w:.-]*(?:\s[^<>]*)?\/?>/i.test(text) && /<\/[a-z]|\/>/i.test(text))) {
    return /<html[\s>]/i.test(text.slice(0, 2_000)) ? 'file_html' : 'file_xml'
  }
  if (/^BEGIN:VCARD/i.test(text)) return 'file_vcard'
  if (/^(?:\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})|\[\s*(?:[{[\]]|"(?:[^"\\]|\\.)*"\s*[,\]]))/.test(text)) return 'file_json'
  return null
}

const SIGNATURES: readonly (readonly [FileRefusalCode, ...number[]])[] = [
  ['file_xls', 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
  ['file_pdf', 0x25, 0x50, 0x44, 0x46, 0x2d],
  ['file_png', 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  ['file_jpeg', 0xff, 0xd8, 0xff],
  ['file_gif', 0x47, 0x49, 0x46, 0x38, 0x37, 0x61],
  ['file_gif', 0x47, 0x49, 0x46, 0x38, 0x39, 0x61],
  ['file_image', 0x49, 0x49, 0x2a, 0x00],
  ['file_image', 0x4d, 0x4d, 0x00, 0x2a],
  ['file_gzip', 0x1f, 0x8b],
  ['file_archive', 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
  ['file_archive', 0x52, 0x61, 0x72, 0x21, 0x1a, 0x07],
  ['file_archive', 0x42, 0x5a, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
  ['file_archive', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
  ['file_archive', 0x28, 0xb5, 0x2f, 0xfd],
  ['file_sqlite', 0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66, 0x6f, 0x72, 0x6d, 0x61, 0x74, 0x20, 0x33, 0],
]

/** Office files are zip archives; the names of their parts stand uncompressed in between. */
function zipKind(head: Uint8Array): FileRefusalCode {
  const names = latin(head, 0, head.length)
  if (names.includes('opendocument.spreadsheet')) return 'file_ods'
  if (names.includes('xl/workbook') || names.includes('xl/worksheets') || names.includes('xl/_rels')) return 'file_xlsx'
  if (/\bxl\//.test(names)) return 'file_xlsx'
  if (names.includes('Index/Document.iwa') || names.includes('Index.zip')) return 'file_numbers'
  return names.includes('word/document') ? 'file_docx' : 'file_zip'
}

function startsWith(head: Uint8Array, ...signature: readonly number[]): boolean {
  return signature.every((byte, index) => head[index] === byte)
}

function latin(head: Uint8Array, from: number, to: number): string {
  return Buffer.from(head.subarray(from, to)).toString('latin1')
}

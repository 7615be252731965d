import { hash } from 'node:crypto'

/**
 * A body as it is compared with a row of the SMS store: phones trim texts, compose or decompose letters, and write
 * other spaces than those that were sent.
 */
export function foldBody(body: string): string {
  return body.normalize('NFC').replace(/\s+/gu, ' ').trim()
}

/** The same without any space, for bodies that were split into pages and lost spaces where they were cut. */
export function withoutSpaces(body: string): string {
  return body.normalize('NFC').replace(/\s+/gu, '')
}

/** SHA-256 in hex, 64 digits. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex')
}

/** Texts to one number with one body are twins: nothing in the store tells them apart. */
export function twinKey(number: string, body: string): string {
  return `${number}\n${foldBody(body)}`
}

/** The text shortened to so many UTF-16 units, never in the middle of a character. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, most)
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut
}

import { measure } from '../../src/shared/sms/segments.ts'
import type { RewriteMode } from './faults.ts'

/** The bodies of the rows that a phone with this habit stores for one text; usually one. */
export function storedBodies(body: string, mode: RewriteMode): string[] {
  if (mode === 'trim') return [body.replace(/[ \t]+/g, ' ').replace(/ *\n */g, '\n')]
  if (mode === 'spaces') return [body.replace(/ /g, '\u00a0')]
  if (mode === 'decompose') return [body.normalize('NFD')]
  return pages(body)
}

/** A long text as phones without concatenation send and store it: one text per page, each saying which it is. */
function pages(body: string): string[] {
  const { segments, encoding } = measure(body)
  if (segments <= 1) return [body]
  const room = (encoding === 'GSM-7' ? 160 : 70) - '(10/10) '.length
  const found: string[] = []
  let page = ''
  for (const char of body) {
    if (measureIn(page + char, encoding) > room) {
      found.push(page)
      page = ''
    }
    page += char
  }
  found.push(page)
  return found.map((text, index) => `(${index + 1}/${found.length}) ${text}`)
}

function measureIn(text: string, encoding: string): number {
  return encoding === 'GSM-7' ? measure(text).units : text.length
}

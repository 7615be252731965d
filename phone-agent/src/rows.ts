import { sha256 } from './text.ts'
import { inOrder, localToUtc } from './zone.ts'

/** A row of the SMS store as termux-sms-list prints it. */
export interface SmsRow {
  readonly id: number
  /** `inbox`, `sent` or another word of the command. */
  readonly type: string
  /** The other side: a number in any form, a short code or a name. */
  readonly address: string
  /** Local time of the phone, `yyyy-MM-dd HH:mm:ss`. */
  readonly received: string
  readonly body: string
}

/** The SMS store could not be read. The sentence says why. */
export class StoreUnreadable extends Error {}

/**
 * Reads the output of termux-sms-list.
 * @throws StoreUnreadable where it is an error object, or nothing that makes sense.
 */
export function parseRows(output: string): SmsRow[] {
  const parsed = parseJson(output)
  if (!Array.isArray(parsed)) {
    const error = (parsed as { error?: unknown } | null)?.error
    if (typeof error === 'string') throw new StoreUnreadable(error)
    throw new StoreUnreadable('termux-sms-list printed neither texts nor an error.')
  }
  return parsed.map(toRow)
}

/**
 * What identifies a text besides its row id: when it came and a hash of sender and body. The store tells times in the
 * phone's zone without naming it, so `zone` must be the phone's at the moment of reading.
 */
export function identityOf(row: SmsRow, zone: string): string {
  const [utc] = localToUtc(row.received, zone)
  const time = utc === undefined ? `?${row.received}` : Math.floor(utc / 1000).toString(36)
  return `${time}.${contentHash(row)}`
}

/**
 * Whether two identities of one row id are one text. Times that differ by whole quarters of an hour, up to a day, are
 * one and the same: the phone has moved to another zone, and shows every old text in it.
 */
export function sameText(a: string, b: string): boolean {
  if (a === b) return true
  const [cutA, cutB] = [a.lastIndexOf('.'), b.lastIndexOf('.')]
  if (a.slice(cutA) !== b.slice(cutB)) return false
  const seconds = Math.abs(Number.parseInt(a.slice(0, cutA), 36) - Number.parseInt(b.slice(0, cutB), 36))
  return seconds % 900 === 0 && seconds <= 26 * 3600
}

/** When a text came, in ms UTC; `fallback` where the phone shows no readable time. */
export function receivedAt(row: SmsRow, zone: string, previous: number, fallback: number): number {
  return Math.max(0, inOrder(localToUtc(row.received, zone), previous) ?? fallback)
}

function contentHash(row: SmsRow): string {
  return sha256(`${row.address}\n${row.body}`).slice(0, 20)
}

function parseJson(output: string): unknown {
  if (output.trim() === '') {
    throw new StoreUnreadable('termux-sms-list printed nothing: the Termux:API app does not answer.')
  }
  try {
    return JSON.parse(output)
  } catch {
    throw new StoreUnreadable(`termux-sms-list printed no JSON: ${output.trim().slice(0, 200)}`)
  }
}

function toRow(value: unknown): SmsRow {
  const row = value as Record<string, unknown> | null
  const text = (key: string): string => (typeof row?.[key] === 'string' ? (row[key] as string) : '')
  const id = row?.['_id']
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) {
    throw new StoreUnreadable('termux-sms-list printed a text without an _id.')
  }
  return {
    id,
    type: text('type'),
    address: text('address') || text('number'),
    received: text('received'),
    body: text('body'),
  }
}

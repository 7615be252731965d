import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import BetterSqlite from 'better-sqlite3'
import type { Arrival, RadioLine } from '../../../phone-agent/simulator/phone.ts'
import { defaultTexts } from '../../../src/main/services/settings.ts'
import type { Handset } from './handset.ts'

/** A text that truly left one of the phones. */
export interface Left extends RadioLine {
  readonly phone: string
}

/** A row of a phone's store that still shows, from a moment on (real time). */
export interface ShownRow {
  readonly phone: string
  readonly id: number
  readonly address: string
  readonly body: string
  readonly visibleFrom: number
  readonly seq: number | null
}

/** A text that truly arrived, and since when other apps could read it. */
export interface Arrived extends Arrival {
  readonly phone: string
  readonly readableAt: number
}

export interface HubMessage {
  readonly id: string
  readonly kind: string
  readonly campaign: string | null
  readonly campaignState: string | null
  readonly number: string
  readonly state: string
  readonly reason: string
  readonly body: string | null
  readonly bodyHash: string | null
  readonly assignedAt: number | null
  readonly attemptedAt: number | null
}

export interface ForeignAttempt {
  readonly id: string
  readonly number: string
  readonly bodyHash: string
  readonly state: string
}

export interface Call {
  readonly phone: string
  readonly name: string
  readonly args: string
  readonly begin: number
  /** Null when it was killed. */
  readonly end: number | null
}

/** Everything that is compared, as it lies on the disk after the run. */
export interface Truth {
  readonly left: readonly Left[]
  readonly rows: readonly ShownRow[]
  readonly arrivals: readonly Arrived[]
  /** By when they began. */
  readonly calls: readonly Call[]
  readonly leases: ReadonlyMap<string, readonly { at: number; sent: number }[]>
  readonly messages: readonly HubMessage[]
  readonly foreign: readonly ForeignAttempt[]
  readonly inbound: readonly { number: string; body: string; phoneId: number; intent: string }[]
  readonly texts: { readonly stop: string; readonly start: string; readonly help: string }
}

export function readTruth(database: string, handsets: readonly Handset[]): Truth {
  const db = new BetterSqlite(database, { readonly: true, fileMustExist: true })
  try {
    return {
      left: handsets
        .flatMap(one => readRadio(one.dir).map(line => ({ ...line, phone: one.name })))
        .filter(line => line.by === 'termux'),
      rows: handsets.flatMap(readRows),
      arrivals: handsets.flatMap(readArrivals),
      calls: handsets.flatMap(readCalls).sort((left, right) => left.begin - right.begin),
      leases: new Map(handsets.map(one => [one.name, readLeases(one.linkLog)])),
      messages: db
        .prepare(
          `SELECT m.id, m.kind, c.name AS campaign, c.state AS campaignState, m.number, m.state, m.reason, m.body,
             lower(hex(m.body_hash)) AS bodyHash, m.assigned_at AS assignedAt, m.attempted_at AS attemptedAt
             FROM messages m LEFT JOIN campaigns c ON c.id = m.campaign_id ORDER BY m.id`,
        )
        .all() as HubMessage[],
      foreign: db
        .prepare('SELECT message_id AS id, number, lower(hex(body_hash)) AS bodyHash, state FROM foreign_attempts')
        .all() as ForeignAttempt[],
      inbound: db
        .prepare(
          'SELECT t.number, i.body, i.phone_id AS phoneId, i.intent FROM inbound i JOIN threads t ON t.id = i.thread_id',
        )
        .all() as { number: string; body: string; phoneId: number; intent: string }[],
      texts: defaultTexts(''),
    }
  } finally {
    db.close()
  }
}

/** Texts that differ in nothing but what phones rewrite have one form. */
export function folded(body: string): string {
  return body.normalize('NFC').replace(/\s+/gu, ' ').trim()
}

/** The last ten digits: all numbers of a run are of one country. */
export function plain(number: string): string {
  return number.replace(/\D/g, '').slice(-10)
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** What the journals of all phones, also those put aside, say of a message. */
export function journalLines(root: string, id: string): string[] {
  const found = new Set<string>()
  for (const folder of journalFolders(root)) {
    for (const name of readdirSync(folder)
      .filter(one => one.endsWith('.jsonl'))
      .sort()) {
      for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
        if (line.includes(`"${id}"`)) found.add(`${folder.slice(root.length + 1).padEnd(20)} ${line.slice(43, 460)}`)
      }
    }
  }
  return [...found]
}

function journalFolders(root: string): string[] {
  const found: string[] = []
  const search = (dir: string, depth: number): void => {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (!entry.isDirectory() || entry.name === 'usr') continue
      const path = join(dir, entry.name)
      if (existsSync(join(path, '000001.jsonl'))) found.push(path)
      else if (depth < 4) search(path, depth + 1)
    }
  }
  search(root, 0)
  return found
}

function readRadio(dir: string): RadioLine[] {
  return readFileSync(join(dir, 'radio.log'), 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as RadioLine)
}

function readRows({ name, dir }: Handset): ShownRow[] {
  const db = new DatabaseSync(join(dir, 'phone.sqlite'), { readOnly: true })
  try {
    const rows = db
      .prepare(
        `SELECT _id AS id, address, body, visible_from AS visibleFrom, seq FROM messages
           WHERE type = 2 AND creator = 'com.termux.api' AND visible_from <= ? AND (fails_at IS NULL OR fails_at > ?)`,
      )
      .all(Date.now(), Date.now()) as unknown as Omit<ShownRow, 'phone'>[]
    return rows.map(row => ({ ...row, phone: name }))
  } finally {
    db.close()
  }
}

function readArrivals({ name, dir }: Handset): Arrived[] {
  const db = new DatabaseSync(join(dir, 'phone.sqlite'), { readOnly: true })
  try {
    const rows = db
      .prepare(
        `SELECT a.at, a.address, a.body, a.sub_id, a.kind, a.message_id, m.visible_from FROM arrivals a
           LEFT JOIN messages m ON m._id = a.message_id AND m.body = a.body AND m.type = 1 ORDER BY a.id`,
      )
      .all()
    return rows.map(row => ({
      phone: name,
      at: Number(row['at']),
      from: String(row['address']),
      body: String(row['body']),
      subId: Number(row['sub_id']),
      kind: String(row['kind']),
      messageId: Number(row['message_id']),
      readableAt: Number(row['visible_from'] ?? row['at']),
    }))
  } finally {
    db.close()
  }
}

function readCalls({ name, callLog }: Handset): Call[] {
  if (!existsSync(callLog)) return []
  const open = new Map<string, { name: string; args: string; begin: number }>()
  const calls: Call[] = []
  for (const line of readFileSync(callLog, 'utf8').split('\n')) {
    const match = /^([\d.,]+) (begin|end) (\d+) (\S+) (.*)$/.exec(line)
    if (!match) continue
    const [, seconds, mark, pid, command, args] = match as unknown as [string, string, string, string, string, string]
    const at = Number(seconds.replace(',', '.')) * 1000
    const known = open.get(pid)
    if (known) calls.push({ phone: name, ...known, end: mark === 'end' ? at : null })
    open.delete(pid)
    if (mark === 'begin') open.set(pid, { name: command, args, begin: at })
  }
  for (const call of open.values()) calls.push({ phone: name, ...call, end: null })
  return calls
}

function readLeases(path: string): { at: number; sent: number }[] {
  if (!existsSync(path)) return []
  const found: { at: number; sent: number }[] = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (!line.includes('"lease"') || !line.endsWith('}')) continue
    const { at, sent } = JSON.parse(line) as { at: number; sent: number }
    found.push({ at, sent })
  }
  return found
}

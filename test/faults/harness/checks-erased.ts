import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import type { Records } from './records.ts'
import { PHONES } from './schedule.ts'
import { folded, plain, sha256, type Truth } from './truth.ts'

/** A text that came so shortly before an erasure may have been told after it, and then it is a new one. */
const LATE_MS = 10_000

/** Tables in which the hub knows people by their numbers. */
const NUMBERED = [
  ...['contacts', 'threads', 'messages', 'foreign_attempts', 'suppressions', 'suppression_lifts', 'erasures'],
] as const

/** The truth with what the hub has forgotten of erased people, so that it can be compared with what left the phones. */
export function remembered(truth: Truth, { forgotten, workload }: Records): Truth {
  return {
    ...truth,
    messages: truth.messages.map(message => {
      const known = forgotten.get(message.id)
      if (!known || message.number === known.number) return message
      const wasRendered = message.state !== 'suppressed' || message.attemptedAt !== null
      const body =
        known.body ??
        (wasRendered && message.campaign !== null ? workload.textTo(message.campaign, known.number) : null)
      return { ...message, number: known.number, body, bodyHash: body === null ? known.bodyHash : sha256(body) }
    }),
    foreign: truth.foreign.map(attempt => {
      const known = forgotten.get(attempt.id)
      const bodyHash = known?.body ? sha256(known.body) : known?.bodyHash
      return known && bodyHash ? { ...attempt, number: known.number, bodyHash } : attempt
    }),
  }
}

/** Who was erased, and texted nothing since, stands neither in the hub nor in the journal of a phone. Sentences. */
export function checkErased(database: string, truth: Truth, records: Records): string[] {
  const gone = [...records.erased]
    .filter(([number, at]) => !hasTexted(truth, number, at - LATE_MS))
    .map(([number]) => number)
  return [...openErasures(database), ...namedByHub(database, gone), ...namedByPhones(records, gone)]
}

/** Texts that left for somebody, of whom this is known, after they were erased: none but answers to what they texted. */
export function sentToErased(
  truth: Truth,
  { erased }: Records,
  beganAt: (left: Truth['left'][number]) => number,
  slackMs: number,
): Truth['left'][number][] {
  const own = new Set(Object.values(truth.texts).map(folded))
  return truth.left.filter(line => {
    const at = erased.get(line.to)
    return (
      at !== undefined && beganAt(line) > at + slackMs && !own.has(folded(line.body)) && !hasTexted(truth, line.to, at)
    )
  })
}

function hasTexted(truth: Truth, number: string, since: number): boolean {
  return truth.arrivals.some(one => plain(one.from) === plain(number) && one.readableAt > since)
}

function openErasures(database: string): string[] {
  return read(database, db => {
    const waiting = db.prepare("SELECT id FROM erasures WHERE state = 'waiting'").all() as { id: number }[]
    const unconfirmed = db
      .prepare(
        `SELECT e.erasure_id AS id, p.name FROM erasure_phones e JOIN phones p ON p.id = e.phone_id
           WHERE e.confirmed_at IS NULL AND p.revoked_at IS NULL`,
      )
      .all() as { id: number; name: string }[]
    return [
      ...waiting.map(({ id }) => `Erasure ${id} was never finished.`),
      ...unconfirmed.map(({ id, name }) => `${name} never confirmed erasure ${id}.`),
    ]
  })
}

function namedByHub(database: string, numbers: readonly string[]): string[] {
  return read(database, db =>
    numbers.flatMap(number =>
      NUMBERED.filter(table => db.prepare(`SELECT 1 FROM ${table} WHERE number = ?`).get(number) !== undefined).map(
        table => `${number} was erased and still stands in ${table}.`,
      ),
    ),
  )
}

function namedByPhones({ handsets }: Records, numbers: readonly string[]): string[] {
  return handsets
    .filter(({ name }) => PHONES.some(one => one === name))
    .flatMap(({ name, journal }) =>
      readdirSync(journal).flatMap(file => {
        const text = readFileSync(join(journal, file), 'utf8')
        return numbers
          .filter(number => text.includes(plain(number)))
          .map(number => `${number} was erased and still stands in ${file} of the journal of ${name}.`)
      }),
    )
}

function read<T>(database: string, look: (db: BetterSqlite.Database) => T): T {
  const db = new BetterSqlite(database, { readonly: true, fileMustExist: true })
  try {
    return look(db)
  } finally {
    db.close()
  }
}

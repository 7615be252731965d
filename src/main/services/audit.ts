import { createHash } from 'node:crypto'
import type { OutputOf } from '../../shared/operations/index.ts'
import { insertAudit, lastAudit, listAudit, walkAudit } from '../db/audit.ts'
import type { Database, Writer } from '../db/database.ts'
import { nameOf } from './actor-name.ts'
import type { HandlersFor } from './operations/dispatch.ts'

export interface AuditRecord {
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly outcome: 'ok' | 'refused'
  readonly code: string
}

const START = new Uint8Array(32)

/** Adds a row to the chain. Call it in the transaction of the change that it records. */
export function appendAudit(db: Writer, record: AuditRecord): void {
  const last = lastAudit(db)
  const previous = last?.hash ?? START
  const seq = (last?.seq ?? 0) + 1
  insertAudit(db, { seq, ...record, previous, hash: chainHash(previous, seq, record) })
}

/** Walks the whole chain. Finds a changed, removed or inserted row; a cut-off end shows by comparing `head` with an older one. */
export function verifyAudit(db: Database): OutputOf<'audit.verify'> {
  let rows = 0
  let previous: Uint8Array = START
  for (const row of walkAudit(db)) {
    const whole =
      row.seq === rows + 1 && same(row.previous, previous) && same(row.hash, chainHash(previous, row.seq, row))
    if (!whole) return { rows, brokenAt: row.seq, head: hex(previous) }
    rows += 1
    previous = row.hash
  }
  return { rows, brokenAt: null, head: hex(previous) }
}

export function auditHandlers(db: Database): HandlersFor<'audit.list' | 'audit.verify'> {
  return {
    'audit.list': ({ limit, after }) => {
      const before = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after)
      const items = listAudit(db, before, limit).map(row => ({ ...row, by: nameOf(db, row.actor) }))
      return { items, next: items.length === limit ? String(items.at(-1)!.seq) : null }
    },
    'audit.verify': () => verifyAudit(db),
  }
}

function chainHash(previous: Uint8Array, seq: number, record: AuditRecord): Uint8Array {
  const { at, actor, action, subject, outcome, code } = record
  return createHash('sha256')
    .update(previous)
    .update(JSON.stringify([seq, at, actor, action, subject, outcome, code]))
    .digest()
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

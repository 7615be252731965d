import type { Reader, Writer } from './database.ts'

export interface AuditRow {
  seq: number
  at: number
  actor: string
  action: string
  subject: string
  outcome: 'ok' | 'refused'
  code: string
  previous: Uint8Array
  hash: Uint8Array
}

export function lastAudit(db: Reader): { seq: number; hash: Uint8Array } | undefined {
  return db.get('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
}

/** Only through `appendAudit`, which computes the chain. */
export function insertAudit(db: Writer, row: AuditRow): void {
  db.run(
    'INSERT INTO audit (seq, at, actor, action, subject, outcome, code, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    row.seq,
    row.at,
    row.actor,
    row.action,
    row.subject,
    row.outcome,
    row.code,
    row.previous,
    row.hash,
  )
}

/** Newest first, those before `seq`. */
export function listAudit(db: Reader, seq: number, limit: number): Omit<AuditRow, 'previous' | 'hash'>[] {
  return db.all(
    'SELECT seq, at, actor, action, subject, outcome, code FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?',
    seq,
    limit,
  )
}

export function walkAudit(db: Reader): IterableIterator<AuditRow> {
  return db.iterate('SELECT * FROM audit ORDER BY seq')
}

import { describe, expect, it } from 'vitest'
import type { Database } from '../../../src/main/db/database.ts'
import { appendAudit, auditHandlers, verifyAudit } from '../../../src/main/services/audit.ts'
import type { OutputOf } from '../../../src/shared/operations/index.ts'
import { changeContext, dataFolder } from '../../support/folder.ts'

function log(rows: number): Database {
  const { db } = dataFolder()
  db.write(tx => {
    for (let row = 1; row <= rows; row += 1) {
      appendAudit(tx, {
        at: row,
        actor: 'user:1',
        action: 'users.update',
        subject: `user:${row}`,
        outcome: 'ok',
        code: '',
      })
    }
  })
  return db
}

/** What somebody does who has the file, and not the application. */
function tamper(db: Database, sql: string): void {
  db.connection.exec('DROP TRIGGER audit_never_changes; DROP TRIGGER audit_never_shrinks')
  db.connection.exec(sql)
}

describe('the audit chain', () => {
  it('is whole as it was written, and its head changes with each row', () => {
    const db = log(5)
    const { rows, brokenAt, head } = verifyAudit(db)
    expect({ rows, brokenAt }).toEqual({ rows: 5, brokenAt: null })
    db.write(tx =>
      appendAudit(tx, { at: 6, actor: 'a', action: 'b', subject: '', outcome: 'refused', code: 'forbidden' }),
    )
    expect(verifyAudit(db)).toMatchObject({ rows: 6, brokenAt: null })
    expect(verifyAudit(db).head).not.toBe(head)
  })

  it.each([
    'at = 99',
    "actor = 'user:2'",
    "action = 'users.list'",
    "subject = ''",
    "outcome = 'refused'",
    "code = 'x'",
  ])('breaks at a row whose %s', change => {
    const db = log(5)
    tamper(db, `UPDATE audit SET ${change} WHERE seq = 3`)
    expect(verifyAudit(db).brokenAt).toBe(3)
  })

  it('breaks behind a row that was removed, and at one that was put in', () => {
    const removed = log(5)
    tamper(removed, 'DELETE FROM audit WHERE seq = 2')
    expect(verifyAudit(removed).brokenAt).toBe(3)
    const swapped = log(5)
    tamper(
      swapped,
      'UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = -1',
    )
    expect(verifyAudit(swapped).brokenAt).toBe(2)
    const added = log(5)
    tamper(
      added,
      "INSERT INTO audit SELECT 6, at, actor, action, subject, outcome, code, hash, x'00' FROM audit WHERE seq = 5",
    )
    expect(verifyAudit(added).brokenAt).toBe(6)
  })

  it('shows a cut-off end by another head', () => {
    const db = log(5)
    const { head } = verifyAudit(db)
    tamper(db, 'DELETE FROM audit WHERE seq = 5')
    expect(verifyAudit(db)).toMatchObject({ brokenAt: null })
    expect(verifyAudit(db).head).not.toBe(head)
  })

  it('is listed newest first, page by page', () => {
    const db = log(5)
    const list = (after?: string) =>
      auditHandlers(db)['audit.list'](
        { limit: 2, ...(after && { after }) },
        changeContext(db),
      ) as OutputOf<'audit.list'>
    const seen: number[] = []
    for (let page = list(); ; page = list(page.next)) {
      seen.push(...page.items.map(row => row.seq))
      if (page.next === null) break
    }
    expect(seen).toEqual([5, 4, 3, 2, 1])
  })
})

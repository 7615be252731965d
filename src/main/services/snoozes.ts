import type { Database } from '../db/database.ts'
import { dueSnoozes, moveThread } from '../db/triage.ts'
import { appendAudit } from './audit.ts'
import type { Clock, Happenings } from './ports.ts'

/** Threads that one step wakes, in ms well below what a step may take. */
const AT_ONCE = 50

/**
 * One step of bringing back threads whose time has come: they are open again, and on top. Returns whether there may be more.
 * All of it is read from the database, so that those that became due while the hub was off come back at its start.
 */
export function wakeSnoozed(parts: {
  readonly db: Database
  readonly clock: Clock
  readonly happenings: Happenings
}): boolean {
  const { db, clock, happenings } = parts
  const now = clock.now()
  if (dueSnoozes(db, now, 1).length === 0) return false
  const woken = db.write(tx => {
    const moved = dueSnoozes(tx, now, AT_ONCE).filter(id => moveThread(tx, id, { type: 'time', now }))
    if (moved.length > 0) {
      const subject = moved.map(id => `thread:${id}`).join(' ')
      appendAudit(tx, { at: now, actor: 'system', action: 'inbox.wake', subject, outcome: 'ok', code: '' })
    }
    return moved
  })
  for (const id of woken) happenings.tell({ type: 'thread', id })
  return woken.length === AT_ONCE
}

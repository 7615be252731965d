import { insertInbound } from '../../../src/main/db/inbound.ts'
import { touchThread } from '../../../src/main/db/threads.ts'
import { moveThread } from '../../../src/main/db/triage.ts'
import type { Caller } from '../../../src/main/services/operations/caller.ts'
import type { Office } from '../campaigns/kit.ts'

let rowId = 0

/** A text that came in, as the link stores it. Returns its thread. */
export function text(
  office: Office,
  number: string,
  body: string,
  given: { at?: number; campaignId?: number; phoneId?: number } = {},
): number {
  const { at = office.world.now, campaignId = null, phoneId = 1 } = given
  rowId += 1
  return office.db.write(tx => {
    const threadId = touchThread(tx, { number, contactId: null, at, text: body, unreadBy: 1 })
    moveThread(tx, threadId, { type: 'text' })
    insertInbound(tx, {
      ...{ threadId, phoneId, store: 'S', rowId, sender: number, body },
      ...{ bodyHash: office.world.hash(body), receivedAt: at, storedAt: at, intent: 'none', campaignId },
    })
    return threadId
  })
}

/** Somebody who has signed in, with an account to go with it. */
export function user(
  office: Office,
  username: string,
  role: 'admin' | 'user' = 'user',
): Extract<Caller, { kind: 'user' }> {
  const { id } = office.db.write(tx =>
    tx.run(
      "INSERT INTO users (username, full_name, role, password_hash, created_at, updated_at) VALUES (?, ?, ?, 'x', 1, 1)",
      username,
      `${username[0]!.toUpperCase()}${username.slice(1)}`,
      role,
    ),
  )
  return { kind: 'user', id, role, sessionId: 1, mustChangePassword: false }
}

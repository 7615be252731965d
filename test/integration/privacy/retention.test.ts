import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { App } from '../../../src/main/app.ts'
import type { Database } from '../../../src/main/db/database.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { verifyAudit } from '../../../src/main/services/audit.ts'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'
import type { GivenOf, OperationName, OutputOf } from '../../../src/shared/operations/index.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { openTestApp } from '../../support/hub.ts'

const DAY = 86_400_000
let app: App
let db: Database

beforeEach(async () => {
  const folder = temporaryFolder('retention')
  app = await openTestApp({ folder })
  db = openDatabase(join(folder, 'hub.sqlite'))
  const now = Date.now()
  db.write(tx => {
    tx.run("INSERT INTO phones (id, name, key_hash, journal, paired_at) VALUES (1, 'Pixel', x'01', 'J', 1)")
    tx.run('INSERT INTO sims (id, phone_id, slot) VALUES (1, 1, 0)')
    tx.run(
      "INSERT INTO threads (id, number, last_at, last_text) VALUES (1, '+12025550101', ?, 'old line')",
      now - 90 * DAY,
    )
    for (const [at, days] of [170, 90, 1].entries()) {
      tx.run(
        `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
           VALUES (1, 1, 'S', ?, '+12025550101', ?, x'01', ?, ?, 'none')`,
        ...[at, `text ${days}`, now - days * DAY, now - days * DAY],
      )
      for (const state of ['sent', 'queued']) {
        tx.run(
          `INSERT INTO messages (id, kind, number, state, body, body_hash, due_at, created_by, created_at)
             VALUES (?, 'reply', '+12025550101', ?, ?, x'02', ?, 'local', ?)`,
          ...[`0${at}${state}`.padEnd(26, '0'), state, `reply ${days}`, 9e15, now - days * DAY],
        )
      }
      tx.run("INSERT INTO logins (at, username, outcome) VALUES (?, 'ann', 'ok')", now - days * DAY)
    }
  })
})
afterEach(async () => {
  db.close()
  await app.close()
})

async function done<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
  const answer = await app.dispatch(name, input, LOCAL)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
  return answer.data
}

const texts = () => ({
  in: db.all<{ body: string }>('SELECT body FROM inbound ORDER BY id').map(row => row.body),
  out: db
    .all<{ body: string | null }>("SELECT body FROM messages WHERE state = 'sent' ORDER BY id")
    .map(row => row.body),
  waiting: db.all("SELECT body FROM messages WHERE state = 'queued' AND body IS NOT NULL").length,
  signIns: db.all('SELECT 1 FROM logins').length,
})
const ALL = { in: ['text 170', 'text 90', 'text 1'], out: ['reply 170', 'reply 90', 'reply 1'], waiting: 3, signIns: 3 }

it('keeps everything until somebody says otherwise', async () => {
  expect(await done('retention.get', {})).toEqual({ messages: null, replies: null, logs: null })
  await app.services.background.idle()
  expect(texts()).toEqual(ALL)
})

it('says what rules would remove and removes nothing by that', async () => {
  const { removes } = await done('retention.preview', { messages: 60, replies: 100, logs: 150 })
  expect(removes).toEqual({ messages: 2, replies: 1, signIns: 1, deliveries: 0, importReports: 0 })
  expect(texts()).toEqual(ALL)
})

it('removes what is older once a day, keeps the facts, and shows that a text was removed', async () => {
  await done('retention.set', { messages: 60, replies: 100, logs: 150 })
  await app.services.background.idle()
  const left = { in: ['', 'text 90', 'text 1'], out: [null, null, 'reply 1'], waiting: 3, signIns: 2 }
  expect(texts()).toEqual(left)
  const { entries } = await done('inbox.thread', { id: 1 })
  expect(entries.filter(entry => entry.textRemovedAt !== null).map(entry => entry.body)).toEqual(['', '', ''])
  const { items } = await done('inbox.threads', {})
  expect(items[0]!.lastText).toBe('')
  const audit = db.all("SELECT actor, subject FROM audit WHERE action = 'retention.run'")
  expect(audit).toEqual([{ actor: 'system', subject: 'messages:2 replies:1 signIns:1' }])
  expect(verifyAudit(db).brokenAt).toBeNull()
  // The next look of the same day finds nothing to do, however much has become old meanwhile.
  db.write(tx => tx.run("UPDATE inbound SET stored_at = 1 WHERE body = 'text 1'"))
  await app.services.background.idle()
  expect(texts()).toEqual(left)
  expect(await done('retention.run', {})).toMatchObject({ removed: { messages: 0, replies: 1 } })
  const id = db.get<{ id: string }>('SELECT id FROM messages WHERE text_removed_at IS NOT NULL')!.id
  const again = await app.dispatch('messages.send-again', { id }, LOCAL)
  expect(again).toMatchObject({ ok: false, error: { code: 'conflict' } })
})

it('takes days from a week to ten years', async () => {
  for (const messages of [0, 6, 3651, 1.5]) {
    const rules = { messages, replies: null, logs: null }
    expect(await app.dispatch('retention.set', rules, LOCAL)).toMatchObject({
      ok: false,
      error: { code: 'invalid_input' },
    })
  }
})

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/main/app.ts'
import type { Database } from '../../src/main/db/database.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { EMPTIED } from '../../src/main/db/reset.ts'
import { type Caller, LOCAL } from '../../src/main/services/operations/caller.ts'
import { RESET_CONFIRMATION } from '../../src/shared/operations/database.ts'
import type { InputOf, OperationName, OutputOf } from '../../src/shared/operations/index.ts'
import { temporaryFolder } from '../support/folder.ts'
import { openTestApp } from '../support/hub.ts'
import { ScriptedPhone, World } from '../support/world.ts'

const ANNA = '+12125550101'
const BOB = '+12125550102'
const PASSWORD = 'correct horse battery staple'

let folder: string
let app: App
let peek: Database

beforeEach(async () => {
  folder = temporaryFolder('reset')
  app = await openTestApp({ folder })
  peek = openDatabase(join(folder, 'hub.sqlite'))
  await fill()
})

afterEach(async () => {
  peek.close()
  await app.close()
})

async function done<N extends OperationName>(name: N, input: InputOf<N>, caller: Caller = LOCAL): Promise<OutputOf<N>> {
  const answer = await app.dispatch(name, input as never, caller)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
  return answer.data
}

const reset = (caller: Caller = LOCAL, input: { confirm?: string; password?: string } = {}) =>
  app.dispatch('system.reset', { confirm: RESET_CONFIRMATION, ...input }, caller)

/** Something in every table that a reset empties, and in those that it keeps. */
async function fill(): Promise<void> {
  await app.dispatch('users.create', { username: 'anna', password: PASSWORD, role: 'admin' }, LOCAL)
  for (const number of [ANNA, BOB]) {
    await app.dispatch('contacts.create', { number, firstName: 'Ada', lists: ['Spring'], tags: ['new'] }, LOCAL)
  }
  await app.dispatch('suppression.add', { number: BOB, note: 'asked' }, LOCAL)
  await app.dispatch('optouts.add-word', { phrase: 'ya basta' }, LOCAL)
  await app.dispatch('optouts.add-word', { phrase: 'no ads', listId: 1 }, LOCAL)
  await app.dispatch('webhooks.create', { name: 'W', url: 'https://example.org/', events: ['inbound.text'] }, LOCAL)
  peek.write(tx => {
    tx.run("INSERT INTO phones (name, key_hash, journal, acked_seq, paired_at) VALUES ('Phone', x'01', 'J', 5, 1)")
    tx.run('INSERT INTO sims (phone_id, slot) VALUES (1, 0)')
    tx.run(
      `INSERT INTO imports (file_name, path, file_size, file_changed_at, settings, state, created_by, created_at)
       VALUES ('a.csv', '/a.csv', 1, 1, '{}', 'completed', 'local', 1)`,
    )
    tx.run("INSERT INTO import_rejections VALUES (1, 2, 'x', '', '', '[]')")
    tx.run("INSERT INTO import_flags VALUES (1, 2, 'f', 'x', '')")
    tx.run('INSERT INTO import_changes VALUES (1, 1, NULL, 1)')
    tx.run(
      "INSERT INTO consents (source, wording, recorded_by, recorded_at, import_id) VALUES ('s', 'w', 'local', 1, 1)",
    )
    tx.run(
      `INSERT INTO campaigns (name, template, state, audience, hours, created_by, created_at, updated_at)
       VALUES ('C', 'Hi', 'paused', '{}', '{}', 'local', 1, 1)`,
    )
    tx.run("INSERT INTO campaign_left_out VALUES (1, 2, 'suppressed')")
    tx.run('INSERT INTO threads (number, contact_id, last_at) VALUES (?, 1, 1)', ANNA)
    tx.run(
      `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent, campaign_id)
       VALUES (1, 1, 'S', 7, ?, 'STOP', x'02', 5, 5, 'stop', 1)`,
      ANNA,
    )
    tx.run('UPDATE suppressions SET inbound_id = 1')
    tx.run("INSERT INTO automatic_actions (inbound_id, cause, answer, at) VALUES (1, 'help', 'queued', 5)")
    for (const [id, state, at] of [
      ['M1', 'queued', 1],
      ['M2', 'unknown', Date.now() - 60_000],
      ['M3', 'unknown', Date.now() - 48 * 3_600_000],
      ['M4', 'sent', Date.now() - 60_000],
    ] as const) {
      tx.run(
        `INSERT INTO messages (id, kind, number, state, sim_id, assignment, body, body_hash, segments, due_at, created_by, created_at,
           attempted_at) VALUES (?, 'reply', ?, ?, 1, 1, 'Hello', x'03', 1, 0, 'local', 1, ?)`,
        `0000000000${id}`,
        ANNA,
        state,
        at,
      )
    }
    tx.run(
      `INSERT INTO messages (id, kind, campaign_id, number, state, due_at, created_by, created_at)
       VALUES ('0000000000C1', 'campaign', 1, ?, 'queued', 0, 'local', 1)`,
      ANNA,
    )
    tx.run("INSERT INTO campaign_step_counts VALUES (1, 0, 0, 'sent', 1, 0, 0)")
    tx.run("INSERT INTO thread_tags VALUES (1, 'warm', 1)")
    tx.run("INSERT INTO thread_notes (thread_id, body, created_by, created_at) VALUES (1, 'x', 'local', 1)")
    tx.run('INSERT INTO note_mentions (user_id, note_id) VALUES (1, 1)')
    tx.run("INSERT INTO said_history VALUES ('note', 1, NULL)")
    tx.run(
      "INSERT INTO segments (name, audience, created_by, created_at, updated_at) VALUES ('G', '{}', 'local', 1, 1)",
    )
    tx.run(
      "INSERT INTO bulk_jobs (kind, name, selection, until_id, created_by, created_at) VALUES ('delete', '', '{}', 0, 'local', 1)",
    )
    tx.run('INSERT INTO bulk_changes SELECT max(id), 77 FROM bulk_jobs')
    tx.run(
      "INSERT INTO undos (kind, subject, name, before, created_by, created_at) VALUES ('rename-list', 1, 'L', '{}', 'local', 9e12)",
    )
    tx.run("INSERT INTO uploads VALUES ('u', 'a.csv', 1, 1, 'local', 1)")
  })
}

const count = (table: string) => peek.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n

describe('what a reset keeps and removes', () => {
  it('is decided for every table of the schema', () => {
    const tables = peek
      .all<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'contacts_search%' AND name NOT LIKE 'said_words%'",
      )
      .map(row => row.name)
    const kept = [
      ...['meta', 'settings', 'key_slots', 'secrets', 'users', 'sessions', 'logins', 'lockouts', 'api_keys', 'audit'],
      ...['phones', 'sims', 'suppressions', 'foreign_attempts', 'strays', 'webhooks', 'idempotency', 'uploads'],
      ...['reply_templates', 'opt_out_words', 'keyword_rules'],
      'notification_rules',
      'logo',
      // Why a number may be texted again protects like the list itself.
      'suppression_lifts',
      // Phones that have not forgotten a person yet are still to be told.
      ...['erasures', 'erasure_phones'],
      ...['people', 'access_services', 'grants', 'access_intents', 'access_logs', 'access_visits', 'access_sources'],
    ]
    expect([...kept, ...EMPTIED].sort()).toEqual(tables.sort())
  })

  it('empties the ones and leaves the others, after a backup that holds all of it', async () => {
    // The background takes work away as soon as it can.
    peek.write(tx => tx.run("INSERT INTO follow_up_work VALUES ('0000000000C1', 1)"))
    for (const table of EMPTIED) expect({ table, rows: count(table) > 0 }).toEqual({ table, rows: true })
    const schema = () => peek.all('SELECT type, name, sql FROM sqlite_master ORDER BY type, name')
    const before = schema()
    const audited = count('audit')
    const answer = await reset()
    expect(answer).toMatchObject({
      ok: true,
      data: { removed: { contacts: 2, imports: 1, campaigns: 1, messages: 5, threads: 1 } },
    })
    for (const table of EMPTIED) expect({ table, rows: count(table) }).toEqual({ table, rows: 0 })
    expect(peek.all('SELECT phrase FROM opt_out_words')).toEqual([{ phrase: 'ya basta' }])
    expect(schema()).toEqual(before)
    expect(peek.connection.pragma('foreign_key_check')).toEqual([])
    expect(peek.connection.pragma('integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(count('audit')).toBe(audited + 1)
    expect(await done('audit.verify', {})).toMatchObject({ brokenAt: null })
    expect(await done('suppression.check', { number: BOB })).toMatchObject({ suppressed: true })
    expect(peek.all('SELECT username FROM users')).toEqual([{ username: 'anna' }])
    expect(peek.all('SELECT name, acked_seq, journal FROM phones')).toEqual([
      { name: 'Phone', acked_seq: 5, journal: 'J' },
    ])
    expect(count('webhooks')).toBe(1)

    const { name } = (answer as { data: OutputOf<'system.reset'> }).data.backup
    expect(name).toMatch(/^hub-\d{8}-\d{6}Z-before-reset\.sqlite$/)
    const path = join(folder, 'backups', name)
    expect(await done('backups.verify', { path })).toMatchObject({ ok: true, contacts: 2, messages: 5 })
  })

  it('leaves a database that works, and gives no id a second time', async () => {
    await reset()
    const { id } = await done('contacts.create', {
      ...{ number: ANNA, firstName: 'Ada', lastName: '', email: '', lists: ['Spring'], tags: [], attributes: {} },
    } as never)
    expect(id).toBeGreaterThan(2)
    const { items } = await done('contacts.search', { search: 'ada', limit: 50 } as never)
    expect(items).toMatchObject([{ id }])
    expect(peek.connection.pragma('foreign_keys', { simple: true })).toBe(1)
    expect(await app.dispatch('lists.list', {}, LOCAL)).toMatchObject({
      data: { lists: [{ name: 'Spring', contacts: 1 }] },
    })
    // The foreign keys of the hub's own connection are on again.
    expect(await done('system.doctor', {})).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ check: 'durability', ok: true })]),
    })
  })

  it('goes on blocking what may just have left, by number and body', async () => {
    await reset()
    expect(peek.all('SELECT message_id, number, state FROM foreign_attempts')).toEqual([
      { message_id: '0000000000M2', number: ANNA, state: 'unknown' },
    ])
  })

  it('counts what is there', async () => {
    expect(await done('system.stats', {})).toMatchObject({
      ...{ contacts: 2, lists: 1, imports: 1, suppressions: 1, threads: 1, inbound: 1, phones: 1, users: 1 },
      campaigns: { paused: 1, running: 0 },
      messages: { queued: 2, unknown: 2, sent: 1, failed: 0 },
    })
    await reset()
    expect(await done('system.stats', {})).toMatchObject({ contacts: 0, messages: { queued: 0, sent: 0 }, users: 1 })
  })
})

describe('a reset is refused', () => {
  const unchanged = () => expect(count('contacts')).toBe(2)
  const backups = () => (existsSync(join(folder, 'backups')) ? readdirSync(join(folder, 'backups')) : [])

  it.each(['', 'yes', RESET_CONFIRMATION.toUpperCase()])('without the right words: %j', async confirm => {
    expect(await reset(LOCAL, { confirm })).toMatchObject({
      error: { code: 'invalid_input', fields: { confirm: expect.any(String) } },
    })
    unchanged()
    expect(backups()).toEqual([])
  })

  it('to a user without the password, and to every key', async () => {
    const user: Caller = { kind: 'user', id: 1, role: 'admin', sessionId: 1, mustChangePassword: false }
    expect(await reset(user)).toMatchObject({
      error: { code: 'invalid_input', fields: { password: expect.any(String) } },
    })
    expect(await reset(user, { password: 'wrong' })).toMatchObject({ error: { code: 'invalid_input' } })
    expect(await reset({ kind: 'key', id: 1, role: 'admin' }, { password: PASSWORD })).toMatchObject({
      error: { code: 'forbidden' },
    })
    expect(await reset({ ...user, role: 'user' }, { password: PASSWORD })).toMatchObject({
      error: { code: 'forbidden' },
    })
    unchanged()
    expect(backups()).toEqual([])
    expect(await reset(user, { password: PASSWORD })).toMatchObject({ ok: true })
  })

  it.each([
    ["UPDATE campaigns SET state = 'running'", 'campaigns cancel 1'],
    ["UPDATE imports SET state = 'running'", 'Import 1'],
    ["UPDATE imports SET state = 'undoing'", 'Import 1'],
    ["UPDATE messages SET state = 'assigned' WHERE id = '0000000000M1'", 'phones revoke 1'],
    ["UPDATE messages SET state = 'accepted' WHERE id = '0000000000M1'", 'phones revoke 1'],
    ["UPDATE messages SET state = 'attempting' WHERE id = '0000000000M1'", 'phones revoke 1'],
    ["UPDATE messages SET state = 'handed_over' WHERE id = '0000000000M1'", 'phones revoke 1'],
    ["INSERT INTO strays VALUES (1, '0000000000X1', 1)", 'phones revoke 1'],
  ])('while something is under way: %s', async (change, fix) => {
    peek.write(tx => tx.run(change))
    expect(await reset()).toMatchObject({ error: { code: 'conflict', message: expect.stringContaining(fix) } })
    unchanged()
    expect(backups()).toEqual([])
  })

  it('when a phone tells something while the backup is made, each time anew', async () => {
    const telling = setInterval(() => peek.write(tx => tx.run('UPDATE phones SET acked_seq = acked_seq + 1')), 1)
    try {
      expect(await reset()).toMatchObject({ error: { code: 'unavailable' } })
    } finally {
      clearInterval(telling)
    }
    unchanged()
    expect(backups()).toEqual([])
    expect(await reset()).toMatchObject({ ok: true })
  })
})

describe('after a reset', () => {
  it('a text from before it can stop, but brings nobody back and is not answered again', async () => {
    const world = new World()
    try {
      world.db.write(tx => tx.run("INSERT INTO meta VALUES ('reset_at', ?)", String(world.now - 1_000)))
      const phone = new ScriptedPhone(world, world.addPhone().phoneId)
      await phone.connect(0)
      const suppress = (number: string) =>
        world.db.write(tx =>
          tx.run(
            "INSERT INTO suppressions (number, number_hash, reason, created_by, created_at) VALUES (?, ?, 'manual', 'local', 1)",
            number,
            world.hash(number),
          ),
        )
      suppress(BOB)
      const late = world.now
      world.now -= 5_000
      await phone.text(ANNA, 'STOP', 1)
      await phone.text(BOB, 'START', 2)
      await phone.text('+12125550103', 'HELP', 3)
      const suppressed = () =>
        world.db.all<{ number: string }>('SELECT number FROM suppressions').map(row => row.number)
      expect(suppressed().sort()).toEqual([ANNA, BOB])
      expect(world.states()).toEqual({})
      world.now = late
      await phone.text(BOB, 'START', 4)
      expect(suppressed()).toEqual([ANNA])
      expect(world.states()).toEqual({ queued: 1 })
    } finally {
      world.close()
    }
  })
})

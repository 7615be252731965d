import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { insertContact } from '../../../src/main/db/contacts.ts'
import type { Database } from '../../../src/main/db/database.ts'
import { lockFolder } from '../../../src/main/db/lock.ts'
import { epochOf, initialiseMeta } from '../../../src/main/db/meta.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { END, findSaid, indexSaid } from '../../../src/main/db/said.ts'
import { insertSuppression, suppressionOf } from '../../../src/main/db/suppression.ts'
import { verifyAudit } from '../../../src/main/services/audit.ts'
import { backupHandlers } from '../../../src/main/services/backups.ts'
import type { FolderPaths } from '../../../src/main/services/folder.ts'
import { keyFileOpener } from '../../../src/main/services/key-slots.ts'
import { type Restored, restoreBackup } from '../../../src/main/services/restore.ts'
import { DEFAULTS, defaultTexts } from '../../../src/main/services/settings.ts'
import { openVault } from '../../../src/main/services/vault.ts'
import { isErasedNumber } from '../../../src/shared/erased.ts'
import type { OutputOf } from '../../../src/shared/operations/index.ts'
import { afterThisTest, changeContext, dataFolder } from '../../support/folder.ts'

const ANN = '+12025550101'
const BOB = '+12025550102'
const CAT = '+12025550103'

/** A hub's folder: what happens in it before and after a backup is up to the test. */
async function world() {
  const folder = dataFolder()
  const { db, paths, clock, random, log } = folder
  db.write(tx => initialiseMeta(tx, 'THIS', clock.now()))
  const vault = await openVault({ ...folder, openers: [keyFileOpener(paths.keyFile, random)] })
  const settings = { ...DEFAULTS, texts: defaultTexts('') }
  const handlers = backupHandlers({ ...folder, vault, settings: { current: () => settings } })
  const backup = async (passphrase?: string) => {
    const input = passphrase === undefined ? {} : { passphrase }
    const made = (await handlers['backups.create'](input, changeContext(db))) as OutputOf<'backups.create'>
    clock.time += 60_000
    return made.path
  }
  const restore = (
    file: string,
    given: { passphrase?: string; withoutSuppressionsSince?: boolean; paths?: FolderPaths } = {},
  ) => {
    if (db.connection.open) db.close()
    return restoreBackup({ paths, file, withoutSuppressionsSince: false, clock, random, log, ...given })
  }
  const suppress = (number: string, reason: 'stop' | 'erased' = 'stop') =>
    db.write(tx => {
      insertSuppression(tx, {
        ...{ number, hash: vault.numberHash.of(number), reason, note: '', inboundId: null },
        ...{ createdBy: 'local', createdAt: clock.now() },
      })
      if (reason === 'erased') tx.run('UPDATE suppressions SET number = NULL WHERE number = ?', number)
    })
  return { ...folder, vault, backup, restore, suppress }
}

function addContact(db: Database, number: string): number {
  const rest = { country: 'US', firstName: 'Ada', lastName: '', email: '', zone: null, attributes: '{}' }
  return db.write(tx => insertContact(tx, { number, ...rest, consentId: null, importId: null }, 1)!)
}

function addPhone(db: Database, name: string, pairedAt: number): number {
  return db.write(tx => {
    const sql = 'INSERT INTO phones (name, key_hash, journal, acked_seq, paired_at) VALUES (?, ?, ?, 5, ?)'
    const { id } = tx.run(sql, name, Buffer.from(`key of ${name}`), `journal of ${name}`, pairedAt)
    tx.run('INSERT INTO sims (phone_id, slot) VALUES (?, 0)', id)
    return id
  })
}

function addMessage(db: Database, id: string, number: string, state = 'queued', simId: number | null = null): void {
  db.write(tx =>
    tx.run(
      `INSERT INTO messages (id, kind, number, state, sim_id, body, body_hash, segments, assignment, due_at, created_by, created_at, attempted_at)
       VALUES (?, 'reply', ?, ?, ?, 'Hello', x'01', 1, 1, 0, 'local', 1, ?)`,
      id,
      number,
      state,
      simId,
      state === 'queued' ? null : 50,
    ),
  )
}

/** Looks into the database as it is after the restore. */
function restored(paths: FolderPaths): Database {
  const db = openDatabase(paths.database)
  afterThisTest(() => db.connection.open && db.close())
  return db
}

describe('a restore', () => {
  it('brings back what the backup had, keeps the replaced database, opens a new epoch and says so', async () => {
    const { db, paths, backup, restore, clock } = await world()
    addContact(db, ANN)
    const file = await backup()
    addContact(db, BOB)
    const before = epochOf(db)
    const done = await restore(file)
    const now = restored(paths)
    expect(now.all('SELECT number FROM contacts')).toEqual([{ number: ANN }])
    expect(done).toMatchObject({ contacts: 1, messages: 0, keyProblem: null, phonesToReplay: 0 })
    expect(done.epoch).toBeGreaterThan(Math.max(before, clock.now() - 1))
    expect(epochOf(now)).toBe(done.epoch)
    const old = openDatabase(done.replaced!, { readonly: true })
    expect(old.get('SELECT count(*) AS n FROM contacts')).toEqual({ n: 2 })
    old.close()
    const audit = now.all('SELECT actor, action, outcome FROM audit ORDER BY seq DESC LIMIT 1')
    expect(audit).toEqual([{ actor: 'local', action: 'backups.restore', outcome: 'ok' }])
    expect(verifyAudit(now).brokenAt).toBeNull()
    expect(statSync(paths.database).mode & 0o777).toBe(0o600)
    expect(readdirSync(paths.root).filter(name => name.startsWith('restoring'))).toEqual([])
  })

  it('opens an epoch above every one that was there, whatever the clock says', async () => {
    const { db, backup, restore, clock } = await world()
    const file = await backup()
    db.write(tx => tx.run("UPDATE meta SET value = ? WHERE key = 'epoch'", String(clock.now() + 1_000_000)))
    const first = await restore(file)
    expect(first.epoch).toBe(clock.now() + 1_000_001)
    expect((await restore(file)).epoch).toBeGreaterThan(first.epoch)
  })

  it('takes over who said stop since', async () => {
    const { paths, backup, restore, suppress, vault } = await world()
    suppress(ANN)
    const file = await backup()
    suppress(BOB)
    expect(await restore(file)).toMatchObject({ suppressionsMerged: 1 })
    const now = restored(paths)
    expect(now.all('SELECT number FROM suppressions ORDER BY number')).toEqual([{ number: ANN }, { number: BOB }])
    expect(suppressionOf(now, BOB, vault.numberHash.of(BOB))?.reason).toBe('stop')
  })

  it('erases again who was erased since, wherever the backup knows them', async () => {
    const { db, paths, backup, restore, suppress, vault } = await world()
    addContact(db, ANN)
    addContact(db, BOB)
    addMessage(db, 'M'.repeat(26), BOB)
    db.write(tx => tx.run('INSERT INTO threads (number, last_at) VALUES (?, 1)', BOB))
    const file = await backup()
    db.write(tx => {
      tx.run('DELETE FROM contacts WHERE number = ?', BOB)
      tx.run('DELETE FROM threads')
      tx.run("UPDATE messages SET number = '+1', body = '' WHERE number = ?", BOB)
    })
    suppress(BOB, 'erased')
    expect(await restore(file)).toMatchObject({ suppressionsMerged: 1, erasuresMerged: 1 })
    const now = restored(paths)
    expect(now.all('SELECT number FROM contacts')).toEqual([{ number: ANN }])
    expect(now.all('SELECT * FROM threads')).toEqual([])
    const [message] = now.all<{ number: string; body: null; state: string }>('SELECT number, body, state FROM messages')
    expect(message).toMatchObject({ body: null, state: 'suppressed' })
    expect(isErasedNumber(message!.number)).toBe(true)
    expect(now.all('SELECT number, reason FROM suppressions')).toEqual([{ number: null, reason: 'erased' }])
    expect(suppressionOf(now, BOB, vault.numberHash.of(BOB))).toBeDefined()
  })

  it('finds who was erased since in reports of imports, and where they are known by nothing else', async () => {
    const { db, paths, backup, restore, suppress, vault, clock } = await world()
    const phone = addPhone(db, 'pixel', 1)
    db.write(tx => {
      tx.run(
        `INSERT INTO imports (file_name, path, file_size, file_changed_at, settings, state, created_by, created_at)
           VALUES ('list.csv', 'x', 0, 0, '{}', 'completed', 'local', 0)`,
      )
      tx.run("INSERT INTO import_rejections VALUES (1, 2, 'code', '', '(202) 555-0102', ?)", '["Bob","(202) 555-0102"]')
      tx.run("INSERT INTO import_flags VALUES (1, 3, 'phone', 'formula', '=2025550102')")
      tx.run("INSERT INTO import_flags VALUES (1, 4, 'phone', 'formula', '=2025550101')")
      tx.run("INSERT INTO foreign_attempts VALUES ('F', ?, 1, ?, x'01', 'unknown', 1)", phone, BOB)
      tx.run(
        `INSERT INTO suppression_lifts (number, number_hash, reason, note, added_by, added_at, why, lifted_by, lifted_at)
           VALUES (?, ?, 'manual', 'Bob', 'local', 1, 'Bob again', 'local', 2)`,
        ...[BOB, vault.numberHash.of(BOB)],
      )
    })
    const file = await backup()
    db.write(tx => {
      tx.run('DELETE FROM import_rejections')
      tx.run('DELETE FROM import_flags')
      tx.run('DELETE FROM foreign_attempts')
      tx.run('DELETE FROM suppression_lifts')
      tx.run(
        `INSERT INTO erasures (uid, number_hash, phone_hash, state, requested_by, requested_at, finished_at)
           VALUES ('U', ?, x'01', 'done', 'user:1', ?, ?)`,
        ...[vault.numberHash.of(BOB), clock.now(), clock.now()],
      )
    })
    suppress(BOB, 'erased')
    expect(await restore(file)).toMatchObject({ erasuresMerged: 1 })
    const bytes = readFileSync(paths.database)
    for (const text of [BOB, '555-0102', '2025550102', 'Bob again']) expect(bytes.includes(text)).toBe(false)
    expect(bytes.includes('=2025550101')).toBe(true)
  })

  it('brings receipts back, and erases again people who came back since', async () => {
    const { db, paths, backup, restore, vault, clock } = await world()
    addContact(db, BOB)
    const phone = addPhone(db, 'pixel', 1)
    const file = await backup()
    db.write(tx => {
      tx.run(
        `INSERT INTO erasures (uid, number_hash, phone_hash, state, requested_by, requested_at, finished_at)
           VALUES ('U', ?, x'01', 'done', 'user:1', ?, ?)`,
        ...[vault.numberHash.of(BOB), clock.now(), clock.now()],
      )
      tx.run('INSERT INTO erasure_phones VALUES (1, ?, NULL)', phone)
      // They texted START later: nothing is suppressed, and still the backup must not bring back what was erased.
      tx.run('DELETE FROM contacts')
    })
    expect(await restore(file)).toMatchObject({ erasuresMerged: 1 })
    const now = restored(paths)
    expect(now.all('SELECT * FROM contacts')).toEqual([])
    expect(now.all('SELECT uid, state, requested_by AS by FROM erasures')).toEqual([
      { uid: 'U', state: 'done', by: 'user:1' },
    ])
    expect(now.all('SELECT phone_id AS phone, confirmed_at AS at FROM erasure_phones')).toEqual([{ phone, at: null }])
  })

  it('keeps the secrets that were made since, so that phones know the hub again', async () => {
    const { paths, backup, restore, vault, random, clock } = await world()
    const file = await backup()
    vault.seal('link-identity', Buffer.from('certificate'))
    await restore(file)
    const opened = await openVault({
      db: restored(paths),
      clock,
      random,
      openers: [keyFileOpener(paths.keyFile, random)],
    })
    expect(Buffer.from(opened.open('link-identity')!).toString()).toBe('certificate')
  })

  it('makes every phone tell again what it did, and keeps where the backup had read to', async () => {
    const { db, paths, backup, restore } = await world()
    addPhone(db, 'old', 1)
    const file = await backup()
    addPhone(db, 'new', 2)
    db.write(tx => {
      tx.run("UPDATE phones SET acked_seq = 99, key_hash = x'77' WHERE name = 'old'")
      tx.run("INSERT INTO sims (phone_id, slot, carrier) VALUES (1, 1, 'Second')")
    })
    expect(await restore(file)).toMatchObject({ phonesMerged: 1, phonesToReplay: 2 })
    const now = restored(paths)
    expect(now.all('SELECT name, acked_seq, replay_needed, hex(key_hash) AS key FROM phones ORDER BY id')).toEqual([
      { name: 'old', acked_seq: 5, replay_needed: 1, key: '77' },
      { name: 'new', acked_seq: 0, replay_needed: 1, key: Buffer.from('key of new').toString('hex').toUpperCase() },
    ])
    expect(now.all('SELECT phone_id, slot, carrier FROM sims ORDER BY phone_id, slot')).toEqual([
      { phone_id: 1, slot: 0, carrier: null },
      { phone_id: 1, slot: 1, carrier: 'Second' },
      { phone_id: 2, slot: 0, carrier: null },
    ])
  })

  it('keeps a phone out that was revoked since, and nothing it may hold is sent again', async () => {
    const { db, paths, backup, restore } = await world()
    addPhone(db, 'lost', 1)
    addMessage(db, 'HELD'.padEnd(26, '0'), ANN, 'accepted', 1)
    const file = await backup()
    db.write(tx => tx.run('UPDATE phones SET revoked_at = 3'))
    expect(await restore(file)).toMatchObject({ phonesToReplay: 0 })
    const now = restored(paths)
    expect(now.all('SELECT revoked_at, replay_needed FROM phones')).toEqual([{ revoked_at: 3, replay_needed: 0 }])
    expect(now.all('SELECT state, reason FROM messages')).toEqual([{ state: 'unknown', reason: 'phone_revoked' }])
  })

  it('brings back the texts that came in since, whether or not their phone can tell them again', async () => {
    const { db, paths, backup, restore } = await world()
    addPhone(db, 'lost', 1)
    const file = await backup()
    db.write(tx => {
      const thread = tx.run('INSERT INTO threads (number, last_at) VALUES (?, 5)', ANN).id
      for (const rowId of [1, 2]) {
        tx.run(
          `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
             VALUES (?, 1, 'S', ?, ?, 'ok', x'00', 5, 6, 'none')`,
          thread,
          rowId,
          ANN,
        )
      }
    })
    expect(await restore(file)).toMatchObject({ textsMerged: 2 })
    const now = restored(paths)
    expect(now.all('SELECT t.number, i.body FROM inbound i JOIN threads t ON t.id = i.thread_id')).toEqual([
      { number: ANN, body: 'ok' },
      { number: ANN, body: 'ok' },
    ])
    expect(now.get('SELECT unread FROM threads')).toEqual({ unread: 2 })
    // They can be searched for, too.
    while (now.write(tx => indexSaid(tx, 50))) {}
    const everything = { kind: null, campaignId: null, phoneId: null, from: null, to: null }
    expect(findSaid(now, '"ok"', everything, END, 9)).toHaveLength(2)
  })

  it('lifts an opt-out whose START came in since', async () => {
    const { db, paths, backup, restore, suppress } = await world()
    addPhone(db, 'phone', 1)
    suppress(ANN, 'stop')
    suppress(BOB, 'stop')
    const file = await backup()
    db.write(tx => {
      tx.run('DELETE FROM suppressions WHERE number = ?', ANN)
      for (const number of [ANN, BOB]) {
        const thread = tx.run('INSERT INTO threads (number, last_at) VALUES (?, 5)', number).id
        tx.run(
          `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
             VALUES (?, 1, 'S', 1, ?, 'START', x'00', 5, 6, 'start')`,
          thread,
          number,
        )
      }
    })
    await restore(file)
    // The other one has said stop once more after it.
    expect(restored(paths).all('SELECT number FROM suppressions')).toEqual([{ number: BOB }])
  })

  it('knows what was attempted since, also of messages that the backup has never seen', async () => {
    const { db, paths, backup, restore } = await world()
    addPhone(db, 'phone', 1)
    const [sent, open, made] = ['SENT', 'OPEN', 'MADE'].map(name => name.padEnd(26, '0')) as [string, string, string]
    addMessage(db, sent, ANN)
    addMessage(db, open, BOB)
    const file = await backup()
    db.write(tx => {
      tx.run(
        "UPDATE messages SET state = 'sent', sim_id = 1, attempted_at = 7, settled_at = 8, row_id = 4 WHERE id = ?",
        sent,
      )
      tx.run("UPDATE messages SET state = 'attempting', sim_id = 1, attempted_at = 9 WHERE id = ?", open)
    })
    addMessage(db, made, CAT, 'unknown', 1)
    expect(await restore(file)).toMatchObject({ attemptsMerged: 3 })
    const now = restored(paths)
    expect(now.all('SELECT id, state, sim_id, attempted_at FROM messages ORDER BY attempted_at')).toEqual([
      { id: sent, state: 'sent', sim_id: 1, attempted_at: 7 },
      { id: open, state: 'attempting', sim_id: 1, attempted_at: 9 },
    ])
    expect(now.all('SELECT message_id, phone_id, number, state FROM foreign_attempts')).toEqual([
      { message_id: made, phone_id: 1, number: CAT, state: 'unknown' },
    ])
  })
})

describe('a restore is refused', () => {
  const refusal = (code: string, text: string) =>
    expect.objectContaining({ code, message: expect.stringContaining(text) })

  it('while a hub has the folder', async () => {
    const { backup, restore, paths } = await world()
    const file = await backup()
    const release = lockFolder(paths.root)!
    await expect(restore(file)).rejects.toThrow(refusal('locked', paths.root))
    release()
    await expect(restore(file)).resolves.toMatchObject({ contacts: 0 })
  })

  it('from what is no sound backup, and the database stays as it is', async () => {
    const { db, backup, restore, paths } = await world()
    for (let i = 0; i < 200; i += 1) addContact(db, `+1202555${1000 + i}`)
    const file = await backup()
    truncateSync(file, 40_960)
    await expect(restore(file)).rejects.toThrow(refusal('file_refused', file))
    const text = join(paths.root, 'list.csv')
    writeFileSync(text, 'name,phone\nAnn,+12025550101\n')
    await expect(restore(text)).rejects.toThrow(refusal('file_refused', text))
    await expect(restore(join(paths.root, 'none'))).rejects.toThrow(refusal('not_found', 'none'))
    expect(restored(paths).get('SELECT count(*) AS n FROM contacts')).toEqual({ n: 200 })
    expect(existsSync(paths.replaced)).toBe(false)
  })

  it('when the present database cannot be read, unless that is accepted, and then it is on record', async () => {
    const { db, backup, restore, suppress, paths } = await world()
    const file = await backup()
    suppress(BOB)
    db.close()
    writeFileSync(paths.database, 'this was a database once, before the disk went bad')
    await expect(restore(file)).rejects.toThrow(refusal('conflict', '--without-suppressions-since'))
    const done = await restore(file, { withoutSuppressionsSince: true })
    expect(done.suppressionsMerged).toBe(0)
    expect(existsSync(done.replaced!)).toBe(true)
    const last = restored(paths).get<{ subject: string }>('SELECT subject FROM audit ORDER BY seq DESC LIMIT 1')
    expect(last?.subject).toContain('without-suppressions-since')
  })
})

describe('on another computer', () => {
  it('a backup with a passphrase opens, gets a key file of that place, and the passphrase stays good', async () => {
    const here = await world()
    here.vault.seal('tls', Buffer.from('secret'))
    addContact(here.db, ANN)
    const file = await here.backup('correct horse')
    const there = dataFolder()
    there.db.close()
    for (const end of ['', '-wal', '-shm']) rmSync(there.paths.database + end, { force: true })
    const restore = (passphrase?: string): Promise<Restored> =>
      restoreBackup({ ...there, file, passphrase, withoutSuppressionsSince: false })
    await expect(restore('wrong horse')).rejects.toThrow(expect.objectContaining({ code: 'key_missing' }))
    expect(existsSync(there.paths.database)).toBe(false)
    expect(await restore('correct horse')).toMatchObject({ keyProblem: null, contacts: 1, replaced: null })
    const db = restored(there.paths)
    const vault = await openVault({ ...there, db, openers: [keyFileOpener(there.paths.keyFile, there.random)] })
    expect(Buffer.from(vault.open('tls')!).toString()).toBe('secret')
  })

  it('one without a passphrase comes back for reading, and says why nothing is sent', async () => {
    const here = await world()
    addContact(here.db, ANN)
    const file = await here.backup()
    const there = dataFolder()
    there.db.close()
    for (const end of ['', '-wal', '-shm']) rmSync(there.paths.database + end, { force: true })
    const done = await restoreBackup({ ...there, file, withoutSuppressionsSince: false })
    expect(done.keyProblem).toContain(there.paths.keyFile)
    expect(restored(there.paths).get('SELECT count(*) AS n FROM contacts')).toEqual({ n: 1 })
  })

  it('opt-outs of the folder that is replaced are hashed with the backup’s key', async () => {
    const here = await world()
    const file = await here.backup('correct horse')
    const there = await world()
    there.suppress(CAT)
    there.db.close()
    const done = await restoreBackup({ ...there, file, passphrase: 'correct horse', withoutSuppressionsSince: false })
    expect(done.suppressionsMerged).toBe(1)
    const now = restored(there.paths)
    expect(suppressionOf(now, '+10000000000', here.vault.numberHash.of(CAT))).toBeDefined()
  })

  it('erasures of another key are not dropped in silence', async () => {
    const here = await world()
    const file = await here.backup('correct horse')
    const there = await world()
    there.suppress(CAT, 'erased')
    there.db.close()
    const restore = (withoutSuppressionsSince: boolean) =>
      restoreBackup({ ...there, file, passphrase: 'correct horse', withoutSuppressionsSince })
    await expect(restore(false)).rejects.toThrow(/another key/)
    expect((await restore(true)).suppressionsMerged).toBe(0)
  })
})

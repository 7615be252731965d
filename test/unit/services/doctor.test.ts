import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { initialiseMeta } from '../../../src/main/db/meta.ts'
import { makeIdentity } from '../../../src/main/link/certificate.ts'
import { appendAudit } from '../../../src/main/services/audit.ts'
import { backupHandlers } from '../../../src/main/services/backups.ts'
import { doctorFindings } from '../../../src/main/services/doctor.ts'
import { keyFileOpener } from '../../../src/main/services/key-slots.ts'
import { createPasswords } from '../../../src/main/services/passwords.ts'
import { DEFAULTS, defaultTexts } from '../../../src/main/services/settings.ts'
import type { HttpState, LinkState, SystemParts } from '../../../src/main/services/system.ts'
import { openVault } from '../../../src/main/services/vault.ts'
import { changeContext, dataFolder, temporaryFolder } from '../../support/folder.ts'

const DAY = 24 * 3_600_000

async function world() {
  const folder = dataFolder()
  const { db, paths, random, clock } = folder
  db.write(tx => initialiseMeta(tx, 'THIS', clock.now()))
  const settings = { ...DEFAULTS, texts: defaultTexts('') }
  const state: {
    linkProblem: string | null
    personalPage: { listening: string | null; problem: string }
    link: LinkState
    http: HttpState
    keyFile: string | null
    serving: boolean
    connected: boolean
  } = {
    linkProblem: null,
    personalPage: { listening: null, problem: '' },
    link: { listening: ['127.0.0.1:8443'], pin: 'P' },
    http: null,
    keyFile: null,
    serving: true,
    connected: true,
  }
  const examine = async () => {
    const vault = await openVault({ ...folder, openers: [keyFileOpener(paths.keyFile, random)] })
    const parts: SystemParts = {
      ...folder,
      vault,
      settings: { current: () => settings },
      passwords: createPasswords(),
      version: '1',
      serving: state.serving,
      environmentKeys: [],
      http: () => state.http,
      httpKeyFile: () => state.keyFile,
      link: () => state.link,
      linkProblem: () => state.linkProblem,
      linkGiven: () => ({ host: null, port: null }),
      personalPage: () => state.personalPage,
      blockedBy: () => [],
      isConnected: () => state.connected,
    }
    return doctorFindings(parts)
  }
  /** What is wrong, by check. */
  const wrong = async () => (await examine()).filter(finding => !finding.ok)
  return { ...folder, settings, state, examine, wrong }
}

describe('the doctor', () => {
  it('finds nothing in a fresh folder, and has looked at everything', async () => {
    const { examine } = await world()
    const findings = await examine()
    expect(findings.filter(finding => !finding.ok)).toEqual([])
    expect(findings.map(finding => finding.check)).toEqual([
      'permissions',
      'data key',
      'disk space',
      'database',
      'durability',
      'audit log',
      'administrators',
      'locks',
      'backups',
      'clock',
      'phone link',
      'api',
    ])
  })

  it('names each file and folder that others can open, with the command', async () => {
    const { wrong, paths } = await world()
    chmodSync(paths.database, 0o644)
    chmodSync(paths.root, 0o755)
    expect((await wrong()).map(finding => finding.fix)).toEqual([
      `chmod 700 ${paths.root}`,
      `chmod 600 ${paths.database}`,
    ])
  })

  it('finds a missing key file', async () => {
    const { wrong, examine, paths } = await world()
    await examine()
    rmSync(paths.keyFile)
    expect(await wrong()).toMatchObject([{ check: 'data key', fix: expect.stringContaining('key restore') }])
  })

  it('finds a database that is not synced at every commit', async () => {
    const { wrong, db } = await world()
    db.connection.pragma('synchronous = OFF')
    expect(await wrong()).toMatchObject([{ check: 'durability', message: expect.stringContaining('synchronous=0') }])
  })

  it('finds damaged pages', async () => {
    const { wrong, db, paths } = await world()
    db.connection.pragma('wal_checkpoint(TRUNCATE)')
    const file = openSync(paths.database, 'r+')
    // The last pages are the roots of indexes: the schema, on the first ones, can still be read.
    const pages = statSync(paths.database).size / 4096
    for (let page = pages - 5; page < pages; page += 1) writeSync(file, Buffer.alloc(4096, 0xee), 0, 4096, page * 4096)
    closeSync(file)
    expect((await wrong()).map(finding => finding.check)).toContain('database')
  })

  it('finds an audit log that was changed from outside', async () => {
    const { wrong, db } = await world()
    db.write(tx =>
      tx.run(
        "INSERT INTO audit (seq, at, actor, action, outcome, previous, hash) VALUES (1, 0, 'a', 'b', 'ok', x'00', x'00')",
      ),
    )
    expect(await wrong()).toMatchObject([{ check: 'audit log', message: expect.stringContaining('Row 1') }])
  })

  it('finds that backups are missing or old, but not on the first day', async () => {
    const parts = await world()
    const { wrong, clock, paths } = parts
    clock.time += 3 * DAY
    expect(await wrong()).toMatchObject([{ check: 'backups', fix: expect.stringContaining('backup create') }])
    const vault = await openVault({ ...parts, openers: [keyFileOpener(paths.keyFile, parts.random)] })
    const handlers = backupHandlers({ ...parts, vault, settings: { current: () => parts.settings } })
    await handlers['backups.create']({}, changeContext(parts.db))
    expect(await wrong()).toEqual([])
    clock.time += 5 * DAY
    expect(await wrong()).toMatchObject([{ check: 'backups', message: expect.stringContaining('5 days') }])
  })

  it('tells who can reach the phone link, and that it does not listen', async () => {
    const { examine, wrong, state } = await world()
    const link = async () => (await examine()).find(finding => finding.check === 'phone link')!
    expect(await link()).toMatchObject({ ok: true, message: expect.stringContaining('this computer only') })
    state.link = { listening: ['192.168.1.20:8443', '127.0.0.1:8443'], pin: 'P' }
    expect(await link()).toMatchObject({ ok: true, message: expect.stringContaining('phones of the network') })
    state.link = null
    expect(await wrong()).toMatchObject([{ check: 'phone link' }])
    state.serving = false
    expect(await link()).toMatchObject({ ok: true, message: expect.stringContaining('No hub runs') })
  })

  it.each([
    ['', true, null],
    ['', false, 'run'],
    ['can_prove = 0', true, 'phones doctor 1'],
    ['replay_needed = 1', true, 'phones write-off 1'],
    ["journal_problem = 'journal_changed'", true, 'phones accept-journal 1'],
    ['revoked_at = 5', false, null],
  ])('tells what is wrong with a phone: %s, connected %s', async (change, connected, fix) => {
    const { wrong, db, state } = await world()
    state.connected = connected
    db.write(tx => {
      tx.run("INSERT INTO phones (name, key_hash, journal, can_prove, paired_at) VALUES ('Desk', x'01', 'J', 1, 1)")
      if (change !== '') tx.run(`UPDATE phones SET ${change}`)
    })
    const found = await wrong()
    if (fix === null) expect(found).toEqual([])
    else
      expect(found).toMatchObject([
        { check: 'phone 1', message: expect.stringContaining('Desk'), fix: expect.stringContaining(fix) },
      ])
  })

  it('tells where people reach their personal pages, and why they do not', async () => {
    const { state, examine, wrong } = await world()
    const found = async () => (await examine()).find(({ check }) => check === 'personal page')
    expect(await found()).toBeUndefined()
    state.personalPage = { listening: 'http://127.0.0.1:8444', problem: '' }
    expect(await found()).toMatchObject({ ok: true, message: expect.stringContaining('http://127.0.0.1:8444') })
    state.personalPage = { listening: null, problem: 'It cannot listen on 127.0.0.1 port 8444: EADDRINUSE' }
    expect(await wrong()).toMatchObject([{ check: 'personal page', message: expect.stringContaining('EADDRINUSE') }])
  })

  it('names what others can open anywhere in the folder, and what belongs to somebody else', async () => {
    const { wrong, paths } = await world()
    mkdirSync(paths.backups, { mode: 0o700 })
    const copy = join(paths.backups, 'hub-1-manual.sqlite')
    writeFileSync(copy, 'x', { mode: 0o640 })
    expect(await wrong()).toMatchObject([{ check: 'permissions', fix: `chmod 600 ${copy}` }])
    chmodSync(copy, 0o600)
    if (process.getuid?.() !== 0) return
    chownSync(copy, 12345, 12345)
    expect(await wrong()).toMatchObject([{ check: 'permissions', fix: `sudo chown 0 ${copy}` }])
  })

  it('names ten files at most', async () => {
    const { wrong, paths } = await world()
    mkdirSync(paths.uploads, { mode: 0o700 })
    for (let index = 0; index < 30; index += 1) writeFileSync(join(paths.uploads, `${index}`), 'x', { mode: 0o644 })
    expect(await wrong()).toHaveLength(10)
  })

  it.each([
    [{ loopback: true, tls: false }, null, null],
    [{ loopback: false, tls: true }, 90, null],
    [{ loopback: false, tls: false }, null, 'api'],
    [{ loopback: true, tls: true }, 10, 'api certificate'],
    [{ loopback: true, tls: true }, -3, 'api certificate'],
  ])('tells where the API listens and how long its certificate is good: %j, %s days', async (change, days, check) => {
    const { examine, wrong, state, clock } = await world()
    const certificateUntil = days === null ? null : clock.now() + days * DAY
    state.http = {
      url: 'https://192.168.1.20:5000',
      listening: ['192.168.1.20:5000'],
      web: true,
      certificateUntil,
      ...change,
    }
    expect((await wrong()).map(finding => finding.check)).toEqual(check === null ? [] : [check])
    const api = (await examine()).find(finding => finding.check === 'api')!
    expect(api.message).toContain('192.168.1.20:5000')
    expect(api.message).toContain(change.loopback ? 'this computer only' : 'for the network')
  })

  it('finds a private key of the API that everybody can open, or that is gone', async () => {
    const { examine, wrong, state } = await world()
    state.keyFile = join(temporaryFolder('tls'), 'key.pem')
    expect(await wrong()).toMatchObject([{ check: 'api key file', message: expect.stringContaining('gone') }])
    writeFileSync(state.keyFile, 'x', { mode: 0o644 })
    expect(await wrong()).toMatchObject([{ check: 'api key file', fix: `chmod o-rwx ${state.keyFile}` }])
    chmodSync(state.keyFile, 0o640)
    expect((await examine()).find(finding => finding.check === 'api key file')).toMatchObject({ ok: true })
  })

  it('finds too little room for a backup', async () => {
    const { wrong, disk } = await world()
    disk.free = 500 * 1024 * 1024
    expect(await wrong()).toEqual([])
    disk.free -= 1
    expect(await wrong()).toMatchObject([
      { check: 'disk space', message: expect.stringContaining('500 MB are free'), fix: expect.any(String) },
    ])
  })

  it('tells how long the certificate of the phone link is good', async () => {
    const parts = await world()
    const { examine, clock, paths, random, wrong } = parts
    const vault = await openVault({ ...parts, openers: [keyFileOpener(paths.keyFile, random)] })
    vault.seal('link-identity', Buffer.from(JSON.stringify(await makeIdentity(clock.now()))))
    const found = (await examine()).find(finding => finding.check === 'link certificate')
    expect(found).toMatchObject({ ok: true, message: expect.stringContaining('from 2026-01-13 to 2046-01-14') })
    clock.time += 7_200 * DAY
    expect((await wrong()).map(finding => finding.check)).toContain('link certificate')
    clock.time -= 7_210 * DAY
    expect(await wrong()).toMatchObject([
      { check: 'clock' },
      { check: 'link certificate', message: expect.stringContaining('future') },
    ])
  })

  it('finds a clock that was set back, or that a phone does not agree with', async () => {
    const { wrong, examine, db, clock } = await world()
    db.write(tx =>
      appendAudit(tx, { at: clock.now() + 60_000, actor: 'a', action: 'b', subject: '', outcome: 'ok', code: '' }),
    )
    expect(await wrong()).toEqual([])
    clock.time -= 3_600_000
    expect(await wrong()).toMatchObject([{ check: 'clock', message: expect.stringContaining('61 minutes behind') }])
    clock.time += 3_600_000
    const told = (ok: boolean) =>
      db.write(tx => {
        tx.run('DELETE FROM phones')
        tx.run(
          "INSERT INTO phones (name, key_hash, journal, can_prove, paired_at, findings) VALUES ('Desk', x'01', 'J', 1, 1, ?)",
          JSON.stringify([{ check: 'clock', ok, message: '', fix: null }]),
        )
      })
    told(false)
    expect(await wrong()).toMatchObject([{ check: 'clock', message: expect.stringContaining('Desk') }])
    told(true)
    expect((await examine()).find(finding => finding.check === 'clock')).toMatchObject({
      ok: true,
      message: expect.stringContaining('agrees with that of a phone'),
    })
  })

  it.each([
    ['1', null],
    ['', null],
    ['0.9.12', 'Fetch the agent anew'],
    ['1.0.1', 'Update this hub'],
  ])('compares the agent %s with the one that the hub comes with', async (version, fix) => {
    const { wrong, db } = await world()
    db.write(tx =>
      tx.run(
        "INSERT INTO phones (name, key_hash, journal, can_prove, paired_at, agent_version) VALUES ('Desk', x'01', 'J', 1, 1, ?)",
        version,
      ),
    )
    const found = await wrong()
    if (fix === null) expect(found).toEqual([])
    else expect(found).toMatchObject([{ message: expect.stringContaining('Desk'), fix: expect.stringContaining(fix) }])
  })

  it.each([
    ['', '', null],
    ["failing_since = 1, last_error = 'The target answered 500.'", '', 'webhooks test 1'],
    ['', 'given_up', 'replay 1 --all given_up'],
    ['', 'before_restore', 'replay 1 --all before_restore'],
  ])('tells how a webhook does: %s %s', async (change, state, fix) => {
    const { wrong, db } = await world()
    db.write(tx => {
      tx.run(
        "INSERT INTO webhooks (name, url, created_by, created_at, updated_at) VALUES ('CRM', 'https://x/', 'local', 1, 1)",
      )
      if (change !== '') tx.run(`UPDATE webhooks SET ${change}`)
      if (state !== '')
        tx.run(
          "INSERT INTO webhook_deliveries (webhook_id, event, subject, at, state) VALUES (1, 'test', '1', 1, ?)",
          state,
        )
    })
    const found = await wrong()
    if (fix === null) expect(found).toEqual([])
    else expect(found).toMatchObject([{ check: 'webhook 1', fix: expect.stringContaining(fix) }])
  })

  it('leaves other files in the folder of backups alone', async () => {
    const { examine, paths, clock } = await world()
    mkdirSync(paths.backups, { mode: 0o700 })
    const other = join(paths.backups, 'notes.sqlite')
    writeFileSync(other, 'no database', { mode: 0o600 })
    utimesSync(other, clock.now() / 1000, clock.now() / 1000)
    clock.time += 3 * DAY
    expect((await examine()).find(finding => finding.check === 'backups')).toMatchObject({ ok: false })
  })
})

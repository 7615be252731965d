import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { canMount, fillDisk, type Rig } from './harness/rig.ts'
import { stage } from './harness/stage.ts'
import { sleep, until } from './harness/wait.ts'

const LIMIT = 120_000
const mounts = canMount()
/** The name of a test that needs a disk of its own says why it is left out. */
const disk = (name: string): string =>
  mounts ? name : `${name} (left out: this user may not mount a small disk, run the tests as root)`

const createRig = stage(LIMIT)
let rig: Rig

/** What left the phone, by number. */
function left(): string[] {
  return rig.phone.sim.radioLog().map(line => line.to)
}

async function statesOf(id: number): Promise<Record<string, number>> {
  return (await rig.hub.call('campaigns.progress', { id })).states
}

async function untilSent(id: number, people: number): Promise<void> {
  await until('Everything is sent', async () => ((await statesOf(id))['sent'] === people ? true : null), 90_000, 300)
}

function faultsOf(database: string): string[] {
  const db = new BetterSqlite(database, { readonly: true })
  try {
    const pages = (db.pragma('integrity_check') as { integrity_check: string }[]).map(row => row.integrity_check)
    return [...pages.filter(text => text !== 'ok'), ...(db.pragma('foreign_key_check') as unknown[]).map(String)]
  } finally {
    db.close()
  }
}

describe('a full disk', () => {
  it.skipIf(!mounts)(
    disk('under the hub refuses changes with a sentence, loses nothing that phones say, and goes on by itself'),
    async () => {
      rig = await createRig()
      rig.mountSmall(rig.hub.folder, 8_192)
      await rig.startHub()
      await rig.startPhone()
      const { id, numbers } = await rig.startCampaign(40)
      await until('Some are sent', () => (left().length >= 5 ? true : null), 30_000)
      const ballast = fillDisk(rig.hub.folder)
      // The first of them may find room in the write-ahead log as it is.
      let refused: unknown
      for (let number = 0; typeof refused !== 'string' && number < 900; number += 1) {
        refused = await rig.hub
          .call('contacts.create', { number: `+1415251${number + 1000}`, attributes: { note: 'x'.repeat(2_000) } })
          .catch((error: Error) => error.message)
      }
      expect(refused).toMatch(/disk is full|cannot be written/i)
      await until(
        'The hub says why nothing is sent',
        async () =>
          (await rig.hub.call('system.status', {})).sendingBlockedBy.join(' ').match(/room|disk/i) ? true : null,
        60_000,
      )
      expect(rig.hub.program.runs).toBe(true)
      rmSync(ballast)
      await untilSent(id, numbers.length)
      expect(left().toSorted()).toEqual(numbers.toSorted())
      await rig.hub.program.end('SIGTERM')
      expect(faultsOf(rig.hub.database)).toEqual([])
    },
    LIMIT,
  )

  it.skipIf(!mounts)(
    disk('under the journal of a phone stops its sending with a sentence, and goes on by itself'),
    async () => {
      rig = await createRig()
      rig.mountSmall(rig.phone.home, 1_024)
      await rig.startHub()
      await rig.startPhone()
      const { id, numbers } = await rig.startCampaign(30)
      await until('Some are sent', () => (left().length >= 5 ? true : null), 30_000)
      const ballast = fillDisk(rig.phone.home)
      const lane = async () => (await rig.hub.call('phones.list', {})).phones[0]!.status!
      await until(
        'The phone says so',
        async () => ((await lane()).lanes[0]!.halt === 'disk_full' ? true : null),
        30_000,
      )
      expect((await lane()).warnings.join(' ')).toMatch(/no free storage|storage of the phone failed/)
      const before = left().length
      await sleep(2_000)
      expect(left().length).toBe(before)
      rmSync(ballast)
      await untilSent(id, numbers.length)
      expect(left().toSorted()).toEqual(numbers.toSorted())
    },
    LIMIT,
  )
})

describe('a read-only folder', () => {
  it.skipIf(!mounts)(
    disk('keeps the hub from starting, and it says so'),
    async () => {
      rig = await createRig()
      rig.mountSmall(rig.hub.folder, 8_192)
      await rig.startHub()
      await rig.hub.program.end('SIGTERM')
      rig.remount(rig.hub.folder, 'ro')
      const { code, words } = await rig.refusedHub()
      expect(code).toBe(1)
      expect(words).toMatch(/read-only|cannot be written/i)
      expect(words).not.toMatch(/\n\s+at /)
      rig.remount(rig.hub.folder, 'rw')
      await rig.startHub()
    },
    LIMIT,
  )

  it.skipIf(!mounts)(
    disk('keeps an agent from sending, and it says so'),
    async () => {
      rig = await createRig()
      rig.mountSmall(rig.phone.home, 1_024)
      await rig.startHub()
      await rig.startPhone()
      await rig.phone.program.end('SIGTERM')
      rig.remount(rig.phone.home, 'ro')
      const { status, text } = await rig.phone.command('run')
      expect(status).toBe(1)
      expect(text).toMatch(/read-only/i)
      expect(text).not.toMatch(/\n\s+at /)
      rig.remount(rig.phone.home, 'rw')
      rig.phone.start()
      const { id } = await rig.startCampaign(2)
      await untilSent(id, 2)
    },
    LIMIT,
  )
})

describe('a journal', () => {
  it(
    'with a torn last line goes on without it',
    async () => {
      rig = await createRig()
      await rig.startHub()
      await rig.startPhone()
      await rig.phone.program.end('SIGKILL')
      const file = newestSegment()
      const size = statSync(file).size
      appendFileSync(file, '{"hash":"0123456789abcdef0123456789abcdef","seq":7,"at":179528')
      rig.phone.start()
      const { id } = await rig.startCampaign(3)
      await untilSent(id, 3)
      expect(readFileSync(file, 'utf8').slice(0, size + 200)).not.toContain('0123456789abcdef0123456789abcdef')
    },
    LIMIT,
  )

  it(
    'that was changed in the middle sends nothing, and says what to do',
    async () => {
      rig = await createRig()
      await rig.startHub()
      await rig.startPhone()
      const { id, numbers } = await rig.startCampaign(3)
      await untilSent(id, 3)
      await rig.phone.program.end('SIGTERM')
      const file = newestSegment()
      writeFileSync(file, readFileSync(file, 'utf8').replace('"type":"attempting"', '"type":"attemptinG"'))
      const { status, text } = await rig.phone.command('run')
      expect(status).toBe(1)
      expect(text).toMatch(/journal is damaged.*Nothing is sent.*pair this phone again/s)
      expect(left().length).toBe(numbers.length)
    },
    LIMIT,
  )

  it(
    'that was cut off by whole lines is noticed, and what it held becomes unknown',
    async () => {
      rig = await createRig()
      await rig.startHub()
      await rig.startPhone()
      const { id } = await rig.startCampaign(3)
      await untilSent(id, 3)
      await rig.phone.program.end('SIGTERM')
      const file = newestSegment()
      const lines = readFileSync(file, 'utf8').split('\n')
      writeFileSync(file, `${lines.slice(0, 4).join('\n')}\n`)
      rig.phone.start()
      await until(
        'The hub refuses the phone',
        async () =>
          (await rig.hub.call('phones.list', {})).phones[0]!.journalProblem === 'journal_rolled_back' ? true : null,
        30_000,
      )
      expect(left().length).toBe(3)
    },
    LIMIT,
  )
})

describe('a database', () => {
  it(
    'that was cut off in the middle is not used, not changed, and the hub says what to do',
    async () => {
      rig = await createRig()
      await rig.startHub()
      for (let at = 0; at < 200; at += 1) {
        await rig.hub.call('contacts.create', {
          number: `+1415251${String(1000 + at)}`,
          attributes: { note: 'n'.repeat(900) },
        })
      }
      await rig.hub.program.end('SIGTERM')
      expect(existsSync(`${rig.hub.database}-wal`)).toBe(false)
      const { size } = statSync(rig.hub.database)
      truncateSync(rig.hub.database, Math.floor(size / 2 / 4096) * 4096)
      const half = readFileSync(rig.hub.database)
      const { code, words } = await rig.refusedHub()
      expect(code).toBe(1)
      expect(words).toMatch(/is damaged.*backup restore/s)
      expect(readFileSync(rig.hub.database).equals(half)).toBe(true)
    },
    LIMIT,
  )

  it(
    'is restored from a backup after that, when an admin accepts what cannot be known',
    async () => {
      rig = await createRig()
      await rig.startHub()
      await rig.hub.call('contacts.create', { number: '+14152510000' })
      const backup = join(rig.root, 'backup.sqlite')
      await rig.hub.call('backups.create', { path: backup })
      await rig.hub.program.end('SIGTERM')
      writeFileSync(rig.hub.database, readFileSync(rig.hub.database).fill(0, 4096))
      const refused = await rig.hub.command('backup', 'restore', backup, '--yes')
      expect(refused.status).toBe(1)
      expect(refused.text).toMatch(/opt-outs made since the backup would be lost.*--without-suppressions-since/s)
      const restored = await rig.hub.command('backup', 'restore', backup, '--yes', '--without-suppressions-since')
      expect(restored.status).toBe(0)
      await rig.startHub()
      expect((await rig.hub.call('contacts.count', {})).contacts).toBe(1)
    },
    LIMIT,
  )

  it(
    'with a log left behind by a kill is whole, also when the end of the log is torn',
    async () => {
      rig = await createRig()
      await rig.startHub()
      await rig.hub.call('contacts.create', { number: '+14152510001' })
      await rig.hub.program.end('SIGKILL')
      expect(existsSync(`${rig.hub.database}-wal`)).toBe(true)
      await rig.startHub()
      expect((await rig.hub.call('contacts.count', {})).contacts).toBe(1)
      await rig.hub.call('contacts.create', { number: '+14152510002' })
      await rig.hub.program.end('SIGKILL')
      truncateSync(`${rig.hub.database}-wal`, statSync(`${rig.hub.database}-wal`).size - 1_000)
      await rig.startHub()
      expect((await rig.hub.call('contacts.count', {})).contacts).toBeGreaterThanOrEqual(1)
      await rig.hub.program.end('SIGTERM')
      expect(faultsOf(rig.hub.database)).toEqual([])
    },
    LIMIT,
  )

  it(
    'that is restored does not take the log that was left behind for its own',
    async () => {
      rig = await createRig()
      await rig.startHub()
      await rig.hub.call('contacts.create', { number: '+14152510001' })
      const backup = join(rig.root, 'backup.sqlite')
      await rig.hub.call('backups.create', { path: backup })
      await rig.hub.call('contacts.create', { number: '+14152510002' })
      await rig.hub.program.end('SIGKILL')
      expect(existsSync(`${rig.hub.database}-wal`)).toBe(true)
      expect((await rig.hub.command('backup', 'restore', backup, '--yes')).status).toBe(0)
      await rig.startHub()
      expect((await rig.hub.call('contacts.count', {})).contacts).toBe(1)
      await rig.hub.program.end('SIGTERM')
      expect(faultsOf(rig.hub.database)).toEqual([])
    },
    LIMIT,
  )
})

describe('a missing key file', () => {
  it(
    'stops sending and says so, and putting it back is enough',
    async () => {
      rig = await createRig()
      await rig.startHub()
      await rig.startPhone()
      const { id } = await rig.makeCampaign(2)
      await rig.hub.program.end('SIGTERM')
      const key = join(rig.hub.folder, 'data.key')
      renameSync(key, join(rig.root, 'data.key'))
      await rig.startHub()
      const { sendingBlockedBy } = await rig.hub.call('system.status', {})
      expect(sendingBlockedBy.join(' ')).toMatch(/key/i)
      expect(existsSync(key)).toBe(false)
      await rig.hub.call('campaigns.start', { id }).catch(() => {})
      await sleep(2_000)
      expect(left()).toEqual([])
      await rig.hub.program.end('SIGTERM')
      renameSync(join(rig.root, 'data.key'), key)
      await rig.startHub()
      const { state } = await rig.hub.call('campaigns.get', { id })
      if (state === 'draft') await rig.hub.call('campaigns.start', { id })
      await untilSent(id, 2)
    },
    LIMIT,
  )
})

function newestSegment(): string {
  const names = readdirSync(rig.phone.journal).filter(name => name.endsWith('.jsonl'))
  return join(rig.phone.journal, names.toSorted().at(-1)!)
}

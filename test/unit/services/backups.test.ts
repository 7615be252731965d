import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { insertContact } from '../../../src/main/db/contacts.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { backupHandlers, createDailyBackup } from '../../../src/main/services/backups.ts'
import { keyFileOpener, passphraseOpener } from '../../../src/main/services/key-slots.ts'
import type { HandlersFor } from '../../../src/main/services/operations/dispatch.ts'
import { DEFAULTS, defaultTexts } from '../../../src/main/services/settings.ts'
import { openVault } from '../../../src/main/services/vault.ts'
import type { OutputOf } from '../../../src/shared/operations/index.ts'
import { changeContext, dataFolder, temporaryFolder } from '../../support/folder.ts'

const DAY = 24 * 3_600_000

async function world() {
  const folder = dataFolder()
  const { db, paths, random } = folder
  const vault = await openVault({ ...folder, openers: [keyFileOpener(paths.keyFile, random)] })
  const settings = { ...DEFAULTS, texts: defaultTexts('') }
  const parts = { ...folder, vault, settings: { current: () => settings } }
  const handlers: HandlersFor<'backups.create' | 'backups.list' | 'backups.verify'> = backupHandlers(parts)
  const context = changeContext(db, 'backups.create')
  const create = (input: { path?: string; passphrase?: string } = {}) =>
    handlers['backups.create'](input, context) as Promise<OutputOf<'backups.create'>>
  const verify = (path: string) => handlers['backups.verify']({ path }, context) as Promise<OutputOf<'backups.verify'>>
  const list = () => (handlers['backups.list']({}, context) as OutputOf<'backups.list'>).backups
  const add = (number: string) =>
    db.write(tx =>
      insertContact(
        tx,
        {
          ...{ number, country: 'US', firstName: 'Ada', lastName: '', email: '', zone: null, attributes: '{}' },
          ...{ consentId: null, importId: null },
        },
        1,
      ),
    )
  return { ...folder, vault, settings, parts, create, verify, list, add, daily: createDailyBackup(parts) }
}

describe('a backup', () => {
  it('is a sound copy for its owner alone, in one file, with an audit row', async () => {
    const { create, verify, list, add, paths, db } = await world()
    add('+12025550123')
    const made = await create()
    expect(made.path.startsWith(paths.backups)).toBe(true)
    expect(statSync(made.path).mode & 0o777).toBe(0o600)
    expect(statSync(paths.backups).mode & 0o777).toBe(0o700)
    expect(readdirSync(paths.backups)).toEqual([basename(made.path)])
    expect(await verify(made.path)).toEqual({ ok: true, faults: [], schema: made.schema, contacts: 1, messages: 0 })
    expect(list()).toEqual([made])
    expect(made.bytes).toBe(statSync(made.path).size)
    expect(db.all('SELECT action, subject FROM audit')).toEqual([
      { action: 'backups.create', subject: `backup:${made.createdAt}` },
    ])
  })

  it('opens from a medium that cannot be written', async () => {
    const { create } = await world()
    const { path } = await create()
    const stick = temporaryFolder('stick')
    copyFileSync(path, join(stick, 'copy.sqlite'))
    chmodSync(join(stick, 'copy.sqlite'), 0o400)
    chmodSync(stick, 0o500)
    const copy = openDatabase(join(stick, 'copy.sqlite'), { readonly: true })
    expect(copy.get('SELECT count(*) AS n FROM contacts')).toEqual({ n: 0 })
    copy.close()
    chmodSync(stick, 0o700)
    expect(readdirSync(stick)).toEqual(['copy.sqlite'])
  })

  it('refuses a file that exists and a path that is not whole', async () => {
    const { create, paths } = await world()
    const path = join(paths.root, 'own.sqlite')
    await create({ path })
    await expect(create({ path })).rejects.toThrow(expect.objectContaining({ code: 'exists_already' }))
    await expect(create({ path: 'own.sqlite' })).rejects.toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it('carries a passphrase slot that the folder itself has not', async () => {
    const { create, db, random, clock, vault } = await world()
    vault.seal('tls', Buffer.from('secret'))
    const { path } = await create({ passphrase: 'correct horse' })
    expect(db.all('SELECT kind FROM key_slots')).toEqual([{ kind: 'keyfile' }])
    const copy = openDatabase(path)
    const opened = await openVault({ db: copy, clock, random, openers: [passphraseOpener('correct horse', random)] })
    expect(Buffer.from(opened.open('tls')!).toString()).toBe('secret')
    copy.close()
  })

  it('is told from a damaged one, a cut-off one and another kind of file', async () => {
    const { create, verify, paths, add } = await world()
    for (let i = 0; i < 200; i += 1) add(`+1202555${String(1000 + i)}`)
    const { path } = await create()
    const cut = join(paths.root, 'cut.sqlite')
    copyFileSync(path, cut)
    truncateSync(cut, 40_960)
    expect((await verify(cut)).ok).toBe(false)
    const other = join(paths.root, 'other.sqlite')
    writeFileSync(other, 'no database at all, only some text that is long enough to be looked at')
    const found = await verify(other)
    expect(found.ok).toBe(false)
    expect(found.faults[0]).toContain(other)
    await expect(verify(join(paths.root, 'none.sqlite'))).rejects.toThrow(
      expect.objectContaining({ code: 'not_found' }),
    )
  })

  it('leaves nothing at its place when the copy fails', async () => {
    const { create, paths } = await world()
    const folder = join(paths.root, 'taken')
    writeFileSync(folder, 'a file where a folder should be')
    await expect(create({ path: join(folder, 'copy.sqlite') })).rejects.toThrow()
    expect(existsSync(join(folder, 'copy.sqlite'))).toBe(false)
  })
})

describe('the daily backup', () => {
  it('is made once a day and told in the audit log as the system’s', async () => {
    const { daily, clock, list, db } = await world()
    expect(await daily.runIfDue()).not.toBeNull()
    expect(await daily.runIfDue()).toBeNull()
    clock.time += DAY - 1
    expect(await daily.runIfDue()).toBeNull()
    clock.time += 1
    expect(await daily.runIfDue()).not.toBeNull()
    expect(list()).toHaveLength(2)
    expect(db.all('SELECT DISTINCT actor, action FROM audit')).toEqual([{ actor: 'system', action: 'backups.create' }])
  })

  it('keeps as many as the settings say, and every one that was made by hand', async () => {
    const { daily, clock, list, settings, create } = await world()
    settings.backups = { keep: 2, daily: true }
    const byHand = await create()
    for (let day = 0; day < 4; day += 1) {
      clock.time += DAY
      await daily.runIfDue()
    }
    const kept = list().map(backup => (clock.time - backup.createdAt) / DAY)
    expect(kept).toEqual([0, 1, 4])
    expect(list().at(-1)!.path).toBe(byHand.path)
  })

  it('rests when it is switched off, and survives a clock that was set back', async () => {
    const { daily, clock, settings } = await world()
    settings.backups = { keep: 2, daily: false }
    expect(await daily.runIfDue()).toBeNull()
    settings.backups = { keep: 2, daily: true }
    expect(await daily.runIfDue()).not.toBeNull()
    clock.time -= 3 * DAY
    expect(await daily.runIfDue()).not.toBeNull()
  })

  it('does not stop the hub when it fails', async () => {
    const { daily, paths } = await world()
    writeFileSync(paths.backups, 'a file where the folder should be')
    expect(await daily.runIfDue()).toBeNull()
    rmSync(paths.backups)
    expect(await daily.runIfDue()).not.toBeNull()
  })
})

import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { putKeySlot } from '../../../src/main/db/vault.ts'
import {
  type KeyOpener,
  keyFileOpener,
  openBytes,
  passphraseOpener,
  sealBytes,
} from '../../../src/main/services/key-slots.ts'
import { openVault } from '../../../src/main/services/vault.ts'
import { Refusal } from '../../../src/shared/errors.ts'
import { dataFolder, testRandom } from '../../support/folder.ts'

/** Cheap, since the cost is not what these tests are about. */
const COST = { N: 1024, r: 8, p: 1 }
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString()

function world() {
  const folder = dataFolder()
  const keyFile = keyFileOpener(folder.paths.keyFile, folder.random)
  const open = (openers: KeyOpener[] = [keyFile]) => openVault({ ...folder, openers })
  return { ...folder, keyFile, open }
}

describe('sealing', () => {
  const random = testRandom()
  const key = random.bytes(32)

  it('opens what it sealed, under the same name and key only', () => {
    const sealed = sealBytes(key, 'tls', Buffer.from('secret'), random)
    expect(text(openBytes(key, 'tls', sealed) ?? undefined)).toBe('secret')
    expect(openBytes(key, 'other', sealed)).toBeNull()
    expect(openBytes(random.bytes(32), 'tls', sealed)).toBeNull()
  })

  it('notices every changed byte and a cut-off end', () => {
    const sealed = sealBytes(key, 'tls', Buffer.from('secret'), random)
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      expect(openBytes(key, 'tls', changed), `byte ${at}`).toBeNull()
    }
    expect(openBytes(key, 'tls', sealed.subarray(0, sealed.length - 1))).toBeNull()
    expect(openBytes(key, 'tls', new Uint8Array(0))).toBeNull()
  })

  it('never seals the same way twice', () => {
    expect(sealBytes(key, 'a', Buffer.from('x'), random)).not.toEqual(sealBytes(key, 'a', Buffer.from('x'), random))
  })
})

describe('a vault with a key file', () => {
  it('makes an owner-only key file, keeps secrets over a restart and holds nothing readable', async () => {
    const { open, paths, db } = world()
    const vault = await open()
    vault.seal('tls', Buffer.from('very secret'))
    expect(statSync(paths.keyFile).mode & 0o777).toBe(0o600)
    const again = await open()
    expect(again.problem).toBeNull()
    expect(text(again.open('tls'))).toBe('very secret')
    expect(again.open('unknown')).toBeUndefined()
    const stored = db.all<{ sealed: Uint8Array }>('SELECT sealed FROM secrets')
    expect(stored.some(row => Buffer.from(row.sealed).includes('very secret'))).toBe(false)
  })

  it('hashes numbers with a key of its own, the same after a restart and another one elsewhere', async () => {
    const one = world()
    const hash = (await one.open()).numberHash.of('+12025550123')
    expect(hash).toHaveLength(32)
    expect((await one.open()).numberHash.of('+12025550123')).toEqual(hash)
    expect((await one.open()).numberHash.of('+12025550124')).not.toEqual(hash)
    expect((await world().open()).numberHash.of('+12025550123')).not.toEqual(hash)
  })

  it('says what to do when the key file is missing, and goes on without it', async () => {
    const { open, paths } = world()
    ;(await open()).seal('tls', Buffer.from('secret'))
    rmSync(paths.keyFile)
    const vault = await open()
    expect(vault.problem).toContain(paths.keyFile)
    expect(vault.problem).toContain('Put your copy of it back')
    expect(() => vault.open('tls')).toThrow(expect.objectContaining({ code: 'key_missing' }))
    expect(() => vault.seal('x', Buffer.from('y'))).toThrow(Refusal)
    expect(() => vault.numberHash.of('+12025550123')).toThrow(Refusal)
    expect(vault.lookupHash.of('+12025550123')).toHaveLength(0)
    expect(existsSync(paths.keyFile), 'no new key file may hide the loss').toBe(false)
  })

  it('refuses a key file that others can read, and names the command', async () => {
    const { open, paths } = world()
    await open()
    chmodSync(paths.keyFile, 0o640)
    expect((await open()).problem).toContain(`chmod 600 ${paths.keyFile}`)
    chmodSync(paths.keyFile, 0o600)
    expect((await open()).problem).toBeNull()
  })

  it('tells a damaged key file from another folder’s', async () => {
    const { open, paths } = world()
    await open()
    const own = readFileSync(paths.keyFile, 'utf8')
    writeFileSync(paths.keyFile, own.slice(0, 40))
    expect((await open()).problem).toContain('damaged')
    const other = world()
    await other.open()
    writeFileSync(paths.keyFile, readFileSync(other.paths.keyFile, 'utf8'))
    expect((await open()).problem).toContain('another data folder')
  })

  it('refuses a secret that was changed in the database', async () => {
    const { open, db } = world()
    ;(await open()).seal('tls', Buffer.from('secret'))
    db.write(tx => tx.run("UPDATE secrets SET sealed = zeroblob(60) WHERE name = 'tls'"))
    const vault = await open()
    expect(() => vault.open('tls')).toThrow(/damaged/)
  })

  it('does not make a second data key over secrets whose slots are gone', async () => {
    const { open, db } = world()
    ;(await open()).seal('tls', Buffer.from('secret'))
    db.write(tx => tx.run('DELETE FROM key_slots'))
    expect((await open()).problem).toContain('backup restore')
  })
})

describe('further ways to open it', () => {
  it('opens by passphrase when the key file is gone, and by nothing else', async () => {
    const { open, paths, db, random, keyFile } = world()
    const vault = await open()
    vault.seal('tls', Buffer.from('secret'))
    const slot = await vault.wrapFor(passphraseOpener('correct horse', random, COST))
    db.write(tx => putKeySlot(tx, slot, 1))
    expect(JSON.parse(slot.parameters)).toMatchObject({ kdf: 'scrypt', N: 1024, r: 8, p: 1 })
    rmSync(paths.keyFile)
    expect((await open()).problem).toContain('key restore')
    expect(text((await open([keyFile, passphraseOpener('correct horse', random)])).open('tls'))).toBe('secret')
    expect((await open([passphraseOpener('wrong horse', random)])).problem).toContain('does not fit')
  })

  it('takes any opener, such as a keychain', async () => {
    const { db, clock, random } = world()
    const mask = (bytes: Uint8Array) => Buffer.from(bytes.map(byte => byte ^ 0xff))
    const keychain: KeyOpener = {
      kind: 'keychain',
      wrap: async key => ({ kind: 'keychain', parameters: '{}', wrapped: mask(key) }),
      unwrap: async slot => mask(slot.wrapped),
    }
    const first = await openVault({ db, clock, random, openers: [keychain] })
    first.seal('tls', Buffer.from('secret'))
    const again = await openVault({ db, clock, random, openers: [keychain] })
    expect(text(again.open('tls'))).toBe('secret')
  })
})

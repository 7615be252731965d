import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { desktopOpeners, keyQuestion } from '../../src/main/desktop/data-key.ts'
import { keptSession } from '../../src/main/desktop/kept-session.ts'
import { keychainOpener, keychainProblem } from '../../src/main/desktop/keychain.ts'
import { type KeyOpener, KeyUnavailable } from '../../src/main/services/key-slots.ts'
import { LOCAL } from '../../src/main/services/operations/caller.ts'
import { openVault } from '../../src/main/services/vault.ts'
import { dataFolder } from '../support/folder.ts'
import { openTestApp } from '../support/hub.ts'
import { fakeKeychain, memoryPreferences } from './kit.ts'

const dataKey = new Uint8Array(32).fill(7)
const PLAIN = fakeKeychain('basic_text')

describe('the keychain', () => {
  it('gives back what it was given', async () => {
    const opener = keychainOpener(fakeKeychain(), 'linux')
    const slot = await opener.wrap(dataKey)
    expect(slot.kind).toBe('keychain')
    expect(await opener.unwrap(slot)).toEqual(dataKey)
    await expect(opener.unwrap({ ...slot, wrapped: new Uint8Array(5) })).rejects.toThrow(KeyUnavailable)
  })

  it.each([
    ['linux', 'basic_text', true],
    ['linux', 'unknown', true],
    ['linux', 'gnome_libsecret', false],
    ['darwin', 'unknown', false],
  ] as const)('on %s with %s (available: %s) is refused, and nothing is kept', async (platform, backend, available) => {
    const keychain = fakeKeychain(backend, available)
    expect(keychainProblem(keychain, platform)).toMatch(/keychain/)
    const opener = keychainOpener(keychain, platform)
    await expect(opener.wrap(dataKey)).rejects.toThrow(KeyUnavailable)
    const slot = await keychainOpener(fakeKeychain(), 'linux').wrap(dataKey)
    await expect(opener.unwrap(slot)).rejects.toThrow(KeyUnavailable)
    const preferences = memoryPreferences()
    const kept = keptSession(keychain, platform, preferences)
    kept.keep('the token')
    expect(preferences.stored.sealedSession).toBeNull()
    expect(kept.problem()).toMatch(/keychain/)
  })

  it('makes the data key of a new folder, and closes it to a desktop without one', async () => {
    const { db, clock, random } = dataFolder()
    const open = (keychain: typeof PLAIN) =>
      openVault({ db, clock, random, openers: [keychainOpener(keychain, 'linux')] })
    const first = await open(fakeKeychain())
    expect(first.problem).toBeNull()
    first.seal('x', Buffer.from('secret'))
    const closed = await open(PLAIN)
    expect(closed.problem).toMatch(/no keychain that encrypts/)
    expect(() => closed.open('x')).toThrow()
    expect(Buffer.from((await open(fakeKeychain())).open('x')!).toString()).toBe('secret')
  })

  it('without one a key file is used only by those who agreed to it', () => {
    const keyFile = keychainOpener(fakeKeychain(), 'linux')
    const kinds = (keychain: typeof PLAIN, useKeyFile: boolean, hasPassphrase = false) =>
      desktopOpeners({
        keychain,
        platform: 'linux',
        keyFile: { ...keyFile, kind: 'keyfile' },
        useKeyFile,
        hasPassphrase,
      }).map(opener => opener.kind)
    expect(kinds(PLAIN, false)).toEqual(['keychain'])
    expect(kinds(PLAIN, true)).toEqual(['keyfile'])
    expect(kinds(PLAIN, false, true)).toEqual([])
    expect(kinds(fakeKeychain(), true)).toEqual(['keychain'])
  })

  it('a person is asked only where their word would open the folder', () => {
    const asked = (problem: string | null, ...slots: string[]) =>
      keyQuestion({ keychainProblem: problem, slots })?.leads ?? null
    expect(asked('no keychain')).toBe('key-file')
    expect(asked('no keychain', 'keyfile')).toBe('key-file')
    expect(asked('no keychain', 'keychain')).toBeNull()
    expect(asked(null, 'keyfile')).toBe('keychain')
    expect(asked(null, 'keyfile', 'keychain')).toBeNull()
    expect(asked(null, 'passphrase')).toBeNull()
  })
})

it('a folder of the window is opened without one only after an administrator has allowed it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cc-allow-'))
  const opened = (openers?: KeyOpener[]) => openTestApp({ folder, ...(openers && { openers }) })
  const byKeychain = () => opened([keychainOpener(fakeKeychain(), 'linux')])
  try {
    const first = await byKeychain()
    expect([first.keyProblem, first.keySlots]).toEqual([null, ['keychain']])
    await first.close()
    const refused = await opened()
    expect(refused.keyProblem).toMatch(/cannot be opened/)
    await refused.close()
    const again = await byKeychain()
    expect(await again.dispatch('system.allow-headless', {}, LOCAL)).toMatchObject({ ok: true })
    const audit = await again.dispatch('audit.list', { limit: 1 }, LOCAL)
    expect(audit).toMatchObject({ data: { items: [{ action: 'system.allow-headless', subject: 'key_slot:keyfile' }] } })
    await again.close()
    const headless = await opened()
    expect(headless.keyProblem).toBeNull()
    await headless.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('the session that is kept is sealed, and forgotten where it cannot be opened', () => {
  const preferences = memoryPreferences()
  const kept = keptSession(fakeKeychain(), 'linux', preferences)
  kept.keep('the token')
  expect(Buffer.from(preferences.stored.sealedSession!, 'base64').toString()).not.toContain('the token')
  expect(kept.token()).toBe('the token')
  expect(keptSession(PLAIN, 'linux', preferences).token()).toBeNull()
  preferences.set('sealedSession', Buffer.from('of somebody else').toString('base64'))
  expect(kept.token()).toBeNull()
  expect(preferences.stored.sealedSession).toBeNull()
})

import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/main/db/open.ts'
import { keyFileOpener, passphraseOpener } from '../../../src/main/services/key-slots.ts'
import { restoreKeyFile, setPassphrase } from '../../../src/main/services/keys.ts'
import { openVault } from '../../../src/main/services/vault.ts'
import { dataFolder } from '../../support/folder.ts'

async function world() {
  const folder = dataFolder()
  const { db, paths, random } = folder
  const vault = await openVault({ ...folder, openers: [keyFileOpener(paths.keyFile, random)] })
  vault.seal('tls', Buffer.from('secret'))
  db.close()
  const secret = async (opener = keyFileOpener(paths.keyFile, random)) => {
    const now = openDatabase(paths.database)
    try {
      const opened = await openVault({ ...folder, db: now, openers: [opener] })
      return opened.problem ?? Buffer.from(opened.open('tls')!).toString()
    } finally {
      now.close()
    }
  }
  const actions = () => {
    const now = openDatabase(paths.database, { readonly: true })
    const rows = now.all<{ action: string }>('SELECT action FROM audit ORDER BY seq')
    now.close()
    return rows.map(row => row.action)
  }
  return { ...folder, secret, actions, order: (passphrase: string) => ({ ...folder, passphrase }) }
}

describe('the passphrase of a data folder', () => {
  it('opens it beside the key file, and a new one replaces it', async () => {
    const { order, secret, random, actions } = await world()
    await setPassphrase(order('correct horse'))
    expect(await secret(passphraseOpener('correct horse', random))).toBe('secret')
    expect(await secret()).toBe('secret')
    await setPassphrase(order('battery staple'))
    expect(await secret(passphraseOpener('correct horse', random))).toContain('does not fit')
    expect(await secret(passphraseOpener('battery staple', random))).toBe('secret')
    expect(actions()).toEqual(['key.set-passphrase', 'key.set-passphrase'])
  })

  it('makes a new key file where the old one is lost or damaged, and keeps the damaged one', async () => {
    const { order, secret, paths, clock, actions } = await world()
    await setPassphrase(order('correct horse'))
    rmSync(paths.keyFile)
    await expect(restoreKeyFile(order('wrong horse'))).rejects.toThrow(/does not fit/)
    await restoreKeyFile(order('correct horse'))
    expect(await secret()).toBe('secret')
    writeFileSync(paths.keyFile, 'scribble')
    await restoreKeyFile(order('correct horse'))
    expect(await secret()).toBe('secret')
    expect(readdirSync(paths.root)).toContain(`data.key.replaced-${clock.now()}`)
    expect(actions()).toEqual(['key.set-passphrase', 'key.restore-file', 'key.restore-file'])
  })

  it('says when there is nothing to restore, or nothing to restore from', async () => {
    const { order, paths } = await world()
    await expect(restoreKeyFile(order('correct horse'))).rejects.toThrow(/No passphrase was ever set/)
    await setPassphrase(order('correct horse'))
    await expect(restoreKeyFile(order('correct horse'))).rejects.toThrow(/nothing to restore/)
    rmSync(paths.keyFile)
    await expect(setPassphrase(order('another horse'))).rejects.toThrow(
      expect.objectContaining({ code: 'key_missing' }),
    )
  })
})

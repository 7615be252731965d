import { describe, expect, it } from 'vitest'
import { initialiseMeta } from '../../../src/main/db/meta.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { backupHandlers } from '../../../src/main/services/backups.ts'
import { keyFileOpener } from '../../../src/main/services/key-slots.ts'
import { restoreBackup } from '../../../src/main/services/restore.ts'
import { openVault } from '../../../src/main/services/vault.ts'
import type { OutputOf } from '../../../src/shared/operations/index.ts'
import { authWorld } from '../../support/auth.ts'
import { afterThisTest, changeContext } from '../../support/folder.ts'

describe('a restore', () => {
  it('signs everybody out, and brings back no API key that was revoked or rotated since', async () => {
    const made = authWorld()
    const { db, paths, clock, random, log, settings, run, addUser, login } = made
    db.write(tx => initialiseMeta(tx, 'THIS', clock.now()))
    await addUser('anna', { role: 'admin' })
    await login('anna')
    const create = (name: string) => run('keys.create', { name, role: 'user', days: null })
    const [kept, revoked, rotated] = [await create('kept'), await create('revoked'), await create('rotated')]
    const vault = await openVault({ ...made, openers: [keyFileOpener(paths.keyFile, random)] })
    const backups = backupHandlers({ ...made, vault, settings: { current: () => settings } })
    const { path } = (await backups['backups.create']({}, changeContext(db))) as OutputOf<'backups.create'>
    clock.time += 60_000
    await run('keys.revoke', { id: revoked.details.id })
    const { key: newer } = await run('keys.rotate', { id: rotated.details.id, graceMinutes: 0 })
    db.close()
    await restoreBackup({ paths, file: path, withoutSuppressionsSince: false, clock, random, log })
    const restored = openDatabase(paths.database)
    afterThisTest(() => restored.close())
    expect(restored.all('SELECT 1 FROM sessions')).toEqual([])
    const again = made.build(restored)
    const valid = [kept.key, revoked.key, rotated.key, newer].map(
      key => again.callerOfKey(key, { ip: '192.0.2.1', userAgent: '' }) !== null,
    )
    expect(valid).toEqual([true, false, false, true])
  })
})

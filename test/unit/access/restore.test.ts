import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase, snapshot } from '../../../src/main/db/open.ts'
import { createAccess } from '../../../src/main/services/access/service.ts'
import { keyFileOpener } from '../../../src/main/services/key-slots.ts'
import { restoreBackup } from '../../../src/main/services/restore.ts'
import { createSettings } from '../../../src/main/services/settings.ts'
import { openVault } from '../../../src/main/services/vault.ts'
import { changeContext, dataFolder, QUIET } from '../../support/folder.ts'

describe('a restored backup', () => {
  it('brings back no grant that ended since, and forgets none that was made', async () => {
    const folder = dataFolder()
    const { db, paths, random, clock } = folder
    const openers = [keyFileOpener(paths.keyFile, random)]
    const { handlers } = createAccess({
      ...folder,
      log: QUIET,
      settings: createSettings(db),
      vault: await openVault({ ...folder, openers }),
    })
    const file = join(paths.root, 'wiki.htpasswd')
    const given = { name: 'Wiki', address: 'https://wiki.example.org/', authType: 'basic', htpasswdFile: file } as const
    const context = () => ({ ...changeContext(db), source: { ip: null, userAgent: '' } })
    const { service } = await handlers['services.create'](given, context())
    const add = (name: string) => handlers['friends.create']({ name, note: '', services: [service.id] }, context())
    const [gone, stays] = [await add('Gone'), await add('Stays')]
    const backup = join(paths.root, 'backup.sqlite')
    db.write(tx =>
      tx.run("INSERT INTO access_intents (host, file, existed, before, at) VALUES ('', ?, 1, '[]', 1)", file),
    )
    snapshot(db, backup)
    db.write(tx => tx.run('DELETE FROM access_intents'))

    await handlers['friends.delete']({ id: gone.id }, context())
    const renewed = await handlers['grants.regenerate']({ id: stays.grants[0]!.id }, context())
    const fresh = await add('Fresh')
    clock.time += 1_000
    db.close()
    await restoreBackup({ ...folder, file: backup, withoutSuppressionsSince: true })

    const restored = openDatabase(paths.database)
    try {
      const vault = await openVault({ ...folder, db: restored, openers })
      const after = createAccess({
        ...folder,
        db: restored,
        log: QUIET,
        vault,
        settings: createSettings(restored),
      }).handlers
      const read = {
        caller: { kind: 'local', role: 'admin' },
        actor: 'local',
        source: { ip: null, userAgent: '' },
      } as const
      const { friends } = await after['friends.list']({}, read)
      expect(friends.map(friend => friend.name)).toEqual(['Fresh', 'Stays'])
      const { entries } = await after['services.entries']({ id: service.id }, read)
      expect(entries.map(entry => entry.state)).toEqual(['in_order', 'in_order', 'in_order'])
      const reveal = (id: number) => after['grants.reveal']({ id }, changeContext(restored))
      expect(await reveal(stays.grants[0]!.id)).toEqual(renewed)
      expect((await reveal(fresh.grants[0]!.id)).username).toBe('fresh_wiki')
      expect(restored.all('SELECT 1 FROM access_intents')).toEqual([])
    } finally {
      restored.close()
    }
  })
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase, snapshot } from '../../../src/main/db/open.ts'
import { keyFileOpener } from '../../../src/main/services/key-slots.ts'
import { restoreBackup } from '../../../src/main/services/restore.ts'
import { openVault } from '../../../src/main/services/vault.ts'
import { validSecrets } from '../../../src/main/services/webhooks/secrets.ts'
import { webhookHandlers } from '../../../src/main/services/webhooks/service.ts'
import { changeContext, dataFolder } from '../../support/folder.ts'

/** A folder with three webhooks and a delivery that waits for each, and a backup of it. */
async function world() {
  const folder = dataFolder()
  const { db, paths, random, clock } = folder
  const vault = await openVault({ ...folder, openers: [keyFileOpener(paths.keyFile, random)] })
  const handlers = webhookHandlers({ ...folder, vault, wake: () => {} })
  const secrets: string[] = []
  for (const name of ['kept', 'off', 'gone']) {
    const made = await handlers['webhooks.create'](
      { name, url: `https://example.org/${name}`, events: ['inbound.text', 'message.state'], active: true },
      changeContext(db),
    )
    secrets.push(made.secret)
    await handlers['webhooks.test']({ id: made.webhook.id }, changeContext(db))
  }
  const file = join(paths.root, 'backup.sqlite')
  snapshot(db, file)
  clock.time += 1_000
  const restore = async () => {
    db.close()
    await restoreBackup({ ...folder, file, withoutSuppressionsSince: true })
    const restored = openDatabase(paths.database)
    const opened = await openVault({ ...folder, db: restored, openers: [keyFileOpener(paths.keyFile, random)] })
    return { restored, opened }
  }
  return { ...folder, handlers, secrets, restore }
}

describe('a restored backup', () => {
  it('sends nothing by itself of what waited then, and nothing to whom an administrator has switched off since', async () => {
    const { db, clock, handlers, secrets, restore } = await world()
    await handlers['webhooks.update']({ id: 2, active: false }, changeContext(db))
    await handlers['webhooks.delete']({ id: 3 }, changeContext(db))
    const { secret } = await handlers['webhooks.rotate-secret']({ id: 1, graceHours: 0 }, changeContext(db))
    // A text that came in since, to a phone that is revoked: the restore brings it over, and its webhook has been told.
    db.write(tx => {
      tx.run("INSERT INTO phones (name, key_hash, journal, paired_at, revoked_at) VALUES ('P', x'01', 'J', 1, 2)")
      tx.run("INSERT INTO threads (number, last_at) VALUES ('+12125550101', 1)")
      tx.run(
        `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
         VALUES (1, 1, 'S', 1, '+12125550101', 'Hi', x'01', 5, 6, 'none')`,
      )
    })
    const { restored, opened } = await restore()
    try {
      const states = restored.all<{ state: string }>('SELECT DISTINCT state FROM webhook_deliveries')
      expect(states).toEqual([{ state: 'before_restore' }])
      expect(restored.all('SELECT name, active FROM webhooks ORDER BY id')).toEqual([
        { name: 'kept', active: 1 },
        { name: 'off', active: 0 },
        { name: 'gone', active: 0 },
      ])
      expect(restored.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 1 })
      expect(validSecrets(opened, 1, clock.now())).toEqual([secret])
      expect(validSecrets(opened, 2, clock.now())).toEqual([secrets[1]])
    } finally {
      restored.close()
    }
  })
})

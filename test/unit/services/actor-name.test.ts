import { expect, it } from 'vitest'
import { nameOf } from '../../../src/main/services/actor-name.ts'
import { appendAudit, auditHandlers } from '../../../src/main/services/audit.ts'
import { changeContext, dataFolder } from '../../support/folder.ts'

it('names who did something as people know them', () => {
  const { db } = dataFolder()
  db.write(tx => {
    tx.run(`INSERT INTO users (username, full_name, role, password_hash, created_at, updated_at)
            VALUES ('ann', 'Ann Lee', 'admin', '', 1, 1), ('bob', '', 'user', '', 1, 1)`)
    tx.run(`INSERT INTO api_keys (name, role, prefix, hash, created_by, created_at, rotated_at)
            VALUES ('Shop', 'user', 'p', zeroblob(32), 'local', 1, 1)`)
    tx.run("INSERT INTO phones (name, key_hash, journal, paired_at) VALUES ('Desk', x'01', 'J', 1)")
    tx.run("INSERT INTO people (name, created_by, created_at, updated_at) VALUES ('Cleo', 'local', 1, 1)")
    tx.run(`INSERT INTO keyword_rules (place, name, phrases, fits, answer, created_by, created_at, updated_at)
            VALUES (1, 'Hours', '["hours"]', 'whole', 'From nine.', 'local', 1, 1)`)
  })
  const names = {
    ...{ local: 'Command line', system: 'The hub itself', anonymous: 'Not signed in' },
    ...{ 'user:1': 'Ann Lee', 'user:2': 'bob', 'user:3': 'user:3' },
    ...{ 'key:1': 'API key Shop', 'key:2': 'key:2', 'key:environment': 'API key of the environment' },
    ...{ 'phone:1': 'Phone Desk', 'person:1': 'Person Cleo', 'rule:1': 'Rule Hours', 'rule:x': 'rule:x', '': '' },
  }
  expect(Object.fromEntries(Object.keys(names).map(actor => [actor, nameOf(db, actor)]))).toEqual(names)
})

it('names who is in the audit log, which keeps what was written', () => {
  const { db } = dataFolder()
  db.write(tx => appendAudit(tx, { at: 1, actor: 'local', action: 'x', subject: '', outcome: 'ok', code: '' }))
  const { items } = auditHandlers(db)['audit.list']({ limit: 5 }, changeContext(db)) as { items: unknown[] }
  expect(items).toMatchObject([{ actor: 'local', by: 'Command line' }])
})

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/main/app.ts'
import { systemPorts } from '../../src/main/app-ports.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { callOperation } from '../../src/main/desktop/calls.ts'
import { RestoreDoor } from '../../src/main/desktop/restore.ts'
import { folderPaths } from '../../src/main/services/folder.ts'
import { type Caller, LOCAL } from '../../src/main/services/operations/caller.ts'
import { type RestoreStep, restoreBackup } from '../../src/main/services/restore.ts'
import type { GivenOf, OperationName, OutputOf } from '../../src/shared/operations/index.ts'
import { RESTORE_CONFIRMATION } from '../../src/shared/operations/phones.ts'
import { QUIET, temporaryFolder } from '../support/folder.ts'
import { openTestApp, runProgram } from '../support/hub.ts'

const PASSWORD = 'several words that nobody guesses'
const open: App[] = []
afterEach(async () => {
  for (const app of open.splice(0)) await app.close()
})

/** A data folder with an administrator, a contact, a phone and a backup of those; and a second contact made since. */
async function desk() {
  const folder = temporaryFolder('restore')
  const world = { app: await openTestApp({ folder }), picked: null as string | null, replaced: 0 }
  open.push(world.app)
  const run = async <N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> => {
    const answer = await world.app.dispatch(name, input, LOCAL)
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
    return answer.data
  }
  const { id } = await run('users.create', { username: 'ann', password: PASSWORD, role: 'admin' })
  await run('contacts.create', { number: '+12025550123', firstName: 'Walt' })
  const backup = await run('backups.create', {})
  await new Promise(resolve => setTimeout(resolve, 5))
  await run('contacts.create', { number: '+12025550124', firstName: 'Eve' })
  await run('suppression.add', { number: '+12025550123', note: 'by phone' })
  const admin: Caller = { kind: 'user', id, role: 'admin', sessionId: 1, mustChangePassword: false }
  const who = { caller: admin as Caller | null }
  const steps: RestoreStep[] = []
  const door = new RestoreDoor({
    asking: () => ({ dispatch: world.app.dispatch, caller: who.caller }),
    choose: async () => world.picked,
    log: QUIET,
    replace: async ({ path, passphrase, withoutSuppressionsSince }) => {
      await world.app.close()
      world.replaced += 1
      try {
        return await restoreBackup({
          ...{ paths: folderPaths(folder), file: path, passphrase, withoutSuppressionsSince, log: QUIET },
          progress: async step => void steps.push(step),
          ...systemPorts(),
        })
      } finally {
        world.app = await openTestApp({ folder })
        open.push(world.app)
      }
    },
  })
  const order = { path: backup.path, confirm: RESTORE_CONFIRMATION, password: PASSWORD }
  return { folder, world, run, door, backup, who, admin, order, steps }
}

describe('a backup', () => {
  it('is looked into: what it holds, and what would be lost', async () => {
    const { world, backup, admin } = await desk()
    const seen = await callOperation({ dispatch: world.app.dispatch, caller: admin }, 'backups.preview', {
      path: backup.path,
    })
    expect(seen).toMatchObject({
      ok: true,
      data: {
        ...{ ok: true, faults: [], until: expect.any(Number), hasPassphrase: false },
        ...{ holds: { contacts: 1, users: 1 }, now: { contacts: 2, users: 1 }, since: { contacts: 1, users: 0 } },
      },
    })
    const told = await runProgram(['backup', 'preview', backup.path], { folder: temporaryFolder('other') })
    expect([told.code, told.stdout]).toEqual([0, expect.stringMatching(/contacts\s+1\s+0\s+0/)])
  })

  it('that is none is refused in words', async () => {
    const { folder, run } = await desk()
    const path = join(folder, 'holiday.jpg')
    writeFileSync(path, 'no database')
    await expect(run('backups.preview', { path })).rejects.toThrow(/no backup of Campaign Connector/)
  })
})

describe('restoring in the window', () => {
  it('puts a listed backup in place, keeps what must never be lost, and says what was done', async () => {
    const { world, run, door, order, steps } = await desk()
    const answer = await door.call('run', order)
    expect(answer).toMatchObject({ ok: true, data: { contacts: 1, suppressionsMerged: 1, phonesToReplay: 0 } })
    expect(steps).toEqual(['checking', 'merging', 'replacing'])
    expect((await run('contacts.count', {})).contacts).toBe(1)
    expect(await run('suppression.check', { number: '+12025550123' })).toMatchObject({ suppressed: true })
    const { replaced } = (answer as { data: { replaced: string } }).data
    expect(existsSync(replaced)).toBe(true)
    // Who allowed it stands in the database that was replaced.
    const before = openDatabase(replaced, { readonly: true })
    const allowed = before.get("SELECT actor, outcome FROM audit WHERE action = 'backups.allow-restore'")
    before.close()
    expect(allowed).toEqual({ actor: 'user:1', outcome: 'ok' })
    expect(world.replaced).toBe(1)
  })

  it.each([
    ['words that were not typed', { confirm: 'yes' }, 'invalid_input'],
    ['a wrong password', { password: 'wrong' }, 'invalid_input'],
    ['a file that nobody picked', { path: '/etc/passwd' }, 'local_only'],
    ['more than it knows', { path: 'x', confirm: 'x', password: 'x', epoch: 1 }, 'invalid_input'],
    ['nothing', null, 'invalid_input'],
  ])('refuses %s, and nothing was closed', async (_what, change, code) => {
    const { world, door, order } = await desk()
    const answer = await door.call('run', change === null ? null : { ...order, ...change })
    expect(answer).toMatchObject({ ok: false, error: { code } })
    expect(world.replaced).toBe(0)
  })

  it('is for administrators who are signed in', async () => {
    const { world, door, order, who, admin } = await desk()
    for (const [caller, code] of [
      [null, 'authentication_required'],
      [{ ...admin, role: 'user' }, 'forbidden'],
    ] as const) {
      who.caller = caller as Caller | null
      for (const method of ['run', 'choose']) {
        expect(await door.call(method, order)).toMatchObject({ ok: false, error: { code } })
      }
    }
    expect(world.replaced).toBe(0)
  })

  it('takes a file that a person has picked, and only looks into it before', async () => {
    const { world, run, door, order, folder, admin } = await desk()
    const path = join(folder, 'elsewhere.sqlite')
    await run('backups.create', { path })
    const look = () =>
      callOperation({ dispatch: world.app.dispatch, caller: admin, chosen: door.chosen }, 'backups.preview', { path })
    expect(await look()).toMatchObject({ ok: false, error: { code: 'local_only' } })
    expect(await door.call('choose', undefined)).toEqual({ ok: true, data: null })
    world.picked = path
    expect(await door.call('choose', undefined)).toEqual({ ok: true, data: { path } })
    expect(await look()).toMatchObject({ ok: true })
    const straight = await callOperation(
      { dispatch: world.app.dispatch, caller: admin, chosen: door.chosen },
      'backups.allow-restore',
      { ...order, path },
    )
    expect(straight).toMatchObject({ ok: false, error: { code: 'local_only' } })
    expect(await door.call('run', { ...order, path })).toMatchObject({ ok: true, data: { contacts: 2 } })
  })

  it('leaves the old database, open, when the backup is not sound', async () => {
    const { world, run, door, order, folder } = await desk()
    world.picked = join(folder, 'broken.sqlite')
    writeFileSync(world.picked, 'SQLite format 3\u0000 and nothing else')
    await door.call('choose', undefined)
    const answer = await door.call('run', { ...order, path: world.picked })
    expect(answer).toMatchObject({ ok: false, error: { code: 'file_refused' } })
    expect((await run('contacts.count', {})).contacts).toBe(2)
    const audit = await run('audit.list', { limit: 1 })
    expect(audit.items[0]).toMatchObject({ action: 'backups.allow-restore', actor: 'user:1', outcome: 'ok' })
  })
})

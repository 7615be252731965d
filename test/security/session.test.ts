import { afterEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/main/app.ts'
import { keptSession } from '../../src/main/desktop/kept-session.ts'
import { DesktopSession } from '../../src/main/desktop/session.ts'
import { openTestApp } from '../support/hub.ts'
import { fakeKeychain, memoryPreferences } from './kit.ts'

const PASSWORD = 'several words that nobody guesses'
const ANN = { username: 'ann', password: PASSWORD, fullName: 'Ann' }
const open: App[] = []
afterEach(async () => {
  for (const app of open.splice(0)) await app.close()
})

async function desk(keychain = fakeKeychain()) {
  const app = await openTestApp()
  open.push(app)
  const preferences = memoryPreferences()
  let changes = 0
  const start = () =>
    new DesktopSession({
      ...{ auth: app.services.auth, dispatch: app.dispatch, log: app.log, userAgent: 'the window' },
      kept: keptSession(keychain, 'linux', preferences),
      changed: () => {
        changes += 1
      },
    })
  return { app, preferences, start, session: start(), changes: () => changes }
}

describe('the first start', () => {
  it('makes the administrator, once', async () => {
    const { session, start } = await desk()
    expect(await session.state()).toEqual({ kind: 'first-run' })
    const both = await Promise.all([session.begin(ANN), session.begin({ ...ANN, username: 'bob' })])
    expect(both.map(answer => answer.ok).sort()).toEqual([false, true])
    expect(await session.state()).toMatchObject({ kind: 'signed-in', user: { username: 'ann', role: 'admin' } })
    const second = await start().begin({ ...ANN, username: 'eve' })
    expect(second).toMatchObject({ ok: false, error: { code: 'conflict' } })
  })

  it.each([{ ...ANN, password: 'password1' }, { ...ANN, username: '' }, { ...ANN, role: 'admin' }, 'ann', null])(
    'takes %j for no administrator',
    async given => {
      const { session } = await desk()
      expect(await session.begin(given)).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
      expect(await session.state()).toEqual({ kind: 'first-run' })
    },
  )
})

describe('the session', () => {
  it('tells the page who it is, and nothing that proves it', async () => {
    const { session, preferences } = await desk()
    const answer = await session.begin(ANN)
    expect(Object.keys(answer).sort()).toEqual(['data', 'ok'])
    expect(answer).toMatchObject({ data: { kind: 'signed-in', user: { id: 1 } } })
    expect(JSON.stringify(answer)).not.toMatch(/token|session/i)
    expect(preferences.stored.sealedSession).toBeNull()
  })

  it('refuses wrong passwords and forgets whoever signs out', async () => {
    const { session, changes } = await desk()
    await session.begin(ANN)
    const before = changes()
    session.signOut()
    expect(changes()).toBeGreaterThan(before)
    expect(session.caller()).toBeNull()
    expect(await session.state()).toEqual({ kind: 'signed-out' })
    const wrong = await session.signIn({ username: 'ann', password: 'wrong', remember: false })
    expect(wrong).toMatchObject({ ok: false, error: { code: 'sign_in_refused' } })
    expect((await session.signIn({ username: 'ann', password: PASSWORD, remember: false })).ok).toBe(true)
    expect(session.caller()).toMatchObject({ kind: 'user', role: 'admin' })
  })

  it('lasts beyond the end of the application only for "stay signed in", sealed', async () => {
    const { session, start, preferences } = await desk()
    await session.begin(ANN)
    expect(await start().state()).toEqual({ kind: 'signed-out' })
    await session.signIn({ username: 'ann', password: PASSWORD, remember: true })
    expect(Buffer.from(preferences.stored.sealedSession!, 'base64').toString()).toMatch(/^sealed:/)
    const next = start()
    expect(await next.state()).toMatchObject({ kind: 'signed-in' })
    next.signOut()
    expect(preferences.stored.sealedSession).toBeNull()
    expect(await start().state()).toEqual({ kind: 'signed-out' })
  })

  it('says where it cannot be kept', async () => {
    const { session, preferences } = await desk(fakeKeychain('basic_text'))
    await session.begin(ANN)
    session.signOut()
    expect(await session.state()).toMatchObject({
      kind: 'signed-out',
      rememberProblem: expect.stringMatching(/keychain/),
    })
    await session.signIn({ username: 'ann', password: PASSWORD, remember: true })
    expect(preferences.stored.sealedSession).toBeNull()
  })

  it('ends when it is revoked elsewhere', async () => {
    const { session, app } = await desk()
    await session.begin(ANN)
    await app.dispatch('sessions.revoke-all', {}, { kind: 'local', role: 'admin' })
    expect(session.caller()).toBeNull()
    expect(await session.state()).toEqual({ kind: 'signed-out' })
  })
})

describe('a locked window', () => {
  it('does nothing until the password is typed, and stays locked over a restart', async () => {
    const { session, start } = await desk()
    await session.begin(ANN)
    session.signOut()
    expect(session.lock()).toBe(false)
    await session.signIn({ username: 'ann', password: PASSWORD, remember: true })
    expect(session.lock()).toBe(true)
    expect(session.caller()).toBeNull()
    expect(await session.state()).toEqual({ kind: 'locked', username: 'ann' })
    expect(await session.unlock({ password: 'wrong' })).toMatchObject({ ok: false, error: { code: 'sign_in_refused' } })
    const next = start()
    expect(next.caller()).toBeNull()
    expect(await next.state()).toEqual({ kind: 'locked', username: 'ann' })
    expect(await next.unlock({ password: PASSWORD })).toMatchObject({ ok: true, data: { kind: 'signed-in' } })
    expect(next.caller()).not.toBeNull()
    expect(await start().state()).toMatchObject({ kind: 'signed-in' })
  })
})

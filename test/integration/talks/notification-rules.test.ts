import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../../../src/main/app.ts'
import { type Caller, LOCAL } from '../../../src/main/services/operations/caller.ts'
import { openTestApp } from '../../support/hub.ts'

let app: App
const eve: Caller = { kind: 'user', id: 1, role: 'user', sessionId: 1, mustChangePassword: false }

beforeAll(async () => {
  app = await openTestApp()
  for (const username of ['eve', 'max']) {
    const made = await app.dispatch('users.create', { username, password: 'a good long one', role: 'user' }, LOCAL)
    expect(made).toMatchObject({ ok: true })
  }
})
afterAll(() => app.close())

describe('notification rules', () => {
  const all = { anyReply: true, assignedReplies: true, mentions: true, likelyOptOuts: true, quiet: null }

  it('are one’s own, and tell of everything until something is chosen', async () => {
    expect(await app.dispatch('account.notification-rules', {}, eve)).toEqual({ ok: true, data: all })
    const quiet = { from: 1320, to: 420 }
    const chosen = { ...all, anyReply: false, quiet }
    expect(await app.dispatch('account.set-notification-rules', { anyReply: false, quiet }, eve)).toEqual({
      ...{ ok: true, data: chosen },
    })
    expect(await app.dispatch('account.set-notification-rules', { mentions: false }, eve)).toMatchObject({
      data: { ...chosen, mentions: false },
    })
    expect(await app.dispatch('account.notification-rules', { username: 'max' }, LOCAL)).toMatchObject({ data: all })
    expect(await app.dispatch('account.notification-rules', { username: 'EVE' }, LOCAL)).toMatchObject({
      data: { quiet },
    })
  })

  it('are nobody else’s to see or to change, and quiet hours have a length', async () => {
    for (const name of ['account.notification-rules', 'account.set-notification-rules'] as const) {
      expect(await app.dispatch(name, { username: 'max' }, eve)).toMatchObject({ error: { code: 'forbidden' } })
      expect(await app.dispatch(name, { username: 'max' }, { kind: 'key', id: 1, role: 'admin' })).toMatchObject({
        error: { code: 'conflict' },
      })
      expect(await app.dispatch(name, {}, LOCAL)).toMatchObject({ error: { code: 'invalid_input' } })
      expect(await app.dispatch(name, { username: 'nobody' }, LOCAL)).toMatchObject({ error: { code: 'not_found' } })
    }
    const answer = await app.dispatch('account.set-notification-rules', { quiet: { from: 60, to: 60 } }, eve)
    expect(answer).toMatchObject({ error: { code: 'invalid_input' } })
  })
})

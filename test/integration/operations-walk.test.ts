import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import type { App } from '../../src/main/app.ts'
import type { Database } from '../../src/main/db/database.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { type Caller, LOCAL } from '../../src/main/services/operations/caller.ts'
import type { Door } from '../../src/main/services/operations/dispatch.ts'
import { type Answer, ERRORS } from '../../src/shared/errors.ts'
import { PERMISSIONS, ROLES, type Role } from '../../src/shared/operations/define.ts'
import { type GivenOf, type OperationName, operations } from '../../src/shared/operations/index.ts'
import { RESTORE_CONFIRMATION } from '../../src/shared/operations/phones.ts'
import { openTestApp } from '../support/hub.ts'
import { pngImage } from '../support/images.ts'

/** What only administrators may do. Everything else is for every user. */
const ADMINS_ONLY: readonly OperationName[] = [
  'users.list',
  'users.create',
  'users.update',
  'users.set-password',
  'users.delete',
  'audit.list',
  'audit.verify',
  'sessions.list',
  'sessions.revoke',
  'sessions.revoke-all',
  'logins.list',
  'lockouts.list',
  'lockouts.lift',
  'keys.list',
  'keys.create',
  'keys.rotate',
  'keys.revoke',
  'phones.pair',
  'phones.stop-pairing',
  'phones.rename',
  'phones.rotate-key',
  'phones.revoke',
  'phones.accept-journal',
  'phones.write-off',
  'phones.set-sim',
  'phones.resume-lane',
  'phones.run-doctor',
  'settings.update',
  'optouts.add-word',
  'optouts.remove-word',
  'rules.create',
  'rules.update',
  'rules.delete',
  'rules.order',
  'branding.set-logo',
  'branding.remove-logo',
  'backups.create',
  'backups.list',
  'backups.verify',
  'backups.preview',
  'backups.allow-restore',
  'system.doctor',
  'system.allow-headless',
  'system.reset',
  'person.export',
  'person.save',
  'person.erase',
  'person.erasures',
  'person.erasure',
  'retention.get',
  'retention.set',
  'retention.preview',
  'retention.run',
  'webhooks.list',
  'webhooks.create',
  'webhooks.update',
  'webhooks.rotate-secret',
  'webhooks.delete',
  'webhooks.test',
  'webhooks.deliveries',
  'webhooks.replay',
  'friends.list',
  'friends.get',
  'friends.create',
  'friends.update',
  'friends.delete',
  'friends.new-link',
  'friends.revoke-link',
  'services.list',
  'services.get',
  'services.create',
  'services.update',
  'services.delete',
  'services.check',
  'services.reveal-admin',
  'services.regenerate-admin',
  'services.entries',
  'services.mend',
  'services.visits',
  'services.bans',
  'services.lift-ban',
  'grants.list',
  'grants.create',
  'grants.delete',
  'grants.reveal',
  'grants.regenerate',
  'grants.set-expiry',
  'grants.adopt',
]

/** All that the keys of phones may do. */
const FOR_PHONES: readonly OperationName[] = ['sms.send', 'sms.send-reply', 'sms.device']

/** What names files of the hub's computer: never through the network. */
const LOCAL_ONLY: readonly OperationName[] = [
  'system.allow-headless',
  'imports.preview',
  'imports.start',
  'imports.export-rejections',
  'contacts.export',
  'suppression.export',
  'person.save',
  'campaigns.export',
  'analytics.export',
  'backups.create',
  'backups.list',
  'backups.verify',
  'backups.preview',
  'backups.allow-restore',
]

/** What cannot succeed here: there is no hub with a connected phone, and the phone is in order. */
const REFUSED: readonly OperationName[] = [
  // The command line is nobody who has signed in.
  'auth.change-password',
  'account.revoke-session',
  // Nothing has come in over the network.
  'uploads.register',
  'phones.pair',
  'phones.rotate-key',
  'phones.accept-journal',
  'phones.resume-lane',
  'phones.run-doctor',
]

const MESSAGE = '01J00000000000000000000001'
const NUMBER = '+12025550142'
const UPLOAD = 'a'.repeat(32)
const UNUSED_UPLOAD = 'b'.repeat(32)

const folder = mkdtempSync(join(tmpdir(), 'cc-walk-'))
let app: App
let peek: Database

beforeAll(async () => {
  app = await openTestApp({ folder })
  peek = openDatabase(join(folder, 'hub.sqlite'))
})

afterAll(async () => {
  peek.close()
  await app.close()
  rmSync(folder, { recursive: true })
})

const file = (name: string) => join(folder, name)
const asked = { expiresAt: null, requireConsent: false, sims: null }
const plan = { name: 'Walk', template: 'Hi. Reply STOP to opt out.', audience: { lists: ['Walk'] }, ...asked }

/** An input for every operation, in an order in which each change finds what it needs. Without one this does not compile. */
const INPUTS: { [N in OperationName]: () => GivenOf<N> } = {
  'users.list': () => ({}),
  'users.create': () => ({ username: 'walker', password: 'a good long one', role: 'user' }),
  'users.update': () => ({ id: 1, fullName: 'Walker' }),
  'users.set-password': () => ({ id: 1, password: 'another good one' }),
  'audit.list': () => ({}),
  'audit.verify': () => ({}),
  'auth.status': () => ({}),
  'auth.change-password': () => ({ currentPassword: 'another good one', newPassword: 'yet another good one' }),
  'passwords.score': () => ({ password: 'another good one' }),
  'account.sessions': () => ({}),
  'account.revoke-session': () => ({ id: 1 }),
  'sessions.list': () => ({}),
  'sessions.revoke': () => ({ id: 1 }),
  'sessions.revoke-all': () => ({}),
  'logins.list': () => ({}),
  'lockouts.list': () => ({}),
  'lockouts.lift': () => ({ id: 1 }),
  'keys.create': () => ({ name: 'Walking', role: 'user' }),
  'keys.list': () => ({}),
  'keys.rotate': () => ({ id: 1 }),
  'keys.revoke': () => ({ id: 1 }),
  'contacts.create': () => ({ number: NUMBER, firstName: 'Ann', lists: ['Walk'], tags: ['walking'] }),
  'contacts.search': () => ({}),
  'contacts.count': () => ({}),
  'contacts.get': () => ({ id: 1 }),
  'contacts.update': () => ({ id: 1, firstName: 'Anna' }),
  'contacts.consents': () => ({ id: 1 }),
  'contacts.export': () => ({ audience: {}, path: file('export.csv') }),
  'contacts.fields': () => ({}),
  'contacts.bulk': () => ({ selection: { ids: [1] }, action: { kind: 'tag', name: 'walked' } }),
  'contacts.bulk-jobs': () => ({}),
  'contacts.hours': () => ({ id: 1 }),
  'contacts.timeline': () => ({ id: 1 }),
  'contacts.merge': () => ({ id: 1, other: 99 }),
  'segments.create': () => ({ name: 'Walkers', audience: { tags: ['walking'] } }),
  'segments.list': () => ({}),
  'segments.update': () => ({ id: 1, name: 'Those who walk' }),
  'segments.delete': () => ({ id: 1 }),
  'undo.list': () => ({}),
  'undo.contacts': () => ({
    id: peek.get<{ id: number }>("SELECT id FROM undos WHERE kind = 'delete-segment'")?.id ?? 1,
  }),
  'lists.list': () => ({}),
  'lists.rename': () => ({ id: 1, name: 'Walk' }),
  'suppression.list': () => ({}),
  'suppression.counts': () => ({}),
  'suppression.check': () => ({ number: '+12025550199' }),
  'suppression.add': () => ({ number: '+12025550199', note: 'asked' }),
  'suppression.remove': () => ({ number: '+12025550199', note: 'asked' }),
  'suppression.lifts': () => ({}),
  'suppression.import': () => ({ numbers: [{ number: '(202) 555-0171' }], note: 'from the old system' }),
  'suppression.export': () => ({ path: file('suppression.csv') }),
  'imports.preview': () => ({ path: file('people.csv') }),
  'imports.start': () => ({ path: file('people.csv'), settings: {} }),
  'imports.list': () => ({}),
  'imports.get': () => ({ id: 1 }),
  'imports.pause': () => ({ id: 1 }),
  'imports.resume': () => ({ id: 1 }),
  'imports.cancel': () => ({ id: 1 }),
  'imports.undo': () => ({ id: 1 }),
  'imports.rejections': () => ({ id: 1 }),
  'imports.flags': () => ({ id: 1 }),
  'imports.export-rejections': () => ({ id: 1, path: file('rejections.csv') }),
  'imports.forget': () => ({ id: 1 }),
  'uploads.register': () => ({ id: UPLOAD, fileName: 'people.csv' }),
  'uploads.list': () => ({}),
  'uploads.preview': () => ({ upload: UPLOAD }),
  'uploads.start': () => ({ upload: UPLOAD }),
  'uploads.delete': () => ({ id: UNUSED_UPLOAD }),
  'campaigns.create': () => plan,
  'campaigns.update': () => ({ id: 1, name: 'Walking' }),
  'campaigns.list': () => ({}),
  'campaigns.get': () => ({ id: 1 }),
  'campaigns.preview': () => ({ template: 'Hi' }),
  'campaigns.review': () => ({ id: 1 }),
  'campaigns.test': () => ({ id: 1, number: NUMBER }),
  'campaigns.start': () => ({ id: 1, at: Date.now() + 3_600_000, allowUnproven: true }),
  'campaigns.unschedule': () => ({ id: 1 }),
  'campaigns.pause': () => ({ id: 1 }),
  'campaigns.resume': () => ({ id: 1 }),
  'campaigns.cancel': () => ({ id: 1 }),
  'campaigns.duplicate': () => ({ id: 1 }),
  'campaigns.delete': () => ({ id: 2 }),
  'undo.campaigns': () => ({
    id: peek.get<{ id: number }>("SELECT id FROM undos WHERE kind = 'delete-campaign'")?.id ?? 1,
  }),
  'campaigns.progress': () => ({ id: 1 }),
  'campaigns.outlook': () => ({ id: 1 }),
  'campaigns.outcomes': () => ({ id: 1 }),
  'campaigns.results': () => ({ id: 1 }),
  'campaigns.replies': () => ({ id: 1 }),
  'campaigns.export': () => ({ id: 1, path: file('campaign.csv') }),
  'messages.list': () => ({}),
  'messages.get': () => ({ id: MESSAGE }),
  'messages.decide': () => ({ id: MESSAGE, as: 'failed' }),
  'messages.unknown': () => ({}),
  'messages.decide-all': () => ({ campaignId: 1, reason: 'no_proof', as: 'failed' }),
  'messages.send-again': () => ({ id: MESSAGE, mayArriveTwice: true }),
  'analytics.campaigns': () => ({}),
  'analytics.totals': () => ({}),
  'analytics.timeline': () => ({ zone: 'America/New_York' }),
  'analytics.phones': () => ({}),
  'analytics.reasons': () => ({}),
  'analytics.export': () => ({ table: 'timeline', path: file('report.csv') }),
  'inbox.threads': () => ({}),
  'inbox.thread': () => ({ id: 1 }),
  'inbox.reply': () => ({ threadId: 1, body: 'Hello' }),
  'inbox.mark-read': () => ({ threadId: 1 }),
  'inbox.set-tags': () => ({ threadId: 1, tags: ['walking'] }),
  'inbox.tags': () => ({}),
  'inbox.add-note': () => ({ threadId: 1, body: 'Likes to walk.' }),
  'inbox.people': () => ({}),
  'inbox.assign': () => ({ threadId: 1, userId: null }),
  'inbox.snooze': () => ({ threadId: 1, until: Date.now() + 3_600_000 }),
  'inbox.unsnooze': () => ({ threadId: 1 }),
  'inbox.close': () => ({ threadId: 1 }),
  'inbox.reopen': () => ({ threadId: 1 }),
  'inbox.edit-note': () => ({ id: 1, body: 'Walks a lot.' }),
  'inbox.mentions': () => ({}),
  'inbox.see-mentions': () => ({ threadId: 1 }),
  'inbox.search': () => ({ query: 'walks' }),
  'inbox.delete-note': () => ({ id: 1 }),
  'inbox.save-template': () => ({ name: 'Thanks', body: 'Thank you!' }),
  'inbox.templates': () => ({}),
  'inbox.fill-template': () => ({ id: 1, threadId: 1 }),
  'inbox.delete-template': () => ({ id: 1 }),
  'inbox.review': () => ({}),
  'inbox.decide-opt-out': () => ({ id: 99, as: 'opt-out' }),
  'inbox.texts': () => ({}),
  'inbox.counts': () => ({}),
  'optouts.add-word': () => ({ phrase: 'ya basta', listId: 1 }),
  'optouts.words': () => ({}),
  'rules.create': () => ({ name: 'Hours', phrases: ['hours'], answer: 'We open at 9.' }),
  'rules.list': () => ({}),
  'rules.update': () => ({ id: 1, tag: 'asked' }),
  'rules.order': () => ({ ids: [1] }),
  'rules.try': () => ({ text: 'Hours?', number: NUMBER }),
  'rules.actions': () => ({}),
  'rules.delete': () => ({ id: 1 }),
  'optouts.try': () => ({ text: 'Ya basta!', listIds: [1] }),
  'optouts.remove-word': () => ({ id: 1 }),
  'account.notification-rules': () => ({ username: 'walker' }),
  'account.set-notification-rules': () => ({ username: 'walker', anyReply: false }),
  'sms.send': () => ({ phone: NUMBER, message: 'Your table is ready.' }),
  'sms.send-enhanced': () => ({ phone: '(202) 555-0142', message: 'Your table is ready.' }),
  'sms.send-reply': () => ({ phone: NUMBER, message: 'Thank you.' }),
  'sms.test': () => ({ phone: NUMBER }),
  'sms.status': () => ({ id: MESSAGE }),
  'sms.device': () => ({}),
  'phones.list': () => ({}),
  'phones.pair': () => ({}),
  'phones.stop-pairing': () => ({}),
  'phones.pairing': () => ({}),
  'phones.rename': () => ({ id: 1, name: 'Walking phone' }),
  'phones.rotate-key': () => ({ id: 1 }),
  'phones.accept-journal': () => ({ id: 1 }),
  'phones.write-off': () => ({ id: 1 }),
  'phones.set-sim': () => ({ simId: 1, enabled: true }),
  'phones.resume-lane': () => ({ simId: 1 }),
  'phones.run-doctor': () => ({ id: 1 }),
  'phones.revoke': () => ({ id: 1 }),
  'settings.get': () => ({}),
  'settings.update': () => ({ organisation: 'Walkers' }),
  'branding.get': () => ({ image: true }),
  'branding.set-logo': () => ({ image: pngImage(32, 32).toString('base64') }),
  'branding.remove-logo': () => ({}),
  'system.status': () => ({}),
  'system.doctor': () => ({}),
  'system.allow-headless': () => ({}),
  'backups.create': () => ({ path: file('backup.sqlite') }),
  'backups.list': () => ({}),
  'backups.verify': () => ({ path: file('backup.sqlite') }),
  'backups.preview': () => ({ path: file('backup.sqlite') }),
  'backups.allow-restore': () => ({ path: file('backup.sqlite'), confirm: RESTORE_CONFIRMATION }),
  'system.stats': () => ({}),
  'webhooks.create': () => ({ name: 'Walk', url: 'https://example.org/hook', events: ['inbound.text'] }),
  'webhooks.list': () => ({}),
  'webhooks.update': () => ({ id: 1, name: 'Walking' }),
  'webhooks.rotate-secret': () => ({ id: 1 }),
  'webhooks.test': () => ({ id: 1 }),
  'webhooks.deliveries': () => ({ id: 1 }),
  'webhooks.replay': () => ({ id: 1, state: 'given_up' }),
  'webhooks.delete': () => ({ id: 1 }),
  'person.export': () => ({ number: NUMBER }),
  'person.save': () => ({ number: NUMBER, format: 'json', path: file('person.json') }),
  'person.erase': () => ({ number: '+12025550143', confirm: '+1 (202) 555-0143' }),
  'person.erasures': () => ({}),
  'person.erasure': () => ({ id: 1 }),
  'retention.get': () => ({}),
  'retention.set': () => ({ messages: 365, replies: null, logs: 90 }),
  'retention.preview': () => ({ messages: 30, replies: 30, logs: 30 }),
  'retention.run': () => ({}),
  'services.create': () => ({ name: 'Walk', address: 'http://127.0.0.1:1/', htpasswdFile: file('walk.htpasswd') }),
  'services.list': () => ({}),
  'services.get': () => ({ id: 1 }),
  'services.update': () => ({ id: 1, name: 'Walking' }),
  'services.check': () => ({ id: 1 }),
  'services.reveal-admin': () => ({ id: 1 }),
  'services.regenerate-admin': () => ({ id: 1 }),
  'friends.create': () => ({ name: 'Walker' }),
  'friends.list': () => ({}),
  'friends.get': () => ({ id: 1 }),
  'friends.update': () => ({ id: 1, note: 'walks' }),
  'friends.new-link': () => ({ id: 1 }),
  'friends.revoke-link': () => ({ id: 1 }),
  'grants.create': () => ({ personId: 1, serviceId: 1 }),
  'grants.list': () => ({}),
  'grants.reveal': () => ({ id: 1 }),
  'grants.regenerate': () => ({ id: 1 }),
  'grants.set-expiry': () => ({ id: 1, days: 30 }),
  'grants.delete': () => ({ id: 1 }),
  'grants.adopt': () => ({ serviceId: 1, entries: [{ username: 'old', personId: 1 }] }),
  'services.entries': () => ({ id: 1 }),
  'services.mend': () => ({ id: 1, change: 'file' }),
  'services.visits': () => ({}),
  'services.bans': () => ({}),
  'services.lift-ban': () => ({ id: 1 }),
  'friends.delete': () => ({ id: 1 }),
  'services.delete': () => ({ id: 1 }),
  'lists.delete': () => ({ id: 1 }),
  'contacts.delete': () => ({ id: 1 }),
  'users.delete': () => ({ id: 1 }),
  'system.reset': () => ({ confirm: 'delete contacts, campaigns and messages' }),
}

const names = operations.map(operation => operation.name)
const definitionOf = (name: OperationName) => operations.find(operation => operation.name === name)!

/** Any operation with any input, as a door would hand it in. */
function dispatch(name: OperationName, input: unknown, caller: Caller, door: Door = 'local'): Promise<Answer<unknown>> {
  return app.dispatch(name, input as never, caller, door)
}

function callerOf(role: Role): Caller {
  return role === 'termux'
    ? { kind: 'key', id: 9, role }
    : { kind: 'user', id: 9, role, sessionId: 1, mustChangePassword: false }
}

interface AuditEntry {
  seq: number
  actor: string
  action: string
  outcome: string
  code: string
}

/** Audit rows by one actor that came since `seq`; what the application does by itself is not theirs. */
function auditSince(seq: number, actor: string): AuditEntry[] {
  return peek.all('SELECT seq, actor, action, outcome, code FROM audit WHERE seq > ? AND actor = ?', seq, actor)
}

function lastSeq(): number {
  return peek.get<{ seq: number }>('SELECT coalesce(max(seq), 0) AS seq FROM audit')!.seq
}

describe('the table', () => {
  it('names each operation once, with a permission and an effect', () => {
    expect(new Set(names).size).toBe(names.length)
    for (const { name, permission, effect } of operations) {
      expect(name).toMatch(/^[a-z]+\.[a-z-]+$/)
      expect(PERMISSIONS).toContain(permission)
      expect(['read', 'change']).toContain(effect)
    }
  })

  it('uses every permission', () => {
    expect(new Set(operations.map(operation => operation.permission))).toEqual(new Set(PERMISSIONS))
  })

  it('keeps to the network what names no file of the hub', () => {
    expect(
      operations
        .filter(entry => 'local' in entry && entry.local)
        .map(entry => entry.name)
        .sort(),
    ).toEqual([...LOCAL_ONLY].sort())
  })

  it.each(names)('%s takes its input and nothing beside it', name => {
    const { input } = definitionOf(name) as { input: z.ZodType }
    const given = INPUTS[name]()
    expect(input.safeParse(given).error).toBeUndefined()
    expect(input.safeParse({ ...given, unexpected: true }).success).toBe(false)
    expect(input.safeParse(null).success).toBe(false)
    expect(input.safeParse([given]).success).toBe(false)
  })

  it('answers with closed codes, each with a status and a sentence', () => {
    for (const { status, message } of Object.values(ERRORS)) {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(message).toMatch(/\.$/)
    }
  })
})

describe('who may', () => {
  for (const role of ROLES) {
    const refused = names.filter(name =>
      role === 'termux' ? !FOR_PHONES.includes(name) : role === 'user' && ADMINS_ONLY.includes(name),
    )
    it.each(refused)(`${role} is refused %s before its input is looked at, and that is on record`, async name => {
      const before = lastSeq()
      const answer = await dispatch(name, { anything: 'at all' }, callerOf(role))
      expect(answer).toEqual({ ok: false, error: { code: 'forbidden', message: ERRORS.forbidden.message } })
      const actor = role === 'termux' ? 'key:9' : 'user:9'
      expect(auditSince(before, actor)).toMatchObject([{ action: name, outcome: 'refused', code: 'forbidden' }])
    })
  }

  it.each(names.filter(name => !ADMINS_ONLY.includes(name)))('user may %s', async name => {
    const answer = await dispatch(name, { anything: 'at all' }, callerOf('user'))
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  })

  it.each(FOR_PHONES)('termux may %s', async name => {
    const answer = await dispatch(name, { anything: 'at all' }, callerOf('termux'))
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  })

  it.each(names)('admin may %s', async name => {
    const answer = await dispatch(name, { anything: 'at all' }, callerOf('admin'))
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_input' } })
  })

  it.each(LOCAL_ONLY)('%s is refused to an administrator from the network, and that is on record', async name => {
    const before = lastSeq()
    const answer = await dispatch(name, INPUTS[name](), callerOf('admin'), 'remote')
    expect(answer).toMatchObject({ ok: false, error: { code: 'local_only' } })
    expect(auditSince(before, 'user:9')).toMatchObject([{ action: name, outcome: 'refused', code: 'local_only' }])
  })

  it('nobody does what is not in the table', async () => {
    expect(await dispatch('users.become-admin' as OperationName, {}, LOCAL)).toMatchObject({
      error: { code: 'not_found' },
    })
    expect(await dispatch('toString' as OperationName, {}, LOCAL)).toMatchObject({ error: { code: 'not_found' } })
  })
})

/** What the operations need that only phones or a crash can make. */
function prepare(name: OperationName): void {
  peek.write(tx => {
    if (name === 'users.list') {
      tx.run(
        "INSERT INTO phones (id, name, key_hash, journal, can_prove, replay_needed, paired_at) VALUES (1, 'Phone', x'01', 'J', 1, 1, 1)",
      )
      tx.run('INSERT INTO sims (id, phone_id, slot) VALUES (1, 1, 0)')
      tx.run('INSERT INTO threads (id, number, last_at) VALUES (1, ?, 1)', NUMBER)
      tx.run(
        `INSERT INTO messages (id, kind, number, state, sim_id, body, body_hash, segments, due_at, created_by, created_at, attempted_at)
         VALUES (?, 'test', ?, 'unknown', 1, 'Hello', x'01', 1, 0, 'local', 1, 1)`,
        MESSAGE,
        NUMBER,
      )
    }
    if (name === 'sessions.list') {
      tx.run(
        `INSERT INTO sessions (id, user_id, token_hash, ip, created_at, last_seen_at, expires_at)
         VALUES (1, 1, zeroblob(32), '192.0.2.1', 1, 1, 9e15)`,
      )
      tx.run("INSERT INTO lockouts (id, kind, subject, failures, last_at) VALUES (1, 'account', 'user:1', '[1]', 9e15)")
    }
    if (name === 'uploads.list') {
      for (const id of [UPLOAD, UNUSED_UPLOAD]) {
        tx.run("INSERT INTO uploads VALUES (?, 'people.csv', 30, NULL, 'local', ?)", id, Date.now())
      }
      mkdirSync(file('uploads'), { recursive: true })
      for (const id of [UPLOAD, UNUSED_UPLOAD]) writeFileSync(file(`uploads/${id}`), 'name,phone\nEve,+12025550144\n')
    }
    if (name === 'sms.send-reply') {
      tx.run(
        `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
         VALUES (1, 1, 'S', 1, ?, 'Hi', x'01', 1, 1, 'none')`,
        NUMBER,
      )
    }
    if (name === 'inbox.decide-opt-out') {
      tx.run(
        "INSERT INTO suppressions (id, number, number_hash, reason, created_by, created_at) VALUES (99, '+12025550177', x'02', 'likely', 'phone:1', 1)",
      )
    }
    if (name === 'contacts.merge') {
      tx.run("INSERT INTO contacts (id, number, created_at, updated_at) VALUES (99, '+12025550199', 1, 1)")
    }
    if (name === 'services.lift-ban') {
      tx.run("INSERT INTO access_sources (address, failures, last_at, total) VALUES ('192.0.2.9', '[1]', 1, 1)")
    }
    if (name === 'grants.adopt') appendFileSync(file('walk.htpasswd'), 'old:{SHA}x\n')
    if (name === 'imports.pause') tx.run("UPDATE imports SET state = 'running', finished_at = NULL WHERE id = 1")
    if (name === 'imports.cancel') tx.run("UPDATE imports SET state = 'paused', finished_at = NULL WHERE id = 1")
    if (name === 'campaigns.pause') tx.run("UPDATE campaigns SET state = 'running', filling_after = NULL WHERE id = 1")
  })
}

describe('every operation, done once by an administrator', () => {
  beforeAll(() => {
    writeFileSync(file('people.csv'), 'name,phone\nBob,+12025550143\n')
  })

  for (const name of Object.keys(INPUTS) as OperationName[]) {
    const { effect } = definitionOf(name)
    it(`${name} ${effect === 'change' ? 'writes one audit row' : 'writes none'}`, async () => {
      prepare(name)
      const before = lastSeq()
      const answer = await dispatch(name, INPUTS[name](), LOCAL)
      const succeeds = !REFUSED.includes(name)
      expect(answer).toMatchObject(succeeds ? { ok: true } : { ok: false })
      expect(answer).not.toMatchObject({ error: { code: 'internal' } })
      const rows = auditSince(before, 'local').map(row => `${row.action} ${row.outcome}`)
      expect(rows).toEqual(effect === 'change' ? [`${name} ${succeeds ? 'ok' : 'refused'}`] : [])
      if (name === 'imports.start') await ended(1)
      if (name === 'uploads.start') await ended(2)
    })
  }

  it('leaves a whole audit log and numbers in none of its rows', async () => {
    expect(await dispatch('audit.verify', {}, LOCAL)).toMatchObject({ ok: true, data: { brokenAt: null } })
    const rows = peek.all('SELECT actor, action, subject, code FROM audit')
    expect(JSON.stringify(rows)).not.toMatch(/\+1202555|Ann|walker/)
    expect(existsSync(file('export.csv'))).toBe(true)
  })
})

/** Waits until the import has come to its end. */
async function ended(id: number): Promise<void> {
  for (;;) {
    const answer = await app.dispatch('imports.get', { id }, LOCAL)
    if (answer.ok && answer.data.state !== 'running') return
    await new Promise(resolve => setImmediate(resolve))
  }
}

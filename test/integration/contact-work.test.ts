import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { App } from '../../src/main/app.ts'
import type { Database } from '../../src/main/db/database.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { LOCAL } from '../../src/main/services/operations/caller.ts'
import type { GivenOf, OperationName, OutputOf } from '../../src/shared/operations/index.ts'
import { openTestApp } from '../support/hub.ts'

let folder: string
let app: App
let peek: Database

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cc-work-'))
  app = await openTestApp({ folder, serve: true })
  peek = openDatabase(join(folder, 'hub.sqlite'))
})
afterEach(async () => {
  peek.close()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
  const answer = await app.dispatch(name, input, LOCAL)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
  return answer.data
}

async function refused<N extends OperationName>(name: N, input: GivenOf<N>): Promise<string> {
  const answer = await app.dispatch(name, input, LOCAL)
  if (answer.ok) throw new Error(`${name} was done`)
  return answer.error.code
}

const number = (at: number): string => `+1202555${String(at).padStart(4, '0')}`

/** So many contacts, of whom the first `tagged` have the tag `old`. */
async function people(count: number, tagged = 0): Promise<void> {
  for (let at = 1; at <= count; at += 1) {
    await ask('contacts.create', { number: number(at), firstName: `P${at}`, tags: at <= tagged ? ['old'] : [] })
  }
}

/** Waits until a job has come to its end. */
async function ended(id: number) {
  for (let turns = 0; turns < 1000; turns += 1) {
    const job = (await ask('contacts.bulk-jobs', {})).jobs.find(one => one.id === id)!
    if (job.state === 'done') return job
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  throw new Error('the job did not end')
}

const audits = () => peek.get<{ n: number }>("SELECT count(*) AS n FROM audit WHERE action = 'contacts.bulk'")!.n

describe('the same done to many contacts', () => {
  it('changes everybody who is meant, counts those for whom it made a difference, and stands in the audit log once', async () => {
    await people(130, 60)
    const { id } = await ask('contacts.bulk', {
      selection: { audience: { search: 'p' } },
      action: { kind: 'tag', name: 'old' },
    })
    expect(await ended(id)).toMatchObject({ contacts: 130, changed: 70, share: 1, name: 'old' })
    expect(await ask('contacts.count', { tags: ['old'] })).toEqual({ contacts: 130 })
    expect((await ask('lists.list', {})).tags).toMatchObject([{ name: 'old', contacts: 130 }])
    expect(audits()).toBe(1)
    // Undo of an import must see that somebody has changed them; those that had the tag were not touched.
    expect(peek.get<{ n: number }>('SELECT sum(version) AS n FROM contacts')!.n).toBe(70)
  })

  it('takes a tag off those who are chosen by that very tag, and off nobody else', async () => {
    await people(90, 80)
    const selection = { audience: { tags: ['old'] } }
    const { id } = await ask('contacts.bulk', { selection, action: { kind: 'untag', name: 'old' } })
    expect(await ended(id)).toMatchObject({ contacts: 80, changed: 80 })
    expect((await ask('lists.list', {})).tags).toMatchObject([{ name: 'old', contacts: 0 }])
  })

  it('goes by ids as well, leaves out those who are gone, and deletes with all that belongs to them', async () => {
    await people(5, 2)
    await ask('contacts.delete', { id: 2 })
    const add = await ask('contacts.bulk', {
      selection: { ids: [3, 1, 2, 3] },
      action: { kind: 'add-to-list', name: 'New list' },
    })
    expect(await ended(add.id)).toMatchObject({ changed: 2 })
    const gone = await ask('contacts.bulk', { selection: { ids: [1, 5] }, action: { kind: 'delete' } })
    expect(await ended(gone.id)).toMatchObject({ contacts: 2, changed: 2 })
    const left = await ask('contacts.search', {})
    expect(left.items.map(one => [one.id, one.lists])).toEqual([
      [3, ['New list']],
      [4, []],
    ])
    expect((await ask('lists.list', {})).lists).toMatchObject([{ name: 'New list', contacts: 1 }])
  })

  it('means those who were there when it was asked for', async () => {
    await people(3)
    const { id } = await ask('contacts.bulk', { selection: { audience: {} }, action: { kind: 'tag', name: 'then' } })
    await ask('contacts.create', { number: number(4000) })
    await ended(id)
    expect(await ask('contacts.count', { tags: ['then'] })).toEqual({ contacts: 3 })
  })

  it('refuses to take off a tag or list that there is not', async () => {
    await people(1)
    const selection = { ids: [1] }
    expect(await refused('contacts.bulk', { selection, action: { kind: 'untag', name: 'none' } })).toBe('not_found')
    expect(await refused('contacts.bulk', { selection, action: { kind: 'remove-from-list', name: 'none' } })).toBe(
      'not_found',
    )
  })

  it('goes on after the hub was stopped in the middle', async () => {
    await people(40)
    peek.write(tx =>
      tx.run(
        `INSERT INTO bulk_jobs (kind, name, selection, after_id, until_id, contacts, changed, created_by, created_at)
           VALUES ('delete', '', '{"audience":{"lists":[],"tags":[],"search":"","exceptTags":[]}}', 10, 30, 10, 0, 'local', 1)`,
      ),
    )
    await app.close()
    app = await openTestApp({ folder, serve: true })
    await ended(1)
    expect(await ask('contacts.count', {})).toEqual({ contacts: 20 })
  })
})

describe('two contacts that are one person', () => {
  it('keeps what one has, fills in what it lacks, and brings tags, lists and texts of both together', async () => {
    const kept = await ask('contacts.create', {
      ...{ number: number(1), firstName: 'Ada', attributes: { city: 'Oslo' }, tags: ['a'], lists: ['L'] },
    })
    const gone = await ask('contacts.create', {
      ...{ number: number(2), firstName: 'A.', lastName: 'Lovelace', email: 'ada@example.org', tags: ['b'] },
      ...{ attributes: { city: 'Rome', job: 'Pilot' }, consent: { source: 'Form' } },
    })
    peek.write(tx => {
      tx.run(
        `INSERT INTO messages (id, kind, number, contact_id, state, body, due_at, created_by, created_at)
           VALUES ('M1', 'reply', ?, ?, 'sent', 'Hello', 0, 'local', 1)`,
        number(2),
        gone.id,
      )
    })
    const merged = await ask('contacts.merge', { id: kept.id, other: gone.id })
    expect(merged).toMatchObject({
      ...{ number: number(1), firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org', suppressed: null },
      ...{ attributes: { city: 'Oslo', job: 'Pilot' }, tags: ['a', 'b'], lists: ['L'] },
      consent: { source: 'Form' },
    })
    expect(await refused('contacts.get', { id: gone.id })).toBe('not_found')
    expect(peek.get("SELECT contact_id AS id FROM messages WHERE id = 'M1'")).toEqual({ id: kept.id })
    expect((await ask('contacts.search', { search: 'lovelace' })).items.map(one => one.id)).toEqual([kept.id])
  })

  it('never makes somebody reachable who opted out', async () => {
    await people(2)
    await ask('suppression.add', { number: number(2), note: 'said so' })
    expect(await ask('contacts.merge', { id: 1, other: 2 })).toMatchObject({ suppressed: 'manual' })
    expect(await ask('suppression.check', { number: number(1) })).toMatchObject({ suppressed: true })
    expect(await ask('suppression.check', { number: number(2) })).toMatchObject({ suppressed: true })
    expect(await refused('contacts.merge', { id: 1, other: 1 })).toBe('invalid_input')
    expect(await refused('contacts.merge', { id: 1, other: 2 })).toBe('not_found')
  })
})

describe('what happened with a contact', () => {
  it('comes newest first, each thing once, however the pages are cut', async () => {
    const { id } = await ask('contacts.create', { number: number(1), consent: { source: 'Form', at: 5 } })
    await ask('suppression.add', { number: number(1), note: 'said so' })
    peek.write(tx => {
      tx.run("INSERT INTO phones (id, name, key_hash, journal, paired_at) VALUES (1, 'Phone', x'01', 'J', 1)")
      tx.run('INSERT INTO threads (id, number, last_at) VALUES (1, ?, 1)', number(1))
      for (let at = 1; at <= 7; at += 1) {
        tx.run(
          `INSERT INTO messages (id, kind, number, state, body, due_at, created_by, created_at)
             VALUES (?, 'reply', ?, 'sent', ?, 0, 'local', ?)`,
          ...[`M${at}`, number(1), `out ${at}`, 100 + Math.floor(at / 2)],
        )
        tx.run(
          `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
             VALUES (1, 1, 'S', ?, ?, ?, x'01', ?, 1, 'none')`,
          ...[at, number(1), `in ${at}`, 100 + Math.floor(at / 3)],
        )
      }
    })
    const whole = await ask('contacts.timeline', { id })
    expect(whole.items).toHaveLength(17)
    expect(whole.items.map(({ at }) => at)).toEqual(whole.items.map(({ at }) => at).sort((one, other) => other - one))
    expect(new Set(whole.items.map(({ key }) => key)).size).toBe(17)
    expect(whole.items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['suppressed', 'consent', 'created']))
    for (const limit of [1, 2, 3, 5]) {
      const found: string[] = []
      for (let after: string | null | undefined; after !== null; ) {
        const page: OutputOf<'contacts.timeline'> = await ask('contacts.timeline', {
          id,
          limit,
          ...(after && { after }),
        })
        found.push(...page.items.map(({ key }) => key))
        after = page.next
      }
      expect(found).toEqual(whole.items.map(({ key }) => key))
    }
    expect(await refused('contacts.timeline', { id, after: 'x' })).toBe('invalid_input')
  })
})

describe('saved segments', () => {
  it('keep an audience under a name that there is once, and follow a list that is renamed', async () => {
    await ask('contacts.create', { number: number(1), lists: ['Press'] })
    const made = await ask('segments.create', { name: 'Papers', audience: { lists: ['Press'] } })
    expect(made.audience).toEqual({ lists: ['Press'], tags: [], search: '', exceptTags: [] })
    expect(await refused('segments.create', { name: 'papers', audience: {} })).toBe('exists_already')
    await ask('segments.update', { id: made.id, name: 'PAPERS' })
    const [list] = (await ask('lists.list', {})).lists
    await ask('lists.rename', { id: list!.id, name: 'Media' })
    const { segments } = await ask('segments.list', {})
    expect(segments).toMatchObject([{ name: 'PAPERS', audience: { lists: ['Media'] } }])
    await ask('segments.delete', { id: made.id })
    expect(await ask('segments.list', {})).toEqual({ segments: [] })
    expect(await refused('segments.delete', { id: made.id })).toBe('not_found')
  })
})

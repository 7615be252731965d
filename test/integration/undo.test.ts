import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { App } from '../../src/main/app.ts'
import type { Database } from '../../src/main/db/database.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { LOCAL } from '../../src/main/services/operations/caller.ts'
import type { GivenOf, OperationName, OutputOf } from '../../src/shared/operations/index.ts'
import { openTestApp } from '../support/hub.ts'

let folder: string
let app: App
let peek: Database

async function open(): Promise<void> {
  app = await openTestApp({ folder, serve: true })
}
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cc-undo-'))
  await open()
  peek = openDatabase(join(folder, 'hub.sqlite'))
})
afterAll(async () => {
  peek.close()
  await app.close()
  rmSync(folder, { recursive: true, force: true })
})

async function ask<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
  const answer = await app.dispatch(name, input, LOCAL)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
  return answer.data
}

async function refusal<N extends OperationName>(name: N, input: GivenOf<N>): Promise<string> {
  const answer = await app.dispatch(name, input, LOCAL)
  if (answer.ok) throw new Error(`${name} was done`)
  return answer.error.message
}

let numbers = 0
async function person(tags: string[], lists: string[]): Promise<number> {
  numbers += 1
  const number = `+1202555${String(numbers).padStart(4, '0')}`
  return (await ask('contacts.create', { number, firstName: 'Ann', tags, lists })).id
}

async function bulk(ids: number[], action: GivenOf<'contacts.bulk'>['action']): Promise<number> {
  const { id } = await ask('contacts.bulk', { selection: { ids }, action })
  for (;;) {
    const job = (await ask('contacts.bulk-jobs', {})).jobs.find(one => one.id === id)!
    if (job.state === 'done') return job.undo!
    await new Promise(resolve => setImmediate(resolve))
  }
}

async function undone(id: number) {
  await ask('undo.contacts', { id })
  return untilUndone(id)
}

async function untilUndone(id: number) {
  for (;;) {
    const found = (await ask('undo.list', {})).undos.find(one => one.id === id)!
    if (found.state === 'undone') return found
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** What can be seen of contacts, by id; those that are gone are left out. */
async function world(ids: readonly number[]) {
  const { items } = await ask('contacts.search', { limit: 500 })
  const wanted = items.filter(({ id }) => ids.includes(id))
  return new Map(
    wanted.map(({ id, tags, lists, firstName }) => [id, { tags: new Set(tags), lists: new Set(lists), firstName }]),
  )
}

describe('undo of what was done to many contacts', () => {
  const KINDS = ['tag', 'untag', 'add-to-list', 'remove-from-list'] as const
  const edit = fc.record({
    whom: fc.nat(5),
    what: fc.constantFrom('put in', 'take out', 'other tag', 'rename', 'delete', 'bulk again'),
  })

  it('restores what it changed and nobody changed since, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...KINDS),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        fc.subarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
        fc.array(edit, { maxLength: 6 }),
        async (kind, members, chosen, edits) => {
          const part = kind === 'tag' || kind === 'untag' ? 'tags' : 'lists'
          const adds = kind === 'tag' || kind === 'add-to-list'
          const ids: number[] = []
          for (const isIn of members)
            ids.push(
              await person(part === 'tags' && isIn ? ['G'] : ['keep'], part === 'lists' && isIn ? ['G'] : ['Keep']),
            )
          // There has to be one, to take somebody out of it.
          await person(['G'], ['G'])
          const undo = await bulk(
            chosen.map(at => ids[at]!),
            { kind, name: 'G' },
          )
          const changed = new Set(chosen.filter(at => members[at] !== adds).map(at => ids[at]!))

          for (const { whom, what } of edits) {
            const id = ids[whom]!
            const there = (await world(ids)).get(id)
            if (!there) continue
            const groups = there[part]
            const isIn = groups.has('G')
            if (what === 'rename') await ask('contacts.update', { id, firstName: 'Bea' })
            if (what === 'other tag') await ask('contacts.update', { id, tags: [...there.tags, 'more'] })
            if (what === 'delete') await ask('contacts.delete', { id })
            if (what === 'put in' && !isIn) await ask('contacts.update', { id, [part]: [...groups, 'G'] })
            if (what === 'take out' && isIn)
              await ask('contacts.update', { id, [part]: [...groups].filter(name => name !== 'G') })
            if (what === 'bulk again') await bulk([id], { kind: part === 'tags' ? 'tag' : 'add-to-list', name: 'G' })
            const after = (await world(ids)).get(id)
            // Who came in or went out since is none of the undo's business.
            if (after?.[part].has('G') !== isIn) changed.delete(id)
          }

          const before = await world(ids)
          const { restored } = await undone(undo)
          const after = await world(ids)
          const expected = new Map(
            [...before].map(([id, one]) => {
              const groups = new Set(one[part])
              if (changed.has(id)) adds ? groups.delete('G') : groups.add('G')
              return [id, { ...one, [part]: groups }]
            }),
          )
          expect(after).toEqual(expected)
          expect(restored).toBe([...changed].filter(id => before.has(id)).length)
          // The sizes that lists and tags are shown with are those that they have.
          const group = (await ask('lists.list', {}))[part].find(one => one.name === 'G')!
          expect((await ask('contacts.count', { [part]: ['G'] })).contacts).toBe(group.contacts)
        },
      ),
      { numRuns: 12 },
    )
  })

  it('goes on after a crash in the middle, and is there once', async () => {
    const ids: number[] = []
    for (let count = 0; count < 40; count += 1) ids.push(await person([], []))
    const undo = await bulk(ids, { kind: 'tag', name: 'crash' })
    // As it is on the disk when the hub ended after the undo was asked for.
    await app.close()
    const disk = openDatabase(join(folder, 'hub.sqlite'))
    disk.write(tx => tx.run("UPDATE undos SET state = 'undoing' WHERE id = ?", undo))
    disk.close()
    await open()
    expect(await untilUndone(undo)).toMatchObject({ restored: 40, changed: 40 })
    expect(await ask('contacts.count', { tags: ['crash'] })).toEqual({ contacts: 0 })
    expect(await refusal('undo.contacts', { id: undo })).toContain('already')
  })
})

describe('undo of single changes', () => {
  it('brings a deleted list back with all who were on it, and says why not when its name is taken', async () => {
    const [one, two] = [await person([], ['Spring']), await person([], ['Spring'])]
    const list = (await ask('lists.list', {})).lists.find(({ name }) => name === 'Spring')!
    const gone = await ask('lists.delete', { id: list.id })
    expect(await ask('contacts.count', { lists: ['Spring'] })).toEqual({ contacts: 0 })
    await ask('contacts.delete', { id: two })
    const other = await person([], ['Spring'])
    expect(await refusal('undo.contacts', { id: gone.undo! })).toContain('another list "Spring"')
    const taken = (await ask('lists.list', {})).lists.find(({ name }) => name === 'Spring')!
    const renamed = await ask('lists.rename', { id: taken.id, name: 'Summer' })
    await ask('undo.contacts', { id: gone.undo! })
    const found = async (name: string) =>
      [...(await ask('contacts.search', { lists: [name] })).items].map(({ id }) => id)
    expect([await found('Spring'), await found('Summer')]).toEqual([[one], [other]])
    expect(await refusal('undo.contacts', { id: renamed.undo! })).toContain('another list "Spring"')
    await ask('lists.rename', { id: list.id, name: 'Spring 1' })
    await ask('undo.contacts', { id: renamed.undo! })
    expect(await found('Spring')).toEqual([other])
  })

  it('brings saved segments and drafts back as they were', async () => {
    const segment = await ask('segments.create', { name: 'Regulars', audience: { lists: ['Spring'], tags: ['vip'] } })
    const { undo } = await ask('segments.delete', { id: segment.id })
    await ask('undo.contacts', { id: undo! })
    expect((await ask('segments.list', {})).segments).toContainEqual(segment)
    const draft = await ask('campaigns.create', {
      name: 'Market',
      template: 'Hi {{ first_name }}. Reply STOP to opt out.',
    })
    const gone = await ask('campaigns.delete', { id: draft.id })
    expect(await refusal('undo.contacts', { id: gone.undo! })).toContain('nothing to undo')
    await ask('undo.campaigns', { id: gone.undo! })
    expect(await ask('campaigns.get', { id: draft.id })).toEqual(draft)
  })

  it('is over after a day, and nothing is kept of it', async () => {
    await person([], ['Old'])
    const undo = await bulk([await person([], [])], { kind: 'tag', name: 'aged' })
    const list = (await ask('lists.list', {})).lists.find(({ name }) => name === 'Old')!
    await ask('lists.delete', { id: list.id })
    await app.close()
    const disk = openDatabase(join(folder, 'hub.sqlite'))
    disk.write(tx => tx.run('UPDATE undos SET created_at = created_at - 86400001'))
    disk.close()
    await open()
    expect(await ask('undo.list', {})).toEqual({ undos: [] })
    expect(await refusal('undo.contacts', { id: undo })).toContain('for a day')
    await expect
      .poll(() =>
        peek.get(
          'SELECT (SELECT count(*) FROM bulk_changes) AS changes, (SELECT count(*) FROM undos) AS undos, (SELECT count(*) FROM lists WHERE name IS NULL) AS lists',
        ),
      )
      .toEqual({ changes: 0, undos: 0, lists: 0 })
  })
})

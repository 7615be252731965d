import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { csv, Desk, newYork } from './kit.ts'

let desk: Desk

beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.remove())

/** What a person sees of contacts, lists and search. */
async function seen() {
  const { items } = await desk.ask('contacts.search', { limit: 500 })
  return {
    contacts: items.map(({ id, updatedAt, ...contact }) => contact),
    groups: await desk.ask('lists.list', {}),
    fields: (await desk.ask('contacts.fields', {})).fields,
    found: [await desk.found('ana'), await desk.found('anna'), await desk.found('1212')],
  }
}

describe('undoing an import', () => {
  it('removes what it made, and nobody finds it any more', async () => {
    const before = await seen()
    const rows = Array.from({ length: 350 }, (_, n) => `Ana${n},${newYork(n)},vip`)
    const { id } = await desk.import(desk.file('a.csv', csv('Name,Phone,Tags', rows)), { list: 'Spring' })
    expect(await desk.ask('imports.undo', { id })).toEqual({ removed: 350, restored: 0, kept: 0 })
    expect(await seen()).toEqual(before)
    expect(await desk.ask('imports.get', { id })).toMatchObject({
      state: 'undone',
      created: 350,
      undone: { removed: 350, restored: 0, kept: 0 },
    })
    expect((await desk.refusal('imports.undo', { id })).message).toContain('This import is undone.')
  })

  it('gives those it changed back what they were, and takes them out of its lists and tags only', async () => {
    await desk.import(desk.file('a.csv', csv('Name,Phone,City,Tags', ['Ana,2122000001,Oslo,old', 'Bo,2122000002,,'])), {
      list: 'First',
    })
    const before = await seen()
    const rows = ['Anna,2122000001,Rome,"old, new"', 'Bo,2122000002,,', 'Cy,2122000003,,', 'Anja,2122000001,,']
    const { id } = await desk.import(desk.file('b.csv', csv('Name,Phone,City,Tags', rows)), {
      onDuplicate: 'update',
      list: 'Second',
      consent: { source: 'Form' },
    })
    expect((await desk.contact('+12122000001')).firstName).toBe('Anja')
    expect(await desk.ask('imports.undo', { id })).toEqual({ removed: 1, restored: 2, kept: 0 })
    expect(await seen()).toEqual(before)
  })

  it('removes contacts that several rows of the file made up, since nobody else touched them', async () => {
    const before = await seen()
    const rows = ['Ana,2122000001', 'Anna,2122000001', 'Anja,2122000001']
    const { id } = await desk.import(desk.file('a.csv', csv('Name,Phone', rows)), { onDuplicate: 'update' })
    expect((await desk.contact('+12122000001')).firstName).toBe('Anja')
    expect(await desk.ask('imports.undo', { id })).toEqual({ removed: 1, restored: 0, kept: 0 })
    expect(await seen()).toEqual(before)
  })

  it('keeps contacts that were texted, that wrote, and that were changed by hand since', async () => {
    const rows = ['Ana,2122000001', 'Bo,2122000002', 'Cy,2122000003', 'Di,2122000004', 'Ed,2122000005']
    const { id } = await desk.import(desk.file('a.csv', csv('Name,Phone', rows)), { list: 'Spring' })
    const cy = await desk.contact('+12122000003')
    const ed = await desk.contact('+12122000005')
    desk.db.write(tx => {
      tx.run(
        `INSERT INTO messages (id, kind, number, state, due_at, created_by, created_at)
           VALUES ('01JABCDEFGHJKMNPQRSTVWXYZ0', 'reply', '+12122000001', 'queued', 0, 'local', 0)`,
      )
      tx.run("INSERT INTO threads (number, last_at) VALUES ('+12122000002', 0)")
    })
    await desk.ask('contacts.update', { id: cy.id, firstName: 'Cyril' })
    await desk.ask('contacts.update', { id: ed.id, tags: ['friend'] })
    expect(await desk.ask('imports.undo', { id })).toEqual({ removed: 1, restored: 0, kept: 4 })
    const { items } = await desk.ask('contacts.search', {})
    expect(items.map(contact => [contact.firstName, contact.lists, contact.tags])).toEqual([
      ['Ana', [], []],
      ['Bo', [], []],
      ['Cyril', [], []],
      ['Ed', [], ['friend']],
    ])
  })

  it('keeps what was changed by hand after it changed it', async () => {
    await desk.import(desk.file('a.csv', csv('Name,Phone', ['Ana,2122000001'])))
    const { id } = await desk.import(desk.file('b.csv', csv('Name,Phone', ['Anna,2122000001'])), {
      onDuplicate: 'update',
    })
    const contact = await desk.contact('+12122000001')
    await desk.ask('contacts.update', { id: contact.id, lastName: 'Ruiz' })
    expect(await desk.ask('imports.undo', { id })).toEqual({ removed: 0, restored: 0, kept: 1 })
    expect(await desk.contact('+12122000001')).toMatchObject({ firstName: 'Anna', lastName: 'Ruiz' })
  })

  it('works backwards through imports that changed the same person', async () => {
    const before = await seen()
    const ids: number[] = []
    for (const name of ['Ana', 'Anna', 'Anja']) {
      const path = desk.file(`${name}.csv`, csv('Name,Phone', [`${name},2122000001`]))
      ids.push((await desk.import(path, { onDuplicate: 'update' })).id)
    }
    const [first, second, third] = ids as [number, number, number]
    expect(await desk.ask('imports.undo', { id: third })).toEqual({ removed: 0, restored: 1, kept: 0 })
    expect((await desk.contact('+12122000001')).firstName).toBe('Anna')
    expect(await desk.ask('imports.undo', { id: second })).toEqual({ removed: 0, restored: 1, kept: 0 })
    expect((await desk.contact('+12122000001')).firstName).toBe('Ana')
    expect(await desk.ask('imports.undo', { id: first })).toEqual({ removed: 1, restored: 0, kept: 0 })
    expect(await seen()).toEqual(before)
  })

  it('takes people who were skipped out of the list again, and leaves lists that others made', async () => {
    await desk.import(desk.file('a.csv', csv('Name,Phone', ['Ana,2122000001'])), { list: 'Kept' })
    const { id } = await desk.import(desk.file('b.csv', csv('Name,Phone', ['Ana,2122000001', 'Bo,2122000002'])), {
      list: 'Kept',
      tags: ['batch'],
    })
    expect(await desk.ask('imports.undo', { id })).toEqual({ removed: 1, restored: 0, kept: 0 })
    expect(await desk.contact('+12122000001')).toMatchObject({ lists: ['Kept'], tags: [] })
    expect(await desk.ask('lists.list', {})).toMatchObject({ lists: [{ name: 'Kept', contacts: 1 }], tags: [] })
  })

  it('goes on after a restart of the hub', async () => {
    const rows = Array.from({ length: 900 }, (_, n) => `Ana${n},${newYork(n)}`)
    const { id } = await desk.import(desk.file('a.csv', csv('Name,Phone', rows)))
    const undone = desk.refusal('imports.undo', { id })
    while ((await desk.ask('imports.get', { id })).undone?.removed === undefined) await Promise.resolve()
    await new Promise(resolve => setImmediate(resolve))
    await desk.restart()
    expect(await undone).toMatchObject({ code: 'unavailable', message: expect.stringContaining('goes on') })
    await desk.background.idle()
    expect(await desk.ask('imports.get', { id })).toMatchObject({
      state: 'undone',
      undone: { removed: 900, restored: 0, kept: 0 },
    })
    expect((await desk.ask('contacts.count', {})).contacts).toBe(0)
  })
})

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { indexSaid } from '../../../src/main/db/said.ts'
import type { GivenOf } from '../../../src/shared/operations/index.ts'
import { manhattan, Office } from '../campaigns/kit.ts'
import { text } from './kit.ts'

const ANN = manhattan(1)
const BOB = manhattan(2)
const DAY = 24 * 3_600_000

let office: Office

beforeEach(() => {
  office = new Office()
  office.addPhone()
})
afterEach(() => office.close())

/** What is found, in order, as it was said. */
async function found(query: string, given: Partial<GivenOf<'inbox.search'>> = {}): Promise<string[]> {
  const { items } = await office.ask('inbox.search', { query, ...given })
  return items.map(item => item.snippet.map(part => part.text).join(''))
}

describe('a search over all that was said', () => {
  it('finds texts in, texts out and notes, with where they belong, the newest first', async () => {
    office.addContact(ANN, { firstName: 'Ann', lastName: 'Marsh' })
    const campaignId = await office.started({ name: 'Open day' })
    office.db.write(tx =>
      tx.run(
        "UPDATE messages SET body = 'Parking is free', assigned_at = ? WHERE campaign_id = ?",
        office.world.now,
        campaignId,
      ),
    )
    office.world.now += 60_000
    const threadId = text(office, ANN, 'Where is the parking?', { campaignId })
    office.world.now += 60_000
    const { id } = await office.ask('inbox.add-note', { threadId, body: 'Sent her the plan of the parking' })
    const { items, complete, next } = await office.ask('inbox.search', { query: 'parking' })
    expect([complete, next]).toEqual([true, null])
    expect(items).toMatchObject([
      { kind: 'note', id: String(id), threadId, number: ANN, name: 'Ann Marsh', campaign: null },
      { kind: 'in', id: '1', threadId, campaign: { id: campaignId, name: 'Open day' } },
      { kind: 'out', threadId, name: 'Ann Marsh', campaign: { name: 'Open day' } },
    ])
    expect(items[1]!.snippet).toEqual([
      { text: 'Where is the ', isHit: false },
      { text: 'parking', isHit: true },
      { text: '?', isHit: false },
    ])
    await office.ask('inbox.delete-note', { id })
    expect(await found('parking')).toEqual(['Where is the parking?', 'Parking is free'])
  })

  it('knows accents, capitals, beginnings and words side by side', async () => {
    for (const body of [
      'The Café is open',
      'OPEN DAY tomorrow',
      'the day they open',
      'Straße, Ærø, Łódź',
      'привет всем',
    ])
      text(office, ANN, body)
    expect(await found('cafe')).toEqual(['The Café is open'])
    expect(await found('CAFÉ ope')).toEqual(['The Café is open'])
    expect(await found('"open day"')).toEqual(['OPEN DAY tomorrow'])
    expect(await found('day open')).toEqual(['the day they open', 'OPEN DAY tomorrow'])
    expect(await found('"day they" tom')).toEqual([])
    expect(await found('lodz')).toEqual([])
    expect(await found('łódź')).toEqual(['Straße, Ærø, Łódź'])
    expect(await found('ПРИВ')).toEqual(['привет всем'])
    expect(await found('tomorrows')).toEqual([])
  })

  it('takes what is syntax elsewhere for words', async () => {
    text(office, ANN, 'elephants')
    const hostile = [
      ...['"', '""', "'", '*', '^', 'a:b', 'words:x', '{words}:x', 'NEAR(a b)', 'a AND', 'OR', 'NOT', '(', ')))', '-x'],
      ...[
        '+',
        '"a" "b',
        'a"b"c',
        '\\',
        ';--',
        '%',
        '_',
        '\uE000in',
        '🚗',
        '”quotes”',
        'x'.repeat(200),
        'a '.repeat(90),
      ],
      ...['elephants NOT ants', 'elephants*x', "elephants' OR '1'='1"],
    ]
    for (const query of hostile) expect(await found(query), query).toEqual([])
    expect(await found('"elephants')).toEqual(['elephants'])
  })

  it('takes anything at all', async () => {
    text(office, ANN, 'nothing of the kind')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), async query => {
        if (query.trim() === '') return
        await office.ask('inbox.search', { query })
      }),
      { numRuns: 40 },
    )
  })

  it('is narrowed by campaign, phone, kind and time, and never by what a stranger writes', async () => {
    const other = office.addPhone().phoneId
    const first = await office.draft({ name: 'First' })
    const start = office.world.now
    text(office, ANN, 'hello one', { campaignId: first })
    text(office, BOB, 'hello two', { phoneId: other, at: start + DAY })
    text(office, BOB, `hello three \uE000c${first} \uE000note`, { at: start + 2 * DAY })
    office.world.now += 2 * DAY
    expect(await found('hello', { campaignId: first })).toEqual(['hello one'])
    expect(await found('hello', { phoneId: other })).toEqual(['hello two'])
    expect(await found('hello', { kind: 'note' })).toEqual([])
    expect(await found('hello', { from: start + DAY })).toHaveLength(2)
    expect(await found('hello', { from: start + DAY, to: start + 2 * DAY })).toEqual(['hello two'])
    expect(await found('hello', { campaignId: 99 })).toEqual([])
  })

  it('comes in pages, each text once, however many were said in one second', async () => {
    for (let place = 0; place < 25; place += 1) text(office, ANN, `again ${place}`)
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await office.ask('inbox.search', { query: 'again', limit: 7, ...(after && { after }) })
      seen.push(...page.items.map(item => item.id))
      if (page.next === null) break
      after = page.next
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => String(25 - at)))
    expect(await office.refusal('inbox.search', { query: 'x', after: 'y' })).toMatchObject({ code: 'invalid_input' })
  })

  it('finds few among many that begin alike', async () => {
    office.db.write(() => {
      for (let place = 0; place < 120; place += 1) text(office, ANN, `thank you ${place}`)
      text(office, BOB, 'Thanksgiving dinner', { at: office.world.now - DAY })
      for (let place = 0; place < 400; place += 1) text(office, ANN, 'that is it')
    })
    expect(await found('thanksgi')).toEqual(['Thanksgiving dinner'])
    expect(await found('thank', { limit: 30 })).toHaveLength(30)
  })
})

describe('words that are gone', () => {
  it('are found no more, and are not in the file any more', async () => {
    const threadId = text(office, ANN, 'my secret is xylophone')
    const { id } = await office.ask('inbox.add-note', { threadId, body: 'she said zeppelin' })
    const reply = await office.ask('inbox.reply', { threadId, body: 'about your harpsichord' })
    expect(await found('xylophone')).toHaveLength(1)
    expect(await found('zeppelin')).toHaveLength(1)
    expect(await found('harpsichord')).toHaveLength(1)
    office.db.write(tx => {
      tx.run("UPDATE inbound SET body = ''")
      tx.run('UPDATE messages SET body = NULL WHERE id = ?', reply.id)
      tx.run('DELETE FROM thread_notes WHERE id = ?', id)
      tx.run("UPDATE threads SET last_text = ''")
    })
    for (const word of ['xylophone', 'zeppelin', 'harpsichord']) expect(await found(word)).toEqual([])
    expect(office.db.all('SELECT * FROM said')).toEqual([])
    office.db.connection.pragma('secure_delete = ON')
    office.db.connection.exec("INSERT INTO said_words (said_words, rank) VALUES ('integrity-check', 0)")
    const blocks = office.db.all<{ block: Buffer }>('SELECT block FROM said_words_data')
    for (const { block } of blocks) expect(block.toString('latin1')).not.toMatch(/xyloph|zeppel|harpsi/)
  })

  it('go with their thread, also before they were taken in', async () => {
    const threadId = text(office, ANN, 'gone with me')
    await found('gone')
    text(office, ANN, 'gone at once')
    office.db.write(tx => tx.run('DELETE FROM threads WHERE id = ?', threadId))
    expect(await found('gone')).toEqual([])
    expect(office.db.all('SELECT * FROM said_waiting')).toEqual([])
  })

  it('follow a text that is changed, and a message that another phone takes over', async () => {
    const threadId = text(office, ANN, 'one')
    const { id } = await office.ask('inbox.add-note', { threadId, body: 'first version' })
    expect(await found('first')).toHaveLength(1)
    await office.ask('inbox.edit-note', { id, body: 'second version' })
    expect(await found('first')).toEqual([])
    expect(await found('second')).toHaveLength(1)
    const reply = await office.ask('inbox.reply', { threadId, body: 'on its way' })
    const other = office.addPhone()
    expect(await found('way', { phoneId: other.phoneId })).toEqual([])
    office.db.write(tx => tx.run('UPDATE messages SET sim_id = ? WHERE id = ?', other.simId, reply.id))
    expect(await found('way', { phoneId: other.phoneId })).toEqual(['on its way'])
    expect(await found('way')).toHaveLength(1)
  })

  it('are of a database that is emptied', async () => {
    text(office, ANN, 'gone')
    await found('gone')
    const { emptyTables } = await import('../../../src/main/db/reset.ts')
    office.db.connection.pragma('foreign_keys = OFF')
    office.db.write(tx => emptyTables(tx, office.world.now, 0))
    office.db.connection.pragma('foreign_keys = ON')
    expect(await found('gone')).toEqual([])
    expect(await office.ask('inbox.counts', {})).toMatchObject({ threads: 0, open: 0 })
    text(office, ANN, 'here anew')
    expect(await found('anew')).toHaveLength(1)
  })
})

describe('a database from before the search', () => {
  it('is taken in step by step, the newest first, beside what comes meanwhile', async () => {
    for (let place = 0; place < 60; place += 1)
      text(office, ANN, `old ${place}`, { at: office.world.now + place * 2000 })
    const threadId = text(office, BOB, 'older', { at: office.world.now - DAY })
    await office.ask('inbox.add-note', { threadId, body: 'old note' })
    office.addContact(ANN)
    const campaignId = await office.started()
    office.db.write(tx => tx.run("UPDATE messages SET body = 'old message' WHERE campaign_id = ?", campaignId))
    // As the migration leaves it.
    office.db.write(tx => {
      for (const table of ['said', 'said_waiting']) tx.run(`DELETE FROM ${table}`)
      tx.run("INSERT INTO said_words (said_words) VALUES ('delete-all')")
      tx.run(
        "INSERT INTO said_history SELECT 'in', (SELECT max(id) + 1 FROM inbound), NULL UNION ALL SELECT 'out', NULL, (SELECT max(id) || '~' FROM messages) UNION ALL SELECT 'note', 9, NULL",
      )
    })
    text(office, ANN, 'old, but new', { at: office.world.now + 200_000 })
    office.db.write(tx => indexSaid(tx, 10))
    office.db.write(tx => indexSaid(tx, 10))
    const some = await office.ask('inbox.search', { query: 'old' })
    expect(some.complete).toBe(false)
    expect(some.items[0]!.snippet.map(part => part.text).join('')).toBe('old, but new')
    // Gone before its turn came.
    office.db.write(tx => tx.run("DELETE FROM inbound WHERE body = 'old 3'"))
    while (office.db.write(tx => indexSaid(tx, 10))) {}
    const all = await office.ask('inbox.search', { query: 'old', limit: 200 })
    expect(all.complete).toBe(true)
    expect(all.items).toHaveLength(1 + 60 - 1 + 1 + 1 + 1)
    const places = all.items.filter(item => item.kind === 'in').map(item => item.at)
    expect(places).toEqual(places.toSorted((one, other) => other - one))
    office.db.connection.exec("INSERT INTO said_words (said_words, rank) VALUES ('integrity-check', 0)")
  })
})

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countAudience, nextOfAudience, type Selection } from '../../../src/main/db/audience.ts'
import { SEARCHED, searchQuery } from '../../../src/main/db/contact-search.ts'
import { insertContact } from '../../../src/main/db/contacts.ts'
import { addMembers, ensureGroup } from '../../../src/main/db/lists.ts'
import { Desk, newYork } from '../../integration/imports/kit.ts'

let desk: Desk

beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.remove())

const EVERYONE: Selection = { lists: [], tags: [], search: '', exceptTags: [] }

describe('searching', () => {
  it('finds people by the beginning of every word, whatever the accents and the case', async () => {
    await desk.ask('contacts.create', { number: '+12122000001', firstName: 'Élodie', lastName: "O'Brien-Łuć" })
    await desk.ask('contacts.create', { number: '+12122000002', firstName: '王', email: 'Elo.Smith@Example.com' })
    expect(await desk.found('elo')).toEqual(['+12122000001', '+12122000002'])
    expect(await desk.found('ÉLO bri')).toEqual(['+12122000001'])
    expect(await desk.found("o'brien")).toEqual(['+12122000001'])
    expect(await desk.found('smith@exam')).toEqual(['+12122000002'])
    expect(await desk.found('王')).toEqual(['+12122000002'])
    expect(await desk.found('lodie')).toEqual([])
    expect(await desk.found('elo nobody')).toEqual([])
  })

  it('finds numbers with and without country code, in any writing, and by the last four digits', async () => {
    await desk.ask('contacts.create', { number: '+447400123456' })
    await desk.ask('contacts.create', { number: '+12122000001' })
    await desk.ask('contacts.create', { number: '+35312345678' })
    for (const text of ['+447400', '447400', '07400 123', '7400-123456', '(07400) 123456', '3456']) {
      expect(await desk.found(text)).toEqual(['+447400123456'])
    }
    expect(await desk.found('(212) 200')).toEqual(['+12122000001'])
    expect(await desk.found('01 234')).toEqual(['+35312345678'])
    expect(await desk.found('5678')).toEqual(['+35312345678'])
  })

  it('takes whatever people type, and finds nothing where there is nothing to find', async () => {
    await desk.ask('contacts.create', { number: '+12122000001', firstName: 'Ana' })
    for (const text of ['"', '*', ' - ', 'AND', 'a" OR "b', '(', '\u0301', 'NEAR(', '^', 'first_name:x', 'ᦰ']) {
      expect(await desk.found(text)).toEqual([])
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 30 }), async text => {
        await desk.ask('contacts.search', { search: text })
      }),
      { numRuns: 200 },
    )
  })

  it('means everyone when it is empty, and only then', () => {
    expect(searchQuery('?!')).toBeNull()
    expect(searchQuery('+1 (202) 555')?.exact).toBe('"1202555"*')
  })

  it('takes a word as it is where another is joined to it, so that an e-mail address is found among millions', async () => {
    await desk.ask('contacts.create', { number: '+12122000001', firstName: 'Ana', email: 'ana.marie@example.com' })
    await desk.ask('contacts.create', { number: '+12122000002', firstName: 'Ana', email: 'ana.mariella@example.com' })
    expect(searchQuery('ana.marie@example.com')?.exact).toBe('"ana"* AND "marie" AND "example" AND "com"*')
    expect(await desk.found('ana.marie@example.com')).toEqual(['+12122000001'])
    expect(await desk.found('marie@example.c')).toEqual(['+12122000001'])
    expect(await desk.found('ana.marie')).toEqual(['+12122000001', '+12122000002'])
    expect(await desk.found('marie@')).toEqual(['+12122000001', '+12122000002'])
    expect(await desk.found('marie ana')).toEqual(['+12122000001', '+12122000002'])
  })
})

const PLAIN = {
  ...{ country: 'US', firstName: '', lastName: '', email: '', zone: null },
  ...{ attributes: '{}', consentId: null, importId: null },
}

describe('a rough search', () => {
  it('tells of every contact what the index tells, in letters with and without accents', async () => {
    const letter = fc.constantFrom(...'aábBéøÆłßıİſµŉ1 .-', 'e\u0301', 'Ж', 'я', '王')
    const name = fc.string({ unit: letter, maxLength: 12 })
    const digits = fc.string({ unit: fc.constantFrom(...'0123'), minLength: 4, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(name, name, fc.oneof(name, digits), async (firstName, lastName, text) => {
        const query = searchQuery(text)
        if (query === null) return
        const undo = new Error('undo')
        try {
          desk.db.write(tx => {
            const contact = { ...PLAIN, number: '+12122000123', firstName, lastName }
            const id = insertContact(tx, contact, 0)!
            const asks = (expression: string) =>
              tx.get('SELECT rowid FROM contacts_search WHERE contacts_search MATCH ?', expression) !== undefined
            const exact = asks(query.exact)
            const { words } = tx.get<{ words: string }>(`SELECT ${SEARCHED} AS words FROM contacts WHERE id = ?`, id)!
            const fits = query.fits(words)
            if (query.rough !== null && fits !== null) expect(asks(query.rough) && fits).toBe(exact)
            throw undo
          })
        } catch (error) {
          if (error !== undo) throw error
        }
      }),
      { numRuns: 3000 },
    )
  })

  it('knows every letter that it decides about as the index does', () => {
    const { connection } = desk.db
    connection.exec(`CREATE VIRTUAL TABLE temp.letters USING fts5 (t, tokenize = 'unicode61 remove_diacritics 2');
      CREATE VIRTUAL TABLE temp.terms USING fts5vocab (temp, letters, row)`)
    const wrong: string[] = []
    for (let code = 0x20; code < 0x250; code += 1) {
      const text = `xx${String.fromCodePoint(code)}yy`
      connection.exec('DELETE FROM temp.letters')
      connection.prepare('INSERT INTO temp.letters VALUES (?)').run(text)
      const terms = connection.prepare('SELECT term FROM temp.terms').pluck().all() as string[]
      for (const asked of [...terms, ...[...'abcdefghijklmnopqrstuvwxyz'].map(letter => `xx${letter}yy`)]) {
        // One more letter, so that it is long enough to be asked for roughly.
        const fits = searchQuery(`${asked}zz`)?.fits(`${text}zz`)
        if (fits !== null && fits !== (asked.endsWith('yy') ? terms.includes(asked) : false))
          wrong.push(`${text}: ${asked}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('finds the same pages, many or few', async () => {
    for (let n = 0; n < 60; n += 1) {
      await desk.ask('contacts.create', { number: newYork(n), firstName: n % 20 === 0 ? 'Margarete' : 'Marlene' })
    }
    const few = await desk.ask('contacts.search', { search: 'marga', limit: 2 })
    expect(few.items.map(item => item.number)).toEqual([0, 20].map(newYork))
    const rest = await desk.ask('contacts.search', { search: 'marga', limit: 2, after: few.next! })
    expect(rest.items.map(item => item.number)).toEqual([newYork(40)])
    const many = await desk.ask('contacts.search', { search: 'marle', limit: 3 })
    expect(many.items.map(item => item.number)).toEqual([1, 2, 3].map(newYork))
  })
})

describe('pages', () => {
  it('go on where the last one ended, whatever was made or deleted in between', async () => {
    for (let n = 0; n < 7; n += 1) await desk.ask('contacts.create', { number: newYork(n), firstName: 'Ana' })
    for (const search of ['', 'ana']) {
      const first = await desk.ask('contacts.search', { search, limit: 3 })
      expect(first.items.map(item => item.number)).toEqual([0, 1, 2].map(newYork))
      const rest = await desk.ask('contacts.search', { search, limit: 10, after: first.next! })
      expect(rest.items.map(item => item.number)).toEqual([3, 4, 5, 6].map(newYork))
      expect(rest.next).toBeNull()
    }
    const refused = await desk.refusal('contacts.search', { after: 'x' })
    expect(refused.message).toContain('no place in the list')
  })
})

describe('an audience', () => {
  const LISTS = ['a', 'b', 'c']
  const TAGS = ['x', 'y', 'z']

  it('is what its conditions say, however it is found, counted and paged', async () => {
    type Person = { name: string; lists: string[]; tags: string[]; importId: number | null }
    const person = fc.record({
      name: fc.constantFrom('Ana', 'Bo', 'Anja'),
      lists: fc.subarray(LISTS),
      tags: fc.subarray(TAGS),
      importId: fc.constantFrom(null, 1, 2),
    })
    const selection = fc.record({
      lists: fc.subarray([...LISTS, 'none']),
      tags: fc.subarray(TAGS),
      exceptTags: fc.subarray([...TAGS, 'none']),
      search: fc.constantFrom('', 'an', 'bo', 'an 1212'),
      importId: fc.constantFrom(undefined, 1, 2),
    })
    const fits = (one: Person, chosen: Selection) =>
      (chosen.lists.length === 0 || one.lists.some(list => chosen.lists.includes(list))) &&
      (chosen.tags.length === 0 || one.tags.some(tag => chosen.tags.includes(tag))) &&
      !one.tags.some(tag => chosen.exceptTags.includes(tag)) &&
      (chosen.importId === undefined || one.importId === chosen.importId) &&
      (chosen.search === '' || one.name.toLowerCase().startsWith(chosen.search.slice(0, 2)))
    desk.db.write(tx => {
      for (const id of [1, 2]) {
        tx.run(
          `INSERT INTO imports (id, file_name, path, file_size, file_changed_at, settings, state, created_by, created_at)
             VALUES (?, '', '', 0, 0, '{}', 'completed', 'local', 0)`,
          id,
        )
      }
    })
    await fc.assert(
      fc.property(fc.array(person, { maxLength: 12 }), fc.array(selection, { maxLength: 8 }), (people, selections) => {
        const undo = new Error('undo')
        try {
          desk.db.write(tx =>
            tx.savepoint(() => {
              const ids = people.map((one, n) => {
                const details = {
                  country: 'US',
                  lastName: '',
                  email: '',
                  zone: null,
                  attributes: '{}',
                  consentId: null,
                }
                const contact = { ...details, number: newYork(n), firstName: one.name, importId: one.importId }
                const id = insertContact(tx, contact, 0)!
                for (const list of one.lists) addMembers(tx, 'list', ensureGroup(tx, 'list', list, null, 0), [id], null)
                for (const tag of one.tags) addMembers(tx, 'tag', ensureGroup(tx, 'tag', tag, null, 0), [id], null)
                return id
              })
              for (const chosen of selections) {
                const expected = ids.filter((_, n) => fits(people[n]!, chosen))
                expect(countAudience(tx, chosen)).toBe(expected.length)
                const paged: number[] = []
                for (let page = nextOfAudience(tx, chosen, 0, 2); page.length > 0; ) {
                  paged.push(...page.map(contact => contact.id))
                  page = nextOfAudience(tx, chosen, paged.at(-1)!, 2)
                }
                expect(paged).toEqual(expected)
              }
              throw undo
            }),
          )
        } catch (error) {
          if (error !== undo) throw error
        }
      }),
      { numRuns: 60 },
    )
  })

  it('is empty where a list has nobody, and everyone where nothing is asked', async () => {
    await desk.ask('contacts.create', { number: newYork(1) })
    desk.db.write(tx => ensureGroup(tx, 'list', 'Empty', null, 0))
    expect(nextOfAudience(desk.db, { ...EVERYONE, lists: ['Empty'], search: '1212' }, 0, 5)).toEqual([])
    expect(nextOfAudience(desk.db, EVERYONE, 0, 5)).toHaveLength(1)
  })
})

describe('how it is found', () => {
  /** Steps that read a whole table or sort what they found. */
  function badSteps(sql: string, values: unknown[]): string[] {
    const plan = desk.db.connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[]
    // `f`: the ids of one page, which are found before their contacts are read.
    return plan
      .map(step => step.detail)
      .filter(detail => /^SCAN /.test(detail) && !/VIRTUAL TABLE|CONSTANT ROW|^SCAN f$/.test(detail))
      .concat(plan.map(step => step.detail).filter(detail => /TEMP B-TREE/.test(detail)))
  }

  /** Runs something and returns every statement that it asked the database. */
  async function statementsOf(work: () => unknown): Promise<[string, unknown[]][]> {
    const seen: [string, unknown[]][] = []
    const { get, all } = desk.db
    const record = <T extends 'get' | 'all'>(name: T, real: typeof get | typeof all) => {
      desk.db[name] = ((sql: string, ...values: never[]) => {
        seen.push([sql, values])
        return real.call(desk.db, sql, ...values)
      }) as never
    }
    record('get', get)
    record('all', all)
    try {
      await work()
    } finally {
      desk.db.get = get
      desk.db.all = all
    }
    return seen
  }

  it('needs no walk over all contacts and no sorting, for any filter, and neither do page, get and suppression', async () => {
    await desk.ask('contacts.create', { number: newYork(1), firstName: 'Ana', lists: ['a', 'b'], tags: ['x', 'y'] })
    await desk.ask('suppression.add', { number: newYork(1), note: 'asked' })
    const page = { limit: 5, after: '0' }
    const seen = await statementsOf(async () => {
      for (const filter of [
        { search: 'ana' },
        { search: '1212', lists: ['a'], tags: ['x'] },
        { lists: ['a'] },
        { lists: ['a', 'b'], exceptTags: ['y'] },
        { tags: ['x'], lists: ['a'] },
        { importId: 1 },
        { importId: 1, search: 'ana' },
        { importId: 1, tags: ['x'] },
      ]) {
        await desk.ask('contacts.search', { ...filter, ...page })
      }
      await desk.ask('contacts.get', { number: newYork(1) })
      await desk.ask('suppression.list', { search: '+1212', limit: 5 })
      await desk.ask('imports.list', {})
    })
    // The groups of one page of contacts are sorted by name.
    const bad = seen
      .filter(([sql]) => !sql.includes('ORDER BY g.name'))
      .flatMap(([sql, values]) => badSteps(sql, values).map(step => `${step} <- ${sql}`))
    expect(bad).toEqual([])
    expect(seen.length).toBeGreaterThan(40)
  })

  it('walks contacts by id where nothing is asked, from the place of the page on', async () => {
    const seen = await statementsOf(() => desk.ask('contacts.search', { after: '5', limit: 5 }))
    const [sql, values] = seen.find(([text]) => text.includes('FROM contacts c WHERE'))!
    expect(badSteps(sql, values)).toEqual([])
  })
})

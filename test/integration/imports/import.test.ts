import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import Papa from 'papaparse'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { insertSuppression } from '../../../src/main/db/suppression.ts'
import { csv, Desk, hashOf, newYork } from './kit.ts'

let desk: Desk

beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.remove())

describe('taking a list in', () => {
  it('makes contacts of the rows, with names, attributes and country, and counts them', async () => {
    const path = desk.file(
      'customers.csv',
      csv('First Name,Last Name,Mobile,Email,Company', [
        'Ana,Ruiz,(212) 200-0001,ana@example.com,Ruiz & Co',
        'Bo,,212-200-0002,,',
        'Cy,Dee,0044 7400 123456,,Dee Ltd',
      ]),
    )
    const done = await desk.import(path)
    expect(done).toMatchObject({
      fileName: 'customers.csv',
      state: 'completed',
      rows: 3,
      created: 3,
      updated: 0,
      duplicates: 0,
      rejected: 0,
      error: '',
    })
    expect(done.bytesRead).toBe(done.fileSize)
    expect(await desk.contact('+12122000001')).toMatchObject({
      firstName: 'Ana',
      lastName: 'Ruiz',
      email: 'ana@example.com',
      country: 'US',
      attributes: { company: 'Ruiz & Co' },
      suppressed: null,
    })
    expect((await desk.contact('+447400123456')).country).toBe('GB')
  })

  it('takes postcodes and zones, says where the zone comes from, and flags what is no postcode', async () => {
    const rows = [
      'Ana,+12125550101,10001,',
      'Bo,+13105550102,10001,',
      'Cy,+13125550103,2134,America/Denver',
      'Di,+61412345678,6000,',
      'Ed,+13125550105,unknown,',
      'Fay,+13125550106,,',
    ]
    const done = await desk.import(desk.file('a.csv', csv('Name,Phone,ZIP,Time Zone', rows)))
    expect(done).toMatchObject({ created: 6, rejected: 0, flagged: 1 })
    const told = async (number: string) => {
      const { postcode, zone, zones, zoneSource } = await desk.contact(number)
      return [postcode, zone, zoneSource, zones]
    }
    expect(await told('+12125550101')).toEqual(['10001', null, 'postcode', ['America/New_York']])
    const both = ['America/New_York', 'America/Los_Angeles']
    expect(await told('+13105550102')).toEqual(['10001', null, 'postcode_and_number', both])
    expect(await told('+13125550103')).toEqual(['2134', 'America/Denver', 'column', ['America/Denver']])
    expect(await told('+61412345678')).toEqual(['6000', null, 'postcode', ['Australia/Perth']])
    expect(await told('+13125550105')).toEqual([null, null, 'number', ['America/Chicago']])
    const { items } = await desk.ask('imports.flags', { id: done.id })
    expect(items).toMatchObject([{ row: 6, column: 'ZIP', code: 'postcode_invalid', value: 'unknown' }])
    const { fields } = await desk.ask('contacts.fields', {})
    expect(fields).toContainEqual({ name: 'postcode', contacts: 4 })
  })

  it('tells of contacts that an update and its undoing move, so that what waits for them can be fitted', async () => {
    await desk.import(desk.file('a.csv', csv('Name,Phone,ZIP', ['Ana,+12125550101,10001', 'Bo,+12125550102,10001'])))
    const again = desk.file('b.csv', csv('Name,Phone,ZIP', ['Ana,+12125550101,60601', 'Bob,+12125550102,10001']))
    const done = await desk.import(again, { onDuplicate: 'update' })
    expect(desk.movedNumbers).toEqual(['+12125550101'])
    expect((await desk.contact('+12125550101')).postcode).toBe('60601')
    await desk.ask('imports.undo', { id: done.id })
    await desk.background.idle()
    expect(desk.movedNumbers).toEqual(['+12125550101', '+12125550101'])
    expect((await desk.contact('+12125550101')).postcode).toBe('10001')
  })

  it('finds what it took in by name, e-mail address and number, and knows its fields', async () => {
    const path = desk.file('a.csv', csv('Name,Phone,Email,City', ['Ana Ruiz,2122000001,ana@example.com,Oslo']))
    await desk.import(path)
    for (const search of ['rui', 'example', '2122000001', '+1 212 200', '0001']) {
      expect(await desk.found(search)).toEqual(['+12122000001'])
    }
    const { fields } = await desk.ask('contacts.fields', {})
    expect(fields).toContainEqual({ name: 'city', contacts: 1 })
    expect(fields).toContainEqual({ name: 'zone', contacts: 0 })
  })

  it('tells each rejected row with code, sentence and cell, by row', async () => {
    const rows = ['Ana,2122000001', 'Bo,', 'Cy,4.41E+11', 'Di,2122000002 x12', 'Ed,12', '"Fay,2122000003']
    const done = await desk.import(desk.file('a.csv', csv('Name,Phone', rows)))
    expect(done).toMatchObject({ rows: 6, created: 1, rejected: 5 })
    expect(done.rejectedByCode).toEqual({
      phone_missing: 1,
      phone_excel_damaged: 1,
      phone_extension: 1,
      phone_invalid: 1,
      row_malformed: 1,
    })
    const first = await desk.ask('imports.rejections', { id: done.id, limit: 2 })
    expect(first.items.map(item => [item.row, item.code, item.value])).toEqual([
      [3, 'phone_missing', ''],
      [4, 'phone_excel_damaged', '4.41E+11'],
    ])
    const rest = await desk.ask('imports.rejections', { id: done.id, limit: 200, after: first.next! })
    expect(rest.items.map(item => item.row)).toEqual([5, 6, 7])
    expect(rest.items[2]!.message).toContain('A quotation mark opens in this row')
    expect(rest.next).toBeNull()
  })

  it('lists formulas as flags, and strips them where that was chosen', async () => {
    const path = desk.file('a.csv', csv('Name,Phone,Note', ['Ana,2122000001,=1+1', 'Bo,2122000002,fine']))
    const kept = await desk.import(path)
    expect(kept).toMatchObject({ created: 2, flagged: 1 })
    const { items } = await desk.ask('imports.flags', { id: kept.id })
    expect(items).toEqual([
      { row: 2, column: 'Note', code: 'formula', message: expect.stringContaining('formula'), value: '=1+1' },
    ])
    expect((await desk.contact('+12122000001')).attributes).toEqual({ note: '=1+1' })
    await desk.import(path, { stripFormulas: true, onDuplicate: 'update' })
    expect((await desk.contact('+12122000001')).attributes).toEqual({ note: '1+1' })
  })

  it('refuses what is no list, and a list without numbers, before it stores anything', async () => {
    const xlsx = desk.file('a.csv', Buffer.from('PK\x03\x04 [Content_Types].xml xl/workbook.xml', 'latin1'))
    expect((await desk.refusal('imports.start', { path: xlsx, settings: {} })).code).toBe('file_refused')
    const empty = desk.file('b.csv', '')
    expect((await desk.refusal('imports.start', { path: empty, settings: {} })).message).toContain('empty')
    const gone = join(desk.folder, 'gone.csv')
    expect((await desk.refusal('imports.start', { path: gone, settings: {} })).message).toContain('no such file')
    const names = desk.file('c.csv', csv('Name,City', ['Ana,Oslo']))
    expect((await desk.refusal('imports.start', { path: names, settings: {} })).message).toContain('phone numbers')
    expect((await desk.ask('imports.list', {})).items).toEqual([])
  })

  it('refuses a mapping to columns that are not there, and names those that are', async () => {
    const path = desk.file('a.csv', csv('Name,Phone', ['Ana,2122000001']))
    const { message } = await desk.refusal('imports.start', { path, settings: { mapping: { phones: ['Mobile'] } } })
    expect(message).toContain('"Mobile"')
    expect(message).toContain('Name, Phone')
  })

  it('runs one import after the other', async () => {
    const one = await desk.start(desk.file('a.csv', csv('Name,Phone', ['Ana,2122000001'])))
    const two = await desk.start(desk.file('b.csv', csv('Name,Phone', ['Bo,2122000001', 'Cy,2122000002'])))
    expect(await desk.ended(one.id)).toMatchObject({ state: 'completed', created: 1 })
    expect(await desk.ended(two.id)).toMatchObject({ state: 'completed', created: 1, duplicates: 1 })
    expect((await desk.ask('imports.list', {})).items.map(item => item.id)).toEqual([two.id, one.id])
  })
})

describe('duplicates', () => {
  it('are found across formats, in the file and among contacts, and told apart', async () => {
    await desk.import(desk.file('a.csv', csv('Name,Phone', ['Ana,2122000001'])))
    const done = await desk.import(
      desk.file('b.csv', csv('Name,Phone', ['Anna,+1 (212) 200-0001', 'Bo,2122000002', 'Bob,0012122000002'])),
    )
    expect(done).toMatchObject({ rows: 3, created: 1, updated: 0, duplicates: 2, rejected: 0, flagged: 0 })
    const { items } = await desk.ask('imports.flags', { id: done.id })
    expect(items.map(item => [item.row, item.code, item.value])).toEqual([
      [2, 'duplicate_contact', '+12122000001'],
      [4, 'duplicate_in_file', '+12122000002'],
    ])
    expect((await desk.contact('+12122000001')).firstName).toBe('Ana')
    expect((await desk.contact('+12122000002')).firstName).toBe('Bo')
  })

  it('update what a row has and keep what it lacks, where that was chosen', async () => {
    await desk.import(
      desk.file('a.csv', csv('First Name,Last Name,Phone,Email,City', ['Ana,Ruiz,2122000001,ana@example.com,Oslo'])),
    )
    const done = await desk.import(
      desk.file('b.csv', csv('First Name,Last Name,Phone,Email,Job', ['Anna,,2122000001,,Pilot'])),
      { onDuplicate: 'update' },
    )
    expect(done).toMatchObject({ rows: 1, created: 0, updated: 1, duplicates: 0 })
    expect(await desk.contact('+12122000001')).toMatchObject({
      firstName: 'Anna',
      lastName: 'Ruiz',
      email: 'ana@example.com',
      attributes: { city: 'Oslo', job: 'Pilot' },
    })
    expect(await desk.found('anna')).toEqual(['+12122000001'])
  })

  it('let the last row of the file win where update was chosen, and count as duplicates', async () => {
    const path = desk.file(
      'a.csv',
      csv('Name,Phone,City', ['Ana,2122000001,Oslo', 'Bo,2122000002,', 'Anna,2122000001,']),
    )
    const done = await desk.import(path, { onDuplicate: 'update' })
    expect(done).toMatchObject({ created: 2, updated: 0, duplicates: 1 })
    expect(await desk.contact('+12122000001')).toMatchObject({ firstName: 'Anna', attributes: { city: 'Oslo' } })
    expect(await desk.found('anna')).toEqual(['+12122000001'])
    // The second row changes the contact that was there, too.
    const again = await desk.import(path, { onDuplicate: 'update' })
    expect(again).toMatchObject({ created: 0, updated: 2, duplicates: 1 })
    expect((await desk.contact('+12122000001')).firstName).toBe('Anna')
  })

  it('come to the list and the tags all the same', async () => {
    await desk.import(desk.file('a.csv', csv('Name,Phone', ['Ana,2122000001'])))
    await desk.import(desk.file('b.csv', csv('Name,Phone,Tags', ['Anna,2122000001,"vip, new"', 'Bo,2122000002,vip'])), {
      list: 'Spring',
      tags: ['batch 2'],
    })
    expect(await desk.contact('+12122000001')).toMatchObject({
      firstName: 'Ana',
      lists: ['Spring'],
      tags: ['batch 2', 'new', 'vip'],
    })
    const { lists, tags } = await desk.ask('lists.list', {})
    expect(lists.map(list => [list.name, list.contacts])).toEqual([['Spring', 2]])
    expect(tags.map(tag => [tag.name, tag.contacts])).toEqual([
      ['batch 2', 2],
      ['new', 1],
      ['vip', 2],
    ])
  })
})

describe('suppressed numbers', () => {
  it('stay out of a long list too, each time they are in it, and the others keep their tags', async () => {
    await desk.ask('suppression.add', { number: '+12122000350', note: 'asked' })
    const rows = Array.from(
      { length: 400 },
      (_, n) => `+12122000${String(n).padStart(3, '0')},${n % 2 === 0 ? 'even' : 'odd'}`,
    )
    const path = desk.file('long.csv', csv('phone,tags', [...rows, '+12122000350,again']))
    const done = await desk.import(path)
    expect(done).toMatchObject({ created: 399, rejected: 2, rejectedByCode: { suppressed: 2 } })
    const from =
      'SELECT count(*) AS n FROM contacts c JOIN contact_tags m ON m.contact_id = c.id JOIN tags t ON t.id = m.tag_id'
    const tagged = (name: string, last: string) =>
      desk.db.get<{ n: number }>(`${from} WHERE t.name = ? AND substr(c.number, -1) IN (${last})`, name)!.n
    expect([tagged('odd', "'1','3','5','7','9'"), tagged('even', "'0','2','4','6','8'")]).toEqual([200, 199])
  })

  it('are rejected, by the number', async () => {
    await desk.ask('suppression.add', { number: '+12122000002', note: 'asked by phone' })
    const rows = ['Ana,Oslo,2122000001', 'Bo,Rome,2122000002', 'Cy,Bern,2122000003']
    const done = await desk.import(desk.file('a.csv', csv('Name,City,Phone', rows)))
    expect(done).toMatchObject({ created: 2, rejected: 1, rejectedByCode: { suppressed: 1 } })
    const { items } = await desk.ask('imports.rejections', { id: done.id })
    expect(items).toMatchObject([{ row: 3, code: 'suppressed', value: '+12122000002' }])
    expect((await desk.refusal('contacts.get', { number: '+12122000002' })).code).toBe('not_found')
  })

  it('are rejected by the hash alone after an erasure, and nothing of the person is kept again', async () => {
    desk.db.write(tx => {
      insertSuppression(tx, {
        number: '+12122000002',
        hash: hashOf('+12122000002'),
        reason: 'erased',
        note: '',
        inboundId: null,
        createdBy: 'local',
        createdAt: 0,
      })
      tx.run('UPDATE suppressions SET number = NULL')
    })
    const done = await desk.import(desk.file('a.csv', csv('Name,Phone', ['Ana,2122000001', 'Zebedee,2122000002'])))
    expect(done).toMatchObject({ created: 1, rejected: 1, rejectedByCode: { suppressed: 1 } })
    const stored = JSON.stringify(desk.everything())
    expect(stored).toContain('suppressed')
    expect(stored).not.toContain('Zebedee')
    expect(stored).not.toContain('2122000002')
  })
})

describe('consent', () => {
  it('is recorded once for the whole import, with who recorded it', async () => {
    const path = desk.file('a.csv', csv('Name,Phone', ['Ana,2122000001', 'Bo,2122000002']))
    const consent = { source: 'Web form', wording: 'Text me offers', at: 1_700_000_000_000 }
    await desk.import(path, { consent }, { kind: 'user', id: 7, role: 'user', sessionId: 1, mustChangePassword: false })
    for (const number of ['+12122000001', '+12122000002']) {
      expect((await desk.contact(number)).consent).toMatchObject({ ...consent, recordedBy: 'user:7' })
    }
    expect(desk.db.all('SELECT id FROM consents')).toHaveLength(1)
  })

  it('of a row wins, is filled up from that of the import, and a no keeps the row out', async () => {
    const rows = ['Ana,2122000001,Shop,2025-03-31', 'Bo,2122000002,,', 'Cy,2122000003,no,']
    const path = desk.file('a.csv', csv('Name,Phone,Opt In,Opt In Date', rows))
    const done = await desk.import(path, { consent: { source: 'Web form', wording: 'Text me', at: 5 } })
    expect(done).toMatchObject({ created: 2, rejectedByCode: { consent_refused: 1 } })
    expect((await desk.contact('+12122000001')).consent).toMatchObject({
      source: 'Shop',
      wording: 'Text me',
      at: Date.parse('2025-03-31'),
    })
    expect((await desk.contact('+12122000002')).consent).toMatchObject({ source: 'Web form', at: 5 })
  })

  it('has the kind that a row names, and a row whose kind is not understood gives none', async () => {
    const rows = ['Ana,2122000001,Promotional', 'Bo,2122000002,service', 'Cy,2122000003,', 'Di,2122000004,gold']
    const path = desk.file(
      'a.csv',
      csv('Name,Phone,Consent type', [...rows, 'Ed,2122000005,promo', 'Flo,2122000006,no']),
    )
    const done = await desk.import(path, { consent: { source: 'Web form', wording: 'Text me', kind: 'unspecified' } })
    expect(done).toMatchObject({ created: 4, rejectedByCode: { consent_kind_unknown: 1, consent_refused: 1 } })
    const kindOf = async (number: string) => (await desk.contact(number)).consent?.kind
    expect(await kindOf('+12122000001')).toBe('marketing')
    expect(await kindOf('+12122000002')).toBe('informational')
    expect(await kindOf('+12122000003')).toBe('unspecified')
    expect(await kindOf('+12122000005')).toBe('marketing')
    expect(desk.db.all('SELECT id FROM consents')).toHaveLength(3)
    const { items } = await desk.ask('imports.rejections', { id: done.id })
    expect(items).toContainEqual(
      expect.objectContaining({
        ...{ row: 5, code: 'consent_kind_unknown', value: 'gold' },
        message: expect.stringContaining('Write marketing or informational'),
      }),
    )
  })
})

describe('the file of rejected rows', () => {
  it('can be mended and imported', async () => {
    const rows = ['Ana,2122000001,Oslo', 'Bo,4.41E+11,"Rome, It"', 'Cy,12,=1+1', 'Di,,Bern']
    const done = await desk.import(desk.file('a.csv', csv('Name,Phone,City', rows)))
    const path = join(desk.folder, 'rejected.csv')
    expect(await desk.ask('imports.export-rejections', { id: done.id, path })).toEqual({ rows: 3, path })
    const text = readFileSync(path, 'utf8')
    const { data } = Papa.parse<Record<string, string>>(text.replace('\uFEFF', ''), {
      header: true,
      skipEmptyLines: true,
    })
    expect(data.map(row => [row['Name'], row['Phone'], row['City'], row['import_row'], row['import_reason']])).toEqual([
      ['Bo', '4.41E+11', 'Rome, It', '3', 'phone_excel_damaged'],
      ['Cy', '12', "'=1+1", '4', 'phone_invalid'],
      ['Di', '', 'Bern', '5', 'phone_missing'],
    ])
    writeFileSync(path, text.replace('4.41E+11', '2122000002').replace('Di,,', 'Di,2122000004,'))
    expect(await desk.import(path)).toMatchObject({ rows: 3, created: 2, rejected: 1 })
    expect((await desk.contact('+12122000002')).attributes).toEqual({ city: 'Rome, It' })
  })

  it('never replaces a file, and says where a folder is missing', async () => {
    const done = await desk.import(desk.file('a.csv', csv('Name,Phone', ['Bo,12'])))
    const path = desk.file('there.csv', 'mine')
    expect((await desk.refusal('imports.export-rejections', { id: done.id, path })).code).toBe('exists_already')
    expect(readFileSync(path, 'utf8')).toBe('mine')
    const nowhere = join(desk.folder, 'no', 'such.csv')
    expect((await desk.refusal('imports.export-rejections', { id: done.id, path: nowhere })).message).toContain(
      'folder',
    )
  })
})

describe('the preview', () => {
  it('shows format, mapping, examples, and how the first rows would come in, and stores nothing', async () => {
    await desk.ask('contacts.create', { number: '+12122000001' })
    await desk.ask('suppression.add', { number: '+12122000004', note: 'asked' })
    const rows = ['Ana;2122000001', 'Bo;2122000002', 'Bob;212 200 0002', 'Cy;12', 'Di;2122000004', 'Ed;2122000005']
    const path = desk.file('a.csv', csv('Name;Phone', rows))
    const preview = await desk.ask('imports.preview', {
      path,
      settings: { options: { defaultCountry: 'US' } },
      rows: 5,
    })
    expect(preview.sniffed).toEqual({ encoding: 'utf-8', lineEnd: 'CRLF', delimiter: ';', header: true })
    expect(preview.columns[0]).toEqual({ name: 'Name', examples: ['Ana', 'Bo', 'Bob'] })
    expect(preview.mapping).toMatchObject({ phones: ['Phone'], fullName: 'Name' })
    expect(preview.rows.map(row => [row.row, row.firstName, row.number, row.rejected, row.duplicate])).toEqual([
      [2, 'Ana', '+12122000001', null, 'duplicate_contact'],
      [3, 'Bo', '+12122000002', null, null],
      [4, 'Bob', '+12122000002', null, 'duplicate_in_file'],
      [5, '', null, 'phone_invalid', null],
      [6, 'Di', '+12122000004', 'suppressed', null],
    ])
    expect((await desk.ask('contacts.count', {})).contacts).toBe(1)
    expect((await desk.refusal('imports.preview', { path: desk.folder })).message).toContain('folder')
  })
})

describe('forgetting an import', () => {
  it('removes its report and keeps its contacts', async () => {
    const rows = ['Ana,2122000001', 'Bo,12', 'Cy,2122000001']
    const path = desk.file('a.csv', csv('Name,Phone', rows))
    const { id } = await desk.import(path, { consent: { source: 'Form' }, list: 'Spring' })
    await desk.ask('imports.forget', { id })
    expect((await desk.refusal('imports.get', { id })).code).toBe('not_found')
    await desk.background.idle()
    for (const table of ['imports', 'import_rejections', 'import_flags', 'import_changes']) {
      expect(desk.db.all(`SELECT 1 FROM ${table}`)).toEqual([])
    }
    expect(await desk.contact('+12122000001')).toMatchObject({ lists: ['Spring'], consent: { source: 'Form' } })
  })
})

describe('any list at all', () => {
  const number = fc.oneof(
    fc.integer({ min: 0, max: 12 }).map(newYork),
    fc.integer({ min: 0, max: 12 }).map(n => `(212) 200-${String(n).padStart(4, '0')}`),
    fc.constantFrom('', '12', '4.41E+11', '+44 7400 123456', '2122000001 x9'),
  )
  const cell = fc.oneof(fc.constantFrom('', 'Ana', '=1', 'Bo "B" Dee', 'a,b', 'Łukasz'), fc.string({ maxLength: 8 }))
  const quote = (text: string) => `"${text.replaceAll('"', '""').replaceAll('\0', '')}"`

  it('is accounted for row by row: created, updated, duplicate or rejected', async () => {
    const rows = fc.array(fc.tuple(number, cell, cell), { minLength: 1, maxLength: 30 })
    const lists = fc.array(fc.tuple(rows, fc.constantFrom('skip' as const, 'update' as const)), {
      minLength: 1,
      maxLength: 3,
    })
    await fc.assert(
      fc.asyncProperty(lists, async files => {
        const own = new Desk()
        try {
          const path = join(own.folder, 'files')
          mkdirSync(path)
          const before = new Set<string>()
          for (const [index, [list, onDuplicate]] of files.entries()) {
            const text = csv(
              'Phone,Name,Note',
              list.map(cells => cells.map(quote).join(',')),
            )
            const file = join(path, `${index}.csv`)
            writeFileSync(file, text)
            const done = await own.import(file, { onDuplicate })
            expect(done.state).toBe('completed')
            expect(done.rows).toBe(list.length)
            expect(done.created + done.updated + done.duplicates + done.rejected).toBe(list.length)
            const reasons = Object.values(done.rejectedByCode).reduce((sum, count) => sum + count, 0)
            expect(reasons).toBe(done.rejected)
            const { items } = await own.ask('imports.rejections', { id: done.id, limit: 500 })
            expect(items).toHaveLength(done.rejected)
            const numbers = (await own.ask('contacts.search', { limit: 500 })).items.map(contact => contact.number)
            expect(numbers.length - before.size).toBe(done.created)
            for (const one of numbers) before.add(one)
            expect((await own.ask('contacts.count', { search: '+' })).contacts).toBe(0)
            expect((await own.ask('contacts.fields', {})).fields).toContainEqual({
              name: 'number',
              contacts: numbers.length,
            })
          }
        } finally {
          await own.close()
          rmSync(own.folder, { recursive: true })
        }
      }),
      { numRuns: 12 },
    )
  })
})

describe('a long list', () => {
  it('is completed before the search has everybody, and whoever chooses by search waits for that', async () => {
    const rows = Array.from({ length: 50_100 }, (_, n) => `Ana,${newYork(n)}`)
    const done = await desk.import(desk.file('a.csv', csv('Name,Phone', rows)))
    expect(done).toMatchObject({ state: 'completed', created: 50_100 })
    desk.background.stop()
    expect((await desk.ask('contacts.search', { search: 'ana', limit: 1 })).items).toEqual([])
    expect(await desk.ask('contacts.count', { search: 'ana' })).toEqual({ contacts: 50_100 })
    const path = join(desk.folder, 'found.csv')
    expect(await desk.ask('contacts.export', { audience: { search: 'ana' }, path })).toMatchObject({ rows: 50_100 })
  })
})

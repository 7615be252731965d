import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Papa from 'papaparse'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { insertSuppression } from '../../../src/main/db/suppression.ts'
import { recordTextConsent } from '../../../src/main/services/consents.ts'
import { readSuppressionFile, textOfFile } from '../../../src/shared/suppression-file.ts'
import { Desk, hashOf } from '../../integration/imports/kit.ts'

let desk: Desk

beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.remove())

const ANA = {
  number: '+12122000001',
  firstName: 'Ana',
  lastName: 'Ruiz',
  email: 'ana@example.com',
  attributes: { city: 'Oslo' },
  tags: ['vip'],
  lists: ['Spring'],
}

describe('making a contact', () => {
  it('reads the number in any form, and tells what was stored', async () => {
    const consent = { source: 'Form', wording: 'Text me', at: 5 }
    const made = await desk.ask('contacts.create', { ...ANA, number: '(212) 200-0001', country: 'US', consent })
    expect(made).toMatchObject({ ...ANA, country: 'US', zone: null, suppressed: null, createdAt: desk.now })
    const none = { kind: 'unspecified', proof: '', import: null, text: null }
    expect(made.consent).toEqual({ ...consent, ...none, recordedBy: 'local', recordedAt: desk.now })
    expect(await desk.ask('contacts.get', { id: made.id })).toEqual(made)
    expect(await desk.ask('contacts.get', { number: '+1 (212) 200-0001' })).toEqual(made)
  })

  it('refuses a second one with the number, and what is no number or zone, with a sentence for the field', async () => {
    await desk.ask('contacts.create', ANA)
    const again = await desk.refusal('contacts.create', { number: '212-200-0001', country: 'US' })
    expect(again.code).toBe('exists_already')
    expect(again.fields).toHaveProperty('number')
    const damaged = await desk.refusal('contacts.create', { number: '4.41E+11' })
    expect(damaged.message).toContain('spreadsheet')
    const nowhere = await desk.refusal('contacts.create', { number: '2122000002' })
    expect(nowhere.message).toContain('default country')
    const zone = await desk.refusal('contacts.create', { number: '+12122000002', zone: 'EST' })
    expect(zone.fields?.['zone']).toContain('America/New_York')
    const key = await desk.refusal('contacts.create', { number: '+12122000002', attributes: { email: 'x' } })
    expect(key.code).toBe('invalid_input')
    expect((await desk.ask('contacts.count', {})).contacts).toBe(1)
  })

  it('makes contacts of suppressed numbers, and says that they are, by number and by hash', async () => {
    await desk.ask('suppression.add', { number: '+12122000001', note: 'asked' })
    expect((await desk.ask('contacts.create', ANA)).suppressed).toBe('manual')
    desk.db.write(tx => tx.run('UPDATE suppressions SET number = NULL'))
    expect((await desk.contact('+12122000001')).suppressed).toBe('manual')
    expect((await desk.ask('contacts.search', {})).items[0]?.suppressed).toBe('manual')
  })
})

describe('changing a contact', () => {
  it('changes what is given, keeps the rest, and search and counts follow', async () => {
    const { id } = await desk.ask('contacts.create', ANA)
    desk.now += 1000
    const changed = await desk.ask('contacts.update', {
      id,
      firstName: 'Bea',
      zone: 'america/new_york',
      attributes: { job: 'Pilot', nothing: ' ' },
      tags: ['friend'],
      consent: { source: 'Call' },
    })
    expect(changed).toMatchObject({
      firstName: 'Bea',
      lastName: 'Ruiz',
      zone: 'America/New_York',
      attributes: { job: 'Pilot' },
      tags: ['friend'],
      lists: ['Spring'],
      consent: { source: 'Call', at: null },
      updatedAt: desk.now,
    })
    expect(await desk.found('ana@')).toHaveLength(1)
    expect(await desk.found('bea')).toHaveLength(1)
    const { fields } = await desk.ask('contacts.fields', {})
    expect(fields.filter(field => field.contacts > 0).map(field => field.name)).toEqual(
      expect.arrayContaining(['first_name', 'zone', 'job']),
    )
    expect(fields.map(field => field.name)).not.toContain('city')
    await desk.ask('contacts.update', { id, email: '', zone: null, consent: null, tags: [], lists: [] })
    expect(await desk.found('ana')).toEqual([])
    expect(await desk.contact(ANA.number)).toMatchObject({ zone: null, consent: null, tags: [], lists: [] })
  })

  it('refuses one that is not there', async () => {
    expect((await desk.refusal('contacts.update', { id: 9, firstName: 'X' })).code).toBe('not_found')
    expect((await desk.refusal('contacts.delete', { id: 9 })).code).toBe('not_found')
    expect((await desk.refusal('contacts.get', { number: '+12122000009' })).code).toBe('not_found')
  })
})

describe('deleting a contact', () => {
  it('leaves its thread and messages with the number, and no trace in search, lists and counts', async () => {
    const { id } = await desk.ask('contacts.create', ANA)
    desk.db.write(tx => {
      tx.run('INSERT INTO threads (number, contact_id, last_at) VALUES (?, ?, 0)', ANA.number, id)
      tx.run(
        `INSERT INTO messages (id, kind, contact_id, number, state, due_at, created_by, created_at)
           VALUES ('01JABCDEFGHJKMNPQRSTVWXYZ0', 'reply', ?, ?, 'queued', 0, 'local', 0)`,
        id,
        ANA.number,
      )
    })
    await desk.ask('contacts.delete', { id })
    expect(await desk.found('ana')).toEqual([])
    expect(await desk.ask('lists.list', {})).toMatchObject({ lists: [{ contacts: 0 }], tags: [{ contacts: 0 }] })
    expect((await desk.ask('contacts.fields', {})).fields.every(field => field.contacts === 0)).toBe(true)
    for (const table of ['threads', 'messages']) {
      expect(desk.db.all(`SELECT number, contact_id FROM ${table}`)).toEqual([{ number: ANA.number, contact_id: null }])
    }
  })
})

describe('the export', () => {
  it('writes a file that no spreadsheet runs and that can be imported again', async () => {
    await desk.ask('contacts.create', { ...ANA, consent: { source: 'Form', wording: 'Text me', at: 0 } })
    await desk.ask('contacts.create', { number: '+12122000002', firstName: '=cmd()', attributes: { job: 'a, "b"' } })
    await desk.ask('suppression.add', { number: '+12122000002', note: 'asked' })
    const path = join(desk.folder, 'out.csv')
    expect(await desk.ask('contacts.export', { audience: {}, path })).toEqual({ rows: 2, path })
    const text = readFileSync(path, 'utf8')
    const rows = Papa.parse<Record<string, string>>(text.slice(1), { header: true, skipEmptyLines: true }).data
    expect(rows).toEqual([
      {
        number: '+12122000001',
        country: 'US',
        first_name: 'Ana',
        last_name: 'Ruiz',
        email: 'ana@example.com',
        zone: '',
        postcode: '',
        tags: 'vip',
        lists: 'Spring',
        consent_source: 'Form',
        consent_wording: 'Text me',
        consent_at: '1970-01-01T00:00:00.000Z',
        suppressed: '',
        city: 'Oslo',
        job: '',
      },
      expect.objectContaining({ first_name: "'=cmd()", suppressed: 'manual', job: 'a, "b"', city: '' }),
    ])
    const one = join(desk.folder, 'one.csv')
    expect(await desk.ask('contacts.export', { audience: { tags: ['vip'] }, path: one })).toMatchObject({ rows: 1 })
    await desk.ask('contacts.delete', { id: (await desk.contact('+12122000001')).id })
    await desk.import(one)
    expect(await desk.contact('+12122000001')).toMatchObject({ firstName: 'Ana', tags: ['vip'] })
  })

  it('refuses to replace a file, and leaves no half of one behind', async () => {
    await desk.ask('contacts.create', ANA)
    const path = desk.file('there.csv', 'mine')
    expect((await desk.refusal('contacts.export', { audience: {}, path })).code).toBe('exists_already')
    expect(readFileSync(path, 'utf8')).toBe('mine')
    const broken = join(desk.folder, 'broken.csv')
    desk.db.write(tx => tx.run('DROP TABLE contact_tags'))
    expect((await desk.refusal('contacts.export', { audience: {}, path: broken })).code).toBe('internal')
    expect(existsSync(broken)).toBe(false)
  })
})

describe('lists and tags', () => {
  it('are counted, renamed without clashes, and deleted without their contacts', async () => {
    await desk.ask('contacts.create', { ...ANA, lists: ['Spring', 'Autumn'] })
    await desk.ask('contacts.create', { number: '+12122000002', lists: ['spring'] })
    const { lists } = await desk.ask('lists.list', {})
    expect(lists.map(list => [list.name, list.contacts])).toEqual([
      ['Autumn', 1],
      ['Spring', 2],
    ])
    const spring = lists.find(list => list.name === 'Spring')!.id
    expect((await desk.refusal('lists.rename', { id: spring, name: 'AUTUMN' })).message).toContain('"Autumn"')
    await desk.ask('lists.rename', { id: spring, name: 'SPRING' })
    await desk.ask('lists.delete', { id: spring })
    expect((await desk.contact('+12122000001')).lists).toEqual(['Autumn'])
    expect((await desk.ask('contacts.count', { lists: ['SPRING'] })).contacts).toBe(0)
    expect((await desk.refusal('lists.delete', { id: spring })).code).toBe('not_found')
    expect((await desk.refusal('lists.rename', { id: spring, name: 'X' })).code).toBe('not_found')
    // The name is free at once; the members go in the background, once it cannot be undone any more.
    await desk.ask('contacts.update', { id: (await desk.contact('+12122000002')).id, lists: ['Spring'] })
    await desk.background.idle()
    expect(desk.db.get('SELECT contacts FROM lists WHERE name IS NULL')).toEqual({ contacts: 1 })
    desk.db.write(tx => tx.run('DELETE FROM undos'))
    await desk.background.idle()
    expect(desk.db.all('SELECT l.name FROM list_members m JOIN lists l ON l.id = m.list_id ORDER BY 1')).toEqual([
      { name: 'Autumn' },
      { name: 'Spring' },
    ])
    expect((await desk.ask('contacts.count', {})).contacts).toBe(2)
  })
})

describe('the suppression list', () => {
  it('adds once, takes back what waits in the same step, lists the newest first, and removes', async () => {
    for (const number of ['+12122000001', '+12122000002', '+447400123456']) {
      expect(await desk.ask('suppression.add', { number, note: 'asked' })).toMatchObject({ added: true })
    }
    expect(await desk.ask('suppression.add', { number: '+12122000001', note: 'again' })).toMatchObject({ added: false })
    expect(desk.suppressedNumbers).toEqual(['+12122000001', '+12122000002', '+447400123456'])
    const first = await desk.ask('suppression.list', { limit: 2 })
    expect(first.items.map(item => item.number)).toEqual(['+447400123456', '+12122000002'])
    const rest = await desk.ask('suppression.list', { limit: 2, after: first.next! })
    expect(rest.items).toMatchObject([{ number: '+12122000001', reason: 'manual', note: 'asked', createdBy: 'local' }])
    expect(rest.next).toBeNull()
    const found = await desk.ask('suppression.list', { search: '+1 (212)', limit: 1 })
    expect(found.items.map(item => item.number)).toEqual(['+12122000001'])
    const more = await desk.ask('suppression.list', { search: '1212', limit: 1, after: found.next! })
    expect(more.items.map(item => item.number)).toEqual(['+12122000002'])
    expect(await desk.ask('suppression.remove', { number: '+12122000001', note: 'wrote' })).toEqual({ removed: true })
    expect(await desk.ask('suppression.remove', { number: '+12122000001', note: 'wrote' })).toEqual({ removed: false })
    const subjects = desk.db.all<{ subject: string }>("SELECT subject FROM audit WHERE action LIKE 'suppression.%'")
    expect(subjects.map(row => row.subject)).toContain('suppression:1')
    expect(JSON.stringify(subjects)).not.toContain('2122000001')
  })

  it('knows an erased person by the hash, when adding and when removing', async () => {
    desk.db.write(tx => {
      insertSuppression(tx, {
        number: '+12122000001',
        hash: hashOf('+12122000001'),
        reason: 'erased',
        note: '',
        inboundId: null,
        createdBy: 'local',
        createdAt: 0,
      })
      tx.run('UPDATE suppressions SET number = NULL')
    })
    expect((await desk.ask('suppression.list', {})).items).toMatchObject([{ number: null, reason: 'erased' }])
    expect(await desk.ask('suppression.add', { number: '+12122000001', note: 'asked' })).toMatchObject({ added: false })
    expect(desk.suppressedNumbers).toEqual([])
    expect(await desk.ask('suppression.remove', { number: '+12122000001', note: 'wrote' })).toEqual({ removed: true })
    expect((await desk.ask('suppression.list', {})).items).toEqual([])
  })

  it('keeps why a number came off it, and who says so', async () => {
    await desk.ask('suppression.add', { number: '+12122000001', note: 'Wrote a letter' })
    await desk.ask('suppression.remove', { number: '+12122000001', note: 'Signed up again' })
    const { items } = await desk.ask('suppression.lifts', {})
    expect(items).toMatchObject([
      {
        ...{ number: '+12122000001', reason: 'manual', note: 'Wrote a letter', addedBy: 'local' },
        ...{ why: 'Signed up again', liftedBy: 'local', liftedAt: desk.now },
      },
    ])
    const audit = desk.db.all<{ subject: string }>("SELECT subject FROM audit WHERE action = 'suppression.remove'")
    expect(audit).toEqual([{ subject: `suppression:1 suppression-lift:${items[0]!.id}` }])
  })

  it('makes a likely opt-out certain when somebody says so, by hand or by a list', async () => {
    for (const number of ['+12122000001', '+12122000002']) {
      desk.db.write(tx =>
        insertSuppression(tx, {
          ...{ number, hash: hashOf(number), reason: 'likely', note: '', inboundId: null },
          ...{ createdBy: 'phone:1', createdAt: 0 },
        }),
      )
    }
    expect(await desk.ask('suppression.add', { number: '+12122000001', note: 'Called us' })).toMatchObject({
      added: true,
    })
    await desk.ask('suppression.import', { numbers: [{ number: '+12122000002' }], note: 'Old list' })
    const { items } = await desk.ask('suppression.list', {})
    expect(items.map(({ reason, note }) => [reason, note])).toEqual([
      ['import', 'Old list'],
      ['manual', 'Called us'],
    ])
    expect(desk.suppressedNumbers).toEqual(['+12122000001', '+12122000002'])
  })

  it('takes a list of numbers in, each once, and says what is wrong with the others', async () => {
    await desk.ask('suppression.add', { number: '+12122000001', note: 'asked' })
    const numbers = ['(212) 200-0001', '212 200 0002', '+1 212-200-0002', '+442079460018', '4.41E+11', 'Ann']
    const done = await desk.ask('suppression.import', {
      numbers: [...numbers.map(number => ({ number })), { number: '+12122000003', note: 'Wrote twice' }],
      note: 'Old system',
    })
    expect(done).toMatchObject({ added: 3, present: 1 })
    expect(done.rejected.map(({ at }) => at)).toEqual([4, 5])
    for (const { message } of done.rejected) expect(message).toMatch(/\.$/)
    const { items } = await desk.ask('suppression.list', { reason: 'import' })
    expect(items.map(({ number, note }) => [number, note])).toEqual([
      ['+12122000003', 'Wrote twice'],
      ['+442079460018', 'Old system'],
      ['+12122000002', 'Old system'],
    ])
    expect(await desk.ask('suppression.counts', {})).toEqual({
      numbers: 4,
      reasons: [
        { reason: 'manual', numbers: 1 },
        { reason: 'import', numbers: 3 },
      ],
    })
  })

  it('takes back the file that it has written, and says what became of whom was erased', async () => {
    for (const [number, note] of [
      ['+12122000001', '=HYPERLINK("http://example.com")'],
      ['+12122000002', 'said "no", twice; in writing'],
      ['+12122000003', 'gone'],
    ] as const) {
      await desk.ask('suppression.add', { number, note })
    }
    desk.db.write(tx => tx.run("UPDATE suppressions SET number = NULL, reason = 'erased', note = '' WHERE id = 3"))
    const path = join(desk.folder, 'suppression.csv')
    expect(await desk.ask('suppression.export', { path })).toEqual({ rows: 2, path })
    const text = textOfFile(readFileSync(path))
    expect(text).toContain('"\'=HYPERLINK')
    const listed = readSuppressionFile(text)
    expect(listed.map(({ number, note }) => [number, note])).toEqual([
      ['+12122000002', 'said "no", twice; in writing'],
      ['+12122000001', '=HYPERLINK("http://example.com")'],
    ])
    expect((await desk.refusal('suppression.export', { path })).code).toBe('exists_already')
  })

  it('keeps nothing when what waits cannot be taken back', async () => {
    desk.suppressedNumbers.push = () => {
      throw new Error('no')
    }
    expect((await desk.refusal('suppression.add', { number: '+12122000001', note: 'asked' })).code).toBe('internal')
    expect((await desk.ask('suppression.list', {})).items).toEqual([])
  })
})

describe('consent', () => {
  it('keeps what was before, who ended it and when, and says by what each can be proved', async () => {
    const first = {
      kind: 'informational',
      source: 'Form',
      wording: 'Texts about my order',
      at: 5,
      proof: 'binder 3, p. 12',
    }
    const { id } = await desk.ask('contacts.create', { ...ANA, consent: first as never })
    desk.now += 1000
    const given = { kind: 'marketing', source: 'Call', wording: 'Offers too' } as const
    const changed = await desk.ask('contacts.update', { id, consent: given })
    expect(changed.consent).toMatchObject({ ...given, at: null, proof: '', recordedAt: desk.now })
    desk.now += 1000
    expect((await desk.ask('contacts.update', { id, consent: null })).consent).toBeNull()
    const { consents } = await desk.ask('contacts.consents', { id })
    expect(consents).toMatchObject([
      { kind: 'marketing', source: 'Call', ended: { at: desk.now, by: 'local' } },
      { ...first, ended: { at: desk.now - 1000, by: 'local' } },
    ])
  })

  it('of a list names the import, and stays with the others when one of them takes it back', async () => {
    const consent = { kind: 'marketing', source: 'Fair', wording: 'Yes', at: 7, proof: 'sheet 4' } as const
    const file = desk.file('people.csv', 'name,phone\nAna,+12122000001\nBob,+12122000002\n')
    const { id: importId } = await desk.import(file, { consent })
    const [ana, bob] = [await desk.contact('+12122000001'), await desk.contact('+12122000002')]
    expect(ana.consent).toMatchObject({ ...consent, import: { id: importId, fileName: 'people.csv' } })
    await desk.ask('contacts.update', { id: ana.id, consent: null })
    expect((await desk.contact('+12122000002')).consent).toEqual(bob.consent)
    const { consents } = await desk.ask('contacts.consents', { id: ana.id })
    expect(consents).toMatchObject([
      { ...consent, import: { id: null, fileName: 'people.csv' }, ended: { by: 'local' } },
    ])
    await desk.ask('imports.forget', { id: importId })
    await desk.background.idle()
    expect((await desk.contact('+12122000002')).consent).toMatchObject({ import: { id: null, fileName: 'people.csv' } })
  })

  it('that was given by a text has the text as its proof', async () => {
    const { id } = await desk.ask('contacts.create', { ...ANA, consent: { source: 'Form' } })
    const text = {
      ...{ number: ANA.number, inboundId: textFrom(ANA.number, 'Join!'), keyword: 'JOIN', body: 'Join!' },
      ...{ kind: 'marketing' as const, wording: 'Text JOIN for weekly offers', givenAt: 7, at: desk.now },
      by: 'rule:1',
    } as const
    desk.db.write(tx => {
      expect(recordTextConsent(tx, text)).toBe(true)
      expect(recordTextConsent(tx, { ...text, number: '+12122000009' })).toBe(false)
    })
    const { consents } = await desk.ask('contacts.consents', { id })
    expect(consents).toMatchObject([
      {
        kind: 'marketing',
        source: 'Texted JOIN',
        at: 7,
        proof: 'Join!',
        text: { id: text.inboundId, keyword: 'JOIN' },
        ended: null,
      },
      { source: 'Form', ended: { at: desk.now, by: 'rule:1' } },
    ])
  })

  it('goes with the contact', async () => {
    const { id } = await desk.ask('contacts.create', {
      ...ANA,
      consent: { source: 'Told Bob at the fair', proof: 'p. 1' },
    })
    await desk.ask('contacts.delete', { id })
    expect(desk.db.all("SELECT 1 FROM consents WHERE source <> '' OR proof <> ''")).toEqual([])
  })
})

/** A text that came in; returns its id. */
function textFrom(number: string, body: string): number {
  return desk.db.write(tx => {
    const phone = tx.run("INSERT INTO phones (name, key_hash, journal, paired_at) VALUES ('Phone', x'01', 'J', 1)").id
    const thread = tx.run('INSERT INTO threads (number, last_at) VALUES (?, 1)', number).id
    return tx.run(
      `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
         VALUES (?, ?, 'S', 1, ?, ?, x'01', 1, 1, 'none')`,
      thread,
      phone,
      number,
      body,
    ).id
  })
}

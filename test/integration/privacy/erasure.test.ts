import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { App } from '../../../src/main/app.ts'
import type { Database, Writer } from '../../../src/main/db/database.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'
import type { GivenOf, OperationName, OutputOf } from '../../../src/shared/operations/index.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { openTestApp } from '../../support/hub.ts'

const ANN = '+12025550143'
const BOB = '+12025550199'
const SECRET = 'Zanzibar'

let folder: string
let app: App
let peek: Database

beforeEach(async () => {
  folder = temporaryFolder('erase')
  app = await openTestApp({ folder })
  peek = openDatabase(join(folder, 'hub.sqlite'))
})
afterEach(async () => {
  peek.close()
  await app.close()
})

async function done<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
  const answer = await app.dispatch(name, input, LOCAL)
  if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
  return answer.data
}

const erase = (number = ANN) => done('person.erase', { number, confirm: number })

/** Somebody of whom every part of the hub knows something. */
async function know(number: string, name: string): Promise<{ thread: number; campaign: number }> {
  await done('contacts.create', {
    ...{ number, firstName: name, lastName: SECRET, email: `${name}@example.org`, attributes: { pet: SECRET } },
    ...{ lists: ['All'], tags: ['vip'], consent: { source: `${SECRET} form`, wording: SECRET, proof: SECRET } },
  })
  const { id: contact } = await done('contacts.get', { number })
  await done('contacts.update', { id: contact, consent: { source: `later ${SECRET}` } })
  await done('suppression.add', { number, note: SECRET })
  await done('suppression.remove', { number, note: SECRET })
  const search = number.slice(2)
  await done('segments.create', { name: `Only ${name}`, audience: { search } })
  const { id: campaign } = await done('campaigns.create', { name: `For ${name}`, template: 'Hi', audience: { search } })
  const thread = peek.write(tx => {
    const phone = phoneOf(tx)
    const thread = tx.run('INSERT INTO threads (number, last_at, last_text) VALUES (?, 1, ?)', number, SECRET).id
    const text = tx.run(
      `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
         VALUES (?, ?, 'S', ?, ?, ?, x'01', 1, 1, 'none')`,
      ...[thread, phone, thread, number, `${SECRET} calling`],
    ).id
    for (const [at, state] of ['sent', 'unknown', 'queued'].entries()) {
      tx.run(
        `INSERT INTO messages (id, kind, campaign_id, contact_id, number, state, body, body_hash, evidence, due_at, created_by, created_at, cause_id, sim_id)
           VALUES (?, ?, ?, ?, ?, ?, ?, x'02', ?, 0, 'local', 1, ?, 1)`,
        ...[
          `M${name}${at}`.padEnd(26, '0'),
          at === 0 ? 'campaign' : 'answer',
          at === 0 ? campaign : null,
          contact,
          number,
        ],
        ...[state, `Dear ${SECRET}`, `seen at ${number}`, at === 2 ? text : null],
      )
    }
    tx.run("INSERT INTO foreign_attempts VALUES (?, ?, 1, ?, x'03', 'unknown', 1)", ...[`F${name}`, phone, number])
    tx.run(
      "INSERT INTO idempotency VALUES ('key:1', ?, x'04', ?, ?)",
      ...[number, JSON.stringify({ number, body: SECRET }), Date.now()],
    )
    return thread
  })
  await done('inbox.add-note', { threadId: thread, body: `likes ${SECRET}` })
  return { thread, campaign }
}

function phoneOf(tx: Writer): number {
  const there = tx.get<{ id: number }>('SELECT id FROM phones')
  if (there) return there.id
  const { id } = tx.run("INSERT INTO phones (name, key_hash, journal, paired_at) VALUES ('Pixel', x'01', 'J', 1)")
  tx.run('INSERT INTO sims (id, phone_id, slot) VALUES (1, ?, 0)', id)
  return id
}

/** Files of the hub that hold a text. */
function holding(text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => {
    const path = join(folder, name)
    return statSync(path).isFile() && readFileSync(path).includes(text)
  })
}

describe('erasing a person', () => {
  it('leaves nothing of them in any file of the hub, and everything of the others', async () => {
    await know(BOB, 'Bob')
    const others = await done('person.export', { number: BOB })
    const { campaign } = await know(ANN, 'Ann')
    await done('contacts.search', { search: 'Ann' })
    expect((await done('person.export', { number: ANN })).found).toBe(true)
    const before = await done('campaigns.progress', { id: campaign })
    const receipt = await erase()
    expect(receipt).toMatchObject({ state: 'done', underway: 0, phones: [{ name: 'Pixel', confirmedAt: null }] })
    expect(receipt.removed).toMatchObject({ contacts: 1, threads: 1, replies: 1, notes: 1, messages: 3, searches: 2 })
    expect(holding(ANN)).toEqual([])
    expect(holding(ANN.slice(1))).toEqual([])
    expect(holding('Ann@example')).toEqual([])
    expect((await done('person.export', { number: BOB })).data).toEqual({
      ...others.data,
      exportedAt: expect.anything() as string,
    })
    expect((await done('campaigns.progress', { id: campaign })).states).toEqual(before.states)
    expect((await done('campaigns.get', { id: campaign })).audience.search).not.toBe('')
    expect((await done('contacts.count', (await done('campaigns.get', { id: campaign })).audience)).contacts).toBe(0)
    const left = await done('person.export', { number: ANN })
    expect(Object.keys(left.data).sort()).toEqual([
      'auditLog',
      'earlierSuppressions',
      'erasures',
      'exportedAt',
      'number',
      'suppression',
    ])
    expect(JSON.stringify(left)).not.toContain(SECRET)
  })

  it('keeps them from ever being texted again, by hand or by a list', async () => {
    await know(ANN, 'Ann')
    await erase()
    expect(await done('suppression.check', { number: ANN })).toEqual({ suppressed: true, reason: 'erased' })
    mkdirSync(join(folder, 'lists'))
    const path = join(folder, 'lists', 'people.csv')
    writeFileSync(path, `name,phone\nAnn,${ANN}\nCat,+12025550144\n`)
    const { id } = await done('imports.start', { path, settings: {} })
    await app.services.imports.idle()
    expect(await done('imports.get', { id })).toMatchObject({ created: 1, rejectedByCode: { suppressed: 1 } })
    writeFileSync(path, '')
    expect(holding(ANN)).toEqual([])
  })

  it('finds the number in reports of imports, however it was written there', async () => {
    const path = join(folder, 'people.csv')
    writeFileSync(path, `name,phone,note\nAnn,2025550143,${SECRET}\n,(202) 555-0143 ext 5,${SECRET}\nCat,202,other\n`)
    await done('imports.start', { path, settings: { options: { defaultCountry: 'US' } } })
    await app.services.imports.idle()
    writeFileSync(path, '')
    expect((await erase()).removed).toMatchObject({ contacts: 1, 'report rows': expect.any(Number) as number })
    expect(holding('555-0143')).toEqual([])
    const { items } = await done('imports.rejections', { id: 1 })
    expect(items.map(item => item.value)).toEqual(['', '202'])
  })

  it('waits for what is on its way, and sends nothing more meanwhile', async () => {
    await know(ANN, 'Ann')
    const { id } = peek.get<{ id: string }>("SELECT id FROM messages WHERE number = ? AND state = 'unknown'", ANN)!
    peek.write(tx => tx.run("UPDATE messages SET state = 'handed_over' WHERE id = ?", id))
    expect(await erase()).toMatchObject({ state: 'waiting', underway: 1, finishedAt: null })
    expect(await erase()).toMatchObject({ id: 1, state: 'waiting' })
    expect((await done('person.export', { number: ANN })).data).toMatchObject({ contact: { firstName: 'Ann' } })
    expect(peek.all("SELECT state FROM messages WHERE state = 'queued'")).toEqual([])
    peek.write(tx => tx.run("UPDATE messages SET state = 'sent' WHERE id = ?", id))
    await app.services.background.idle()
    expect(await done('person.erasure', { id: 1 })).toMatchObject({ state: 'done', underway: 0 })
    expect(holding(ANN)).toEqual([])
    expect(await done('person.erasures', {})).toMatchObject({ items: [{ id: 1, state: 'done' }], next: null })
  })

  it('needs the number once more, and is on record without it', async () => {
    const answer = await app.dispatch('person.erase', { number: ANN, confirm: 'yes' }, LOCAL)
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', fields: { confirm: expect.any(String) as string } },
    })
    await erase()
    expect(peek.all("SELECT subject, outcome FROM audit WHERE action = 'person.erase'")).toEqual([
      { subject: '', outcome: 'refused' },
      { subject: 'erasure:1', outcome: 'ok' },
    ])
    expect(holding(ANN)).toEqual([])
  })

  it('shows messages of erased people without their number, and never sends one again', async () => {
    await know(ANN, 'Ann')
    await erase()
    const { items } = await done('messages.list', {})
    expect(items.map(({ number, body }) => [number, body])).toEqual(items.map(() => ['erased', null]))
    for (const { id } of items) {
      const again = await app.dispatch('messages.send-again', { id, mayArriveTwice: true }, LOCAL)
      expect(again).toMatchObject({ ok: false, error: { code: 'conflict' } })
    }
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyAudit } from '../../../src/main/services/audit.ts'
import { ScriptedPhone } from '../../support/world.ts'
import { Office, OPERATOR } from '../campaigns/kit.ts'

const ANN = '+12125550101'
const NEW = '+12125550155'
const MINUTE = 60_000

let office: Office
let phone: ScriptedPhone
let row = 0

beforeEach(async () => {
  office = new Office()
  phone = new ScriptedPhone(office.world, office.addPhone().phoneId)
  office.addContact(ANN, { firstName: 'Ann' })
  await phone.connect(200)
})
afterEach(() => office.world.close())

/** What was sent because of a text. */
async function answersTo(number: string, body: string): Promise<string[]> {
  const before = phone.commands.length
  row += 1
  await phone.text(number, body, row)
  await phone.status(200)
  const fresh = phone.commands.slice(before)
  for (const command of fresh) await phone.send(command)
  return fresh.map(command => command.body)
}

const threadOf = (number: string) =>
  office.db.get<{ id: number }>('SELECT id FROM threads WHERE number = ?', number)!.id

/** What the last text of a number caused, as the thread shows it. */
async function lastOf(number: string) {
  const { entries } = await office.ask('inbox.thread', { id: threadOf(number) })
  return entries.findLast(entry => entry.direction === 'in')!.automatic
}

describe('a keyword rule', () => {
  it('answers with the fields of the person, at night too, and the thread says which rule it was', async () => {
    const answer = 'Hi {{ first_name | default: "there" }}, we open at 9.'
    await office.ask('rules.create', { name: 'Hours', phrases: ['hours', 'when open'], fits: 'within', answer })
    office.world.now = Date.parse('2026-01-14T08:00:00Z')
    expect(await answersTo(ANN, 'Your HOURS, please?')).toEqual(['Hi Ann, we open at 9.'])
    expect(await answersTo(NEW, 'when open?')).toEqual(['Hi there, we open at 9.'])
    expect(await answersTo(ANN, 'thanks')).toEqual([])
    const { entries } = await office.ask('inbox.thread', { id: threadOf(ANN) }, OPERATOR)
    expect(entries[0]).toMatchObject({ automatic: { cause: 'rule', rule: 'Hours', answer: 'queued', heldFor: '' } })
    expect(entries.find(entry => entry.direction === 'out')).toMatchObject({ kind: 'answer', state: 'sent' })
    expect(office.db.get('SELECT count(*) AS n FROM contacts')).toEqual({ n: 1 })
  })

  it('tags, adds to a list and notifies; who is no contact becomes one', async () => {
    const what = { tag: 'member', list: 'Spring', notify: true }
    await office.ask('rules.create', { name: 'Join', phrases: ['join'], answer: 'Welcome!', ...what })
    expect(await answersTo(NEW, 'Join!')).toEqual(['Welcome!'])
    expect(
      office.db.get(
        `SELECT c.number, c.country, t.name AS tag, l.name AS list FROM contacts c JOIN contact_tags ct ON ct.contact_id = c.id
           JOIN tags t ON t.id = ct.tag_id JOIN list_members m ON m.contact_id = c.id JOIN lists l ON l.id = m.list_id`,
      ),
    ).toEqual({ number: NEW, country: 'US', tag: 'member', list: 'Spring' })
    expect((await office.ask('inbox.texts', {})).items.at(-1)).toMatchObject({ notifies: 'Join' })
    expect(await lastOf(NEW)).toMatchObject({ rule: 'Join', tag: 'member', list: 'Spring', notified: true })
    const audited = office.db.all<{ subject: string }>("SELECT subject FROM audit WHERE action = 'rules.act'")
    expect(audited).toHaveLength(1)
    expect(audited[0]!.subject).toMatch(/^inbound:\d+ contact:\d+$/)
    expect(verifyAudit(office.db)).toMatchObject({ brokenAt: null })
  })

  it('comes after opt-outs, START and HELP, and nobody who has opted out is answered', async () => {
    await office.ask('rules.create', { name: 'All', phrases: ['yes', 'menu'], fits: 'within', answer: 'Hi' })
    expect(await answersTo(ANN, 'yes')).toEqual(['Hi'])
    expect(await answersTo(ANN, 'menu? no: STOP texting me')).toEqual([office.world.settings.texts.stop])
    expect(await answersTo(ANN, 'menu')).toEqual([])
    expect(await lastOf(ANN)).toMatchObject({ answer: 'held', heldFor: 'opted_out' })
    expect(await answersTo(ANN, 'YES')).toEqual([office.world.settings.texts.start])
    expect(await answersTo(ANN, 'menu')).toEqual(['Hi'])
    expect(await answersTo(ANN, 'menu, wrong number')).toEqual([])
  })

  it('once for each text, also when the hub dies and the phone tells it again', async () => {
    await office.ask('rules.create', { name: 'Menu', phrases: ['menu'], answer: 'Soup.' })
    const { world } = office
    await phone.text(ANN, 'menu', 900)
    for (let times = 0; times < 3; times += 1) {
      world.restartHub()
      phone.seq = 0
      await phone.connect(200)
      await phone.text(ANN, 'menu', 900)
    }
    expect(world.db.get("SELECT count(*) AS n FROM messages WHERE kind = 'answer'")).toEqual({ n: 1 })
    expect(new Set(phone.commands.map(command => command.id)).size).toBe(1)
    // What ties an answer to its cause is the database, whatever the code does.
    const twin = () =>
      world.db.write(tx =>
        tx.run(
          `INSERT INTO messages (id, kind, number, state, body, due_at, cause_id, created_by, created_at)
             SELECT 'twin', kind, number, 'queued', body, due_at, cause_id, created_by, created_at FROM messages WHERE kind = 'answer'`,
        ),
      )
    expect(twin).toThrow(/UNIQUE/)
  })

  it('waits for a person as long as it says, and is late for what lay on the phone for hours', async () => {
    await office.ask('rules.create', { name: 'Menu', phrases: ['menu'], answer: 'Soup.', waitMinutes: 30 })
    expect(await answersTo(ANN, 'menu')).toEqual(['Soup.'])
    office.world.now += 10 * MINUTE
    expect(await answersTo(ANN, 'menu!')).toEqual([])
    expect(await lastOf(ANN)).toMatchObject({ heldFor: 'rule_wait' })
    const late = {
      type: 'inbound',
      store: 'S',
      rowId: 901,
      sender: NEW,
      number: NEW,
      body: 'menu',
      old: false,
    } as const
    await phone.say({ ...late, receivedAt: office.world.now - 61 * MINUTE })
    expect(await lastOf(NEW)).toMatchObject({ heldFor: 'late', why: expect.stringContaining('had lain on the phone') })
  })

  it('is silent to a robot, and says why, until somebody answers by hand', async () => {
    await office.ask('rules.create', { name: 'Menu', phrases: ['menu'], fits: 'within', answer: 'Soup.' })
    expect(await answersTo(ANN, 'Auto-reply: our menu is closed')).toEqual([])
    expect(await lastOf(ANN)).toMatchObject({ answer: 'held', heldFor: 'automatic' })
    expect(await answersTo(ANN, 'what is on the menu?')).toEqual([])
    expect(await lastOf(ANN)).toMatchObject({ heldFor: 'robot' })
    const held = await office.ask('rules.actions', { held: true }, OPERATOR)
    expect(held.items.map(item => item.heldFor)).toEqual(['robot', 'automatic'])
    office.world.now += MINUTE
    await office.ask('inbox.reply', { threadId: threadOf(ANN), body: 'Are you a person?' })
    office.world.now += MINUTE
    expect(await answersTo(ANN, 'yes! the menu please')).toContain('Soup.')
  })

  it('and START and HELP share the limits of a number', async () => {
    office.world.settings.autoAnswers = { perHour: 3, perDay: 4 }
    await office.ask('rules.create', { name: 'Menu', phrases: ['menu'], fits: 'begins', answer: 'Soup {{ number }}.' })
    expect(await answersTo(ANN, 'HELP')).toHaveLength(1)
    for (const body of ['menu one', 'menu two']) {
      office.world.now += 6 * MINUTE
      expect(await answersTo(ANN, body)).toHaveLength(1)
    }
    office.world.now += 6 * MINUTE
    expect(await answersTo(ANN, 'help')).toEqual([])
    expect(await lastOf(ANN)).toMatchObject({ cause: 'help', heldFor: 'too_often' })
  })
})

describe('rules', () => {
  const menu = { name: 'Menu', phrases: ['menu'], answer: 'Soup.' }

  it('are changed, ordered, switched off, renamed with their list and deleted', async () => {
    const first = await office.ask('rules.create', { ...menu, list: 'Spring' })
    const second = await office.ask('rules.create', { ...menu, name: 'Other', answer: 'Salad.' })
    expect(await answersTo(ANN, 'menu')).toEqual(['Soup.'])
    await office.ask('rules.order', { ids: [second.id, first.id] })
    expect(await answersTo(NEW, 'menu')).toEqual(['Salad.'])
    await office.ask('rules.update', { id: second.id, active: false })
    expect((await office.ask('rules.try', { text: 'Menu?' }, OPERATOR)).rule).toEqual({ id: first.id, name: 'Menu' })
    await office.ask('rules.delete', { id: second.id })
    expect(await lastOf(NEW)).toMatchObject({ rule: 'Other' })
    expect(await office.refusal('rules.order', { ids: [first.id, second.id] })).toMatchObject({ code: 'conflict' })
  })

  it('are refused where they could not do what they say', async () => {
    await office.ask('rules.create', menu)
    const refused = [
      { ...menu, name: 'A', phrases: ['STOP'] },
      { ...menu, name: 'A', phrases: ['take me off the list'] },
      { ...menu, name: 'A', phrases: ['wrong number'] },
      { ...menu, name: 'A', phrases: ['info'] },
      { ...menu, name: 'A', phrases: ['!!'] },
      { ...menu, name: 'A', answer: 'Hi {{ first_name' },
      { ...menu, name: 'A', answer: 'ж'.repeat(1500) },
      { name: 'A', phrases: ['x'] },
    ]
    for (const plan of refused) {
      expect({ plan, code: (await office.refusal('rules.create', plan)).code }).toEqual({ plan, code: 'invalid_input' })
    }
    expect(await office.refusal('rules.create', { ...menu, name: 'MENU' })).toMatchObject({ code: 'exists_already' })
    expect(await office.refusal('rules.create', { ...menu, name: 'B' }, OPERATOR)).toMatchObject({ code: 'forbidden' })
  })

  it('say beforehand what a text would do and why', async () => {
    await office.ask('rules.create', { ...menu, answer: 'Hi {{ first_name }}: soup.' })
    expect(await office.ask('rules.try', { text: 'stop' })).toMatchObject({ intent: 'stop', rule: null })
    expect(await office.ask('rules.try', { text: 'hello' })).toMatchObject({
      rule: null,
      why: expect.stringMatching(/^No rule/),
    })
    expect(await office.ask('rules.try', { text: 'menu', number: ANN })).toMatchObject({
      answer: 'Hi Ann: soup.',
      heldFor: '',
    })
    expect(await office.ask('rules.try', { text: 'menu', number: NEW })).toMatchObject({
      answer: '',
      heldFor: 'template',
    })
    office.suppress(ANN)
    expect(await office.ask('rules.try', { text: 'menu', number: ANN })).toMatchObject({ heldFor: 'opted_out' })
    expect(office.db.get('SELECT count(*) AS n FROM messages')).toEqual({ n: 0 })
  })
})

import { afterEach, beforeEach, expect, it } from 'vitest'
import { noteBlindRestore } from '../../../src/main/db/meta.ts'
import { ScriptedPhone, World } from '../../support/world.ts'

const ANN = '+12125550101'
const BOB = '+12125550102'
const CAT = '+12125550103'
const DAN = '+12125550104'

let world: World
let phone: ScriptedPhone

beforeEach(() => {
  world = new World()
  phone = new ScriptedPhone(world, world.addPhone().phoneId)
})
afterEach(() => world.close())

/** A phone that has texted as many different people this month as it may. */
const atItsCap = (room: number) => ({
  lanes: [
    {
      ...{ slot: 0, carrier: null, country: 'US', halt: null, haltUntil: null, room, used: [0] },
      recipientsThisMonth: world.settings.limits.recipientsPerMonth!,
    },
  ],
})

it('answers to STOP, START and HELP go out beyond the limits of campaigns and at night, but inside the gate of the phone', async () => {
  world.now = Date.parse('2026-01-14T08:00:00Z')
  world.addCampaign([CAT])
  await phone.connect(0)
  await phone.text(ANN, 'STOP', 1)
  await phone.text(ANN, 'START', 2)
  await phone.text(BOB, 'HELP', 3)
  await phone.status(0, 1, atItsCap(0))
  expect(phone.commands).toEqual([])
  await phone.status(2, 1, atItsCap(2))
  expect(phone.commands).toHaveLength(2)
  for (const command of [...phone.commands]) await phone.send(command)
  await phone.status(20, 1, atItsCap(20))
  expect(phone.commands.map(({ number, kind, body }) => [number, kind, body])).toEqual([
    [ANN, 'confirmation', world.settings.texts.stop],
    [ANN, 'answer', world.settings.texts.start],
    [BOB, 'answer', world.settings.texts.help],
  ])
})

it('each has the words of the settings, once for each cause, also when the hub dies and the phone tells it again', async () => {
  world.settings.texts.stop = 'Out. START brings you back.'
  await phone.connect(20)
  await phone.text(ANN, 'STOP', 1)
  for (let times = 0; times < 3; times += 1) {
    world.now += 60_000
    world.restartHub()
    phone.seq = 0
    await phone.connect(20)
    await phone.text(ANN, 'STOP', 1)
  }
  expect(new Set(phone.commands.map(command => command.id)).size).toBe(1)
  expect(phone.commands[0]!.body).toBe('Out. START brings you back.')
  expect(world.db.get("SELECT count(*) AS n FROM messages WHERE kind = 'confirmation'")).toEqual({ n: 1 })
})

/** What a phone tells once more after a backup was restored: the texts, and what it sent because of them. */
async function toldAgain(words: { readonly before: string; readonly after: string }): Promise<string[]> {
  world.settings.texts = { ...world.settings.texts, stop: words.before, start: words.before, help: words.before }
  await phone.connect(20)
  world.db.write(tx => noteBlindRestore(tx, world.now))
  world.settings.texts = { ...world.settings.texts, stop: words.after, start: words.after, help: words.after }
  await phone.text(ANN, 'STOP', 1)
  await phone.text(BOB, 'STOP', 2)
  await phone.text(BOB, 'START', 3)
  await phone.text(CAT, 'HELP', 4)
  await phone.status(20)
  return world.db.all<{ number: string }>('SELECT number FROM suppressions').map(row => row.number)
}

it('are not sent again for texts from before a restore that does not know what was answered since', async () => {
  expect(await toldAgain({ before: 'Old words.', after: 'New words.' })).toEqual([ANN])
  expect(phone.commands).toEqual([])
  // What comes from then on is answered.
  world.now += 60_000
  await phone.text(CAT, 'STOP', 5)
  expect(phone.commands.map(({ number, kind }) => [number, kind])).toEqual([[CAT, 'confirmation']])
})

it('a rule does what it does for such a text, and holds its answer back', async () => {
  world.db.write(tx =>
    tx.run(
      `INSERT INTO keyword_rules (place, name, phrases, fits, answer, tag, created_by, created_at, updated_at)
         VALUES (1, 'Hours', '["hours"]', 'whole', 'From nine to six.', 'asked', 'local', 0, 0)`,
    ),
  )
  await phone.connect(20)
  world.db.write(tx => noteBlindRestore(tx, world.now))
  await phone.text(ANN, 'hours', 1)
  expect(phone.commands).toEqual([])
  expect(world.db.all('SELECT answer, held_for AS heldFor, tag FROM automatic_actions')).toEqual([
    { answer: 'held', heldFor: 'late', tag: 'asked' },
  ])
})

it('HELP from somebody who has opted out is not answered, and stands in the inbox', async () => {
  await phone.connect(20)
  await phone.text(ANN, 'STOP', 1)
  await phone.text(ANN, 'HELP', 2)
  expect(phone.commands.map(({ kind }) => kind)).toEqual(['confirmation'])
  expect(world.db.get('SELECT last_text AS text, unread FROM threads')).toEqual({ text: 'HELP', unread: 2 })
})

/** A text that the phone got earlier, and could tell only now. */
async function lateText(number: string, body: string, rowId: number, minutes: number): Promise<void> {
  await phone.say({
    ...{ type: 'inbound', store: 'S', rowId, sender: number, number, body, old: false },
    receivedAt: world.now - minutes * 60_000,
  })
}

it('a STOP that lay on a phone without connection opts out, and is confirmed only within five minutes of its coming', async () => {
  for (const number of [ANN, BOB]) world.addContact(number)
  world.addCampaign([ANN, BOB])
  await phone.connect(20)
  await lateText(ANN, 'STOP', 1, 4)
  await lateText(BOB, 'please stop texting me', 2, 6)
  await lateText(CAT, 'HELP', 3, 6)
  // A phone whose clock runs ahead is no reason for a longer wait.
  await lateText(DAN, 'STOP', 4, -60)
  const reasons = world.db.all('SELECT number, reason FROM suppressions ORDER BY number')
  expect(reasons).toEqual([ANN, BOB, DAN].map(number => ({ number, reason: 'stop' })))
  expect(phone.recalls.map(({ id }) => id)).toEqual([ANN, BOB].map(number => world.message(number).id))
  expect(phone.commands.filter(({ kind }) => kind !== 'campaign').map(({ number, kind }) => [number, kind])).toEqual([
    [ANN, 'confirmation'],
    [DAN, 'confirmation'],
  ])
  const last = (number: string) => phone.commands.findLast(command => command.number === number)!.notAfter - world.now
  expect([last(ANN), last(DAN)]).toEqual([60_000, 5 * 60_000])
  expect(
    world.db.all(
      'SELECT inbound_id AS text, cause, answer, held_for AS heldFor FROM automatic_actions ORDER BY inbound_id',
    ),
  ).toEqual([
    { text: 1, cause: 'stop', answer: 'queued', heldFor: '' },
    { text: 2, cause: 'stop', answer: 'held', heldFor: 'late' },
    { text: 3, cause: 'help', answer: 'held', heldFor: 'late' },
    { text: 4, cause: 'stop', answer: 'queued', heldFor: '' },
  ])
})

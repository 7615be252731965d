import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ScriptedPhone } from '../../support/world.ts'
import { Office, OPERATOR } from '../campaigns/kit.ts'

const ANN = '+12125550101'
const BOB = '+12125550102'

let office: Office
let phone: ScriptedPhone
let row = 0

beforeEach(async () => {
  office = new Office()
  phone = new ScriptedPhone(office.world, office.addPhone().phoneId)
  office.addContact(ANN, { list: 'Spring' })
  office.addContact(BOB, { list: 'Summer' })
  await phone.connect(20)
})
afterEach(() => office.world.close())

const listId = (name: string) => office.db.get<{ id: number }>('SELECT id FROM lists WHERE name = ?', name)!.id

/** What stands against texting somebody after they wrote this. */
async function reasonAfter(number: string, body: string): Promise<string | null> {
  row += 1
  await phone.text(number, body, row)
  return (await office.ask('suppression.check', { number })).reason
}

describe('own words', () => {
  it('act for everybody, whatever their case, accents, punctuation and emoji', async () => {
    await office.ask('optouts.add-word', { phrase: 'Ni una más' })
    expect(await reasonAfter(ANN, '¡¡NI UNA MAS!! 😡')).toBe('stop')
    expect(await reasonAfter(BOB, 'ni una mas de fresa por favor')).toBe(null)
  })

  it('of a list act for its people only', async () => {
    await office.ask('optouts.add-word', { phrase: 'no ads', act: 'stop', place: 'within', listId: listId('Spring') })
    expect(await reasonAfter(BOB, 'please, no ads for me')).toBe(null)
    expect(await reasonAfter(ANN, 'please, no ads for me')).toBe('stop')
  })

  it('that are held wait in the review queue with their reason', async () => {
    await office.ask('optouts.add-word', { phrase: 'geh weg', act: 'review', place: 'within' })
    expect(await reasonAfter(ANN, 'ach, geh weg damit')).toBe('likely')
    expect(await reasonAfter(BOB, 'Wrong number')).toBe('likely')
    const { items } = await office.ask('inbox.review', {})
    expect(items.map(({ number, reason, matched, why }) => ({ number, reason, matched, why }))).toEqual([
      { number: BOB, reason: 'wording', matched: 'wrong number', why: '“wrong number” may ask not to be texted.' },
      { number: ANN, reason: 'own', matched: 'geh weg', why: '“geh weg” is one of your own words.' },
    ])
  })

  it('switch a built-in word off where the law does not name it, and never another', async () => {
    await office.ask('optouts.add-word', { phrase: 'remove', act: 'ignore' })
    expect(await reasonAfter(ANN, 'Remove.')).toBe(null)
    expect(await reasonAfter(ANN, 'Please remove me')).toBe('stop')
    for (const phrase of [
      'STOP',
      'stop all',
      'Unsubscribe!',
      'end',
      'QUIT',
      'cancel',
      'revoke',
      'opt-out',
      'Stop please',
    ]) {
      const refusal = await office.refusal('optouts.add-word', { phrase, act: 'ignore' })
      expect(refusal).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('The law names') })
    }
    for (const phrase of ['stop texting me', 'take me off your list']) {
      const refusal = await office.refusal('optouts.add-word', { phrase, act: 'ignore' })
      expect(refusal).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('plain words') })
    }
    await office.ask('optouts.remove-word', { id: (await office.ask('optouts.words', {})).words[0]!.id })
    expect(await reasonAfter(BOB, 'Remove.')).toBe('stop')
  })

  it('are refused where they could not do what they say', async () => {
    const refused = [
      { phrase: '!!!' },
      { phrase: 'START' },
      { phrase: 'help' },
      { phrase: 'unsubscribe', act: 'review' },
      { phrase: 'hello', act: 'ignore' },
      { phrase: 'remove', act: 'ignore', place: 'within' },
    ] as const
    for (const word of refused) {
      expect(await office.refusal('optouts.add-word', word)).toMatchObject({ code: 'invalid_input' })
    }
    expect(await office.refusal('optouts.add-word', { phrase: 'x', listId: 99 })).toMatchObject({ code: 'not_found' })
    expect(await office.refusal('optouts.add-word', { phrase: 'x' }, OPERATOR)).toMatchObject({ code: 'forbidden' })
  })

  it('take the place of the same word for the same people', async () => {
    await office.ask('optouts.add-word', { phrase: 'Basta ya' })
    await office.ask('optouts.add-word', { phrase: 'basta ya!', act: 'review' })
    await office.ask('optouts.add-word', { phrase: 'basta ya', listId: listId('Spring') })
    const { words } = await office.ask('optouts.words', {})
    expect(words.map(({ phrase, act, list }) => [phrase, act, list?.name ?? null])).toEqual([
      ['basta ya!', 'review', null],
      ['basta ya', 'stop', 'Spring'],
    ])
  })
})

describe('trying a text', () => {
  it('says what it would do and why, and does nothing', async () => {
    await office.ask('optouts.add-word', { phrase: 'fin ya ok', listId: listId('Spring') })
    const tried = (text: string, more: { listIds?: number[]; sent?: string } = {}) =>
      office.ask('optouts.try', { text, ...more }, OPERATOR)
    expect(await tried('fin ya ok')).toMatchObject({ intent: 'none', why: 'Nothing in it asks to stop.' })
    expect(await tried('Fin ya OK', { listIds: [listId('Spring')] })).toMatchObject({ intent: 'stop', reason: 'own' })
    expect(await tried('pls take me off this')).toMatchObject({ intent: 'stop', matched: 'take me off' })
    const sent = 'Sale today! Reply STOP to opt out.'
    expect(await tried('Sale today! Reply STOP to opt out.', { sent })).toMatchObject({ intent: 'none' })
    expect(office.db.get('SELECT count(*) AS n FROM suppressions')).toEqual({ n: 0 })
  })
})

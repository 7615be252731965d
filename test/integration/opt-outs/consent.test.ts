import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noteBlindRestore } from '../../../src/main/db/meta.ts'
import { verifyAudit } from '../../../src/main/services/audit.ts'
import type { GivenOf } from '../../../src/shared/operations/index.ts'
import { ScriptedPhone } from '../../support/world.ts'
import { Office } from '../campaigns/kit.ts'

const ANN = '+12125550101'
const NEW = '+12125550155'
const MINUTE = 60_000
const WORDING = 'Text JOIN to get our weekly offers. Reply STOP to end.'
const JOIN = {
  ...{ name: 'Join', phrases: ['join', 'sign me up'] },
  consent: { kind: 'marketing', wording: WORDING },
} as const satisfies GivenOf<'rules.create'>

let office: Office
let phone: ScriptedPhone
let row = 0

beforeEach(async () => {
  office = new Office()
  phone = new ScriptedPhone(office.world, office.addPhone().phoneId)
  office.addContact(ANN, { firstName: 'Ann', consent: false })
  await phone.connect(200)
})
afterEach(() => office.world.close())

/** A text that comes in, so long after the phone got it. */
async function text(number: string, body: string, late = 0): Promise<void> {
  row += 1
  await phone.say({
    ...{ type: 'inbound', store: 'S', rowId: row, sender: number, number, body, old: false },
    receivedAt: office.world.now - late,
  })
}

const consentOf = async (number: string) => (await office.ask('contacts.get', { number })).consent
const consents = () => office.db.get<{ n: number }>('SELECT count(*) AS n FROM consents')!.n

/** What the last text of a number caused, as its thread shows it. */
async function lastOf(number: string) {
  const { id } = office.db.get<{ id: number }>('SELECT id FROM threads WHERE number = ?', number)!
  const { entries } = await office.ask('inbox.thread', { id })
  return entries.findLast(entry => entry.direction === 'in')!.automatic
}

/** Whom a campaign texts that requires consent to this. */
async function textedBy(consentKind: 'informational' | 'marketing'): Promise<string[]> {
  const id = await office.draft({ requireConsent: true, consentKind })
  if (!(await office.ask('campaigns.review', { id })).startable) return []
  await office.ask('campaigns.start', { id })
  await office.background.idle()
  return office.messages(id).map(message => message.number)
}

describe('a text that is the keyword of a rule', () => {
  it('gives consent, with which a campaign that requires it reaches them; who is no contact becomes one', async () => {
    await office.ask('rules.create', JOIN)
    expect(await textedBy('marketing')).toEqual([])
    await text(ANN, 'Join!', 10 * MINUTE)
    await text(NEW, 'JOIN')
    expect(await consentOf(ANN)).toMatchObject({
      ...{ kind: 'marketing', source: 'Texted join', wording: WORDING, proof: 'Join!', recordedBy: 'rule:1' },
      ...{ at: office.world.now - 10 * MINUTE, text: { id: 1, keyword: 'join' } },
    })
    expect(await lastOf(ANN)).toMatchObject({ rule: 'Join', consent: 'marketing', answer: 'none' })
    expect(await textedBy('marketing')).toEqual([ANN, NEW])
    expect(await textedBy('informational')).toEqual([ANN, NEW])
    expect(office.db.all("SELECT subject FROM audit WHERE action = 'rules.act'")).toHaveLength(2)
    expect(verifyAudit(office.db)).toMatchObject({ brokenAt: null })
  })

  it('is to information alone where the rule says so', async () => {
    await office.ask('rules.create', { ...JOIN, consent: { kind: 'informational', wording: 'Order updates' } })
    await text(ANN, 'join')
    expect(await textedBy('marketing')).toEqual([])
    expect(await textedBy('informational')).toEqual([ANN])
  })

  it('does not double it, whichever of the words comes again, nor when the phone tells it again', async () => {
    await office.ask('rules.create', JOIN)
    await text(ANN, 'join')
    const first = await consentOf(ANN)
    office.world.now += MINUTE
    await text(ANN, 'JOIN')
    await text(ANN, 'sign me up')
    phone.seq -= 1
    row -= 1
    await text(ANN, 'sign me up')
    expect(consents()).toBe(1)
    expect(await consentOf(ANN)).toEqual(first)
    expect(await lastOf(ANN)).toMatchObject({ rule: 'Join', consent: null })
  })

  it('takes the place of less, and of the same from a list; what was before stays on record', async () => {
    await office.ask('rules.create', JOIN)
    const { id } = await office.ask('contacts.get', { number: ANN })
    await office.ask('contacts.update', { id, consent: { source: 'Fair', kind: 'marketing' } })
    await text(ANN, 'join')
    expect(await consentOf(ANN)).toMatchObject({ source: 'Texted join' })
    expect(office.db.all('SELECT source, ended_by AS by FROM consents WHERE ended_at IS NOT NULL')).toEqual([
      { source: 'Fair', by: 'rule:1' },
    ])
    await office.ask('rules.update', { id: 1, consent: { kind: 'informational', wording: 'Order updates' } })
    await text(ANN, 'join')
    // Nobody who agreed to offers has taken that back by asking for information.
    expect(await consentOf(ANN)).toMatchObject({ kind: 'marketing', wording: WORDING })
  })

  it('does not undo what was taken back after it was written', async () => {
    await office.ask('rules.create', JOIN)
    await text(ANN, 'join')
    office.world.now += 10 * MINUTE
    await office.ask('contacts.update', { id: (await office.ask('contacts.get', { number: ANN })).id, consent: null })
    office.world.now += MINUTE
    await text(ANN, 'join', 5 * MINUTE)
    expect(await consentOf(ANN)).toBe(null)
    await text(ANN, 'join')
    expect(await consentOf(ANN)).toMatchObject({ kind: 'marketing' })
  })

  it('gives none when it is from before a restore that knows nothing of the time since the backup', async () => {
    await office.ask('rules.create', JOIN)
    office.db.write(tx => noteBlindRestore(tx, office.world.now))
    await text(ANN, 'join')
    await text(NEW, 'join')
    expect(await consentOf(ANN)).toBe(null)
    expect(office.db.get('SELECT count(*) AS n FROM contacts')).toEqual({ n: 1 })
    office.world.now += MINUTE
    await text(ANN, 'join')
    expect(await consentOf(ANN)).toMatchObject({ kind: 'marketing' })
  })

  it('takes nobody off the suppression list: only START does', async () => {
    await office.ask('rules.create', { ...JOIN, answer: 'Welcome!' })
    await text(ANN, 'STOP')
    await text(ANN, 'join')
    expect(await office.ask('suppression.check', { number: ANN })).toMatchObject({ reason: 'stop' })
    expect(await lastOf(ANN)).toMatchObject({ consent: 'marketing', answer: 'held', heldFor: 'opted_out' })
    expect(await textedBy('marketing')).toEqual([])
    // Of somebody who was erased there is nothing but a hash, and no contact is made again.
    office.suppress(NEW)
    await text(NEW, 'join')
    expect(office.db.get('SELECT count(*) AS n FROM contacts')).toEqual({ n: 1 })
    await text(ANN, 'START')
    expect(await textedBy('marketing')).toEqual([ANN])
  })
})

describe('no consent comes', () => {
  it.each(['STOP', 'join? no, STOP texting me', 'wrong number', 'do not join', 'how do I join', 'join me for lunch?'])(
    'of “%s”',
    async body => {
      await office.ask('rules.create', JOIN)
      await text(ANN, body)
      expect(await consentOf(ANN)).toBe(null)
      expect(consents()).toBe(0)
    },
  )

  it('of a word that was made an opt-out afterwards', async () => {
    await office.ask('rules.create', { ...JOIN, phrases: ['offers'] })
    await office.ask('optouts.add-word', { phrase: 'offers' })
    await text(ANN, 'offers')
    expect(await consentOf(ANN)).toBe(null)
    expect(await office.ask('suppression.check', { number: ANN })).toMatchObject({ reason: 'stop' })
  })

  it('of a rule that a text could fit without agreeing, which is refused', async () => {
    const refused = [
      { ...JOIN, fits: 'within' },
      { ...JOIN, fits: 'begins' },
      { ...JOIN, phrases: ['join', 'STOP'] },
      { ...JOIN, phrases: ['take me off the list'] },
      { ...JOIN, phrases: ['wrong number'] },
      { ...JOIN, phrases: ['No!'] },
      { ...JOIN, consent: { kind: 'marketing', wording: ' ' } },
    ] as const
    for (const plan of refused) {
      const { code } = await office.refusal('rules.create', { ...plan, phrases: [...plan.phrases] })
      expect({ plan, code }).toEqual({ plan, code: 'invalid_input' })
    }
    const { id } = await office.ask('rules.create', JOIN)
    expect(await office.refusal('rules.update', { id, fits: 'within' })).toMatchObject({
      ...{ code: 'invalid_input', message: expect.stringContaining('do not join') },
    })
  })
})

it('trying a text says that it would give consent', async () => {
  await office.ask('rules.create', JOIN)
  const { why } = await office.ask('rules.try', { text: 'Join', number: ANN })
  expect(why).toContain('It gives consent to marketing.')
  expect(consents()).toBe(0)
})

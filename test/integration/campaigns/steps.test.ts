import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { conversationHandlers } from '../../../src/main/services/conversations.ts'
import type { GivenOf } from '../../../src/shared/operations/index.ts'
import type { Assign } from '../../../src/shared/phone-protocol.ts'
import { ScriptedPhone } from '../../support/world.ts'
import { ALL_WEEK, manhattan, Office } from './kit.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ALL_DAY = { from: 0, to: 1440, days: ALL_WEEK, regional: false }
const STOP = 'Reply STOP to opt out'
const NO_REPLY = { condition: 'no_reply' as const, delayHours: 72, template: `Did you see it? ${STOP}` }
const REPLY = { condition: 'reply' as const, delayHours: 2, template: `Thanks! ${STOP}` }
const TAG = { condition: 'tag' as const, tag: 'Hot', delayHours: 0, template: `Come in. ${STOP}` }

/** A phone that does what a real one does with its commands: attempts them when told, and gives back what is wanted back. */
class Shop {
  readonly office = new Office()
  readonly lane = this.office.addPhone()
  readonly phone = new ScriptedPhone(this.office.world, this.lane.phoneId)
  /** What left, in order. */
  readonly sent: { number: string; body: string; at: number }[] = []
  readonly #done = new Set<string>()
  #recalls = 0
  #rows = 0

  /** Everything that happens by itself; the phone attempts what it holds, unless `holds`. */
  async turn(holds = false): Promise<void> {
    for (let round = 0; round < 4; round += 1) {
      await this.office.parts.background.idle()
      this.office.world.dispatch.wake()
      await this.office.world.settle()
      for (const { id, assignment } of this.phone.recalls.slice(this.#recalls)) {
        const key = `${id} ${assignment}`
        if (!this.#done.has(key)) await this.phone.say({ type: 'returned', id, assignment, reason: 'recalled' })
        this.#done.add(key)
      }
      this.#recalls = this.phone.recalls.length
      if (!holds) for (const command of this.held()) await this.send(command)
    }
  }

  held(): Assign[] {
    const held = new Map(this.phone.commands.map(command => [`${command.id} ${command.assignment}`, command]))
    return [...held].filter(([key]) => !this.#done.has(key)).map(([, command]) => command)
  }

  async send(command: Assign): Promise<void> {
    this.#done.add(`${command.id} ${command.assignment}`)
    this.sent.push({ number: command.number, body: command.body, at: this.office.world.now })
    await this.phone.send(command)
  }

  async text(number: string, body: string): Promise<void> {
    this.#rows += 1
    await this.phone.text(number, body, this.#rows)
  }

  async wait(ms: number): Promise<void> {
    this.office.world.now += ms
    await this.turn()
  }

  /** Sets the tags of the conversation with a number; nothing where there is none. */
  tag(number: string, tags: string[]): void {
    const thread = this.office.db.get<{ id: number }>('SELECT id FROM threads WHERE number = ?', number)
    if (!thread) return
    const { parts } = this.office
    const commit = <T>(change: (tx: never, about: () => void) => T): T =>
      this.office.db.write(tx => change(tx as never, () => {}))
    const context = { actor: 'local', commit } as never
    conversationHandlers(parts)['inbox.set-tags']({ threadId: thread.id, tags }, context)
  }

  bodies(number: string): string[] {
    return this.sent.filter(one => one.number === number).map(one => one.body.replace(` ${STOP}`, ''))
  }

  close(): void {
    this.office.close()
  }
}

let shop: Shop
let office: Office

beforeEach(() => {
  shop = new Shop()
  office = shop.office
})
afterEach(() => shop.close())

async function begun(change: Partial<GivenOf<'campaigns.create'>>, people = 3): Promise<number> {
  for (let index = 0; index < people; index += 1) office.addContact(manhattan(index))
  await shop.phone.connect()
  const id = await office.started({ template: `Hello. ${STOP}`, hours: ALL_DAY, ...change })
  await shop.turn()
  return id
}

const stateOf = async (id: number) => (await office.ask('campaigns.get', { id })).state
const [ANN, BEN, CAT] = [manhattan(0), manhattan(1), manhattan(2)]

describe('follow-ups', () => {
  it('go to the silent after their time, and to nobody who has texted', async () => {
    const id = await begun({ steps: [NO_REPLY] })
    expect(shop.sent).toHaveLength(3)
    await shop.text(BEN, 'Nice')
    await shop.text(CAT, 'STOP')
    await shop.wait(3 * DAY - HOUR)
    expect(shop.bodies(ANN)).toEqual(['Hello.'])
    expect(await stateOf(id)).toBe('running')
    await shop.wait(HOUR)
    expect(shop.bodies(ANN)).toEqual(['Hello.', 'Did you see it?'])
    expect(shop.bodies(BEN)).toEqual(['Hello.'])
    expect(
      shop.sent.filter(one => one.number === CAT && !/opted out|unsubscribed|no more/i.test(one.body)),
    ).toHaveLength(1)
    await shop.turn()
    expect(await stateOf(id)).toBe('completed')
    expect(office.messages(id).filter(one => one.number === BEN)).toMatchObject([
      { state: 'sent' },
      { state: 'cancelled', reason: 'answered' },
    ])
  })

  it('come in order: each silence counts from the text before it, within the allowed hours', async () => {
    // Noon in New York; from nine to five.
    const hours = { from: 540, to: 1020, days: ALL_WEEK }
    await begun(
      {
        hours,
        steps: [
          { ...NO_REPLY, delayHours: 8 },
          { ...NO_REPLY, delayHours: 1, template: `Bye. ${STOP}` },
        ],
      },
      1,
    )
    const first = office.world.now
    await shop.wait(8 * HOUR)
    expect(shop.bodies(ANN)).toEqual(['Hello.'])
    await shop.wait(13 * HOUR)
    expect(shop.bodies(ANN)).toEqual(['Hello.', 'Did you see it?'])
    expect(shop.sent[1]!.at - first).toBe(21 * HOUR)
    await shop.wait(HOUR)
    expect(shop.bodies(ANN)).toEqual(['Hello.', 'Did you see it?', 'Bye.'])
  })

  it('answer a reply and a tag, wait for them so many days, and end then', async () => {
    const id = await begun({ steps: [REPLY, TAG], waitDays: 5 })
    await shop.turn()
    expect(await stateOf(id)).toBe('running')
    expect(await office.ask('campaigns.outlook', { id })).toMatchObject({
      left: 0,
      endsAt: office.world.now + 5 * DAY,
      limitedBy: 'it waits for replies and tags',
    })
    await shop.text(BEN, 'HELP')
    await shop.text(BEN, 'Tell me more')
    await shop.turn()
    await shop.wait(HOUR)
    shop.tag(BEN, ['hot'])
    await shop.turn()
    const own = () => shop.bodies(BEN).filter(body => !body.startsWith('Reply here'))
    expect(own()).toEqual(['Hello.', 'Come in.'])
    await shop.wait(HOUR)
    expect(own()).toEqual(['Hello.', 'Come in.', 'Thanks!'])
    await shop.text(BEN, 'Yes please')
    shop.tag(BEN, [])
    shop.tag(BEN, ['hot'])
    await shop.wait(4 * DAY)
    expect(own()).toHaveLength(3)
    expect(await stateOf(id)).toBe('running')
    await shop.wait(DAY)
    expect(await stateOf(id)).toBe('completed')
    await shop.text(ANN, 'Me too')
    await shop.wait(3 * HOUR)
    expect(shop.bodies(ANN)).toEqual(['Hello.'])
  })

  it('are checked once more when their time comes: tag, consent, suppression, expiry, a reply that only the database knows', async () => {
    const id = await begun(
      {
        steps: [{ ...TAG, delayHours: 2 }, NO_REPLY],
        requireConsent: true,
        expiresAt: office.world.now + 3 * DAY + 2 * HOUR,
      },
      6,
    )
    const numbers = [0, 1, 2, 3, 4, 5].map(manhattan)
    const [untagged, withdrawn, suppressed, heard, late] = numbers as [string, string, string, string, string]
    await shop.text(untagged, 'Hi')
    shop.tag(untagged, ['Hot'])
    await shop.wait(HOUR)
    shop.tag(untagged, ['cold'])
    office.db.write(tx => {
      tx.run('UPDATE contacts SET consent_id = NULL WHERE number = ?', withdrawn)
      tx.run('INSERT INTO threads (number, last_at) VALUES (?, 1)', heard)
      tx.run(
        `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent)
           SELECT id, 1, 'S', 999, number, 'Hi', x'00', ?, ?, 'none' FROM threads WHERE number = ?`,
        office.world.now,
        office.world.now,
        heard,
      )
    })
    office.suppress(suppressed)
    await shop.wait(3 * DAY)
    for (const number of [untagged, withdrawn, suppressed, heard]) expect(shop.bodies(number)).toEqual(['Hello.'])
    expect(shop.bodies(late)).toEqual(['Hello.', 'Did you see it?'])
    const ends = new Map(
      office
        .messages(id)
        .filter(one => one.state !== 'sent')
        .map(one => [`${one.number} ${one.reason}`, one.state]),
    )
    expect(Object.fromEntries(ends)).toEqual({
      [`${untagged} tag_removed`]: 'cancelled',
      [`${untagged} answered`]: 'cancelled',
      [`${withdrawn} consent_withdrawn`]: 'suppressed',
      [`${suppressed} suppressed`]: 'suppressed',
      [`${heard} answered`]: 'cancelled',
    })
  })

  it('are recalled from the phone when the reply comes at the last moment', async () => {
    const id = await begun({ steps: [NO_REPLY] }, 1)
    office.world.now += 3 * DAY
    await shop.turn(true)
    expect(shop.held()).toHaveLength(1)
    await shop.text(ANN, 'Yes, thank you')
    await shop.turn(true)
    expect(shop.held()).toEqual([])
    await shop.turn()
    expect(shop.bodies(ANN)).toEqual(['Hello.'])
    expect(await stateOf(id)).toBe('completed')
  })

  it('wait in a pause, go on after it, fit changed hours without coming early, and end with a cancel', async () => {
    const id = await begun({ steps: [NO_REPLY, { ...NO_REPLY, template: `Bye. ${STOP}` }] }, 1)
    await office.ask('campaigns.pause', { id })
    await shop.wait(4 * DAY)
    expect(shop.bodies(ANN)).toEqual(['Hello.'])
    await office.ask('campaigns.resume', { id })
    await shop.turn()
    expect(shop.bodies(ANN)).toEqual(['Hello.', 'Did you see it?'])
    await office.ask('campaigns.update', { id, hours: { from: 600, to: 1200, days: ALL_WEEK } })
    await shop.wait(2 * DAY)
    expect(shop.bodies(ANN)).toHaveLength(2)
    await office.ask('campaigns.cancel', { id })
    await shop.wait(5 * DAY)
    expect(shop.bodies(ANN)).toHaveLength(2)
    expect(office.messages(id).map(one => one.state)).toEqual(['sent', 'sent', 'cancelled'])
  })

  it('follow a text without proof only once somebody says that it was sent', async () => {
    const id = await begun({ steps: [NO_REPLY] }, 1)
    office.db.write(tx => tx.run("UPDATE messages SET state = 'unknown', reason = 'no_proof'"))
    office.db.write(tx => tx.run('DELETE FROM messages WHERE step = 1'))
    await shop.wait(4 * DAY)
    expect(shop.bodies(ANN)).toEqual(['Hello.'])
    const [first] = office.messages(id)
    office.db.write(tx => tx.run("UPDATE campaigns SET state = 'running' WHERE id = ?", id))
    await office.ask('messages.decide', { id: first!.id, as: 'sent' })
    await shop.turn()
    expect(shop.bodies(ANN)).toEqual(['Hello.', 'Did you see it?'])
  })
})

describe('variants', () => {
  const variants = [
    { label: 'Short', share: 30, template: `Sale! ${STOP}` },
    { label: 'Long', share: 70, template: `There is a sale today. ${STOP}` },
  ]

  it('share the audience out the same way whenever it is asked, by the number and the campaign', async () => {
    const numbers = Array.from({ length: 300 }, (_, index) => manhattan(index))
    office.db.write(() => numbers.forEach(number => void office.addContact(number)))
    const plan = { template: undefined, variants, hours: ALL_DAY }
    const id = await office.draft(plan as never)
    const review = await office.ask('campaigns.review', { id })
    await office.ask('campaigns.start', { id })
    await office.background.idle()
    const of = (campaign: number) =>
      office.db.all<{ number: string; variant: number }>(
        'SELECT number, variant FROM messages WHERE campaign_id = ? ORDER BY number',
        campaign,
      )
    const short = of(id).filter(one => one.variant === 0).length
    expect(short).toBeGreaterThan(60)
    expect(short).toBeLessThan(120)
    expect(review.variants).toMatchObject([
      { label: 'Short', share: 30, messages: short },
      { label: 'Long', share: 70, messages: 300 - short },
    ])
    const other = await office.started(plan as never)
    expect(of(other)).not.toEqual(of(id))
  })

  it('are refused when their shares, labels or number make no sense, and beside another text', async () => {
    const refused = async (change: object) =>
      (await office.refusal('campaigns.create', { name: 'C', ...change } as never)).message
    expect(await refused({ variants: variants.slice(1) })).toMatch(/at least two/)
    expect(await refused({ variants: variants.map(one => ({ ...one, share: 40 })) })).toMatch(/add up to 100/)
    expect(await refused({ variants: variants.map(one => ({ ...one, label: 'a', share: 50 })) })).toMatch(/label/)
    expect(await refused({ variants, template: 'Something else' })).toMatch(/has variants/)
    expect(await refused({})).toMatch(/Write the message/)
    const { id } = await office.ask('campaigns.create', { name: 'C', variants })
    expect(await office.ask('campaigns.get', { id })).toMatchObject({ template: variants[0]!.template, variants })
    expect((await office.refusal('campaigns.update', { id, template: 'New' })).code).toBe('invalid_input')
    expect(await office.ask('campaigns.update', { id, variants: [], template: 'New' })).toMatchObject({
      template: 'New',
      variants: [],
    })
    office.addContact(ANN)
    const copy = await office.ask('campaigns.duplicate', {
      id: (await office.ask('campaigns.create', { name: 'D', variants, steps: [TAG] })).id,
    })
    expect(copy).toMatchObject({ variants, steps: [TAG] })
    const test = { id: copy.id, number: '+12025550123' }
    expect((await office.ask('campaigns.test', { ...test, variant: 'long' })).text).toMatch(/^There is a sale/)
    expect((await office.ask('campaigns.test', { ...test, step: 1 })).text).toMatch(/^Come in/)
    expect((await office.refusal('campaigns.test', { ...test, step: 2 })).message).toMatch(/no follow-up 2/)
    expect((await office.refusal('campaigns.test', { ...test, variant: 'X' })).message).toMatch(/no variant "X"/)
  })

  it('show their results side by side, people by the text after which they answered', async () => {
    const id = await begun({ template: undefined as never, variants, steps: [NO_REPLY], goal: 'replies' }, 8)
    const texts = office.db.all<{ number: string; variant: number }>(
      'SELECT number, variant FROM messages WHERE step = 0',
    )
    const [one, two, three] = texts as [(typeof texts)[0], (typeof texts)[0], (typeof texts)[0]]
    await shop.text(one.number, 'Great')
    await shop.text(one.number, 'Really')
    await shop.text(two.number, 'STOP')
    await shop.wait(3 * DAY)
    await shop.text(three.number, 'Now I have seen it')
    const { steps } = await office.ask('campaigns.results', { id })
    const sum = (step: number, of: 'replies' | 'optOuts') => steps[step]!.variants.map(variant => variant[of].people)
    const at = (person: { variant: number }) => [0, 1].map(place => (place === person.variant ? 1 : 0))
    expect(sum(0, 'replies')).toEqual(at(one))
    expect(sum(0, 'optOuts')).toEqual(at(two))
    expect(sum(1, 'replies')).toEqual(at(three))
    expect(steps.map(step => step.variants.reduce((all, variant) => all + variant.sent, 0))).toEqual([8, 6])
    expect(steps[0]!.verdict).toMatchObject({ kind: 'too_few', p: null })
    expect(steps[1]!.about).toBe('3 days without a reply')
    const kept = office.db.all(
      'SELECT step, variant, state, messages, answered, stopped FROM campaign_step_counts WHERE messages > 0 ORDER BY 1, 2, 3',
    )
    const counted = office.db.all(
      `SELECT step, variant, state, count(*) AS messages, count(answered_at) AS answered, count(stopped_at) AS stopped FROM messages
         WHERE campaign_id IS NOT NULL AND state IN ('sent', 'unknown') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    )
    expect(kept).toEqual(counted)
    // The reply rate of a campaign counts follow-ups as sent.
    const { items } = await office.ask('messages.list', { campaignId: id, states: ['sent'] })
    expect(items.filter(item => item.step === 1).map(item => item.variant)).toContain(variants[three.variant]!.label)
  })

  it('say in a sentence whether a difference means anything', async () => {
    const { id } = await office.ask('campaigns.create', { name: 'C', variants })
    const count = (variant: number, messages: number, answered: number, stopped: number) =>
      office.db.write(tx =>
        tx.run(
          `INSERT INTO campaign_step_counts VALUES (?, 0, ?, 'sent', ?, ?, ?)
             ON CONFLICT DO UPDATE SET messages = excluded.messages, answered = excluded.answered, stopped = excluded.stopped`,
          ...[id, variant, messages, answered, stopped],
        ),
      )
    const verdict = async () => (await office.ask('campaigns.results', { id })).steps[0]!.verdict!
    count(0, 1000, 50, 30)
    count(1, 1000, 58, 8)
    expect((await verdict()).sentence).toBe('The difference in replies is probably chance.')
    await office.ask('campaigns.update', { id, goal: 'few_opt_outs' })
    expect(await verdict()).toMatchObject({ kind: 'difference', best: 'Long' })
    expect((await verdict()).sentence).toBe(
      'Long (0.8%) led to fewer opt-outs than Short (3.0%), and that is probably not chance.',
    )
  })
})

describe('the review', () => {
  it('counts follow-ups in words, and warns of what can never go', async () => {
    office.addContact(ANN)
    office.addContact(BEN, { firstName: '' })
    const id = await office.draft({
      steps: [
        NO_REPLY,
        { ...TAG, template: `{{ first_name }}! ${STOP}` },
        { ...NO_REPLY, template: 'Bye', delayHours: 240 },
      ],
      expiresAt: office.world.now + 5 * DAY,
    })
    const review = await office.ask('campaigns.review', { id })
    expect(review.startable).toBe(true)
    expect(review.steps).toMatchObject([
      {
        messages: 2,
        failing: 0,
        beginsAt: office.world.now + 3 * DAY,
        message: 'Follow-up 1, 3 days without a reply: to everybody who stays silent, at most 2 texts of 2 segments.',
      },
      {
        messages: 1,
        failing: 1,
        message: 'Follow-up 2, after the tag "Hot": to whoever gets the tag, at most 1 text of 1 segment.',
      },
      { messages: 2 },
    ])
    const said = review.findings.map(finding => finding.message).join('\n')
    expect(said).toMatch(/Follow-up 2 cannot be made for 1 person/)
    expect(said).toMatch(/Follow-up 3 \(10 days without a reply\) would come after the campaign has expired/)
    expect(said).toMatch(/Follow-up 2 waits for the tag "Hot", which no conversation has yet/)
    expect(said).toMatch(/Follow-up 3: The text does not say how to opt out/)
    await office.ask('campaigns.update', { id, steps: [{ ...NO_REPLY, template: 'Hi {{ nick' }] })
    expect((await office.refusal('campaigns.start', { id })).message).toMatch(
      /^Follow-up 1: The template cannot be used/,
    )
  })
})

type Act =
  | { do: 'wait'; hours: number }
  | { do: 'text' | 'stop' | 'start' | 'tag' | 'untag' | 'suppress'; who: number }
  | { do: 'pause' | 'resume' | 'crash' | 'hold' | 'hours' }

describe('whatever happens in whatever order', () => {
  it('nobody gets a step twice, a text after an opt-out, or a reminder after a reply', async () => {
    const who = fc.integer({ min: 0, max: 2 })
    const act: fc.Arbitrary<Act> = fc.oneof(
      fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ do: fc.constantFrom('text', 'text', 'stop', 'start', 'tag', 'tag', 'untag', 'suppress'), who }),
      fc.record({ do: fc.constantFrom('pause', 'resume', 'crash', 'hold', 'hours') }),
    )
    let followed = 0
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 6, maxLength: 24 }), async acts => {
        const own = new Shop()
        try {
          followed += await play(own, acts)
        } finally {
          own.close()
        }
      }),
      { numRuns: 18 },
    )
    // It would say nothing if there were no follow-ups.
    expect(followed).toBeGreaterThan(20)
  })
})

const PLAYED = [
  { condition: 'no_reply' as const, delayHours: 24, template: `Step 1 ${STOP}` },
  { condition: 'reply' as const, delayHours: 3, template: `Step 2 ${STOP}` },
  { condition: 'no_reply' as const, delayHours: 12, template: `Step 3 ${STOP}` },
  { condition: 'tag' as const, tag: 'hot', delayHours: 1, template: `Step 4 ${STOP}` },
]

/** Plays it, and looks at every text that left; returns how many follow-ups there were. */
async function play(own: Shop, acts: readonly Act[]): Promise<number> {
  const { world } = own.office
  for (let index = 0; index < 3; index += 1) own.office.addContact(manhattan(index))
  await own.phone.connect()
  const id = await own.office.started({ template: `Step 0 ${STOP}`, hours: ALL_DAY, steps: PLAYED })
  await own.turn()
  const heard = new Map<string, number>()
  const stopped = new Map<string, number>()
  for (const one of acts) {
    const number = 'who' in one ? manhattan(one.who) : ''
    const { state } = await own.office.ask('campaigns.get', { id })
    if (one.do === 'wait') world.now += one.hours * HOUR
    else if (one.do === 'text' || one.do === 'stop' || one.do === 'start') {
      await own.text(number, { text: 'Sounds good', stop: 'STOP', start: 'START' }[one.do])
      if (!heard.has(number)) heard.set(number, own.sent.length)
      if (one.do === 'stop' && !stopped.has(number)) stopped.set(number, own.sent.length)
    } else if (one.do === 'tag') own.tag(number, ['hot', 'seen'])
    else if (one.do === 'untag') own.tag(number, ['seen'])
    else if (one.do === 'suppress') {
      own.office.db.write(tx => {
        own.office.suppress(number)
        world.dispatch.stopNumber(tx, number)
      })
      if (!stopped.has(number)) stopped.set(number, own.sent.length)
    } else if (one.do === 'pause' && state === 'running') await own.office.ask('campaigns.pause', { id })
    else if (one.do === 'resume' && state === 'paused') await own.office.ask('campaigns.resume', { id })
    else if (one.do === 'hours' && (state === 'running' || state === 'paused')) {
      const hours = { from: 480, to: 1200 + (own.sent.length % 5), days: ALL_WEEK }
      await own.office.ask('campaigns.update', { id, hours })
    } else if (one.do === 'crash') {
      world.restartHub()
      own.office.restart()
      await own.phone.connect()
    }
    await own.turn(one.do === 'hold')
  }
  const said = own.sent.map((text, at) => ({ ...text, at, step: Number(/^Step (\d)/.exec(text.body)?.[1] ?? -1) }))
  const own0 = said.filter(text => text.step >= 0)
  const keys = own0.map(text => `${text.number} ${text.step}`)
  expect(new Set(keys).size).toBe(keys.length)
  for (const text of own0) {
    if (text.step > 0) expect(text.at).toBeLessThan(stopped.get(text.number) ?? Number.POSITIVE_INFINITY)
    if (text.step === 1 || text.step === 3)
      expect(text.at).toBeLessThan(heard.get(text.number) ?? Number.POSITIVE_INFINITY)
  }
  const { kept, counted } = own.office.counted(id)
  expect(kept).toEqual(counted)
  return own0.filter(text => text.step > 0).length
}

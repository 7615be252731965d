import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queueMessage } from '../../../src/main/db/messages.ts'
import type { Assign, Entry } from '../../../src/shared/phone-protocol.ts'
import { ScriptedPhone } from '../../support/world.ts'
import { Office } from '../campaigns/kit.ts'

const PEOPLE = ['+12125550101', '+12125550102', '+12125550103'] as const
type Person = (typeof PEOPLE)[number]

/** What each text does to a person who may be texted, by what people mean with it. */
const TEXTS = {
  stop: ['STOP', 'Stop!!!', 'please stop texting me', 'Arrêt', 'Bitte keine SMS mehr', '退订', 'stoooop', 'ya basta'],
  likely: ['wrong number', 'stpo', 'not interested', '🛑'],
  start: ['START', 'unstop'],
  help: ['HELP', 'info?'],
  chat: ['what time do you open?', 'Can I stop by?', 'Reply STOP to opt out', 'hours', 'thanks!'],
} as const
type Meaning = keyof typeof TEXTS

type Event =
  | { do: 'text'; who: Person; means: Meaning; body: string }
  | { do: 'campaign' | 'reply' | 'direct' | 'suppress' | 'allow'; who: Person }
  | { do: 'decide'; as: 'opt-out' | 'dismiss' }
  | { do: 'send'; some: number }
  | { do: 'reconnect' | 'crash' | 'tell again' | 'undo word' | 'pass' }

const who = fc.constantFrom(...PEOPLE)
const textEvent = fc
  .record({ who, means: fc.constantFrom(...(Object.keys(TEXTS) as Meaning[])), pick: fc.nat(20) })
  .map(({ who, means, pick }): Event => ({ do: 'text', who, means, body: TEXTS[means][pick % TEXTS[means].length]! }))
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: textEvent },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('campaign', 'reply', 'direct', 'suppress', 'allow'), who }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('decide' as const), as: fc.constantFrom('opt-out', 'dismiss') }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), some: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('reconnect', 'crash', 'tell again', 'pass') }) },
)

/** A phone that attempts what it was given and not asked back, and a model that knows who wants no more texts. */
class Story {
  readonly office = new Office()
  readonly out = new Map<Person, 'stop' | 'likely'>()
  readonly left: { readonly number: string; readonly kind: string; readonly wanted: boolean }[] = []
  phone: ScriptedPhone
  #told: Entry[] = []
  #open: Assign[] = []
  readonly #known = new Set<string>()
  #seen = 0
  #rows = 0
  #ids = 0

  constructor() {
    // What is on the disk matters to no run of this test.
    this.office.db.connection.pragma('synchronous = OFF')
    this.phone = new ScriptedPhone(this.office.world, this.office.addPhone().phoneId)
    for (const number of PEOPLE) this.office.addContact(number)
  }

  async begin(): Promise<void> {
    await this.office.ask('optouts.add-word', { phrase: 'ya basta' })
    await this.phone.connect()
    for (const number of PEOPLE) await this.text(number, 'hello')
  }

  async happen(event: Event): Promise<void> {
    const { office } = this
    const { world } = office
    switch (event.do) {
      case 'text':
        await this.text(event.who, event.body)
        this.#mean(event.who, event.means)
        break
      case 'campaign':
        world.addCampaign([event.who], { template: `Sale ${this.#next()}. Reply STOP to opt out.` })
        break
      case 'reply':
        await this.#try('inbox.reply', { threadId: this.#thread(event.who), body: `Answer ${this.#next()}` })
        break
      case 'direct':
        this.#direct(event.who)
        break
      case 'suppress':
        await office.ask('suppression.add', { number: event.who, note: 'asked' })
        if (!this.out.has(event.who)) this.out.set(event.who, 'stop')
        break
      case 'allow':
        await office.ask('suppression.remove', { number: event.who, note: 'asked' })
        this.out.delete(event.who)
        break
      case 'decide': {
        const waiting = (await office.ask('inbox.review', {})).items[0]
        if (!waiting) break
        await office.ask('inbox.decide-opt-out', { id: waiting.id, as: event.as })
        if (event.as === 'dismiss') this.out.delete(waiting.number as Person)
        else this.out.set(waiting.number as Person, 'stop')
        break
      }
      case 'send':
        await this.#send(event.some)
        break
      case 'reconnect':
        world.dispatch.disconnected(this.phone)
        await this.phone.connect()
        break
      case 'crash':
        world.restartHub()
        await this.phone.connect()
        break
      case 'tell again':
        await this.#tellAgain()
        break
      case 'pass':
        world.now += 7 * 60_000
        world.dispatch.tidy()
        break
    }
    world.dispatch.wake()
    await this.phone.status(1_000)
    this.#check(event)
  }

  async text(number: string, body: string): Promise<void> {
    this.#rows += 1
    const { now } = this.office.world
    await this.#say({
      ...{ type: 'inbound', store: 'S', rowId: this.#rows, sender: number, number, body, receivedAt: now, old: false },
    })
  }

  /** No command for somebody who is out, except a confirmation, is left with the phone without being asked back. */
  #check(event: Event): void {
    const fresh = this.phone.commands.slice(this.#seen)
    this.#seen = this.phone.commands.length
    // After a new connection the hub says again what may have been missed; a phone knows it by id and assignment.
    for (const command of fresh) {
      const key = `${command.id} ${command.assignment}`
      if (!this.#known.has(key)) this.#open.push(command)
      this.#known.add(key)
    }
    const recalled = new Set(this.phone.recalls.map(({ id, assignment }) => `${id} ${assignment}`))
    const loose = this.#open.filter(
      ({ id, assignment, number, kind }) =>
        this.out.has(number as Person) && kind !== 'confirmation' && !recalled.has(`${id} ${assignment}`),
    )
    expect({ event, loose }).toEqual({ event, loose: [] })
    const twice = this.office.db.all(
      'SELECT cause_id, kind FROM messages WHERE cause_id IS NOT NULL GROUP BY cause_id, kind HAVING count(*) > 1',
    )
    expect(twice).toEqual([])
  }

  /** The phone attempts some of what it holds, and gives back what it was asked for. */
  async #send(some: number): Promise<void> {
    const recalled = new Set(this.phone.recalls.map(({ id, assignment }) => `${id} ${assignment}`))
    for (const command of this.#open.splice(0, some)) {
      const { id, assignment, number, kind, notAfter } = command
      if (recalled.has(`${id} ${assignment}`)) await this.#say({ type: 'denied', id, assignment })
      else if (notAfter <= this.office.world.now)
        await this.#say({ type: 'returned', id, assignment, reason: 'too_late' })
      else {
        this.left.push({ number, kind, wanted: !this.out.has(number as Person) || kind === 'confirmation' })
        const at = this.office.world.now
        await this.#say(
          { type: 'accepted', id, assignment },
          { type: 'attempting', id, assignment, slot: 0, number, bodyHash: '0'.repeat(64), at },
          { type: 'handed_over', id, assignment, at },
          { type: 'sent', id, assignment, rowId: this.#next(), at },
        )
      }
    }
  }

  /** The same entries once more under the same numbers, as after a lost acknowledgement. */
  async #tellAgain(): Promise<void> {
    const seq = this.phone.seq
    const last = this.#told.slice(-5)
    this.phone.seq = seq - last.length
    await this.phone.say(...last)
    this.phone.seq = seq
  }

  async #say(...entries: Entry[]): Promise<void> {
    this.#told.push(...entries)
    await this.phone.say(...entries)
  }

  #mean(number: Person, means: Meaning): void {
    if (means === 'stop') this.out.set(number, 'stop')
    if (means === 'likely' && !this.out.has(number)) this.out.set(number, 'likely')
    if (means === 'start') this.out.delete(number)
  }

  async #try(name: 'inbox.reply', input: { threadId: number; body: string }): Promise<void> {
    const number = PEOPLE.find(one => this.#thread(one) === input.threadId)!
    if (this.out.has(number)) expect(await this.office.refusal(name, input)).toMatchObject({ code: 'conflict' })
    else await this.office.ask(name, input)
  }

  /** A text that was in the queue before anybody looked, as if by another door. */
  #direct(number: string): void {
    const { world } = this.office
    this.office.db.write(tx =>
      queueMessage(
        tx,
        {
          ...{
            id: world.nextId(),
            kind: 'direct',
            number,
            contactId: null,
            body: `Direct ${this.#next()}`,
            segments: 1,
          },
          ...{ simId: null, zones: 'America/New_York', dueAt: 0, expiresAt: null, causeId: null, repeats: null },
          ...{ campaignId: null, createdBy: 'local' },
        },
        world.now,
      ),
    )
  }

  #thread(number: string): number {
    return this.office.db.get<{ id: number }>('SELECT id FROM threads WHERE number = ?', number)!.id
  }

  #next(): number {
    this.#ids += 1
    return this.#ids
  }
}

describe('no sequence of events', () => {
  it('leads to a text after an opt-out, except its one confirmation', async () => {
    let confirmations = 0
    let texts = 0
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 20, maxLength: 50, size: 'max' }), async events => {
        const story = new Story()
        try {
          await story.begin()
          for (const one of events) await story.happen(one)
          expect(story.left.filter(one => !one.wanted)).toEqual([])
          confirmations += story.left.filter(one => one.kind === 'confirmation').length
          texts += story.left.length
        } finally {
          story.office.world.close()
        }
      }),
      { numRuns: 12, endOnFailure: true },
    )
    // It means nothing unless texts and confirmations did leave.
    expect(confirmations).toBeGreaterThan(5)
    expect(texts).toBeGreaterThan(40)
  })
})

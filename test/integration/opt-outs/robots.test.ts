import { afterAll, beforeAll, expect, it } from 'vitest'
import { SimulatedPhone } from '../../support/simulated-phone.ts'
import { Hub } from '../http/kit.ts'

const ALL_DAY = { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false }
const NUMBERS = ['+12125550901', '+12125550902'] as const

/** A hub whose rules answer by themselves, with the real agent on a simulated phone. */
class Robot {
  readonly hub: Hub
  readonly phone: SimulatedPhone
  #carried = 0

  private constructor(hub: Hub) {
    this.hub = hub
    this.phone = new SimulatedPhone(hub.folder)
  }

  static async open(other: string, answers: Readonly<Record<string, string>>): Promise<Robot> {
    const robot = new Robot(await Hub.open())
    const { hub } = robot
    await hub.done('settings.update', {
      hours: ALL_DAY,
      autoAnswers: { perHour: 2, perDay: 6 },
      pollSeconds: { active: 0.5, idle: 0.5 },
      limits: { windows: [{ segments: 6_000, windowMs: 60_000 }], recipientsPerMonth: null, pauseMs: [0, 5] },
    })
    await hub.done('contacts.create', { number: other })
    for (const [phrase, answer] of Object.entries(answers)) {
      await hub.done('rules.create', { name: phrase, phrases: [phrase], fits: 'within', answer })
    }
    await robot.phone.pair((await hub.done('phones.pair', {})).link)
    return robot
  }

  /** Whether anything of what this robot has sent was not carried to the other one yet; carries it. */
  carryTo(robot: Robot, from: string): boolean {
    const fresh = this.phone.phone.radioLog().slice(this.#carried)
    for (const { body } of fresh) robot.phone.phone.receive({ from, body })
    this.#carried += fresh.length
    return fresh.length > 0
  }

  count(sql: string): number {
    return this.hub.peek.get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)!.n
  }

  get sent(): number {
    return this.phone.phone.radioLog().length
  }

  async held(): Promise<string[]> {
    return (await this.hub.done('rules.actions', { held: true })).items.map(action => action.heldFor)
  }

  async close(): Promise<void> {
    await this.phone.close()
    await this.hub.close()
  }
}

let ann: Robot
let bob: Robot

beforeAll(async () => {
  // Each answer has the word that the other one answers: without a guard there is no end to it.
  ;[ann, bob] = await Promise.all([
    Robot.open(NUMBERS[1], { alpha: 'We say beta.', gamma: 'We say delta.' }),
    Robot.open(NUMBERS[0], { beta: 'They say gamma.', delta: 'They say alpha.' }),
  ])
})
afterAll(async () => {
  await Promise.all([ann?.close(), bob?.close()])
})

it('two robots that would text each other for ever do not, and what was held back is shown with the reason', async () => {
  ann.phone.phone.receive({ from: NUMBERS[1], body: 'alpha' })
  const end = performance.now() + 100_000
  let quiet = false
  while (!quiet && performance.now() < end) {
    const moved = [ann.carryTo(bob, NUMBERS[0]), bob.carryTo(ann, NUMBERS[1])].some(Boolean)
    const taken = ann.count('inbound') === bob.sent + 1 && bob.count('inbound') === ann.sent
    const waiting = [ann, bob].some(
      robot => robot.count("messages WHERE state NOT IN ('sent', 'unknown', 'handed_over')") > 0,
    )
    // Everything that was sent has come in and is answered or held back, and nothing waits to be sent: that is the end.
    quiet = !moved && taken && !waiting && [...(await ann.held()), ...(await bob.held())].length > 0
    if (!quiet) await new Promise(resolve => setTimeout(resolve, 50))
  }
  expect(quiet).toBe(true)
  expect(ann.sent).toBe(2)
  expect(bob.sent).toBe(2)
  expect(await ann.held()).toEqual(['too_often'])
  const { items } = await ann.hub.done('rules.actions', { held: true })
  const { entries } = await ann.hub.done('inbox.thread', { id: items[0]!.threadId })
  expect(entries.find(entry => entry.direction === 'in' && entry.automatic?.answer === 'held')).toMatchObject({
    automatic: { heldFor: 'too_often', why: expect.stringContaining('as many automatic answers') },
  })
}, 120_000)

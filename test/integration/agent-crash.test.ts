import { describe, expect, it, type TestContext } from 'vitest'
import { World } from './agent-support/process.ts'
import { order, temporary, until } from './agent-support/setup.ts'

/** Each place where the agent is switched off, and what must have become of the message it had in its hands. */
const STEPS = [
  'accepted',
  'journal-write:3',
  'journal-write:5',
  'journal-synced:5',
  'before-send',
  'during-send',
  'after-send:2',
  'handed-over',
  'events-sent:3',
  'before-ack:2',
]

/** Tests that run at the same time end each for itself. */
async function world(context: TestContext, options?: Parameters<typeof World.make>[1]): Promise<World> {
  const made = await World.make(
    temporary(work => context.onTestFinished(work)),
    options,
  )
  context.onTestFinished(() => made.end())
  const paired = await made.pair()
  expect(paired.stderr + paired.stdout).toContain('Paired')
  return made
}

describe.concurrent('an agent that is switched off', () => {
  for (const step of STEPS) {
    it(`at "${step}" and started again sends nothing twice, and settles everything`, {
      timeout: 120_000,
    }, async context => {
      const { hub, phone, agent, left } = await bound(context)
      const first = agent(['run'], { CC_AGENT_TEST: '1', CC_AGENT_DIE_AT: step })
      await until(() => hub.connected && hub.status !== null, 20_000)
      const orders = [order(), order(), order()]
      hub.assign(...orders)
      expect(await first.ended).toMatchObject({ signal: 'SIGKILL' })
      agent(['run'])
      const isSettled = (id: string): boolean => ['sent', 'unknown'].includes(hub.story(id).at(-1) ?? '')
      await until(() => orders.every(one => isSettled(one.id)), 90_000)
      for (const { id, body } of orders) {
        const story = hub.story(id)
        expect(story.filter(type => type === 'attempting')).toHaveLength(1)
        expect(left().get(body) ?? 0).toBeLessThanOrEqual(1)
        if (story.at(-1) === 'sent') expect(left().get(body)).toBe(1)
      }
      if (step === 'before-send') expect(phone.radioLog()).toHaveLength(2)
      else expect(phone.radioLog().length).toBeGreaterThanOrEqual(2)
    })
  }

  it('again and again sends nothing twice', { timeout: 120_000 }, async context => {
    const { hub, phone, agent, left } = await bound(context)
    const orders = Array.from({ length: 8 }, () => order())
    let running = agent(['run'])
    await until(() => hub.connected && hub.status !== null, 20_000)
    hub.assign(...orders)
    for (let i = 0; i < 4; i++) {
      const before = phone.textsAttempted()
      await until(() => phone.textsAttempted() > before, 20_000)
      await running.kill()
      running = agent(['run'])
    }
    await until(() => orders.every(one => ['sent', 'unknown'].includes(hub.story(one.id).at(-1) ?? '')), 90_000)
    for (const { body } of orders) expect(left().get(body) ?? 0).toBeLessThanOrEqual(1)
    for (const { id, body } of orders) if (hub.story(id).at(-1) === 'sent') expect(left().get(body)).toBe(1)
  })
})

async function bound(context: TestContext) {
  const made = await world(context)
  return { hub: made.hub, phone: made.phone, agent: made.agent.bind(made), left: () => made.left() }
}

describe.concurrent('on a phone with the commands of Termux', () => {
  it('a text is sent and proved, a lost one becomes unknown', async context => {
    const made = await world(context, { faults: { gate: null } })
    const { hub, phone } = made
    made.agent(['run'])
    await until(() => hub.status !== null, 20_000)
    const good = order()
    hub.assign(good)
    await until(() => hub.story(good.id).includes('sent'), 30_000)
    phone.setFaults({ silentLoss: { count: 1 } })
    const lost = order()
    hub.assign(lost)
    await until(() => hub.story(lost.id).includes('unknown'), 30_000)
    expect(made.left().get(lost.body)).toBeUndefined()
    expect(made.left().get(good.body)).toBe(1)
    expect(hub.status!.canProve).toBe(true)
  })

  it('rows that the phone has rewritten still prove, and those that flip to failed do not', async context => {
    const made = await world(context, { faults: { gate: null, rewriteNumber: true, rewriteBody: { mode: 'pages' } } })
    const { hub, phone } = made
    made.agent(['run'])
    await until(() => hub.status !== null, 20_000)
    const long = order({ body: 'A long text that this phone cuts into pages. '.repeat(6).trim(), segments: 2 })
    hub.assign(long)
    await until(() => hub.story(long.id).includes('sent'), 30_000)
    phone.setFaults({ rewriteNumber: null, rewriteBody: { mode: 'spaces' }, flipToFailed: null })
    const spaced = order({ body: 'Some  words with spaces' })
    hub.assign(spaced)
    await until(() => hub.story(spaced.id).includes('sent'), 30_000)
    phone.setFaults({ rewriteBody: null, flipToFailed: { afterMs: 1000 } })
    const failed = order()
    hub.assign(failed)
    await until(() => hub.story(failed.id).includes('unknown'), 30_000)
  })

  it('a permission that is missing halts the lane, and it goes on when it is granted and resumed', async context => {
    const made = await world(context)
    const { hub, phone } = made
    phone.permissions.revoke('SEND_SMS')
    made.agent(['run'])
    await until(() => hub.status !== null, 20_000)
    hub.reassigns = true
    const command = order()
    hub.assign(command)
    await until(() => hub.status?.lanes[0]?.halt === 'permission', 20_000)
    await until(() => hub.of('refused').length > 0)
    expect(hub.of('refused')[0]!.detail).toContain('SEND_SMS')
    phone.permissions.grant('SEND_SMS')
    hub.send({ t: 'resume-lane', slot: 0 })
    await until(() => hub.story(command.id).includes('handed_over'), 20_000)
    expect(made.left().get(command.body)).toBe(1)
  })

  it('a wrong clock and another zone change neither the limits nor the times of texts', async context => {
    const offset = 3 * 86_400_000
    const made = await world(context, { zone: 'Pacific/Auckland', clockOffsetMs: offset })
    const { hub, phone } = made
    hub.settings = { ...hub.settings, takeAll: true }
    made.agent(['run'], phone.envWithClock)
    await until(() => hub.status !== null, 20_000)
    phone.receive({ from: '+14155550111', body: 'hello' })
    await until(() => hub.of('inbound').length === 1, 20_000)
    expect(Math.abs(hub.of('inbound')[0]!.receivedAt - (Date.now() + offset))).toBeLessThan(20_000)
    const command = order({ notAfter: Date.now() + 600_000 })
    hub.assign(command)
    await until(() => hub.story(command.id).includes('sent'), 30_000)
    expect(Math.abs(hub.of('sent')[0]!.at - Date.now())).toBeLessThan(20_000)
    await until(() => hub.status!.warnings.some(text => text.includes('clock')))
  })

  it('a text whose row takes the id of a deleted one is proved all the same', async context => {
    const made = await world(context)
    const { hub, phone } = made
    made.agent(['run'])
    await until(() => hub.status !== null, 20_000)
    const first = order()
    hub.assign(first)
    await until(() => hub.story(first.id).includes('sent'), 30_000)
    phone.setFaults({ reusedId: { count: 1 } })
    const second = order()
    hub.assign(second)
    await until(() => hub.story(second.id).includes('sent'), 30_000)
    expect(hub.of('sent')[1]!.rowId).toBe(hub.of('sent')[0]!.rowId)
  })
})

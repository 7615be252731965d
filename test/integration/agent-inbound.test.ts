import { describe, expect, it } from 'vitest'
import { shown } from './agent-support/fake-phone.ts'
import { type Bench, order, running, until } from './agent-support/setup.ts'

const ANN = '+14155550001'
const HOUR = 3_600_000

/** A paired phone whose hub knows Ann. */
function withAnn(prepare: Parameters<typeof running>[0] = () => {}): Promise<Bench> {
  return running(parts => {
    parts.hub.known.add(ANN)
    prepare(parts)
  })
}

const bodies = ({ hub }: Bench): string[] => hub.of('inbound').map(one => one.body)

/** Lets the store be read a few times more. */
async function readAgain({ phone }: Bench, times = 6): Promise<void> {
  const { listed } = phone
  await until(() => phone.listed >= listed + times)
}

describe('a text that comes in', () => {
  it('is reported once, with its sender in both forms and its time in UTC', async () => {
    const made = await withAnn(({ phone }) => {
      phone.zone = 'Asia/Kathmandu'
    })
    const at = Math.floor(Date.now() / 1000) * 1000
    made.phone.receive('(415) 555-0001', 'Hi', { received: shown(at + 5.75 * HOUR) })
    await until(() => bodies(made).length === 1)
    expect(made.hub.of('inbound')).toMatchObject([
      { sender: '(415) 555-0001', number: ANN, body: 'Hi', receivedAt: at, old: false },
    ])
    await readAgain(made)
    expect(bodies(made)).toEqual(['Hi'])
  })

  it('twice in the same words is two texts, in the same second too', async () => {
    const made = await withAnn()
    const { received } = made.phone.receive(ANN, 'YES')
    made.phone.receive(ANN, 'YES', { received })
    await until(() => bodies(made).length === 2)
    await readAgain(made)
    expect(bodies(made)).toEqual(['YES', 'YES'])
  })

  it('under an id that was used before is a new text', async () => {
    const made = await withAnn()
    const first = made.phone.receive(ANN, 'YES', { received: shown(Date.now() - 10_000) })
    await until(() => bodies(made).length === 1)
    made.phone.remove(first.id)
    const second = made.phone.receive(ANN, 'YES')
    expect(second.id).toBe(first.id)
    await until(() => bodies(made).length === 2)
    expect(made.hub.of('inbound').map(one => one.rowId)).toEqual([first.id, first.id])
  })

  it('that surfaces hours late, below others that are known, is found', async () => {
    const made = await withAnn()
    const late = made.phone.receive(ANN, 'late', { hidden: true, received: shown(Date.now() - 5 * HOUR) })
    made.phone.receive(ANN, 'in time')
    await until(() => bodies(made).length === 1)
    late.hidden = false
    await until(() => bodies(made).length === 2)
    expect(made.hub.of('inbound')[1]).toMatchObject({ body: 'late', old: true })
  })

  it('among very many at once is not passed over', async () => {
    const made = await withAnn(({ hub }) => {
      hub.settings = { ...hub.settings, takeAll: true }
    })
    for (let i = 0; i < 420; i++) made.phone.receive(`+1415555${String(i).padStart(4, '0')}`, `text ${i}`)
    await until(() => bodies(made).length === 420)
    expect(new Set(bodies(made)).size).toBe(420)
  })

  it('is not reported again when the phone travels, its owner restarts the agent, or summer ends', async () => {
    const made = await withAnn()
    made.phone.receive(ANN, 'once')
    await until(() => bodies(made).length === 1)
    for (const row of made.phone.rows) row.received = shown(Date.parse(`${row.received.replace(' ', 'T')}Z`) + 9 * HOUR)
    await readAgain(made)
    made.phone.zone = 'Asia/Tokyo'
    made.clock.pass(61_000)
    await readAgain(made)
    await made.agent.stop()
    await made.start()
    await until(() => made.hub.frames.filter(frame => frame.t === 'hello').length >= 2)
    await readAgain(made)
    expect(bodies(made)).toEqual(['once'])
  })

  it('from a short code or a name has no number', async () => {
    const made = await withAnn(({ hub }) => {
      hub.settings = { ...hub.settings, takeAll: true }
    })
    made.phone.receive('72404', 'code')
    made.phone.receive('VODAFONE', 'bill')
    await until(() => bodies(made).length === 2)
    expect(made.hub.of('inbound').map(one => [one.sender, one.number])).toEqual([
      ['72404', null],
      ['VODAFONE', null],
    ])
  })
})

describe('a text of somebody', () => {
  it('whom the hub does not know stays on the phone, and is taken when the hub comes to know them', async () => {
    const made = await withAnn()
    const stranger = '+14155550009'
    made.phone.receive(stranger, 'private')
    made.phone.receive('Pizza', 'offer')
    await until(() => made.hub.frames.some(frame => frame.t === 'known?'))
    await readAgain(made)
    expect(bodies(made)).toEqual([])
    expect(made.hub.frames.filter(frame => frame.t === 'known?')).toHaveLength(1)
    made.hub.known.add(stranger)
    made.clock.pass(5 * 60_000 + 1000)
    await until(() => bodies(made).length === 1, 20_000)
    expect(bodies(made)).toEqual(['private'])
  })

  it('who was texted by this phone is taken without a question', async () => {
    const made = await withAnn()
    const command = order()
    made.hub.assign(command)
    await until(() => made.hub.story(command.id).includes('handed_over'))
    made.phone.receive(command.number, 'who is this?')
    await until(() => bodies(made).length === 1)
    expect(made.hub.frames.some(frame => frame.t === 'known?')).toBe(false)
  })
})

describe('a store', () => {
  it('in which nothing known is what it was is a new one', async () => {
    const made = await withAnn()
    for (const body of ['a', 'b', 'c']) made.phone.receive(ANN, body)
    await until(() => bodies(made).length === 3)
    const old = made.phone.rows.map(row => ({ ...row }))
    made.phone.rows = []
    // Restored from a copy: one text that was there before, under another id, and new ones.
    made.phone.receive('+14155550077', 'x')
    made.phone.receive('+14155550077', 'y')
    made.phone.receive(ANN, 'new')
    made.phone.receive(ANN, 'c', { received: old[2]!.received })
    await until(() => bodies(made).includes('new'))
    await readAgain(made)
    expect(bodies(made)).toEqual(['a', 'b', 'c', 'new'])
    expect(new Set(made.hub.of('inbound').map(one => one.store)).size).toBe(2)
  })

  it('that was emptied is still the same one', async () => {
    const made = await withAnn()
    made.phone.receive(ANN, 'a', { received: shown(Date.now() - 5000) })
    await until(() => bodies(made).length === 1)
    made.phone.rows = []
    made.phone.receive(ANN, 'b')
    await until(() => bodies(made).length === 2)
    expect(new Set(made.hub.of('inbound').map(one => one.store)).size).toBe(1)
  })
})

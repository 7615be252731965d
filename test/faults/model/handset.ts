import type { PhoneCommands, SendResult, SmsQuery } from '../../../phone-agent/src/phone-commands.ts'
import type { SmsRow } from '../../../phone-agent/src/rows.ts'
import type { ModelTime } from './time.ts'

/** What becomes of a text: `sends` as it should; the others are what phones do. */
export const OUTCOMES = [
  'sends',
  'lost',
  'hangs',
  'leaves and hangs',
  'refused',
  'flips',
  'no row',
  'late row',
] as const
export type Outcome = (typeof OUTCOMES)[number]

interface Row extends SmsRow {
  readonly own: boolean
  readonly visibleFrom: number
  readonly failsAt: number
}

/** A phone whose commands run in this process. Its radio log is the truth. */
export class ModelHandset {
  readonly radio: { number: string; body: string; at: number }[] = []
  readonly arrivals: { number: string; body: string; at: number }[] = []
  /** What becomes of the next texts; those after them are sent as they should be. */
  readonly outcomes: Outcome[] = []
  readonly #time: ModelTime
  #rows: Row[] = []

  constructor(time: ModelTime) {
    this.#time = time
  }

  receive(number: string, body: string): void {
    this.arrivals.push({ number, body, at: this.#time.now })
    this.#add('inbox', number, body, false, 0, Number.POSITIVE_INFINITY)
  }

  /** A text with the same words by the owner's own hand. */
  ownerTexts(number: string, body: string): void {
    this.#add('sent', number, body, false, 0, Number.POSITIVE_INFINITY)
  }

  /**
   * The commands for one life of the agent. `step` is told where each stands; it never returns once the agent is dead.
   */
  commands(step: (name: string) => Promise<void>): PhoneCommands {
    return {
      send: async (_slot, number, body) => {
        await step('command begins')
        const result = this.#send(number, body)
        await step('command ends')
        return result
      },
      list: async query => {
        await step('list')
        return this.#list(query)
      },
      canSelect: async () => true,
      packageVersion: async () => '0.59.1',
      property: async () => 'UTC',
      device: async () => ({ slots: 1, carrier: 'Example', country: 'US', simState: 'ready' }),
      battery: async () => null,
      setting: async () => null,
      wakeLock: async () => {},
      notify: async () => {},
      missing: async () => [],
    }
  }

  #send(number: string, body: string): SendResult {
    const outcome = this.outcomes.shift() ?? 'sends'
    const { now } = this.#time
    const forever = Number.POSITIVE_INFINITY
    if (outcome === 'refused') return { kind: 'refused', reason: 'permission', detail: 'Please grant SEND_SMS' }
    if (outcome === 'flips') this.#add('sent', number, body, true, 0, now + 2_000)
    if (outcome === 'lost' || outcome === 'flips') return { kind: 'empty' }
    if (outcome === 'hangs') return { kind: 'unknown', timeout: true }
    this.radio.push({ number, body, at: now })
    if (outcome !== 'no row') this.#add('sent', number, body, true, outcome === 'late row' ? 15_000 : 0, forever)
    return outcome === 'leaves and hangs' ? { kind: 'unknown', timeout: true } : { kind: 'empty' }
  }

  #add(type: 'inbox' | 'sent', address: string, body: string, own: boolean, lateMs: number, failsAt: number): void {
    const id = this.#rows.reduce((most, row) => Math.max(most, row.id), 0) + 1
    const received = new Date(this.#time.now).toISOString().slice(0, 19).replace('T', ' ')
    this.#rows.push({ id, type, address, body, received, own, visibleFrom: this.#time.now + lateMs, failsAt })
  }

  #list({ type, limit, offset = 0, selection = '' }: SmsQuery): SmsRow[] {
    const { now } = this.#time
    return this.#rows
      .filter(row => row.visibleFrom <= now && row.failsAt > now && (type === 'all' || row.type === type))
      .filter(row => selection.split(' AND ').every(condition => fits(row, condition)))
      .sort((left, right) => right.id - left.id)
      .slice(offset, offset + limit)
      .reverse()
      .map(({ id, type: kind, address, received, body }) => ({ id, type: kind, address, received, body }))
  }
}

function fits(row: Row, condition: string): boolean {
  if (condition === '') return true
  const [, column, operator, wanted] = /^(\w+) (==|>=|<=|<) (.+)$/.exec(condition) ?? []
  if (column === 'creator') return row.own
  const value = column === '_id' ? row.id : 1
  const number = Number(wanted)
  if (operator === '==') return value === number
  if (operator === '>=') return value >= number
  return operator === '<=' ? value <= number : value < number
}

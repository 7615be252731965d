// A phone in the agent's own process, in the place of the Termux commands: what is sent is in its store at once.
import type { PhoneCommands, SmsQuery } from '../../phone-agent/src/phone-commands.ts'
import type { SmsRow } from '../../phone-agent/src/rows.ts'
import { Random } from './random.ts'

/** How a phone behaves; in the environment as JSON in BENCH_PHONE. */
export interface PhonePlan {
  readonly seed: number
  /** Of the texts sent so many are answered after up to `replyMs`; of the answers so many say STOP. */
  readonly replyShare: number
  readonly stopShare: number
  readonly replyMs: number
}

/** As many as any reader looks back at. */
const KEPT_SENT = 40_000
const KEPT_RECEIVED = 2_000

export default function benchPhone(): PhoneCommands {
  return new BenchPhone(JSON.parse(process.env['BENCH_PHONE'] ?? '{}') as Partial<PhonePlan>)
}

class BenchPhone implements PhoneCommands {
  readonly #plan: Partial<PhonePlan>
  readonly #random: Random
  /** Oldest first. */
  #sent: SmsRow[] = []
  #received: SmsRow[] = []
  #lastId = 0
  #second = 0
  #clock = ''

  constructor(plan: Partial<PhonePlan>) {
    this.#plan = plan
    this.#random = new Random(plan.seed ?? 1)
  }

  send(_slot: number, number: string, body: string, started: () => void): ReturnType<PhoneCommands['send']> {
    started()
    this.#sent.push(this.#row('sent', number, body))
    if (this.#sent.length > 2 * KEPT_SENT) this.#sent = this.#sent.slice(-KEPT_SENT)
    if (this.#random.next() < (this.#plan.replyShare ?? 0)) this.#reply(number)
    return Promise.resolve({ kind: 'empty' })
  }

  list({ type, limit, offset = 0, selection = '' }: SmsQuery): Promise<SmsRow[]> {
    if (type === 'inbox') return Promise.resolve(newest(this.#received, limit, offset))
    if (type === 'all') {
      const each = offset + limit
      const both = [...newest(this.#sent, each, 0), ...newest(this.#received, each, 0)]
      return Promise.resolve(both.sort((one, other) => other.id - one.id).slice(offset, each))
    }
    const exact = /_id == (\d+)/.exec(selection)
    if (exact) return Promise.resolve(this.#sent.filter(row => row.id === Number(exact[1])).slice(0, limit))
    const least = /_id >= (\d+)/.exec(selection)
    const none = /_id < 0/.test(selection)
    const from = none ? this.#sent.length : least ? this.#firstFrom(Number(least[1])) : 0
    return Promise.resolve(newest(this.#sent, limit, offset, from))
  }

  canSelect(): Promise<boolean> {
    return Promise.resolve(true)
  }

  packageVersion(): Promise<string | null> {
    return Promise.resolve('0.59.1')
  }

  property(name: string): Promise<string | null> {
    return Promise.resolve(name === 'persist.sys.timezone' ? 'UTC' : null)
  }

  device(): ReturnType<PhoneCommands['device']> {
    return Promise.resolve({ slots: 1, carrier: 'Bench', country: 'US', simState: 'ready' })
  }

  battery(): ReturnType<PhoneCommands['battery']> {
    return Promise.resolve({ percent: 100, plugged: true })
  }

  setting(): Promise<string | null> {
    return Promise.resolve(null)
  }

  wakeLock(): Promise<void> {
    return Promise.resolve()
  }

  notify(): Promise<void> {
    return Promise.resolve()
  }

  missing(): Promise<string[]> {
    return Promise.resolve([])
  }

  #reply(number: string): void {
    const body = this.#random.next() < (this.#plan.stopShare ?? 0) ? 'STOP' : `Thanks, see you (${this.#lastId})`
    setTimeout(
      () => {
        this.#received.push(this.#row('inbox', number, body))
        if (this.#received.length > 2 * KEPT_RECEIVED) this.#received = this.#received.slice(-KEPT_RECEIVED)
      },
      this.#random.next() * (this.#plan.replyMs ?? 1000),
    ).unref()
  }

  #row(type: 'sent' | 'inbox', address: string, body: string): SmsRow {
    this.#lastId += 1
    return { id: this.#lastId, type, address, received: this.#now(), body }
  }

  /** The first place in the sent rows with an id from here on. */
  #firstFrom(id: number): number {
    let [low, high] = [0, this.#sent.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#sent[middle]!.id < id) low = middle + 1
      else high = middle
    }
    return low
  }

  #now(): string {
    const second = Math.floor(Date.now() / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#clock = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ')
    }
    return this.#clock
  }
}

/** Highest id first, among the rows from place `from` on. */
function newest(rows: readonly SmsRow[], limit: number, offset: number, from = 0): SmsRow[] {
  const end = Math.max(from, rows.length - offset)
  return rows.slice(Math.max(from, end - limit), end).reverse()
}

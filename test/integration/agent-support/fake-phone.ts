import type { DeviceInfo, PhoneCommands, SendResult, SmsQuery } from '../../../phone-agent/src/phone-commands.ts'
import { type SmsRow, StoreUnreadable } from '../../../phone-agent/src/rows.ts'

type Stored = { -readonly [Key in keyof SmsRow]: SmsRow[Key] } & {
  creator: string
  subId: number
  hidden: boolean
}

/** A phone in this process: what a test sets is what it does. */
export class FakePhone implements PhoneCommands {
  rows: Stored[] = []
  /** What truly left, in order. */
  readonly radio: { slot: number; number: string; body: string; at: number }[] = []
  /** How the next sends end; `sends` without an entry succeed. */
  results: (SendResult | 'lost')[] = []
  unreadable: string | null = null
  selects = true
  zone: string | null = 'UTC'
  slots = 1
  subIds = [1, 2]
  ownTexts = false
  deviceInfo: DeviceInfo = { slots: 1, carrier: 'Example', country: 'US', simState: 'ready' }
  /** Runs before each send, and may take time. */
  beforeSend: (number: string) => Promise<void> | void = () => {}
  listed = 0
  notes: (string | null)[] = []

  async send(slot: number, number: string, body: string): Promise<SendResult> {
    await this.beforeSend(number)
    const result = this.results.shift()
    if (result === 'lost') return { kind: 'empty' }
    if (result && result.kind !== 'empty') return result
    this.radio.push({ slot, number, body, at: Date.now() })
    this.addSent(number, body, { subId: this.subIds[slot]! })
    if (this.ownTexts) this.receive(number, body)
    return { kind: 'empty' }
  }

  async list(query: SmsQuery): Promise<SmsRow[]> {
    this.listed++
    if (this.unreadable !== null) throw new StoreUnreadable(this.unreadable)
    if (query.selection && !this.selects) throw new StoreUnreadable('unknown option')
    // Rows stand in the order of their ids.
    const found: SmsRow[] = []
    let skip = query.offset ?? 0
    for (let i = this.rows.length - 1; i >= 0 && found.length < query.limit; i--) {
      const row = this.rows[i]!
      if (row.hidden || (query.type !== 'all' && row.type !== query.type) || !matches(row, query.selection)) continue
      if (skip-- > 0) continue
      found.push({ id: row.id, type: row.type, address: row.address, received: row.received, body: row.body })
    }
    return found.reverse()
  }

  receive(from: string, body: string, some: Partial<Stored> = {}): Stored {
    return this.#add({ type: 'inbox', address: from, body, creator: '', subId: 1, ...some })
  }

  addSent(to: string, body: string, some: Partial<Stored> = {}): Stored {
    return this.#add({ type: 'sent', address: to, body, creator: 'com.termux.api', subId: 1, ...some })
  }

  remove(id: number): void {
    this.rows = this.rows.filter(row => row.id !== id)
  }

  async canSelect(): Promise<boolean> {
    return this.selects
  }

  async packageVersion(): Promise<string | null> {
    return this.selects ? '0.59.1' : '0.58.0'
  }

  async property(name: string): Promise<string | null> {
    return name === 'persist.sys.timezone' ? this.zone : null
  }

  async device(): Promise<DeviceInfo> {
    return { ...this.deviceInfo, slots: this.slots }
  }

  async battery(): Promise<{ percent: number; plugged: boolean } | null> {
    return { percent: 80, plugged: true }
  }

  async setting(): Promise<string | null> {
    return null
  }

  async wakeLock(): Promise<void> {}

  async notify(text: string | null): Promise<void> {
    this.notes.push(text)
  }

  async missing(): Promise<string[]> {
    return []
  }

  #add(row: Partial<Stored> & Pick<Stored, 'type' | 'address' | 'body' | 'creator' | 'subId'>): Stored {
    const id = (this.rows.at(-1)?.id ?? 0) + 1
    const stored = { id, received: shown(Date.now()), hidden: false, ...row }
    this.rows.push(stored)
    return stored
  }
}

/** A time as the phone shows it in UTC. */
export function shown(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}

function matches(row: Stored, selection: string | undefined): boolean {
  for (const part of selection?.split(' AND ') ?? []) {
    const [, column, operator, text] = /^(\w+) (==|>=|<=|<|>) (.+)$/.exec(part) ?? []
    if (!column || !operator || !text) throw new StoreUnreadable(`bad selection: ${part}`)
    const value = { _id: row.id, sub_id: row.subId, creator: row.creator }[column]
    if (value === undefined) throw new StoreUnreadable(`no column ${column}`)
    const wanted = text.startsWith("'") ? text.slice(1, -1) : Number(text)
    const fits =
      operator === '=='
        ? value === wanted
        : operator === '>='
          ? value >= wanted
          : operator === '<='
            ? value <= wanted
            : operator === '<'
              ? value < wanted
              : value > wanted
    if (!fits) return false
  }
  return true
}

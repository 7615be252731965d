import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Core } from '../../../phone-agent/src/core.ts'
import { Inbound } from '../../../phone-agent/src/inbound.ts'
import { Journal } from '../../../phone-agent/src/journal.ts'
import { numbersOf } from '../../../phone-agent/src/numbers.ts'
import { AgentState } from '../../../phone-agent/src/state.ts'
import { StoreReader } from '../../../phone-agent/src/store-reader.ts'
import type { Entry } from '../../../src/shared/phone-protocol.ts'
import { FakePhone, shown } from '../../integration/agent-support/fake-phone.ts'

/** An agent's reading half, over a journal that can be opened again. */
class Reading {
  readonly phone = new FakePhone()
  readonly dir: string
  readonly reported: Extract<Entry, { type: 'inbound' }>[] = []
  now = Date.UTC(2026, 0, 15)
  #journal: Journal | null = null
  #reader: StoreReader | null = null

  constructor(dir: string) {
    this.dir = dir
  }

  async start(): Promise<void> {
    await this.#journal?.close()
    const state = new AgentState(number => number)
    let isOpen = false
    const options = {
      now: () => this.now,
      onLine: (line: Parameters<AgentState['apply']>[0]) => {
        state.apply(line)
        if (isOpen && line.entry?.type === 'inbound') this.reported.push(line.entry)
      },
    }
    const journal = this.#journal ? Journal.open(this.dir, options) : Journal.create(this.dir, options)
    isOpen = true
    const clock = { wall: () => this.now, mono: () => this.now, up: () => this.now }
    const core = new Core({
      clock,
      state,
      journal,
      commands: this.phone,
      numbers: numbersOf('US'),
      log: () => {},
      random: Math.random,
      pairedAt: this.now,
    })
    core.settings = {
      t: 'settings',
      lanes: [],
      takeAll: true,
      addresses: [],
      pollMs: { active: 200, idle: 200 },
      proofMs: 1000,
    }
    this.#journal = journal
    this.#reader = new StoreReader(core, new Inbound(core))
    await this.#reader.prepare()
  }

  async read(deep: boolean): Promise<void> {
    await this.#reader!.prepare()
    await this.#reader!.readInbox(deep)
  }

  async end(): Promise<void> {
    await this.#journal?.close()
  }
}

const ZONES = ['UTC', 'Asia/Kathmandu', 'America/New_York', 'Pacific/Auckland']

it('each text is reported exactly once, whatever happens between the readings', async () => {
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('receive' as const), n: fc.nat(3) }) },
    fc.record({
      do: fc.constantFrom('delete-newest', 'hide', 'show', 'zone', 'restart', 'owner' as const),
      n: fc.nat(3),
    }),
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('quick', 'deep' as const), n: fc.nat(3) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40 }), async actions => {
      const dir = mkdtempSync(join(tmpdir(), 'reading-'))
      const made = new Reading(join(dir, 'journal'))
      const { phone } = made
      /** Every text that was there at a deep reading, by when it came. */
      const readable = new Set<number>()
      const hidden: number[] = []
      const local = (): string => {
        const offset = new Intl.DateTimeFormat('en-US', { timeZone: phone.zone!, timeZoneName: 'longOffset' })
          .formatToParts(made.now)
          .find(part => part.type === 'timeZoneName')!.value
        const [, sign, hours, minutes] = /GMT([+-])?(\d\d)?:?(\d\d)?/.exec(offset)!
        const ms = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
        return shown(made.now + (sign === '-' ? -ms : ms))
      }
      const cameAt = new Map<object, number>()
      try {
        await made.start()
        await made.read(true)
        for (const { do: what, n } of [...actions, { do: 'deep' as const, n: 0 }]) {
          made.now += 61_000
          if (what === 'receive') {
            const row = phone.receive(`+1415555000${n % 2}`, n > 1 ? 'YES' : 'NO', { received: local() })
            cameAt.set(row, made.now)
          } else if (what === 'delete-newest') phone.rows.pop()
          else if (what === 'hide') {
            const row = phone.rows[phone.rows.length - 1 - n]
            if (row && !row.hidden && !readable.has(cameAt.get(row) ?? 0)) {
              row.hidden = true
              hidden.push(row.id)
            }
          } else if (what === 'show') for (const row of phone.rows) row.hidden = false
          else if (what === 'owner') phone.addSent('+14155550009', 'by hand', { creator: 'sms' })
          else if (what === 'restart') await made.start()
          else if (what === 'zone') {
            phone.zone = ZONES[n]!
            const now = made.now
            for (const row of phone.rows) {
              made.now = cameAt.get(row) ?? now
              row.received = local()
            }
            made.now = now
          } else {
            await made.read(what === 'deep')
            if (what === 'quick') continue
            for (const row of phone.rows) if (!row.hidden && row.type === 'inbox') readable.add(cameAt.get(row)!)
          }
        }
        const times = made.reported.map(one => one.receivedAt)
        expect(new Set(times).size).toBe(times.length)
        for (const at of readable) expect(times).toContain(at)
      } finally {
        await made.end()
        rmSync(dir, { recursive: true, force: true })
      }
    }),
    { numRuns: 150 },
  )
})

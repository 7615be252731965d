import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onAssign, onRecall } from '../../../phone-agent/src/assignments.ts'
import type { Line, NewLine } from '../../../phone-agent/src/journal-lines.ts'
import { PROBE_AFTER_MS, REFUSAL_PAUSE_MS } from '../../../phone-agent/src/lane-state.ts'
import { AgentState } from '../../../phone-agent/src/state.ts'
import { type Assign, type Entry, type MessageKind, TWIN_WAIT_MS } from '../../../src/shared/phone-protocol.ts'

const HOUR = 3_600_000

function order(id: string, assignment: number, some: Partial<Assign> = {}): Assign {
  return {
    id,
    assignment,
    slot: 0,
    number: '+15555550101',
    body: 'Hello',
    segments: 1,
    notAfter: 1e15,
    kind: 'campaign',
    ...some,
  }
}

/** A state with its journal in memory, as synced lines. */
class Book {
  readonly lines: Line[] = []
  state = new AgentState(number => number)
  #seq = 0

  add(...lines: NewLine[]): this {
    for (const line of lines) {
      const numbered = line.entry ? { seq: ++this.#seq, at: 0, hash: '', ...line } : { at: 0, hash: '', ...line }
      this.lines.push(numbered as Line)
      this.state.apply(numbered as Line)
    }
    return this
  }

  assign(command: Assign): NewLine[] {
    const lines = onAssign(this.state, command)
    this.add(...lines)
    return lines
  }

  recall(id: string, assignment: number): NewLine[] {
    const lines = onRecall(this.state, id, assignment)
    this.add(...lines)
    return lines
  }

  attempt(id: string, up = 0): this {
    const message = this.state.messages.get(id)!
    const { number, segments, slot } = message.command!
    const entry: Entry = {
      type: 'attempting',
      id,
      assignment: message.assignment,
      slot,
      number,
      bodyHash: 'f'.repeat(64),
      at: 0,
    }
    return this.add({ entry, local: { up, hub: up, segments, baseline: { max: 5, rows: [[5, 'x.y']] } } })
  }

  say(type: 'handed_over' | 'sent' | 'unknown' | 'refused' | 'returned', id: string, up = 0): this {
    const assignment = this.state.messages.get(id)!.assignment
    const base = { id, assignment, at: up }
    const entry = {
      handed_over: { type: 'handed_over', ...base },
      sent: { type: 'sent', ...base, rowId: 9 },
      unknown: { type: 'unknown', ...base, reason: 'no_proof' },
      refused: { type: 'refused', ...base, reason: 'permission', detail: '' },
      returned: { type: 'returned', id, assignment, reason: 'too_late' },
    }[type] as Entry
    return this.add({ entry, local: { up, hub: up, rows: [[9, 'a.b']] } })
  }

  waiting(slot = 0): string[] {
    return this.state.queues(slot).flatMap(queue => [...queue.keys()])
  }
}

const types = (lines: readonly NewLine[]): string[] => lines.map(line => line.entry!.type)
const moment = (up: number) => ({ boot: 0, up, hub: up })

describe('an assignment', () => {
  it('is accepted once, with the whole order, and waits in its lane', () => {
    const book = new Book()
    const command = order('m', 1, { slot: 1 })
    expect(book.assign(command)).toEqual([{ entry: { type: 'accepted', id: 'm', assignment: 1 }, local: { command } }])
    expect(book.assign(command)).toEqual([])
    expect(book.waiting(1)).toEqual(['m'])
  })

  it('of a message that was attempted is never taken, and the hub is told how the attempt stands', () => {
    for (const outcome of ['attempting', 'handed_over', 'sent', 'unknown'] as const) {
      const book = new Book()
      book.assign(order('m', 1))
      book.attempt('m')
      if (outcome !== 'attempting') book.say(outcome, 'm')
      expect(book.assign(order('m', 2))).toEqual([
        { entry: { type: 'attempted_before', id: 'm', assignment: 2, attempted: 1, outcome } },
      ])
      expect(book.waiting()).toEqual([])
      expect(book.assign(order('m', 2))).toEqual([])
      expect(book.assign(order('m', 1))).toEqual([])
    }
  })

  it('that was denied or given back is never taken, but a later one is', () => {
    const book = new Book()
    expect(types(book.recall('m', 1))).toEqual(['denied'])
    expect(book.assign(order('m', 1))).toEqual([])
    expect(types(book.assign(order('m', 2)))).toEqual(['accepted'])
    book.say('returned', 'm')
    expect(book.assign(order('m', 2))).toEqual([])
    expect(types(book.assign(order('m', 3)))).toEqual(['accepted'])
    expect(book.waiting()).toEqual(['m'])
  })

  it('of a refused message is taken again', () => {
    const book = new Book()
    book.assign(order('m', 1))
    book.attempt('m').say('refused', 'm')
    expect(types(book.assign(order('m', 2)))).toEqual(['accepted'])
  })

  it('replaces an earlier one of the same message', () => {
    const book = new Book()
    book.assign(order('m', 1))
    expect(types(book.assign(order('m', 2, { slot: 1 })))).toEqual(['returned', 'accepted'])
    expect(book.waiting(0)).toEqual([])
    expect(book.waiting(1)).toEqual(['m'])
  })
})

describe('a recall', () => {
  it('takes back what was not attempted, and denies what never came', () => {
    const book = new Book()
    book.assign(order('m', 1))
    expect(book.recall('m', 1)).toEqual([{ entry: { type: 'returned', id: 'm', assignment: 1, reason: 'recalled' } }])
    expect(book.recall('m', 1)).toEqual([])
    expect(types(book.recall('other', 4))).toEqual(['denied'])
  })

  it('says nothing once the message was attempted', () => {
    const book = new Book()
    book.assign(order('m', 1))
    book.attempt('m')
    expect(book.recall('m', 1)).toEqual([])
    expect(types(book.recall('m', 2))).toEqual(['attempted_before'])
  })

  it('of an assignment that never came takes the held one back too', () => {
    const book = new Book()
    book.assign(order('m', 1))
    expect(types(book.recall('m', 2))).toEqual(['returned', 'denied'])
    expect(book.waiting()).toEqual([])
  })
})

describe('whatever hub and phone do', () => {
  const id = fc.constantFrom('a', 'b', 'c')
  const action = fc.oneof(
    fc.record({ do: fc.constant('assign' as const), id, n: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant('recall' as const), id, n: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ do: fc.constant('step' as const), id, n: fc.nat(4) }),
  )

  function play(actions: readonly { do: 'assign' | 'recall' | 'step'; id: string; n: number }[]): Book {
    const book = new Book()
    for (const { do: what, id: name, n } of actions) {
      if (what === 'assign') book.assign(order(name, n))
      else if (what === 'recall') book.recall(name, n)
      else {
        const phase = book.state.messages.get(name)?.phase
        if (phase === 'accepted' && n < 4) book.attempt(name)
        else if (phase === 'accepted') book.say('returned', name)
        else if (phase === 'attempting')
          book.say((['handed_over', 'sent', 'unknown', 'refused'] as const)[n % 4]!, name)
        else if (phase === 'handed_over') book.say(n % 2 ? 'sent' : 'unknown', name)
        else if (phase === 'unknown' && n > 2) book.say('sent', name)
      }
    }
    return book
  }

  it('no message is attempted twice, and none after it was given back under that assignment', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), actions => {
        const { lines } = play(actions)
        for (const name of ['a', 'b', 'c']) {
          let possible = true
          const over = new Set<number>()
          for (const { entry } of lines) {
            if (!entry || !('id' in entry) || entry.id !== name) continue
            if (entry.type === 'denied' || entry.type === 'returned') over.add(entry.assignment)
            if (entry.type === 'accepted') expect(over.has(entry.assignment)).toBe(false)
            if (entry.type === 'attempting') {
              expect(possible).toBe(true)
              expect(over.has(entry.assignment)).toBe(false)
              possible = false
            }
            if (entry.type === 'refused') possible = true
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('the journal read again gives the same state', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), actions => {
        const book = play(actions)
        const again = new AgentState(number => number)
        for (const line of book.lines) again.apply(line)
        const plain = (state: AgentState) => ({
          messages: [...state.messages.values()].map(({ attempt, ...rest }) => ({ ...rest, open: attempt !== null })),
          open: [...state.open.keys()],
          unknown: [...state.unknown.keys()],
          used: state.lane(0).use.recent(),
          queues: state.queues(0).map(queue => [...queue.keys()]),
        })
        expect(plain(again)).toEqual(plain(book.state))
      }),
    )
  })
})

describe('an attempt', () => {
  it('stays open until it is settled', () => {
    const book = new Book()
    const open = () => [[...book.state.open.keys()], [...book.state.unknown.keys()]]
    book.assign(order('m', 1))
    expect(open()).toEqual([[], []])
    book.attempt('m')
    expect(open()).toEqual([['m'], []])
    book.say('handed_over', 'm')
    expect(open()).toEqual([['m'], []])
    book.say('unknown', 'm')
    expect(open()).toEqual([[], ['m']])
    book.say('sent', 'm')
    expect(open()).toEqual([[], []])
    expect(book.state.isClaimed(9, 'a.b')).toBe(true)
  })
})

describe('a lane', () => {
  it('takes messages by kind, then by arrival', () => {
    const book = new Book()
    const kinds: MessageKind[] = ['campaign', 'test', 'campaign', 'confirmation', 'reply', 'answer']
    for (const [i, kind] of kinds.entries()) book.assign(order(`m${i}`, 1, { kind }))
    expect(book.waiting()).toEqual(['m3', 'm5', 'm4', 'm1', 'm0', 'm2'])
  })

  it('counts what it attempted, also after a restart, and not what was refused', () => {
    const book = new Book()
    book.assign(order('a', 1, { segments: 3 }))
    book.assign(order('b', 1, { segments: 2, number: '+15555550102' }))
    book.attempt('a', 100).attempt('b', 200).say('refused', 'b', 300)
    const again = new AgentState(number => number)
    for (const line of book.lines) again.apply(line)
    const limits = {
      windows: [{ segments: 9, windowMs: 1000 }],
      recipientsPerMonth: null,
      pauseMs: [0, 0] as [number, number],
    }
    for (const state of [book.state, again]) {
      state.lane(0).use.setLimits(limits)
      expect(state.lane(0).use.used(moment(400))).toEqual([3])
      expect(state.lane(0).use.recipients(moment(400))).toBe(1)
    }
  })

  it('halts after two texts in a row without proof, tries one after a while, and goes on after a proof', () => {
    const book = new Book()
    for (const id of ['a', 'b', 'c']) book.assign(order(id, 1, { body: id }))
    book.attempt('a').say('unknown', 'a', HOUR)
    expect(book.state.lane(0).halted(moment(HOUR))).toBeNull()
    book.attempt('b').say('unknown', 'b', HOUR)
    expect(book.state.lane(0).halted(moment(HOUR))).toEqual({ halt: 'no_proof', ms: PROBE_AFTER_MS })
    expect(book.state.lane(0).halted(moment(HOUR + PROBE_AFTER_MS))).toBeNull()
    expect(book.state.lane(0).probing).toBe(true)
    book.attempt('c').say('sent', 'c')
    expect(book.state.lane(0).probing).toBe(false)
  })

  it('goes on when it is told to', () => {
    const book = new Book()
    for (const id of ['a', 'b']) {
      book.assign(order(id, 1, { body: id }))
      book.attempt(id).say('unknown', id)
    }
    book.add({ note: { type: 'sim-swapped', slot: 0 } })
    expect(book.state.lane(0).halted(moment(HOUR))).toEqual({ halt: 'sim_swapped', ms: null })
    book.add({ note: { type: 'resumed', slot: 0 } })
    expect(book.state.lane(0).halted(moment(0))).toBeNull()
  })

  it('pauses longer with every refusal in a row', () => {
    const book = new Book()
    const pauses: (number | null)[] = []
    for (let i = 1; i <= 8; i++) {
      book.assign(order('m', i))
      book.attempt('m', i * HOUR).say('refused', 'm', i * HOUR)
      pauses.push(book.state.lane(0).halted(moment(i * HOUR))!.ms)
    }
    expect(pauses.slice(0, 3)).toEqual([REFUSAL_PAUSE_MS, 2 * REFUSAL_PAUSE_MS, 4 * REFUSAL_PAUSE_MS])
    expect(pauses.at(-1)).toBe(PROBE_AFTER_MS)
    expect(book.state.lane(0).halted(moment(8 * HOUR))!.halt).toBe('permission')
  })
})

describe('twins', () => {
  it('wait for each other while one is without proof, for a day at the most', () => {
    const book = new Book()
    for (const id of ['a', 'b']) book.assign(order(id, 1, { body: id === 'a' ? 'Hello  you' : 'Hello you ' }))
    const wait = (up: number) => book.state.twinWait(book.state.messages.get('b')!, moment(up))
    expect(wait(0)).toBe(0)
    book.attempt('a')
    expect(wait(100 * HOUR)).toBeGreaterThan(0)
    book.say('unknown', 'a', HOUR)
    expect(wait(HOUR)).toBe(TWIN_WAIT_MS)
    expect(wait(HOUR + TWIN_WAIT_MS)).toBeLessThanOrEqual(0)
  })

  it('go on when the first is proved, late or not, or refused', () => {
    for (const end of ['sent', 'refused'] as const) {
      const book = new Book()
      for (const id of ['a', 'b']) book.assign(order(id, 1))
      book.attempt('a')
      if (end === 'sent') book.say('unknown', 'a')
      book.say(end, 'a')
      expect(book.state.twinWait(book.state.messages.get('b')!, moment(1))).toBe(0)
    }
  })
})

describe('texts that came in', () => {
  const inbound = (rowId: number, sender: string): NewLine => ({
    entry: { type: 'inbound', store: 's', rowId, sender, number: sender, body: 'x', receivedAt: 0, old: false },
    local: { identity: `1.${rowId}` },
  })

  it('hold back their sender until the hub has them, and again if the hub forgets', () => {
    const book = new Book()
    book.add({ note: { type: 'store', store: 's', max: 3, rows: [[3, '1.3']] } })
    book.add(inbound(4, '+15555550101'), inbound(5, '+15555550102'), inbound(6, '+15555550101'))
    const { inbound: state } = book.state
    const blocked = () => ['5550101', '5550102'].map(key => state.isBlocked(key))
    expect(blocked()).toEqual([true, true])
    state.setAcked(2)
    expect(blocked()).toEqual([true, false])
    state.setAcked(3)
    expect(blocked()).toEqual([false, false])
    state.setAcked(0)
    expect(blocked()).toEqual([true, true])
    expect(state.identities(3)).toEqual(['1.3'])
    expect(state.maxId).toBe(6)
  })

  it('of another store are forgotten with it', () => {
    const book = new Book()
    book.add({ note: { type: 'store', store: 's', max: 3, rows: [[3, '1.3']] } }, inbound(4, '+15555550101'))
    book.add({ note: { type: 'store', store: 't', max: 1, rows: [[1, '9.9']] } })
    expect(book.state.inbound.identities(4)).toEqual([])
    expect(book.state.inbound.maxId).toBe(1)
  })
})

describe('what removed files said', () => {
  it('still refuses what was attempted, and what was given back', () => {
    const book = new Book()
    book.add({
      note: {
        type: 'carried',
        epoch: 7,
        messages: [
          ['a', 3, 'sent', 2],
          ['b', 2, 'returned', 0],
        ],
      },
    })
    expect(book.state.epoch).toBe(7)
    expect(types(book.assign(order('a', 4)))).toEqual(['attempted_before'])
    expect(book.assign(order('b', 2))).toEqual([])
    expect(types(book.assign(order('b', 3)))).toEqual(['accepted'])
  })
})

describe('starts of the phone', () => {
  it('are told apart by their names, or by a shorter uptime', () => {
    const book = new Book()
    const start = (boot: string | null, up: number) => book.add({ note: { type: 'start', boot, up } }).state.boot
    expect(start('x', 100)).toBe(0)
    expect(start('x', 50)).toBe(0)
    expect(start('y', 500)).toBe(1)
    expect(start(null, 600)).toBe(1)
    expect(start(null, 30)).toBe(2)
  })
})

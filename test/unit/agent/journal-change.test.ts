import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { onAssign, onRecall } from '../../../phone-agent/src/assignments.ts'
import { Journal } from '../../../phone-agent/src/journal.ts'
import { type Person, standInFor, withoutPerson } from '../../../phone-agent/src/journal-change.ts'
import type { Line, NewLine } from '../../../phone-agent/src/journal-lines.ts'
import { AgentState } from '../../../phone-agent/src/state.ts'
import type { Assign } from '../../../src/shared/phone-protocol.ts'

const ANN = '+12025550101'
const OTHERS = ['+12025550202', '+442079460303', '+4930123404']
const STAND_IN = standInFor('ab'.repeat(32))

const person = (): Person => ({
  isTheirs: number => number === ANN,
  standIn: STAND_IN,
  messages: new Set(),
})

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'change-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function order(id: string, number: string, assignment = 1): Assign {
  return {
    ...{ id, number, assignment, slot: 0, body: `Dear ${number}`, segments: 1 },
    ...{ notAfter: 9e14, kind: 'campaign' },
  }
}

/** One message from its order to its end. */
function life(id: string, number: string, end: 'sent' | 'unknown' | 'refused' | 'returned', up: number): NewLine[] {
  const named = { id, assignment: 1 }
  const local = { up, hub: up }
  const accepted: NewLine = { entry: { type: 'accepted', ...named }, local: { command: order(id, number) } }
  if (end === 'returned') return [accepted, { entry: { type: 'returned', ...named, reason: 'too_late' } }]
  const attempt = { slot: 0, number, bodyHash: 'f'.repeat(64), at: up }
  const attempting: NewLine = {
    entry: { type: 'attempting', ...named, ...attempt },
    local: { ...local, segments: 1, baseline: { max: 5, rows: [[5, 'x.y']] } },
  }
  const ends: Record<typeof end, NewLine> = {
    sent: { entry: { type: 'sent', ...named, rowId: up, at: up }, local: { rows: [[up, `a.${id}`]] } },
    unknown: { entry: { type: 'unknown', ...named, reason: 'no_proof', at: up, seen: '' }, local },
    refused: { entry: { type: 'refused', ...named, reason: 'permission', detail: `no ${number}`, at: up }, local },
  }
  return [accepted, attempting, { entry: { type: 'handed_over', ...named, at: up }, local }, ends[end]]
}

function text(number: string, rowId: number): NewLine {
  return {
    entry: {
      type: 'inbound',
      store: 'S',
      rowId,
      sender: number,
      number,
      body: `from ${number}`,
      receivedAt: 1,
      old: false,
    },
    local: { identity: `t.${rowId}` },
  }
}

const story = fc
  .array(
    fc.record({
      number: fc.constantFrom(ANN, ...OTHERS),
      what: fc.constantFrom(
        'sent' as const,
        'unknown' as const,
        'refused' as const,
        'returned' as const,
        'text' as const,
      ),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map(events => [
    { note: { type: 'start', boot: 'b', up: 0 } } as NewLine,
    { note: { type: 'store', store: 'S', max: 0, rows: [] } } as NewLine,
    { note: { type: 'uses', list: [[0, 1, 1, ANN] as const, [0, 1, 1, OTHERS[0]!] as const] } } as NewLine,
    ...events.flatMap(({ number, what }, at) =>
      what === 'text' ? [text(number, at + 1)] : life(`m${at}`, number, what, (at + 1) * 1000),
    ),
  ])

function stateOf(lines: readonly Line[]): AgentState {
  const state = new AgentState(number => number)
  for (const line of lines) state.apply(line)
  return state
}

function numbered(contents: readonly NewLine[]): Line[] {
  let seq = 0
  return contents.map(content => ({ hash: '', at: 0, ...(content.entry && { seq: ++seq }), ...content }) as Line)
}

/** All that decides about sending, as far as it does not name the person. */
function decisions(state: AgentState, ids: readonly string[]): unknown {
  const now = { boot: state.boot, up: 100_000, hub: 100_000 }
  const lane = state.lane(0)
  lane.use.setLimits({ windows: [{ segments: 10, windowMs: 60_000 }], recipientsPerMonth: 4, pauseMs: [0, 0] })
  return {
    lastSeq: state.lastSeq,
    epoch: state.epoch,
    orders: ids.map(id => [
      onAssign(state, order(id, OTHERS[0]!, 1)),
      onAssign(state, order(id, OTHERS[0]!, 2)).map(line => line.entry),
    ]),
    recalls: ids.map(id => [onRecall(state, id, 1), onRecall(state, id, 2)]),
    phases: ids.map(id => [state.messages.get(id)?.phase, state.messages.get(id)?.attempted]),
    used: lane.use.used(now),
    recipients: lane.use.recipients(now),
    others: OTHERS.map(number => [
      lane.use.check(now, 1, number),
      state.texted.has(number),
      state.inbound.isBlocked(number.slice(-7)),
    ]),
    halted: [lane.halted(now), lane.probing, lane.proven],
    rows: [...state.inbound.rows()],
    maxId: state.inbound.maxId,
    claimed: ids.map((id, at) => state.isClaimed((at + 1) * 1000, `a.${id}`)),
    open: [...state.open.keys()],
  }
}

describe('a journal without a person', () => {
  it('decides the same for every other number, and names the person nowhere', () => {
    fc.assert(
      fc.property(story, contents => {
        const lines = numbered(contents)
        const gone = person()
        const changed = lines.map(line => {
          const content = withoutPerson(line, gone)
          return content ? ({ hash: line.hash, ...content } as Line) : line
        })
        const ids = [...new Set(lines.flatMap(line => (line.entry && 'id' in line.entry ? [line.entry.id] : [])))]
        const [before, after] = [stateOf(lines), stateOf(changed)]
        before.inbound.setAcked(1e9)
        after.inbound.setAcked(1e9)
        expect(decisions(after, ids)).toEqual(decisions(before, ids))
        expect(JSON.stringify(changed)).not.toContain(ANN)
        expect(after.texted.has(ANN)).toBe(false)
        // What is forgotten in memory is what a start would find.
        before.forgetPerson(gone.isTheirs, STAND_IN.number)
        expect([...before.texted].sort()).toEqual([...after.texted].sort())
      }),
      { numRuns: 300 },
    )
  })

  it('keeps numbers and hashes on the disk, goes on in new files, and opens again', async () => {
    const path = join(dir, 'journal')
    const lines: Line[] = []
    const options = { now: () => 1, onLine: (line: Line) => void lines.push(line), segmentBytes: 900 }
    const journal = Journal.create(path, options)
    for (const [at, number] of [ANN, OTHERS[0]!, ANN, OTHERS[1]!].entries()) {
      await journal.append([text(number, at + 1), ...life(`m${at}`, number, 'sent', at + 1)])
    }
    const hashes = Array.from({ length: journal.lastSeq + 1 }, (_, seq) => journal.hashAt(seq))
    expect(await journal.change(7, person())).toMatchObject({ left: 3 })
    expect(await journal.change(journal.lastSeq, person())).toMatchObject({ left: 0 })
    expect(await journal.change(journal.lastSeq, person())).toEqual({ changed: 0, left: 0 })
    await journal.append([text(OTHERS[2]!, 9)])
    expect(hashes).toEqual(Array.from({ length: hashes.length }, (_, seq) => journal.hashAt(seq)))
    expect(journal.read(1, 1)[0]!.entry).toEqual({ type: 'erased' })
    await journal.close()
    const files = readdirSync(path).map(name => readFileSync(join(path, name), 'utf8'))
    expect(files.join()).not.toContain(ANN)
    expect(files.join()).toContain(OTHERS[0])
    const again = Journal.open(path, options)
    expect(again.lastSeq).toBe(hashes.length)
    expect(again.hashAt(hashes.length - 1)).toBe(hashes.at(-1))
    await again.close()
  })

  it('keeps no copy of a file whose change was cut off: others may stand in it, and nobody would look there', async () => {
    const path = join(dir, 'journal')
    const options = { now: () => 1, onLine: () => {} }
    const journal = Journal.create(path, options)
    await journal.append(life('m', ANN, 'sent', 1))
    await journal.close()
    writeFileSync(join(path, '000001.jsonl.change'), `of somebody else: ${OTHERS[0]}`)
    const again = Journal.open(path, options)
    expect(readdirSync(path).filter(name => name.endsWith('.change'))).toEqual([])
    expect(await again.change(9, person())).toMatchObject({ left: 0 })
    await again.close()
  })

  it('is refused when somebody else has changed a changed line', async () => {
    const path = join(dir, 'journal')
    const options = { now: () => 1, onLine: () => {} }
    const journal = Journal.create(path, options)
    await journal.append(life('m', ANN, 'sent', 1))
    await journal.change(9, person())
    await journal.close()
    const file = join(path, '000001.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace(STAND_IN.number, '+12025550999'))
    expect(() => Journal.open(path, options)).toThrow(/damaged/)
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { onAssign } from '../../../phone-agent/src/assignments.ts'
import { Journal } from '../../../phone-agent/src/journal.ts'
import type { Line, NewLine } from '../../../phone-agent/src/journal-lines.ts'
import { carriedNotes } from '../../../phone-agent/src/open.ts'
import { AgentState } from '../../../phone-agent/src/state.ts'
import type { Assign } from '../../../src/shared/phone-protocol.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'open-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const DAY = 86_400_000

it('whatever files are removed, what was attempted is refused for ever, and nothing else is forgotten that matters', async () => {
  const path = join(dir, 'journal')
  for (let cut = 1; cut < 14; cut++) {
    let now = 0
    let state = new AgentState(number => number)
    const options = () => ({ now: () => now, onLine: (line: Line) => state.apply(line), segmentBytes: 300 })
    let journal = Journal.create(path, options())
    const say = (...lines: NewLine[]): Promise<void> => journal.append(lines)
    await say(
      { note: { type: 'store', store: 's', max: 9, rows: [[9, 'a.b']] } },
      { note: { type: 'sim', slot: 0, subId: 3 } },
    )
    await say({ entry: { type: 'epoch', epoch: 6 } })
    for (const id of ['sent', 'returned', 'refused']) {
      const command: Assign = {
        id,
        assignment: 1,
        slot: 0,
        number: '+15555550101',
        body: id,
        segments: 1,
        notAfter: 1,
        kind: 'campaign',
      }
      now += DAY
      await say(...onAssign(state, command))
      if (id === 'returned') {
        await say({ entry: { type: 'returned', id, assignment: 1, reason: 'too_late' } })
        continue
      }
      const named = { id, assignment: 1, at: now }
      const { number } = command
      await say({
        entry: { type: 'attempting', ...named, slot: 0, number, bodyHash: 'f'.repeat(64) },
        local: { up: now, hub: now, segments: 1, baseline: { max: 1, rows: [] } },
      })
      now += DAY
      if (id === 'refused') await say({ entry: { type: 'refused', ...named, reason: 'permission', detail: '' } })
      else await say({ entry: { type: 'handed_over', ...named } }, { entry: { type: 'sent', ...named, rowId: 4 } })
      expect(state.open.size).toBe(0)
    }
    now = cut * DAY
    await journal.prune((cut / 2) * DAY, journal.lastSeq, lines => carriedNotes(state, lines))
    await journal.close()
    state = new AgentState(number => number)
    journal = Journal.open(path, options())
    const next = (id: string): string[] =>
      onAssign(state, {
        id,
        assignment: 2,
        slot: 0,
        number: '1234567',
        body: 'x',
        segments: 1,
        notAfter: 1,
        kind: 'test',
      }).map(line => line.entry!.type)
    expect(next('sent')).toEqual(['attempted_before'])
    expect(next('returned')).toEqual(['accepted'])
    expect(next('refused')).toEqual(['accepted'])
    expect(state.messages.get('returned')!.assignment).toBe(1)
    expect(state.epoch).toBe(6)
    expect(state.lane(0).subId).toBe(3)
    expect([state.inbound.store, state.inbound.maxId]).toEqual(['s', 9])
    expect(state.open.size).toBe(0)
    await journal.close()
    rmSync(path, { recursive: true })
  }
})

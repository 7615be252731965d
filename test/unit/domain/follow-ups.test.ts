import { describe, expect, it } from 'vitest'
import { endedBy, nextSteps, type Reactions, type StepText } from '../../../src/main/domain/follow-ups.ts'
import type { Step } from '../../../src/shared/operations/campaigns.ts'

const HOUR = 3_600_000
const SILENT: Reactions = { heardAt: null, repliedAt: null, tags: new Map(), stopped: false }
const PLAN: Step[] = [
  { condition: 'no_reply', delayHours: 72, template: 'Did you see it?' },
  { condition: 'reply', delayHours: 2, template: 'Thanks!' },
  { condition: 'no_reply', delayHours: 24, template: 'Last call' },
  { condition: 'tag', tag: 'Hot', delayHours: 0, template: 'Come in' },
]
const sent = (step: number, attemptedAt: number): StepText => ({ step, state: 'sent', attemptedAt })

describe('which follow-ups come next', () => {
  it('is none before the first text has left', () => {
    const heard = { ...SILENT, repliedAt: 5, tags: new Map([['hot', 9]]) }
    expect(nextSteps(PLAN, [], heard)).toEqual([])
    expect(nextSteps(PLAN, [{ step: 0, state: 'queued', attemptedAt: null }], heard)).toEqual([])
    expect(nextSteps(PLAN, [{ step: 0, state: 'failed', attemptedAt: 1 }], heard)).toEqual([])
  })

  it('goes from silence to silence: each counts from the text before it', () => {
    expect(nextSteps(PLAN, [sent(0, 1_000)], SILENT)).toEqual([{ step: 1, notBefore: 1_000 + 72 * HOUR }])
    const texts = [sent(0, 1_000), sent(1, 500 * HOUR)]
    expect(nextSteps(PLAN, texts, SILENT)).toEqual([{ step: 3, notBefore: 524 * HOUR }])
    // What did not go out is no text that anybody stays silent to.
    expect(nextSteps(PLAN, [sent(0, 1_000), { step: 1, state: 'failed', attemptedAt: 9 }], SILENT)).toEqual([])
  })

  it('asks nobody about a text that may never have come', () => {
    expect(nextSteps(PLAN, [{ step: 0, state: 'unknown', attemptedAt: 1_000 }], SILENT)).toEqual([])
    // A reply proves that it did.
    const replied = { ...SILENT, heardAt: 2_000, repliedAt: 2_000 }
    expect(nextSteps(PLAN, [{ step: 0, state: 'unknown', attemptedAt: 1_000 }], replied)).toEqual([
      { step: 2, notBefore: 2_000 + 2 * HOUR },
    ])
  })

  it('ends silence with any text, and answers a real reply only', () => {
    const help = { ...SILENT, heardAt: 2_000 }
    expect(nextSteps(PLAN, [sent(0, 1_000)], help)).toEqual([])
    const replied = { ...SILENT, heardAt: 2_000, repliedAt: 3_000 }
    expect(nextSteps(PLAN, [sent(0, 1_000)], replied)).toEqual([{ step: 2, notBefore: 3_000 + 2 * HOUR }])
  })

  it('takes a tag that was set since the first text, in any case of its letters', () => {
    const tagged = (at: number) => ({ ...SILENT, heardAt: 1, tags: new Map([['hot', at]]) })
    expect(nextSteps(PLAN, [sent(0, 1_000)], tagged(2_000))).toEqual([{ step: 4, notBefore: 2_000 }])
    expect(nextSteps(PLAN, [sent(0, 1_000)], tagged(500))).toEqual([])
  })

  it('never makes a second one of a step, whatever became of the first', () => {
    for (const state of ['queued', 'cancelled', 'suppressed', 'failed', 'unknown', 'sent'] as const) {
      const texts: StepText[] = [sent(0, 1_000), { step: 2, state, attemptedAt: null }]
      expect(nextSteps(PLAN, texts, { ...SILENT, heardAt: 2, repliedAt: 2 })).toEqual([])
    }
  })

  it('has nothing for people who opted out, even when they came back', () => {
    const all = { heardAt: 2, repliedAt: 2, tags: new Map([['hot', 9_000]]), stopped: true }
    expect(nextSteps(PLAN, [sent(0, 1_000)], all)).toEqual([])
  })
})

describe('what ends a follow-up that waits', () => {
  it('is a text for the silent, the loss of the tag for the tagged, an opt-out for all', () => {
    const [silent, reply, , tag] = PLAN as [Step, Step, Step, Step]
    const heard = { ...SILENT, heardAt: 5 }
    expect(endedBy(silent, SILENT)).toBeNull()
    expect(endedBy(silent, heard)).toBe('answered')
    expect(endedBy(reply, heard)).toBeNull()
    expect(endedBy(tag, heard)).toBe('tag_removed')
    expect(endedBy(tag, { ...heard, tags: new Map([['hot', 1]]) })).toBeNull()
    for (const step of PLAN) expect(endedBy(step, { ...SILENT, stopped: true })).toBe('stopped')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isSettled,
  MESSAGE_EVENTS,
  type MessageEvent,
  type Recall,
  step,
} from '../../../src/main/domain/message-states.ts'
import { MESSAGE_STATES, type MessageState } from '../../../src/shared/operations/messages.ts'

interface Held {
  state: MessageState
  recall: Recall | null
}

function run(held: Held, event: MessageEvent): Held {
  const outcome = step(held.state, event, held.recall)
  if (outcome.kind === 'recall') return { ...held, recall: outcome.as }
  if (outcome.kind === 'move') return { state: outcome.to, recall: outcome.to === 'queued' ? null : held.recall }
  return held
}

function lifeOf(...events: MessageEvent[]): Held {
  return events.reduce(run, { state: 'queued', recall: null } as Held)
}

const events = fc.array(fc.constantFrom(...MESSAGE_EVENTS), { maxLength: 30 })

describe('the life of a message', () => {
  it('goes the usual way', () => {
    expect(lifeOf('assign', 'accepted', 'attempting', 'handed_over', 'sent').state).toBe('sent')
  })

  it('ends unknown without proof, and late proof settles it', () => {
    const unknown = lifeOf('assign', 'accepted', 'attempting', 'unknown')
    expect(unknown.state).toBe('unknown')
    expect(run(unknown, 'sent').state).toBe('sent')
  })

  it('goes back to the queue when the command refused it', () => {
    expect(lifeOf('assign', 'accepted', 'attempting', 'refused').state).toBe('queued')
  })

  it('becomes cancelled only on the word of the phone that may hold it', () => {
    const recalled = lifeOf('assign', 'accepted', 'cancel')
    expect(recalled).toEqual({ state: 'accepted', recall: 'cancelled' })
    expect(run(recalled, 'given_back').state).toBe('cancelled')
    expect(run(recalled, 'attempting').state).toBe('attempting')
  })

  it('keeps a STOP that comes during a pause', () => {
    expect(lifeOf('assign', 'accepted', 'take_back', 'suppress', 'take_back', 'given_back').state).toBe('suppressed')
  })

  it('is never failed by silence: only a rule or a person fails it', () => {
    for (const event of MESSAGE_EVENTS) {
      for (const state of MESSAGE_STATES) {
        const outcome = step(state, event, null)
        if (outcome.kind !== 'move' || outcome.to !== 'failed') continue
        expect([event, state]).toEqual(
          event === 'cannot_send' ? ['cannot_send', 'queued'] : ['decide_failed', 'unknown'],
        )
      }
    }
  })

  it('never leaves sent', () => {
    fc.assert(
      fc.property(events, list => {
        let held = lifeOf('assign', 'accepted', 'attempting', 'sent')
        for (const event of list) held = run(held, event)
        expect(held.state).toBe('sent')
      }),
    )
  })

  it('is assignable again only when it was not attempted, or the command refused before hand-over', () => {
    fc.assert(
      fc.property(events, list => {
        let held: Held = { state: 'queued', recall: null }
        let mayHaveLeft = false
        for (const event of list) {
          const before = held
          held = run(held, event)
          if (before.state !== 'attempting' && held.state === 'attempting') mayHaveLeft = true
          if (event === 'refused' && before.state === 'attempting') mayHaveLeft = false
          if (held.state === 'assigned') expect(mayHaveLeft).toBe(false)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  it('does not leave a memory that was lost for the queue', () => {
    fc.assert(
      fc.property(events, list => {
        let held = lifeOf('assign', 'accepted', 'memory_lost')
        for (const event of list) {
          held = run(held, event)
          expect(['unknown', 'sent', 'failed']).toContain(held.state)
        }
      }),
    )
  })

  it('counts unknown as settled and everything on the way as open', () => {
    expect(MESSAGE_STATES.filter(state => !isSettled(state))).toEqual([
      'queued',
      'assigned',
      'accepted',
      'attempting',
      'handed_over',
    ])
  })
})

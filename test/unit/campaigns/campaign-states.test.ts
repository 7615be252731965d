import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CAMPAIGN_EVENTS,
  type CampaignEvent,
  changeCampaign,
  editable,
} from '../../../src/main/domain/campaign-states.ts'
import { CAMPAIGN_STATES, type CampaignState } from '../../../src/shared/operations/campaigns.ts'

const state = fc.constantFrom(...CAMPAIGN_STATES)
const event = fc.constantFrom(...CAMPAIGN_EVENTS)

/** Every legal change, written down once more by hand. */
const LEGAL: [CampaignState, CampaignEvent, CampaignState][] = [
  ['draft', 'start', 'running'],
  ['draft', 'schedule', 'scheduled'],
  ['draft', 'cancel', 'cancelled'],
  ['scheduled', 'start', 'running'],
  ['scheduled', 'schedule', 'scheduled'],
  ['scheduled', 'unschedule', 'draft'],
  ['scheduled', 'due', 'running'],
  ['scheduled', 'cancel', 'cancelled'],
  ['running', 'pause', 'paused'],
  ['running', 'complete', 'completed'],
  ['running', 'cancel', 'cancelled'],
  ['paused', 'resume', 'running'],
  ['paused', 'cancel', 'cancelled'],
]

describe('the states of a campaign', () => {
  it('allows exactly the changes of the design, and answers every other with a sentence', () => {
    fc.assert(
      fc.property(state, event, (from, what) => {
        const change = changeCampaign(from, what)
        const legal = LEGAL.find(([one, other]) => one === from && other === what)
        if (legal) expect(change).toEqual({ ok: true, to: legal[2] })
        else expect(change).toEqual({ ok: false, message: expect.stringMatching(/^[A-Z].{15,}\.$/) })
      }),
      { numRuns: 500 },
    )
  })

  it('never leaves completed or cancelled, whatever happens, and never makes a draft of what has begun', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), events => {
        let at: CampaignState = 'draft'
        let begun = false
        for (const what of events) {
          const change = changeCampaign(at, what)
          if (!change.ok) continue
          expect(['completed', 'cancelled']).not.toContain(at)
          if (begun) expect(['draft', 'scheduled']).not.toContain(change.to)
          at = change.to
          begun ||= at === 'running'
        }
      }),
    )
  })

  it('reaches every state from a draft', () => {
    const reached = new Set<CampaignState>(['draft'])
    for (const from of reached) {
      for (const what of CAMPAIGN_EVENTS) {
        const change = changeCampaign(from, what)
        if (change.ok) reached.add(change.to)
      }
    }
    expect([...reached].sort()).toEqual([...CAMPAIGN_STATES].sort())
  })

  it('lets everything be edited before the start, hours and lanes until the end, and nothing afterwards', () => {
    expect(CAMPAIGN_STATES.map(one => editable(one))).toEqual([
      'all',
      'all',
      'sending',
      'sending',
      'nothing',
      'nothing',
    ])
  })
})

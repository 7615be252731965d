import type { CampaignState } from '../../shared/operations/campaigns.ts'

/**
 * The life of a campaign. The usual order is draft, (scheduled,) running, completed.
 *
 * - `start`, `schedule`: a person starts it now, or for a time to come; a scheduled one can be started or scheduled anew.
 * - `unschedule`: a person takes it back before its time, to change it.
 * - `due`: the time of a scheduled one has come.
 * - `pause`, `resume`, `cancel`: a person's.
 * - `complete`: every message has come to an end.
 */
export const CAMPAIGN_EVENTS = [
  'start',
  'schedule',
  'unschedule',
  'due',
  'pause',
  'resume',
  'complete',
  'cancel',
] as const
export type CampaignEvent = (typeof CAMPAIGN_EVENTS)[number]

export type CampaignChange =
  | { readonly ok: true; readonly to: CampaignState }
  | { readonly ok: false; readonly message: string }

/** What an event does to a campaign in a state: the new state, or a sentence that says why not and what to do. Pure and total. */
export function changeCampaign(state: CampaignState, event: CampaignEvent): CampaignChange {
  const next = TABLE[event][state]
  return 'to' in next ? { ok: true, to: next.to } : { ok: false, message: next.no }
}

/** `all`: everything of it can be edited. `sending`: hours, lanes and expiry only. `nothing`: it is over. */
export function editable(state: CampaignState): 'all' | 'sending' | 'nothing' {
  return EDITABLE[state]
}

const EDITABLE: Record<CampaignState, 'all' | 'sending' | 'nothing'> = {
  draft: 'all',
  scheduled: 'all',
  running: 'sending',
  paused: 'sending',
  completed: 'nothing',
  cancelled: 'nothing',
}

type Next = { readonly to: CampaignState } | { readonly no: string }

const OVER = {
  completed: { no: 'This campaign is completed. Duplicate it to send it again.' },
  cancelled: { no: 'This campaign was cancelled. Duplicate it to send it after all.' },
} as const
const RUNNING = { no: 'This campaign is running already.' } as const
const PAUSED = { no: 'This campaign has been started and is paused. Resume it instead.' } as const
const NOT_STARTED = { no: 'This campaign has not been started yet.' } as const
const WAITING = { no: 'This campaign is scheduled and has not begun. Unschedule it instead.' } as const

const TABLE: Record<CampaignEvent, Record<CampaignState, Next>> = {
  start: { draft: { to: 'running' }, scheduled: { to: 'running' }, running: RUNNING, paused: PAUSED, ...OVER },
  schedule: { draft: { to: 'scheduled' }, scheduled: { to: 'scheduled' }, running: RUNNING, paused: PAUSED, ...OVER },
  unschedule: {
    draft: { no: 'This campaign is not scheduled.' },
    scheduled: { to: 'draft' },
    running: { no: 'This campaign has begun. Pause or cancel it instead.' },
    paused: { no: 'This campaign has begun and is paused. Cancel it instead.' },
    ...OVER,
  },
  due: { draft: NOT_STARTED, scheduled: { to: 'running' }, running: RUNNING, paused: PAUSED, ...OVER },
  pause: { draft: NOT_STARTED, scheduled: WAITING, running: { to: 'paused' }, paused: already('paused'), ...OVER },
  resume: {
    draft: { no: 'This campaign has not been started yet. Start it instead.' },
    scheduled: { no: 'This campaign is scheduled and has not begun. Start it to begin now.' },
    running: RUNNING,
    paused: { to: 'running' },
    ...OVER,
  },
  complete: {
    draft: NOT_STARTED,
    scheduled: NOT_STARTED,
    running: { to: 'completed' },
    paused: already('paused'),
    ...OVER,
  },
  cancel: {
    draft: { to: 'cancelled' },
    scheduled: { to: 'cancelled' },
    running: { to: 'cancelled' },
    paused: { to: 'cancelled' },
    completed: { no: 'This campaign is completed: nothing of it is left to cancel.' },
    cancelled: already('cancelled'),
  },
}

function already(what: string): Next {
  return { no: `This campaign is ${what} already.` }
}

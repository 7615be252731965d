import {
  beginCampaign,
  campaignById,
  doneCampaigns,
  dueCampaigns,
  endCampaign,
  setCampaignState,
} from '../../db/campaigns.ts'
import type { Writer } from '../../db/database.ts'
import { changeCampaign } from '../../domain/campaign-states.ts'
import { appendAudit } from '../audit.ts'
import { cancelStep, fillStep, fitStep } from './fill.ts'
import { followUpStep } from './follow-ups.ts'
import type { CampaignParts } from './parts.ts'

/** What campaigns do without being asked. Everything is read from the database, so a crash loses nothing of it. */
export interface CampaignWork {
  /** Begins scheduled campaigns whose time has come. Call it at the start and every few seconds. Returns how many began. */
  startDue(now: number): number
  /** Completes running campaigns whose messages have all come to an end. Reads counters only. Returns how many. */
  completeDone(): number
}

/** Hands the long work to the background and returns what a timer has to call. */
export function createCampaignWork(parts: CampaignParts): CampaignWork {
  const { background } = parts
  background.add('make the messages of campaigns', () => fillStep(parts))
  background.add('queue follow-ups', () => followUpStep(parts))
  background.add('fit messages to changed campaigns', () => fitStep(parts))
  background.add('cancel the messages of campaigns', () => cancelStep(parts))
  const work = { startDue: (now: number) => startDue(parts, now), completeDone: () => completeDone(parts) }
  background.add('complete campaigns', () => work.completeDone() > 0)
  return work
}

function startDue(parts: CampaignParts, now: number): number {
  const begun: number[] = []
  for (const { id } of dueCampaigns(parts.db, now)) {
    const did = asSystem(parts, id, 'campaigns.start', tx => {
      const change = changeCampaign(campaignById(tx, id)!.state, 'due')
      if (!change.ok) return false
      setCampaignState(tx, id, change.to, now)
      beginCampaign(tx, id, now)
      return true
    })
    if (did) begun.push(id)
  }
  if (begun.length > 0) parts.background.wake()
  return begun.length
}

function completeDone(parts: CampaignParts): number {
  let completed = 0
  for (const id of doneCampaigns(parts.db, parts.clock.now())) {
    const did = asSystem(parts, id, 'campaigns.complete', tx => {
      const change = changeCampaign(campaignById(tx, id)!.state, 'complete')
      if (!change.ok || !doneCampaigns(tx, parts.clock.now()).includes(id)) return false
      const now = parts.clock.now()
      setCampaignState(tx, id, change.to, now)
      endCampaign(tx, id, now)
      return true
    })
    if (did) completed += 1
  }
  return completed
}

/** One change by the application itself, in one transaction with its audit row. */
function asSystem(parts: CampaignParts, id: number, action: string, change: (tx: Writer) => boolean): boolean {
  const did = parts.db.write(tx => {
    if (!change(tx)) return false
    appendAudit(tx, {
      at: parts.clock.now(),
      actor: 'system',
      action,
      subject: `campaign:${id}`,
      outcome: 'ok',
      code: '',
    })
    return true
  })
  if (did) parts.happenings.tell({ type: 'campaign', id })
  return did
}

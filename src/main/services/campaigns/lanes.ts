import type { CampaignRow } from '../../db/campaigns.ts'
import type { LaneView } from '../ports.ts'

type Choice = Pick<CampaignRow, 'sims' | 'allowUnproven'>

/** Lanes that may send a campaign: switched on, among its own, and able to prove a send unless an administrator waived that. */
export function lanesOf(campaign: Choice, lanes: readonly LaneView[]): LaneView[] {
  return chosenLanes(campaign, lanes).filter(lane => lane.canProve || campaign.allowUnproven)
}

/** The same, whether they can prove a send or not. */
export function chosenLanes(campaign: Pick<Choice, 'sims'>, lanes: readonly LaneView[]): LaneView[] {
  return lanes.filter(lane => lane.enabled && (campaign.sims === null || campaign.sims.includes(lane.simId)))
}

/** The lane that must send to somebody whom `known` texted first; null when any may. */
export function pinFor(known: number | null, usable: readonly LaneView[]): number | null {
  return known !== null && usable.some(lane => lane.simId === known) ? known : null
}

/** As an operator knows it: the phone, and the SIM where it has several. */
export function laneName(lane: LaneView, lanes: readonly LaneView[]): string {
  const several = lanes.some(other => other.phoneId === lane.phoneId && other.simId !== lane.simId)
  return several ? `${lane.phoneName} (SIM ${lane.slot + 1})` : lane.phoneName
}

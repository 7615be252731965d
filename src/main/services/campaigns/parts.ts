import { Refusal } from '../../../shared/errors.ts'
import type { Settings } from '../../../shared/operations/phones.ts'
import type { CampaignRow } from '../../db/campaigns.ts'
import { campaignById } from '../../db/campaigns.ts'
import type { Database, Reader, Writer } from '../../db/database.ts'
import type { ZoneLookup } from '../../domain/zones.ts'
import type { Background } from '../background.ts'
import type { ContactSearch } from '../contact-search.ts'
import type { Clock, Happenings, Ids, Log, NumberHash, Phones } from '../ports.ts'
import type { Times } from '../times.ts'

/** What campaigns, messages and the inbox need from the rest of the hub. */
export interface CampaignParts {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly happenings: Happenings
  readonly background: Background
  readonly settings: { current(): Settings }
  readonly search: ContactSearch
  readonly zones: ZoneLookup
  readonly times: Times
  readonly dispatch: DispatchPort
  /** Refuses with `key_missing` while the data key is closed. */
  readonly numberHash: NumberHash
  readonly phones: Phones
}

interface DispatchPort {
  /** Takes back what phones hold of a campaign and have not attempted, in the caller's transaction. */
  takeBack(db: Writer, campaignId: number, as: 'queued' | 'cancelled'): void
  /** Says that something may have become due or is wanted back. Call it after the commit. */
  wake(): void
}

/** The campaign, or a refusal when there is none. */
export function wantedCampaign(db: Reader, id: number): CampaignRow {
  const campaign = campaignById(db, id)
  if (!campaign) throw new Refusal('not_found', `There is no campaign ${id}.`)
  return campaign
}

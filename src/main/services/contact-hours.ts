import { Refusal } from '../../shared/errors.ts'
import { campaignById } from '../db/campaigns.ts'
import { contactById } from '../db/contacts.ts'
import type { Database } from '../db/database.ts'
import { queuedOfContact } from '../db/message-list.ts'
import { closesAt, holdOf, isAllowed, nextOpening } from '../domain/allowed-hours.ts'
import { partsOf } from '../domain/places/places.ts'
import { candidatesOf } from '../domain/zones.ts'
import type { RefitParts } from './dispatch/refit.ts'
import { heldOf } from './holds.ts'
import type { HandlersFor } from './operations/dispatch.ts'

/** Messages that are listed; a person hardly has more waiting. */
const LISTED = 20

/** Where a contact may be, whether texts may go there now, and what waits for them. */
export function contactHoursHandlers(
  parts: Omit<RefitParts, 'log'> & { readonly db: Database },
): HandlersFor<'contacts.hours'> {
  const { db, clock, settings, zones, times } = parts
  return {
    'contacts.hours': ({ id }) => {
      const contact = contactById(db, id)
      if (!contact) throw new Refusal('not_found', 'There is no such contact (any more).')
      const { places, source } = candidatesOf(contact, zones)
      const now = clock.now()
      const table = times(settings.current().hours)
      const open = isAllowed(table, places, now)
      const until = open ? closesAt(table, places, now) : nextOpening(table, places, now)
      const hold = open || until === null ? undefined : holdOf(table, places, now, until)
      return {
        places: places.map(partsOf),
        source,
        open,
        until,
        zone: hold?.zone ?? (places[0] === undefined ? null : partsOf(places[0]).zone),
        because: hold?.because ?? (until === null ? nowhere(places) : ''),
        held: queuedOfContact(db, id)
          .slice(0, LISTED)
          .flatMap(message => {
            const held = heldOf(db, message, parts)
            const campaign = message.campaignId === null ? undefined : campaignById(db, message.campaignId)
            return held
              ? [{ messageId: message.id, campaignId: message.campaignId, campaign: campaign?.name ?? null, held }]
              : []
          }),
      }
    },
  }
}

function nowhere(places: readonly string[]): string {
  return places.length === 0
    ? 'nobody knows where they are; give the contact a time zone'
    : 'the places where they may be have no allowed hour in common; give the contact a time zone'
}

import { Refusal } from '../../shared/errors.ts'
import { giveConsents } from '../db/consents.ts'
import {
  type ContactDetails,
  type ContactRow,
  contactById,
  deleteContact,
  giveConversation,
  touchContact,
  updateContact,
} from '../db/contacts.ts'
import type { Database, Reader, Writer } from '../db/database.ts'
import { groupNamesOf, setGroupsOf } from '../db/lists.ts'
import { insertSuppression, suppressionOf } from '../db/suppression.ts'
import { attributesOf } from '../domain/fields.ts'
import type { ZoneLookup } from '../domain/zones.ts'
import { wholeContacts } from './contacts.ts'
import type { OnMoved } from './dispatch/refit.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock, NumberHash } from './ports.ts'

export interface MergeParts {
  readonly db: Database
  readonly clock: Clock
  readonly numberHash: NumberHash
  readonly zones: ZoneLookup
  /** Fits what waits for the kept contact to where they are. */
  readonly onMoved?: OnMoved
  /** Takes back what waits for this number, in the transaction that suppresses it. */
  readonly onSuppressed?: (db: Writer, number: string) => unknown
}

/** Two contacts that are one person. */
export function mergeHandlers(parts: MergeParts): HandlersFor<'contacts.merge'> {
  const { db, clock, numberHash, zones, onSuppressed, onMoved } = parts
  return {
    'contacts.merge': ({ id, other }, { actor, commit }) => {
      if (id === other) throw new Refusal('invalid_input', 'These are the same contact. Choose another one.')
      commit((tx, about) => {
        const kept = there(tx, id)
        const gone = there(tx, other)
        about('contact', kept.id)
        about('contact', gone.id)
        const at = clock.now()
        const [tags, lists] = [both(tx, 'tag', kept, gone), both(tx, 'list', kept, gone)]
        // Who said stop with one number did not mean to be texted on the other.
        if (hasOptedOut(tx, gone.number) && !hasOptedOut(tx, kept.number)) {
          insertSuppression(tx, {
            ...{ number: kept.number, hash: numberHash.of(kept.number), reason: 'manual', inboundId: null },
            ...{
              note: 'Opted out with another number, which was merged into this one.',
              createdBy: actor,
              createdAt: at,
            },
          })
          onSuppressed?.(tx, kept.number)
        }
        giveConversation(tx, gone.id, kept.id)
        giveConsents(tx, gone.id, kept.id)
        deleteContact(tx, gone)
        const given = filledIn(kept, gone)
        if (Object.keys(given).length > 0) updateContact(tx, kept, given, at)
        else touchContact(tx, kept.id, at)
        onMoved?.(tx, { ...kept, ...given })
        setGroupsOf(tx, 'tag', kept.id, tags, at)
        setGroupsOf(tx, 'list', kept.id, lists, at)
      })
      return wholeContacts(db, [contactById(db, id)!], numberHash, zones)[0]!
    },
  }

  function hasOptedOut(tx: Reader, number: string): boolean {
    return suppressionOf(tx, number, numberHash.of(number)) !== undefined
  }
}

/** What the kept one lacks and the other has. */
function filledIn(kept: ContactRow, gone: ContactRow): Partial<ContactDetails> {
  const given: { -readonly [K in keyof ContactDetails]?: ContactDetails[K] } = {}
  for (const field of ['firstName', 'lastName', 'email'] as const) {
    if (kept[field] === '' && gone[field] !== '') given[field] = gone[field]
  }
  if (kept.zone === null && gone.zone !== null) Object.assign(given, { zone: gone.zone, zoneByHand: gone.zoneByHand })
  if (kept.postcode === null && gone.postcode !== null) given.postcode = gone.postcode
  if (kept.consentId === null && gone.consentId !== null) given.consentId = gone.consentId
  const attributes = JSON.stringify({ ...attributesOf(gone), ...attributesOf(kept) })
  if (Object.keys(attributesOf(gone)).some(key => !Object.hasOwn(attributesOf(kept), key)))
    given.attributes = attributes
  return given
}

function both(db: Reader, kind: 'tag' | 'list', kept: ContactRow, gone: ContactRow): string[] {
  return [...new Set([...groupNamesOf(db, kind, [kept.id, gone.id]).values()].flat())]
}

function there(db: Reader, id: number): ContactRow {
  const found = contactById(db, id)
  if (!found) throw new Refusal('not_found', 'There is no such contact (any more).')
  return found
}

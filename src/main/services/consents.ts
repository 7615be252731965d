import { type ConsentKind, coversKind, type RequirableKind } from '../../shared/consent.ts'
import { Refusal } from '../../shared/errors.ts'
import type { RecordedConsent } from '../../shared/operations/contacts.ts'
import type { InputOf } from '../../shared/operations/index.ts'
import {
  type ConsentRow,
  consentsById,
  consentsOfContact,
  endConsent,
  kindOfConsent,
  recordConsent,
  setConsent,
} from '../db/consents.ts'
import { type ContactRow, contactById, contactByNumber, touchContact } from '../db/contacts.ts'
import type { Database, Reader, Writer } from '../db/database.ts'
import type { HandlersFor } from './operations/dispatch.ts'

/** What is on record about the consents of contacts. */
export function consentHandlers({ db }: { readonly db: Database }): HandlersFor<'contacts.consents'> {
  return {
    'contacts.consents': ({ id }) => {
      const contact = contactById(db, id)
      if (!contact) throw new Refusal('not_found', 'There is no such contact (any more).')
      const present =
        contact.consentId === null ? undefined : consentsById(db, [contact.consentId]).get(contact.consentId)
      const earlier = consentsOfContact(db, id).filter(row => row.id !== contact.consentId)
      return {
        consents: [...(present ? [present] : []), ...earlier].map(row => ({
          ...shownConsent(row),
          ended: row.endedAt === null ? null : { at: row.endedAt, by: row.endedBy ?? '' },
        })),
      }
    },
  }
}

/** A consent as the operations tell it. */
export function shownConsent(row: ConsentRow): RecordedConsent {
  return {
    kind: row.kind,
    source: row.source,
    wording: row.wording,
    at: row.givenAt,
    proof: row.proof,
    recordedBy: row.recordedBy,
    recordedAt: row.recordedAt,
    import: row.importFile === null ? null : { id: row.importId, fileName: row.importFile },
    text: row.keyword === null ? null : { id: row.inboundId, keyword: row.keyword },
  }
}

/**
 * Puts what a person says of one contact's consent on record (null: it was taken back). What was there before has ended
 * and stays on record. Runs in the transaction of the change, which has to store the id that this returns (null: none) as
 * the contact's present consent.
 */
export function changeConsent(
  tx: Writer,
  contact: Pick<ContactRow, 'id' | 'consentId'>,
  given: InputOf<'contacts.create'>['consent'],
  by: string,
  at: number,
): number | null {
  if (contact.consentId !== null) endConsent(tx, contact.consentId, contact.id, by, at)
  if (given === null) return null
  const { kind, source, wording, at: givenAt, proof } = given
  return recordConsent(tx, {
    ...{ kind, source, wording, givenAt, proof },
    ...{ recordedBy: by, recordedAt: at, importId: null, contactId: contact.id },
  })
}

/** A consent that somebody gave by a text, such as the keyword JOIN. */
export interface TextConsent {
  /** E.164, of the one who wrote. */
  readonly number: string
  /** The text, by its id in `inbound`. */
  readonly inboundId: number
  /** The word that counts as consent, as the rule has it. */
  readonly keyword: string
  readonly kind: ConsentKind
  /** What they agreed to by it: the wording that was advertised with the keyword. */
  readonly wording: string
  /** When the text came, ms UTC. */
  readonly at: number
  /** Such as `phone:1`. */
  readonly by: string
}

/**
 * Records a consent that was given by a keyword; the text that came in is the proof. Runs in the transaction that takes the
 * text in. Returns false where the number is no contact: nothing is recorded then, so make the contact first.
 */
export function recordTextConsent(tx: Writer, consent: TextConsent): boolean {
  const contact = contactByNumber(tx, consent.number)
  if (!contact) return false
  const { keyword, inboundId, kind, wording, at, by } = consent
  if (contact.consentId !== null) endConsent(tx, contact.consentId, contact.id, by, at)
  const id = recordConsent(tx, {
    ...{ kind, source: `Texted ${keyword}`, wording, givenAt: at, proof: '' },
    ...{ recordedBy: by, recordedAt: at, importId: null, inboundId, keyword, contactId: contact.id },
  })
  setConsent(tx, contact.id, id)
  touchContact(tx, contact.id, at)
  return true
}

/** Why the consent of a contact is not what a campaign requires; null: it is. */
export function lackOfConsent(
  db: Reader,
  { requireConsent, consentKind }: { readonly requireConsent: boolean; readonly consentKind: RequirableKind | null },
  consentId: number | null,
): 'consent_missing' | 'consent_other_kind' | null {
  if (!requireConsent) return null
  if (consentId === null) return 'consent_missing'
  if (consentKind === null || coversKind(kindOfConsent(db, consentId), consentKind)) return null
  return 'consent_other_kind'
}

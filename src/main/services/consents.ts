import { coversKind, isMoreThan, type RequirableKind } from '../../shared/consent.ts'
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
  /** The text as it was written: the proof, which stays when texts are removed by their age. */
  readonly body: string
  readonly kind: RequirableKind
  /** What they agreed to by it: the wording that was advertised with the keyword. */
  readonly wording: string
  /** When the phone got the text, ms UTC. */
  readonly givenAt: number
  /** Now, ms UTC. */
  readonly at: number
  /** Such as `rule:1`. */
  readonly by: string
}

/**
 * Records a consent that was given by a keyword; the text that came in is the proof. Runs in the transaction that takes the
 * text in. Returns whether anything is recorded: nothing is where the number is no contact, so make the contact first, and
 * where the text changes nothing about what they agreed to.
 */
export function recordTextConsent(tx: Writer, consent: TextConsent): boolean {
  const contact = contactByNumber(tx, consent.number)
  if (!contact || changesNothing(tx, contact, consent)) return false
  const { keyword, inboundId, body, kind, wording, givenAt, at, by } = consent
  if (contact.consentId !== null) endConsent(tx, contact.consentId, contact.id, by, at)
  const id = recordConsent(tx, {
    ...{ kind, source: `Texted ${keyword}`, wording, givenAt, proof: body },
    ...{ recordedBy: by, recordedAt: at, importId: null, inboundId, keyword, contactId: contact.id },
  })
  setConsent(tx, contact.id, id)
  touchContact(tx, contact.id, at)
  return true
}

/** Whether they agreed to that by a text before, or to more than that, or have taken their consent back since they wrote. */
function changesNothing(
  db: Reader,
  contact: Pick<ContactRow, 'id' | 'consentId'>,
  { kind, wording, givenAt }: TextConsent,
): boolean {
  const { id, consentId } = contact
  const there = consentId === null ? undefined : consentsById(db, [consentId]).get(consentId)
  if (!there) return consentsOfContact(db, id).some(({ endedAt }) => endedAt !== null && endedAt > givenAt)
  return isMoreThan(there.kind, kind) || (there.kind === kind && there.keyword !== null && there.wording === wording)
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

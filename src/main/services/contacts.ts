import { setImmediate } from 'node:timers/promises'
import type { CsvCell } from '../../shared/csv.ts'
import { Refusal } from '../../shared/errors.ts'
import type { Audience, Contact } from '../../shared/operations/contacts.ts'
import type { InputOf } from '../../shared/operations/index.ts'
import { countAudience, nextOfAudience } from '../db/audience.ts'
import { consentsById, setConsent } from '../db/consents.ts'
import { countedFields } from '../db/contact-fields.ts'
import {
  type ContactDetails,
  type ContactRow,
  contactById,
  contactByNumber,
  deleteContact,
  insertContact,
  touchContact,
  updateContact,
} from '../db/contacts.ts'
import type { Database, Reader } from '../db/database.ts'
import { groupNamesOf, setGroupsOf } from '../db/lists.ts'
import { hasErasedSuppressions, reasonsByNumber, suppressionOf } from '../db/suppression.ts'
import { attributesOf, BUILT_IN_FIELDS } from '../domain/fields.ts'
import { zonesOfPlaces } from '../domain/places/places.ts'
import { postcodeFrom } from '../domain/places/postcodes.ts'
import { candidatesOf, type ZoneLookup, zoneNamed } from '../domain/zones.ts'
import { changeConsent, shownConsent } from './consents.ts'
import type { ContactSearch } from './contact-search.ts'
import { writeCsvFile } from './csv-file.ts'
import { idCursor, nextCursor } from './cursor.ts'
import { hasMoved, type OnMoved } from './dispatch/refit.ts'
import { isE164, type TypedNumber, typedNumber } from './numbers.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock, NumberHash } from './ports.ts'

export interface ContactParts {
  readonly db: Database
  readonly clock: Clock
  readonly numberHash: NumberHash
  readonly search: ContactSearch
  readonly zones: ZoneLookup
  /** Fits what waits for a contact who is somewhere else now, in the transaction that changes it. */
  readonly onMoved?: OnMoved
  /** Its country is the one of numbers that come without. */
  readonly settings?: { current(): { readonly defaultCountry: string | null } }
}

export function contactHandlers(
  parts: ContactParts,
): HandlersFor<
  | 'contacts.search'
  | 'contacts.count'
  | 'contacts.get'
  | 'contacts.create'
  | 'contacts.update'
  | 'contacts.delete'
  | 'contacts.export'
  | 'contacts.fields'
> {
  const { db, clock, numberHash, search, zones } = parts
  const whole = (contact: ContactRow) => wholeContacts(db, [contact], numberHash, zones)[0]!
  return {
    'contacts.search': ({ limit, after, ...selection }) => {
      const rows = nextOfAudience(db, selection, idCursor(after, 0), limit)
      return { items: wholeContacts(db, rows, numberHash, zones), next: nextCursor(rows, limit, row => row.id) }
    },
    'contacts.count': async audience => {
      if (audience.search !== '') await search.complete()
      return { contacts: countAudience(db, audience) }
    },
    'contacts.get': input => {
      const found = 'id' in input ? contactById(db, input.id) : contactByNumber(db, numberOf(input.number, undefined))
      return whole(found ?? notThere())
    },
    'contacts.create': (input, { actor, commit }) => {
      const phone = phoneOf(input.number, input.country)
      const zone = zoneOf(input.zone)
      const postcode = postcodeOf(input.postcode)
      const id = commit((tx, about) => {
        const at = clock.now()
        const contact = {
          number: phone.number,
          country: phone.country,
          firstName: input.firstName,
          lastName: input.lastName,
          email: input.email,
          zone,
          zoneByHand: zone === null ? 0 : 1,
          postcode,
          attributes: attributesText(input.attributes),
          consentId: null,
          importId: null,
        }
        const id = insertContact(tx, contact, at)
        if (id === null) {
          const message = 'There is a contact with this number already.'
          throw new Refusal('exists_already', message, { number: message })
        }
        about('contact', id)
        if (input.consent !== null) {
          setConsent(tx, id, changeConsent(tx, { id, consentId: null }, input.consent, actor, at))
        }
        setGroupsOf(tx, 'tag', id, input.tags, at)
        setGroupsOf(tx, 'list', id, input.lists, at)
        return id
      })
      return whole(contactById(db, id)!)
    },
    'contacts.update': (input, { actor, commit }) => {
      const zone = input.zone === undefined ? undefined : zoneOf(input.zone)
      const postcode = input.postcode === undefined ? undefined : postcodeOf(input.postcode)
      commit((tx, about) => {
        const before = contactById(tx, input.id) ?? notThere()
        about('contact', before.id)
        const at = clock.now()
        const given = {
          ...changesIn(input),
          // Who saves a form sends back the zone that a list gave: only another one was set by hand.
          ...(zone === undefined || zone === before.zone ? {} : { zone, zoneByHand: zone === null ? 0 : 1 }),
          ...(postcode === undefined ? {} : { postcode }),
        }
        if (input.consent !== undefined) given.consentId = changeConsent(tx, before, input.consent, actor, at)
        if (Object.keys(given).length > 0) updateContact(tx, before, given, at)
        else touchContact(tx, before.id, at)
        const after = { ...before, ...given }
        if (hasMoved(before, after)) parts.onMoved?.(tx, after)
        if (input.tags) setGroupsOf(tx, 'tag', before.id, input.tags, at)
        if (input.lists) setGroupsOf(tx, 'list', before.id, input.lists, at)
      })
      return whole(contactById(db, input.id)!)
    },
    'contacts.delete': ({ id }, { commit }) => {
      commit((tx, about) => {
        about('contact', id)
        deleteContact(tx, contactById(tx, id) ?? notThere())
      })
      return { done: true }
    },
    'contacts.export': ({ audience, path }) => exportContacts(parts, audience, path),
    'contacts.fields': () => ({ fields: countedFields(db) }),
  }

  function phoneOf(text: string, country: string | undefined): TypedNumber {
    return typedNumber(text, country ?? parts.settings?.current().defaultCountry ?? null, 'number')
  }

  /** As it is written where it is E.164 already, so that every contact can be found. */
  function numberOf(text: string, country: string | undefined): string {
    return isE164(text) ? text : phoneOf(text, country).number
  }
}

/** Contacts with all that belongs to them, a page at a time. */
export function wholeContacts(
  db: Reader,
  rows: readonly ContactRow[],
  numberHash: NumberHash,
  lookup: ZoneLookup,
): Contact[] {
  const ids = rows.map(row => row.id)
  const tags = groupNamesOf(db, 'tag', ids)
  const lists = groupNamesOf(db, 'list', ids)
  const consents = consentsById(
    db,
    rows.flatMap(row => row.consentId ?? []),
  )
  const reasons = reasonsByNumber(
    db,
    rows.map(row => row.number),
  )
  const erased = hasErasedSuppressions(db)
  return rows.map(row => ({
    ...zonesOf(row, lookup),
    id: row.id,
    number: row.number,
    country: row.country,
    firstName: row.firstName,
    lastName: row.lastName,
    email: row.email,
    zone: row.zone,
    postcode: row.postcode,
    attributes: attributesOf(row),
    tags: tags.get(row.id) ?? [],
    lists: lists.get(row.id) ?? [],
    consent: row.consentId === null ? null : shownConsent(consents.get(row.consentId)!),
    suppressed:
      reasons.get(row.number) ??
      (erased ? (suppressionOf(db, row.number, numberHash.of(row.number))?.reason ?? null) : null),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }))
}

/** Contacts read at a time by an export; other work gets its turn in between. */
const PAGE = 200

const EXPORTED = [
  'number',
  'country',
  'first_name',
  'last_name',
  'email',
  'zone',
  'postcode',
  'tags',
  'lists',
  'consent_source',
  'consent_wording',
  'consent_at',
  'suppressed',
] as const

async function exportContacts({ db, numberHash, search, zones }: ContactParts, audience: Audience, path: string) {
  if (audience.search !== '') await search.complete()
  const builtIn = new Set<string>(BUILT_IN_FIELDS)
  const attributes = countedFields(db).flatMap(({ name }) => (builtIn.has(name) ? [] : [name]))
  async function* rows(): AsyncGenerator<CsvCell[]> {
    for (let after = 0; ; ) {
      const page = nextOfAudience(db, audience, after, PAGE)
      for (const contact of wholeContacts(db, page, numberHash, zones)) yield exportedRow(contact, attributes)
      if (page.length < PAGE) return
      after = page.at(-1)!.id
      await setImmediate()
    }
  }
  return writeCsvFile(path, [...EXPORTED, ...attributes], rows())
}

function exportedRow(contact: Contact, attributes: readonly string[]): CsvCell[] {
  const { consent } = contact
  return [
    contact.number,
    contact.country,
    contact.firstName,
    contact.lastName,
    contact.email,
    contact.zone,
    contact.postcode,
    contact.tags.join('; '),
    contact.lists.join('; '),
    consent?.source,
    consent?.wording,
    consent?.at == null ? '' : new Date(consent.at).toISOString(),
    contact.suppressed,
    ...attributes.map(name => contact.attributes[name] ?? ''),
  ]
}

function changesIn(input: InputOf<'contacts.update'>): { -readonly [K in keyof ContactDetails]?: ContactDetails[K] } {
  const changes: { -readonly [K in keyof ContactDetails]?: ContactDetails[K] } = {}
  if (input.firstName !== undefined) changes.firstName = input.firstName
  if (input.lastName !== undefined) changes.lastName = input.lastName
  if (input.email !== undefined) changes.email = input.email
  if (input.attributes !== undefined) changes.attributes = attributesText(input.attributes)
  return changes
}

/** Empty values are no values. */
function attributesText(attributes: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(attributes).filter(([, value]) => value.trim() !== '')))
}

function zonesOf(row: ContactRow, lookup: ZoneLookup): Pick<Contact, 'zoneSource' | 'zones'> {
  const { places, source } = candidatesOf(row, lookup)
  return { zoneSource: source, zones: zonesOfPlaces(places) }
}

function postcodeOf(text: string | null): string | null {
  if (text === null || text.trim() === '') return null
  const postcode = postcodeFrom(text)
  if (postcode !== null) return postcode
  const message = `"${text}" is not a postcode. Write it like 60601, K1A 0B1 or SW1A 1AA.`
  throw new Refusal('invalid_input', message, { postcode: message })
}

function zoneOf(name: string | null): string | null {
  if (name === null || name.trim() === '') return null
  const zone = zoneNamed(name)
  if (zone !== undefined) return zone
  const message = `"${name}" is not the name of a time zone. Write it like Europe/London or America/New_York.`
  throw new Refusal('invalid_input', message, { zone: message })
}

function notThere(): never {
  throw new Refusal('not_found', 'There is no such contact (any more).')
}

import { z } from 'zod'
import { CONSENT_KINDS } from '../consent.ts'
import { isAttributeKey } from '../imports/attribute-key.ts'
import { count, country, done, heldSchema, id, messageId, name, nothing, page, paged, time } from './common.ts'
import { operation } from './define.ts'
import { undoable } from './undo.ts'

export const consentSchema = z.strictObject({
  kind: z.enum(CONSENT_KINDS).default('unspecified'),
  source: z.string().trim().min(1).max(200),
  wording: z.string().max(2000).default(''),
  /** When it was given, ms UTC; null when nobody knows. */
  at: time.nullable().default(null),
  /** Where it can be looked up: a page of a signed form, an address, a reference. */
  proof: z.string().trim().max(500).default(''),
})

export const ZONE_SOURCES = ['hand', 'column', 'postcode', 'number', 'postcode_and_number', 'unknown'] as const

/** A consent as it is on record. */
export const recordedConsentSchema = z.strictObject({
  kind: z.enum(CONSENT_KINDS),
  source: z.string(),
  wording: z.string(),
  at: time.nullable(),
  proof: z.string(),
  recordedBy: z.string(),
  recordedAt: time,
  /** The list that it came with; `id` is null once the import is forgotten. */
  import: z.strictObject({ id: id.nullable(), fileName: z.string() }).nullable(),
  /** The text by which it was given: the keyword, and the id of the text while that is here. */
  text: z.strictObject({ id: id.nullable(), keyword: z.string() }).nullable(),
})
export type RecordedConsent = z.infer<typeof recordedConsentSchema>

export const contactSchema = z.strictObject({
  id,
  number: z.string(),
  country: z.string().nullable(),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
  /** Their own zone; null: it is taken from postcode and number. */
  zone: z.string().nullable(),
  /** ZIP code or postcode. */
  postcode: z.string().nullable(),
  /**
   * What tells where they are: a zone set by hand, or by the column of a list; the postcode; the number; postcode and
   * number, which disagree, so that what both allow counts; nothing.
   */
  zoneSource: z.enum(ZONE_SOURCES),
  /** Every zone in which they may be; what all of them allow counts. */
  zones: z.array(z.string()),
  attributes: z.record(z.string(), z.string()),
  tags: z.array(z.string()),
  lists: z.array(z.string()),
  consent: recordedConsentSchema.nullable(),
  /** Why this number gets no message; null: it may get some. */
  suppressed: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
})
export type Contact = z.infer<typeof contactSchema>

/** Who is meant. All that is given must hold; of several lists or tags one is enough. */
export const audienceSchema = z.strictObject({
  /** Names of lists. */
  lists: z.array(name).max(50).default([]),
  tags: z.array(name).max(50).default([]),
  /** Words that begin a name, e-mail address or number. */
  search: z.string().max(200).default(''),
  /** Contacts with one of these are left out. */
  exceptTags: z.array(name).max(50).default([]),
})
export type Audience = z.infer<typeof audienceSchema>

const attributes = z.record(
  z.string().refine(isAttributeKey, 'snake_case: small letters, digits and _, and not the name of a contact field'),
  z.string().max(2000),
)
const details = {
  firstName: z.string().max(200),
  lastName: z.string().max(200),
  email: z.union([z.email(), z.literal('')]),
  zone: z.string().max(60).nullable(),
  postcode: z.string().max(20).nullable(),
}

export const contacts = [
  operation({
    name: 'contacts.search',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/contacts' },
    input: audienceSchema.extend({ ...page, importId: id.optional() }),
    output: paged(contactSchema),
  }),
  operation({
    name: 'contacts.count',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/contacts/count' },
    input: audienceSchema,
    output: z.strictObject({ contacts: count }),
  }),
  operation({
    name: 'contacts.get',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/contacts/{id}' },
    input: z.union([z.strictObject({ id }), z.strictObject({ number: z.string().min(3).max(40) })]),
    output: contactSchema,
  }),
  operation({
    name: 'contacts.hours',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/contacts/{id}/hours' },
    /** Where a contact may be, whether texts may go there now by the hours of the settings, and what is held for them. */
    input: z.strictObject({ id }),
    output: z.strictObject({
      /** `region`: the state (ISO 3166-2), where that is known and matters. */
      places: z.array(z.strictObject({ zone: z.string(), region: z.string().nullable() })),
      source: z.enum(ZONE_SOURCES),
      open: z.boolean(),
      /** When it closes, or opens; null: never. */
      until: time.nullable(),
      /** By whose clock it opens; null where nobody knows. */
      zone: z.string().nullable(),
      /** Why it is closed; empty while it is open. */
      because: z.string(),
      held: z.array(
        z.strictObject({ messageId, campaignId: id.nullable(), campaign: z.string().nullable(), held: heldSchema }),
      ),
    }),
  }),
  operation({
    name: 'contacts.create',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'POST', path: '/api/contacts' },
    input: z.strictObject({
      /** In any form; read under `country` when it does not start with +. */
      number: z.string().min(3).max(40),
      country: country.optional(),
      firstName: details.firstName.default(''),
      lastName: details.lastName.default(''),
      email: details.email.default(''),
      zone: details.zone.default(null),
      postcode: details.postcode.default(null),
      attributes: attributes.default({}),
      tags: z.array(name).max(50).default([]),
      lists: z.array(name).max(50).default([]),
      consent: consentSchema.nullable().default(null),
    }),
    output: contactSchema,
  }),
  operation({
    name: 'contacts.update',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'PATCH', path: '/api/contacts/{id}' },
    input: z.strictObject({
      id,
      firstName: details.firstName.optional(),
      lastName: details.lastName.optional(),
      email: details.email.optional(),
      /** Messages that wait for the contact get new due times. */
      zone: details.zone.optional(),
      postcode: details.postcode.optional(),
      attributes: attributes.optional(),
      tags: z.array(name).max(50).optional(),
      lists: z.array(name).max(50).optional(),
      consent: consentSchema.nullable().optional(),
    }),
    output: contactSchema,
  }),
  operation({
    name: 'contacts.delete',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/contacts/{id}' },
    input: z.strictObject({ id }),
    output: done,
  }),
  operation({
    name: 'contacts.consents',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/contacts/{id}/consents' },
    /** The present consent of a contact first (if there is one), then those that have ended, newest first. */
    input: z.strictObject({ id }),
    output: z.strictObject({
      consents: z.array(
        recordedConsentSchema.extend({
          /** When and by whom it was taken back or replaced; null: it stands. */
          ended: z.strictObject({ at: time, by: z.string() }).nullable(),
        }),
      ),
    }),
  }),
  operation({
    name: 'contacts.export',
    permission: 'contacts:read',
    effect: 'read',
    local: true,
    /** Writes a CSV file on the hub's computer; refuses to replace one. */
    input: z.strictObject({ audience: audienceSchema, path: z.string().min(1).max(4096) }),
    output: z.strictObject({ rows: count, path: z.string() }),
  }),
  operation({
    name: 'contacts.fields',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/contacts/fields' },
    input: nothing,
    /** Names that a template may use, with how many contacts have a value. */
    output: z.strictObject({ fields: z.array(z.strictObject({ name: z.string(), contacts: count })) }),
  }),
] as const

export const lists = [
  operation({
    name: 'lists.list',
    permission: 'contacts:read',
    effect: 'read',
    http: { method: 'GET', path: '/api/lists' },
    input: nothing,
    output: z.strictObject({
      lists: z.array(z.strictObject({ id, name: z.string(), contacts: count })),
      tags: z.array(z.strictObject({ id, name: z.string(), contacts: count })),
    }),
  }),
  operation({
    name: 'lists.rename',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'PATCH', path: '/api/lists/{id}' },
    input: z.strictObject({ id, name }),
    output: undoable,
  }),
  operation({
    name: 'lists.delete',
    permission: 'contacts:write',
    effect: 'change',
    http: { method: 'DELETE', path: '/api/lists/{id}' },
    /** The contacts stay. */
    input: z.strictObject({ id }),
    output: undoable,
  }),
] as const

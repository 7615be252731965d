import { isAttributeKey } from '../../../shared/imports/attribute-key.ts'
import type { ImportMapping } from '../../../shared/imports/settings.ts'

const SINGLE = ['firstName', 'lastName', 'fullName', 'email', 'country', 'zone', 'postcode', 'tags'] as const
const CONSENT = ['given', 'refused', 'source', 'wording', 'at', 'kind'] as const

/** What a column may hold. */
export type ColumnRole =
  | 'phone'
  | 'attribute'
  | 'nothing'
  | (typeof SINGLE)[number]
  | `consent.${(typeof CONSENT)[number]}`

export const ROLES: readonly {
  readonly group: string
  readonly items: readonly { value: ColumnRole; label: string }[]
}[] = [
  {
    group: 'Contact',
    items: [
      { value: 'phone', label: 'Phone number' },
      { value: 'firstName', label: 'First name' },
      { value: 'lastName', label: 'Last name' },
      { value: 'fullName', label: 'Full name' },
      { value: 'email', label: 'E-mail address' },
      { value: 'country', label: 'Country' },
      { value: 'zone', label: 'Time zone' },
      { value: 'postcode', label: 'ZIP code or postcode' },
      { value: 'tags', label: 'Tags' },
    ],
  },
  {
    group: 'Consent',
    items: [
      { value: 'consent.given', label: 'Agreed: yes or no' },
      { value: 'consent.refused', label: 'Wants no texts: yes or no' },
      { value: 'consent.kind', label: 'Agreed to what' },
      { value: 'consent.source', label: 'Source of consent' },
      { value: 'consent.wording', label: 'Wording of consent' },
      { value: 'consent.at', label: 'Time of consent' },
    ],
  },
  {
    group: 'Other',
    items: [
      { value: 'attribute', label: 'A field of its own' },
      { value: 'nothing', label: 'Leave it out' },
    ],
  },
]

export function roleOf(mapping: ImportMapping, column: string): ColumnRole {
  if (mapping.phones.includes(column)) return 'phone'
  for (const role of SINGLE) if (mapping[role] === column) return role
  for (const role of CONSENT) if (mapping.consent[role] === column) return `consent.${role}`
  return keyOf(mapping, column) === null ? 'nothing' : 'attribute'
}

/** The name under which templates use a column; null where it is no field of its own. */
export function keyOf(mapping: ImportMapping, column: string): string | null {
  return Object.entries(mapping.attributes).find(([, of]) => of === column)?.[0] ?? null
}

/** The mapping in which a column holds something else. What only one column can hold, another one loses. */
export function withRole(mapping: ImportMapping, column: string, role: ColumnRole): ImportMapping {
  if (roleOf(mapping, column) === role) return mapping
  const free = without(mapping, column)
  if (role === 'nothing') return free
  if (role === 'phone') return { ...free, phones: [...free.phones, column] }
  if (role === 'attribute') return withKey(free, column, proposedKey(free, column))
  if (role.startsWith('consent.')) {
    return { ...free, consent: { ...free.consent, [role.slice('consent.'.length)]: column } }
  }
  return { ...free, [role]: column }
}

/** Null: there is another column of that name, or it cannot be one. */
export function renamed(mapping: ImportMapping, column: string, key: string): ImportMapping | null {
  if (!isAttributeKey(key)) return null
  const of = mapping.attributes[key]
  if (of !== undefined && of !== column) return null
  return withKey(without(mapping, column), column, key)
}

/** Tries a phone column before the others. */
export function triedFirst(mapping: ImportMapping, column: string): ImportMapping {
  return { ...mapping, phones: [column, ...mapping.phones.filter(phone => phone !== column)] }
}

function without(mapping: ImportMapping, column: string): ImportMapping {
  const kept = (of: string | null): string | null => (of === column ? null : of)
  return {
    phones: mapping.phones.filter(phone => phone !== column),
    firstName: kept(mapping.firstName),
    lastName: kept(mapping.lastName),
    fullName: kept(mapping.fullName),
    email: kept(mapping.email),
    country: kept(mapping.country),
    zone: kept(mapping.zone),
    postcode: kept(mapping.postcode),
    tags: kept(mapping.tags),
    consent: {
      given: kept(mapping.consent.given),
      refused: kept(mapping.consent.refused),
      source: kept(mapping.consent.source),
      wording: kept(mapping.consent.wording),
      at: kept(mapping.consent.at),
      kind: kept(mapping.consent.kind),
    },
    attributes: Object.fromEntries(Object.entries(mapping.attributes).filter(([, of]) => of !== column)),
  }
}

function withKey(mapping: ImportMapping, column: string, key: string): ImportMapping {
  return { ...mapping, attributes: { ...mapping.attributes, [key]: column } }
}

function proposedKey(mapping: ImportMapping, column: string): string {
  const snake = column
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50)
  const base = isAttributeKey(snake) ? snake : `c_${snake || 'column'}`
  let key = base
  for (let number = 2; Object.hasOwn(mapping.attributes, key); number += 1) key = `${base}_${number}`
  return key
}

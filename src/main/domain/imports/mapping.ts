import type { CountryCode } from 'libphonenumber-js/max'
import { isAttributeKey } from '../../../shared/imports/attribute-key.ts'
import type { ImportMapping } from '../../../shared/imports/settings.ts'
import { consentAnswer, consentKindFrom } from './consent.ts'
import { countryFrom } from './country.ts'
import { type ColumnRole, roleOf, wordsOf } from './labels.ts'
import { normalisePhone } from './phone-number.ts'
import {
  isWrittenAsPostcode,
  looksLikeEmail,
  looksLikeName,
  looksLikePhone,
  looksLikePostcode,
  looksLikeZone,
} from './values.ts'

/**
 * Proposes which column holds what, from the names of the columns and the values of some rows. The operator may
 * correct it; every column without a role becomes an attribute.
 *
 * @param columns the unique names of the columns
 * @param rows some rows, without the header
 * @param country the default country of the import
 */
export function proposeMapping(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  header: boolean,
  country: CountryCode | null,
): ImportMapping {
  const drafts = columns.map((name, index): Draft => {
    const values = rows.map(cells => (cells[index] ?? '').trim()).filter(value => value !== '')
    return { name, index, values, role: header ? roleOf(name) : null }
  })
  for (const draft of drafts) doubt(draft)
  if (!header) guessRoles(drafts)
  else {
    const unnamed = (role: ColumnRole, test: (value: string) => boolean, least: number) => {
      if (drafts.some(draft => draft.role === role)) return
      const found = drafts.find(draft => draft.role === null && share(draft.values, test) > least)
      if (found) found.role = role
    }
    unnamed('email', looksLikeEmail, 0.5)
    unnamed('zone', looksLikeZone, 0.8)
    unnamed('postcode', isWrittenAsPostcode, 0.8)
  }
  const phones = phoneColumns(drafts, country)
  const names = nameColumns(drafts)
  const one = (role: ColumnRole) => drafts.find(draft => draft.role === role)?.name ?? null
  const mapping: ImportMapping = {
    phones,
    ...names,
    email: one('email'),
    country: one('country'),
    zone: one('zone'),
    postcode: one('postcode'),
    tags: one('tags'),
    consent: {
      given: one('consent_given'),
      refused: one('consent_refused'),
      source: one('consent_source'),
      wording: one('consent_wording'),
      at: one('consent_at'),
      kind: one('consent_kind'),
    },
    attributes: {},
  }
  return { ...mapping, attributes: attributesFor(drafts, mapping) }
}

/** The names of all columns that a mapping uses, attributes among them. */
export function mappedColumns(mapping: ImportMapping): Set<string> {
  const { phones, consent, attributes, ...fields } = mapping
  const all = [...phones, ...Object.values(fields), ...Object.values(consent), ...Object.values(attributes)]
  return new Set(all.filter(column => column !== null))
}

/** A key for templates from the name of a column: "Company Name" is `company_name`. */
export function attributeKey(label: string, fallback: string): string {
  const words = wordsOf(label).replace(/([a-z]) (\d)/g, '$1$2')
  const key = words
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
  if (isAttributeKey(key)) return key
  if (isAttributeKey(`${key}_2`)) return `${key}_2`
  return isAttributeKey(`c_${key}`) && key !== '' ? `c_${key}` : fallback
}

interface Draft {
  readonly name: string
  readonly index: number
  /** What is not empty, trimmed. */
  readonly values: readonly string[]
  role: ColumnRole | null
}

const PHONE_ROLES: readonly ColumnRole[] = ['mobile', 'phone', 'home_phone', 'work_phone']

/** Words with more than one meaning have to be borne out by the values. */
function doubt(draft: Draft): void {
  const { role, values } = draft
  if (role === null || values.length === 0) return
  const words = wordsOf(draft.name)
  const doubtful =
    (/^(?:home|work|office|number|contact|person|recipient|portable|mobile|cell)$/.test(words) &&
      PHONE_ROLES.includes(role) &&
      !values.some(hasDigits)) ||
    (/^(?:land|nation|staat|kraj|maa|zeme)$/.test(words) &&
      share(values, value => countryFrom(value) !== null) < 0.5) ||
    (role === 'postcode' && share(values, looksLikePostcode) < 0.5) ||
    (role === 'consent_kind' && share(values, tellsOfConsent) < 0.5) ||
    (/^(?:contact|person|recipient)$/.test(words) && role === 'full_name' && share(values, looksLikeName) < 0.5) ||
    (/^(?:permission|stop|blocked|suppressed|subscribed)$/.test(words) && share(values, isYesOrNo) < 0.8)
  if (doubtful) draft.role = null
}

function tellsOfConsent(value: string): boolean {
  return consentKindFrom(value) !== null || consentAnswer(value) === 'no'
}

function isYesOrNo(value: string): boolean {
  return /^(?:y|yes|true|1|on|x|n|no|false|0|off)$/i.test(value)
}

function hasDigits(value: string): boolean {
  return /\d{3}/.test(value)
}

/** By priority: mobiles, plain phones, home, work; of one kind in the order of the columns. */
function phoneColumns(drafts: readonly Draft[], country: CountryCode | null): string[] {
  const named = PHONE_ROLES.flatMap(role => drafts.filter(draft => draft.role === role))
  const likely = named.filter(draft => draft.values.length === 0 || draft.values.some(hasDigits))
  if (likely.length > 0) return likely.map(draft => draft.name)
  const usable = (value: string) => normalisePhone(value, country, { allowLandlines: true }).ok
  const guessed = drafts
    .filter(draft => draft.role === null && share(draft.values, looksLikePhone) > 0.5)
    .map(draft => ({ draft, score: share(draft.values, usable) }))
  // Customer numbers look like phone numbers but are hardly ever valid ones.
  const best = Math.max(0, ...guessed.map(one => one.score))
  const chosen = guessed.filter(one => one.score >= best / 2).map(one => one.draft)
  for (const draft of chosen) draft.role = 'phone'
  return [...chosen, ...named.filter(draft => !likely.includes(draft))].map(draft => draft.name)
}

function nameColumns(drafts: readonly Draft[]): Pick<ImportMapping, 'firstName' | 'lastName' | 'fullName'> {
  const find = (role: ColumnRole) => drafts.find(draft => draft.role === role)?.name ?? null
  const some = find('some_name')
  let firstName = find('first_name')
  let lastName = find('last_name')
  let fullName = find('full_name')
  if (some !== null) {
    if (firstName !== null && lastName === null) lastName = some
    else if (lastName !== null && firstName === null) firstName = some
    else fullName ??= some
  }
  return { firstName, lastName, fullName }
}

/** A list without header: the columns speak through their values alone. */
function guessRoles(drafts: readonly Draft[]): void {
  const take = (role: ColumnRole, test: (value: string) => boolean, least: number) => {
    const found = drafts.find(
      draft => draft.role === null && draft.values.length > 0 && share(draft.values, test) >= least,
    )
    if (found) found.role = role
    return found
  }
  take('email', looksLikeEmail, 0.5)
  take('zone', looksLikeZone, 0.8)
  take('postcode', isWrittenAsPostcode, 0.8)
  take('country', value => /\p{L}/u.test(value) && countryFrom(value) !== null, 0.8)
  const whole = drafts.find(
    draft => draft.role === null && share(draft.values, looksLikeName) > 0.8 && share(draft.values, hasSpace) > 0.6,
  )
  const first = drafts.find(
    draft => draft.role === null && share(draft.values, looksLikeName) > 0.8 && share(draft.values, hasSpace) < 0.4,
  )
  if (first && (!whole || first.index < whole.index)) {
    first.role = 'first_name'
    const next = drafts[first.index + 1]
    if (next && next.role === null && share(next.values, looksLikeName) > 0.8) next.role = 'last_name'
  } else if (whole) {
    whole.role = 'full_name'
  }
}

function hasSpace(value: string): boolean {
  return value.includes(' ')
}

function share(values: readonly string[], test: (value: string) => boolean): number {
  return values.length === 0 ? 0 : values.filter(test).length / values.length
}

function attributesFor(drafts: readonly Draft[], mapping: ImportMapping): Record<string, string> {
  const used = mappedColumns(mapping)
  const attributes: Record<string, string> = {}
  for (const { name, index } of drafts) {
    if (used.has(name)) continue
    const plain = attributeKey(name, `column_${index + 1}`)
    let key = plain
    for (let copy = 2; Object.hasOwn(attributes, key); copy += 1) key = `${plain}_${copy}`
    attributes[key] = name
  }
  return attributes
}

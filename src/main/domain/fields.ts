/** What a template can say of a contact; the rows of contacts have it. */
export interface ContactFields {
  /** E.164 */
  readonly number: string
  /** ISO 3166-1 alpha-2 */
  readonly country: string | null
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  /** IANA name */
  readonly zone: string | null
  readonly postcode?: string | null
  /** A JSON object of texts, by attribute. */
  readonly attributes: string
}

/** Fields that every contact has, though they may be empty. All others are attributes. */
export const BUILT_IN_FIELDS = [
  'first_name',
  'last_name',
  'name',
  'email',
  'number',
  'country',
  'zone',
  'postcode',
] as const

/** The values that a template may use, by field. An attribute never hides a field of its own. */
export function templateValues(contact: ContactFields): Record<string, string> {
  return {
    ...attributesOf(contact),
    first_name: contact.firstName,
    last_name: contact.lastName,
    name: fullName(contact),
    email: contact.email,
    number: contact.number,
    country: contact.country ?? '',
    zone: contact.zone ?? '',
    postcode: contact.postcode ?? '',
  }
}

/** Calls `use` with the name of each field in which a contact with these attributes has something. */
export function eachFilledField(
  contact: Omit<ContactFields, 'attributes'>,
  attributes: Readonly<Record<string, string>>,
  use: (name: string) => void,
): void {
  const { firstName, lastName } = contact
  if (isFilled(firstName)) use('first_name')
  if (isFilled(lastName)) use('last_name')
  if (isFilled(firstName) || isFilled(lastName)) use('name')
  if (isFilled(contact.email)) use('email')
  use('number')
  if (isFilled(contact.country)) use('country')
  if (isFilled(contact.zone)) use('zone')
  if (isFilled(contact.postcode)) use('postcode')
  for (const name in attributes) if (isFilled(attributes[name]) && !BUILT_IN.has(name)) use(name)
}

export function attributesOf(contact: Pick<ContactFields, 'attributes'>): Record<string, string> {
  return contact.attributes === '{}' ? {} : (JSON.parse(contact.attributes) as Record<string, string>)
}

export function fullName(contact: Pick<ContactFields, 'firstName' | 'lastName'>): string {
  return `${contact.firstName} ${contact.lastName}`.trim()
}

const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_FIELDS)

function isFilled(value: string | null | undefined): boolean {
  return value !== null && value !== undefined && value.trim() !== ''
}

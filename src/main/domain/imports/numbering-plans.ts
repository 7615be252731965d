import { type CountryCode, getCountries, Metadata } from 'libphonenumber-js/max'

/** A number that is valid in its country, as libphonenumber-js would tell. */
export interface ValidNumber {
  readonly e164: string
  /** Null for numbers of no country, such as satellite phones. */
  readonly country: CountryCode | null
  readonly type: string
}

/**
 * What libphonenumber-js decides about a text that holds nothing but digits, with or without a + in front: the valid
 * number, null if it is not valid, undefined where the library itself has to be asked. It follows the library step by
 * step on the library's own metadata; the difference is that each pattern is compiled once and not for each number,
 * which is some forty times faster. A property test holds both to the same answers in every country.
 */
export function parseDigits(digits: string, country: CountryCode | null): ValidNumber | null | undefined {
  if (digits.charCodeAt(0) === PLUS) return parseInternational(digits.slice(1))
  if (country === null) return null
  const plan = planOf(country)
  if (plan === undefined) return undefined
  const international = withoutIdd(digits, plan)
  if (international !== null) return parseInternational(international)
  if (digits.startsWith(plan.callingCode)) {
    const shorter = digits.slice(plan.callingCode.length)
    const national = nationalNumber(digits, plan)
    const better = !plan.pattern.test(national) && plan.pattern.test(nationalNumber(shorter, plan))
    if (better || isTooLong(national, plan)) return parseWithin(plan.callingCode, shorter)
  }
  return settle(plan, country, nationalNumber(digits, plan))
}

interface Plan {
  readonly callingCode: string
  readonly pattern: RegExp
  readonly lengths: readonly number[] | undefined
  readonly prefix: RegExp | undefined
  readonly transform: string | undefined
  readonly idd: RegExp
  readonly leading: RegExp | undefined
  readonly fixed: Kind | undefined
  readonly mobile: Kind | undefined
  /** The metadata leaves out the pattern for mobiles where it is the one for fixed lines. */
  readonly mobileIsFixed: boolean
  readonly others: readonly Kind[]
}

interface Kind {
  readonly type: string
  readonly pattern: RegExp
  readonly lengths: readonly number[] | undefined
}

/** What the library's class has and its types leave out. */
interface FullMetadata {
  selectNumberingPlan(country: string): void
  getCountryCodesForCallingCode(code: string): CountryCode[] | undefined
  hasCallingCode(code: string): boolean | undefined
  leadingDigits(): string | undefined
  nationalNumberPattern(): string
  possibleLengths(): number[] | undefined
  nationalPrefixForParsing(): string | undefined
  nationalPrefixTransformRule(): string | undefined
  IDDPrefix(): string
  countryCallingCode(): string
  hasTypes(): boolean
  type(name: string): { pattern(): string; possibleLengths(): number[] | undefined } | undefined
}

const PLUS = 43
/** In the library's order, which decides where two patterns match. */
const OTHER_TYPES = [
  'MOBILE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
]

const metadata = new Metadata() as unknown as FullMetadata
const supported = new Set<string>(getCountries())
const plans = new Map<CountryCode, Plan | undefined>()
const countriesByCode = new Map<string, readonly CountryCode[] | undefined>()

function parseInternational(digits: string): ValidNumber | null | undefined {
  if (digits.charCodeAt(0) === 48) return null
  for (let size = 1; size <= 3 && size <= digits.length; size += 1) {
    const code = digits.slice(0, size)
    if (countriesOf(code) !== undefined) return parseWithin(code, digits.slice(size))
    // A code of no country, such as satellite phones: rare, so the library may take its time.
    if (metadata.hasCallingCode(code)) return undefined
  }
  return null
}

function parseWithin(callingCode: string, digits: string): ValidNumber | null | undefined {
  const main = countriesOf(callingCode)?.[0]
  const plan = main === undefined ? undefined : planOf(main)
  if (plan === undefined) return undefined
  return settle(plan, null, nationalNumber(digits, plan))
}

/** The last step: which country of those that share the calling code the number is of, and its kind there. */
function settle(plan: Plan, fallback: CountryCode | null, national: string): ValidNumber | null | undefined {
  if (national.length < 2 || national.length > 17) return null
  const country = countryOf(plan.callingCode, national) ?? fallback
  const own = country === null ? plan : planOf(country)
  if (own === undefined) return undefined
  const type = typeOf(own, national)
  if (type === undefined) return null
  return { e164: `+${plan.callingCode}${national}`, country, type }
}

function withoutIdd(digits: string, plan: Plan): string | null {
  const idd = plan.idd.exec(digits)?.[0]
  if (!idd || digits.charCodeAt(idd.length) === 48) return null
  return digits.slice(idd.length)
}

/** Takes the national prefix off, unless the number is better with it. */
function nationalNumber(digits: string, plan: Plan): string {
  const match = plan.prefix?.exec(digits)
  if (!match || !plan.prefix) return digits
  const captured = match.length > 1 && match[match.length - 1]
  const national =
    plan.transform && captured ? digits.replace(plan.prefix, plan.transform) : digits.slice(match[0].length)
  if (national === digits) return digits
  if (plan.pattern.test(digits) && !plan.pattern.test(national)) return digits
  const country = plan.lengths ? countryOf(plan.callingCode, national) : null
  const lengths = (country === null ? plan : planOf(country))?.lengths
  const last = lengths?.[lengths.length - 1]
  if (plan.lengths && lengths && last !== undefined && national.length <= last && !lengths.includes(national.length)) {
    return digits
  }
  return national
}

function countryOf(callingCode: string, national: string): CountryCode | null {
  const countries = countriesOf(callingCode)
  if (countries === undefined) return null
  if (countries.length === 1) return countries[0] ?? null
  for (const country of countries) {
    const plan = planOf(country)
    if (plan === undefined) continue
    if (plan.leading ? plan.leading.test(national) : typeOf(plan, national) !== undefined) return country
  }
  return null
}

function typeOf(plan: Plan, national: string): string | undefined {
  if (!plan.pattern.test(national)) return undefined
  if (isOf(plan.fixed, national)) {
    return plan.mobileIsFixed || isOf(plan.mobile, national) ? 'FIXED_LINE_OR_MOBILE' : 'FIXED_LINE'
  }
  for (const kind of plan.others) if (isOf(kind, national)) return kind.type
  return undefined
}

function isOf(kind: Kind | undefined, national: string): boolean {
  if (kind === undefined || (kind.lengths && !kind.lengths.includes(national.length))) return false
  return kind.pattern.test(national)
}

function isTooLong(national: string, plan: Plan): boolean {
  const last = plan.lengths?.[plan.lengths.length - 1]
  return last !== undefined && last < national.length
}

function countriesOf(callingCode: string): readonly CountryCode[] | undefined {
  if (!countriesByCode.has(callingCode)) {
    countriesByCode.set(callingCode, metadata.getCountryCodesForCallingCode(callingCode))
  }
  return countriesByCode.get(callingCode)
}

function planOf(country: CountryCode): Plan | undefined {
  let plan = plans.get(country)
  if (plan === undefined && !plans.has(country)) {
    plan = supported.has(country) ? compile(country) : undefined
    plans.set(country, plan)
  }
  return plan
}

function compile(country: CountryCode): Plan | undefined {
  metadata.selectNumberingPlan(country)
  if (!metadata.hasTypes()) return undefined
  const mobile = metadata.type('MOBILE')
  const kinds = OTHER_TYPES.map(kindOf).filter(kind => kind !== undefined)
  const leading = metadata.leadingDigits()
  const prefix = metadata.nationalPrefixForParsing()
  return {
    callingCode: metadata.countryCallingCode(),
    pattern: whole(metadata.nationalNumberPattern()),
    lengths: metadata.possibleLengths(),
    prefix: prefix ? new RegExp(`^(?:${prefix})`) : undefined,
    transform: metadata.nationalPrefixTransformRule() || undefined,
    idd: new RegExp(`^(?:${metadata.IDDPrefix()})`),
    leading: leading ? new RegExp(`^(?:${leading})`) : undefined,
    fixed: kindOf('FIXED_LINE'),
    mobile: kindOf('MOBILE'),
    mobileIsFixed: !mobile || mobile.pattern() === '',
    others: kinds,
  }
}

function kindOf(type: string): Kind | undefined {
  const found = metadata.type(type)
  const pattern = found?.pattern()
  return found && pattern ? { type, pattern: whole(pattern), lengths: found.possibleLengths() } : undefined
}

function whole(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`)
}

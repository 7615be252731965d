/** Hours that a state allows besides the operator's own, in minutes since midnight. */
export interface RegionalHours {
  readonly name: string
  readonly from: number
  readonly to: number
  /** Days (1 for Monday to 7) on which it is otherwise; null: none at all. */
  readonly except?: Readonly<Partial<Record<number, { readonly from: number; readonly to: number } | null>>>
  /** The law. */
  readonly source: string
}

const HOUR = 60

/**
 * States whose law closes earlier, or opens later, than the federal 8:00 to 21:00 of 47 CFR 64.1200(c)(1), as those who
 * advertise by telephone or text have to keep them. Only states with a section that says so are here; a campaign can
 * leave these rules out where none of them concerns it. The area code of a number counts as the state (so presumes Fla.
 * Stat. 501.059(8)(d) for Florida), unless the postcode or the zone of the contact says otherwise.
 */
export const REGIONAL_HOURS: Readonly<Record<string, RegionalHours>> = {
  'US-CT': { name: 'Connecticut', from: 9 * HOUR, to: 20 * HOUR, source: 'Conn. Gen. Stat. 42-288a' },
  'US-FL': { name: 'Florida', from: 8 * HOUR, to: 20 * HOUR, source: 'Fla. Stat. 501.616(6)(a)' },
  'US-KY': { name: 'Kentucky', from: 10 * HOUR, to: 21 * HOUR, source: 'Ky. Rev. Stat. 367.46955' },
  'US-MD': { name: 'Maryland', from: 8 * HOUR, to: 20 * HOUR, source: 'Md. Code, Com. Law 14-4503' },
  'US-OK': { name: 'Oklahoma', from: 8 * HOUR, to: 20 * HOUR, source: 'Okla. Stat. tit. 15, 775C.4' },
  'US-RI': {
    ...{ name: 'Rhode Island', from: 9 * HOUR, to: 18 * HOUR, source: 'R.I. Gen. Laws 5-61-3.6' },
    except: { 6: { from: 10 * HOUR, to: 17 * HOUR }, 7: null },
  },
  'US-TX': {
    ...{ name: 'Texas', from: 9 * HOUR, to: 21 * HOUR, source: 'Tex. Bus. & Com. Code 301.051' },
    except: { 7: { from: 12 * HOUR, to: 21 * HOUR } },
  },
  'US-WA': { name: 'Washington', from: 8 * HOUR, to: 20 * HOUR, source: 'Wash. Rev. Code 80.36.390' },
}

/** The hours of a state on a local day; undefined where it has none of its own, null where nothing is allowed that day. */
export function regionalHoursOn(region: string, day: number): { from: number; to: number } | null | undefined {
  const rule = REGIONAL_HOURS[region]
  if (!rule) return undefined
  const except = rule.except?.[weekdayOf(day)]
  return except === undefined ? { from: rule.from, to: rule.to } : except
}

/** @param day local days since 1970, which began on a Thursday; 1 for Monday to 7 for Sunday comes back */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}

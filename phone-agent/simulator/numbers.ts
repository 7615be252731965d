/**
 * Calling code and trunk prefix of the countries a simulated SIM can come from, and how the national form is grouped.
 * Deliberately small: the simulator starts hundreds of times in a demo and must not load a numbering plan each time.
 */
const PLANS: Record<string, { code: string; trunk: string; groups: readonly number[] }> = {
  us: { code: '1', trunk: '', groups: [3, 3, 4] },
  ca: { code: '1', trunk: '', groups: [3, 3, 4] },
  gb: { code: '44', trunk: '0', groups: [4, 6] },
  ie: { code: '353', trunk: '0', groups: [2, 3, 4] },
  de: { code: '49', trunk: '0', groups: [3, 8] },
  at: { code: '43', trunk: '0', groups: [3, 7] },
  ch: { code: '41', trunk: '0', groups: [2, 3, 2, 2] },
  fr: { code: '33', trunk: '0', groups: [1, 2, 2, 2, 2] },
  nl: { code: '31', trunk: '0', groups: [1, 8] },
  es: { code: '34', trunk: '', groups: [3, 3, 3] },
  it: { code: '39', trunk: '', groups: [3, 3, 4] },
  au: { code: '61', trunk: '0', groups: [3, 3, 3] },
  nz: { code: '64', trunk: '0', groups: [2, 3, 4] },
  in: { code: '91', trunk: '', groups: [5, 5] },
}

/** The countries (ISO 3166, lower case) whose national form of a number the simulator can write. */
export const COUNTRIES: readonly string[] = Object.keys(PLANS)

/** True when Android would take the text as a destination; everything else is a Java exception there. */
export function isDialable(number: string): boolean {
  return /^\+?[0-9]{1,20}$/.test(number.replace(/[\s().-]/g, ''))
}

/** Short codes have three to six digits and no plus sign; Android asks before each text to one. */
export function isShortCode(number: string): boolean {
  return /^[0-9]{3,6}$/.test(number)
}

/** The number as `+` and digits, read as a phone in that country would; anything unreadable comes back unchanged. */
export function toE164(number: string, country: string): string {
  const bare = number.replace(/[\s().-]/g, '')
  if (/^\+[0-9]+$/.test(bare)) return bare
  if (!/^[0-9]+$/.test(bare) || bare.length < 7) return number
  if (bare.startsWith('00')) return `+${bare.slice(2)}`
  const plan = PLANS[country]
  if (!plan) return `+${bare}`
  if (plan.trunk && bare.startsWith(plan.trunk)) return `+${plan.code}${bare.slice(plan.trunk.length)}`
  if (plan.code === '1' && bare.length === 11 && bare.startsWith('1')) return `+${bare}`
  return `+${plan.code}${bare}`
}

/**
 * The number as some phones store it: in national form with spaces (North America with brackets and a dash) when it
 * belongs to the SIM's country, in international form with spaces otherwise.
 */
export function nationalForm(number: string, country: string): string {
  const plan = PLANS[country]
  const digits = number.replace(/[^0-9]/g, '')
  if (!number.startsWith('+')) return number
  if (!plan || !digits.startsWith(plan.code)) return `+${grouped(digits, [2, 3, 3])}`
  const national = digits.slice(plan.code.length)
  if (plan.code === '1' && national.length === 10) {
    return `(${national.slice(0, 3)}) ${national.slice(3, 6)}-${national.slice(6)}`
  }
  const [first = 0, ...rest] = plan.groups
  return grouped(plan.trunk + national, [plan.trunk ? first + plan.trunk.length : first, ...rest])
}

/** Digits in groups of the given sizes with spaces between; what is left over forms a last group. */
function grouped(digits: string, sizes: readonly number[]): string {
  const groups: string[] = []
  let rest = digits
  for (const size of sizes) {
    if (rest.length === 0) break
    groups.push(rest.slice(0, size))
    rest = rest.slice(size)
  }
  if (rest) groups.push(rest)
  return groups.join(' ')
}

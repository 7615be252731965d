import { isIPv4, isIPv6 } from 'node:net'

/** Where an attempt comes from. */
export interface Source {
  /** Null: the window on this workstation. */
  readonly ip: string | null
  readonly userAgent: string
}

/** The window and the command line: nothing is counted against an address. */
export const THIS_WORKSTATION: Source = { ip: null, userAgent: '' }

/**
 * What failures from an address count against: an IPv4 address, or the 64-bit network of an IPv6 address, since everybody
 * has all addresses of one. IPv4 in the clothes of IPv6 is IPv4. Text that is no address counts together.
 */
export function networkOf(ip: string): string {
  const address = ip.replace(/%.*$/, '').toLowerCase()
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return 'unknown'
  const groups = groupsOf(address)
  if (groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff) {
    return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.')
  }
  const network = groups.slice(0, 4).map(group => group.toString(16))
  return `${network.join(':')}::/64`
}

/** A source as it is stored: what strangers send is short and has no control characters. */
export function cleanSource(source: Source): Source {
  const printable = source.userAgent.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g,
    ' ',
  )
  return { ip: source.ip === null ? null : source.ip.slice(0, 64), userAgent: printable.trim().slice(0, 200) }
}

/** The eight groups of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  const quad = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address)
  const [a = 0, b = 0, c = 0, d = 0] = quad ? quad.slice(1).map(Number) : []
  const hex = quad
    ? `${address.slice(0, quad.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    : address
  const [head = '', tail] = hex.split('::')
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16)))
  const first = numbers(head)
  if (tail === undefined) return first
  const last = numbers(tail)
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
}

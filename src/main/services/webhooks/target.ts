import { BlockList, isIP } from 'node:net'

/** What is wrong with the address of a webhook, as a sentence; null when it may be used. Names are looked up only later. */
export function targetProblem(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return 'The address of a webhook starts with https://, or with http:// for a program on this computer.'
  }
  if (url.username !== '' || url.password !== '') {
    return 'Leave user name and password out of the address: the receiver knows a delivery by its signature.'
  }
  if (url.hash !== '') return 'Leave the part after # out of the address: it is never sent.'
  const host = hostOf(url)
  if (isIP(host) !== 0) return addressProblem(host, url.protocol)
  if (url.protocol === 'http:' && host !== 'localhost') {
    return 'http:// is for a program on this computer only (localhost, 127.0.0.1 or [::1]). Use https:// for all others.'
  }
  return null
}

/**
 * What is wrong with an IP address that a delivery would go to; null when it may go there. Asked of every address that a
 * name stands for, right before the connection, since a name can stand for another address each time.
 * Private networks are allowed, for the operator's own services.
 */
export function addressProblem(address: string, protocol: string): string | null {
  const plain = embedded(address)
  const kind = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(plain) === 0 || REFUSED.check(plain, kind)) {
    return `Webhooks are not sent to ${address}: such addresses belong to the network itself or to a cloud's own services.`
  }
  if (protocol === 'http:' && !LOOPBACK.check(plain, kind)) {
    return `${address} is not this computer, so it is reached by https:// only.`
  }
  return null
}

/** The host of a URL without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** IANA's special-purpose registries, and the addresses at which clouds hand out credentials. */
const REFUSED = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  REFUSED.addSubnet(network, bits, 'ipv4')
}
for (const [network, bits] of [
  ['::', 128],
  ['fe80::', 10],
  ['fec0::', 10],
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
  ['ff00::', 8],
  ['2001:db8::', 32],
] as const) {
  REFUSED.addSubnet(network, bits, 'ipv6')
}

/** The IPv4 address inside one of IPv6 (mapped, compatible, NAT64, 6to4), by which it would be reached. */
function embedded(address: string): string {
  if (isIP(address) !== 6) return address
  const groups = expand(address)
  const v4 = (high: number, low: number) => [high >> 8, high & 255, low >> 8, low & 255].join('.')
  const [a, b, c, d, e, f, g, h] = groups as [number, number, number, number, number, number, number, number]
  const zeros = a === 0 && b === 0 && c === 0 && d === 0 && e === 0
  const mapped = zeros && (f === 0xffff || (f === 0 && (g !== 0 || h > 1)))
  const translated = a === 0x64 && b === 0xff9b && (c === 0 || c === 1)
  if (mapped || translated) return v4(g, h)
  return a === 0x2002 ? v4(b, c) : address
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address.replace(/%.*$/, ''))
  const hex = (one: string, other: string) => ((Number(one) << 8) | Number(other)).toString(16)
  const whole = dotted
    ? `${dotted[1]}${hex(dotted[2]!, dotted[3]!)}:${hex(dotted[4]!, dotted[5]!)}`
    : address.replace(/%.*$/, '')
  const [left = '', right] = whole.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map(group => Number.parseInt(group, 16)))
  const [before, after] = [groups(left), groups(right ?? '')]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { OwnOrigins } from './credentials.ts'

/** Whether an IP address can be reached from this computer only. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address)
}

/** Whether everything that this name or address stands for is on this computer only. */
export async function staysHere(host: string): Promise<boolean> {
  if (isIP(host) !== 0) return isLoopback(host)
  try {
    const addresses = await lookup(host, { all: true })
    return addresses.length > 0 && addresses.every(({ address }) => isLoopback(address))
  } catch {
    return false
  }
}

/** The name in a Host header or an origin, in small letters and without port; null for what is none. */
export function hostName(host: string): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?$/i.exec(host)
  return match ? match[1]!.toLowerCase() : null
}

/**
 * Against names of strangers that lead to this computer (DNS rebinding): while only this computer is served it is known
 * under its own names alone, and under those that were named to it.
 */
export function knownHosts(options: { loopback: boolean; allowed: readonly string[] }): (host: string) => boolean {
  const allowed = new Set(options.allowed.map(name => name.toLowerCase()))
  return header => {
    const name = hostName(header)
    if (name === null) return false
    if (!options.loopback && allowed.size === 0) return true
    const address = name.replace(/^\[|\]$/g, '')
    return (
      name === 'localhost' || isLoopback(address) || allowed.has(name) || (!options.loopback && isIP(address) !== 0)
    )
  }
}

/** A page is ours when its origin is where its request came to; behind a proxy the scheme may differ for allowed names. */
export function ownOrigins(options: { tls: boolean; allowed: readonly string[] }): OwnOrigins {
  const allowed = new Set(options.allowed.map(name => name.toLowerCase()))
  return (origin, host) => {
    if (origin.toLowerCase() === `${options.tls ? 'https' : 'http'}://${host.toLowerCase()}`) return true
    const name = hostName(host)
    return name !== null && allowed.has(name) && origin.toLowerCase() === `https://${host.toLowerCase()}`
  }
}

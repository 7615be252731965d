import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { generate } from 'selfsigned'
import { validityOf } from '../services/certificate-dates.ts'
import type { Clock } from '../services/ports.ts'
import type { Vault } from '../services/vault.ts'

/** PEM. */
export interface Identity {
  readonly key: string
  readonly cert: string
}

const NAME = 'http-identity'
const DAY_MS = 24 * 3_600_000
/** Some browsers take no certificate that is good for longer (CA/Browser Forum, Baseline Requirements 6.3.2). */
const GOOD_FOR_DAYS = 397
const RENEW_BEFORE_MS = 30 * DAY_MS

/**
 * The certificate that the hub makes for itself, for these names and addresses. It is kept sealed, and made anew when it
 * ends soon or other names are asked for. Throws Refusal key_missing while the data key is closed.
 */
export async function ownCertificate(vault: Vault, clock: Clock, names: readonly string[]): Promise<Identity> {
  const wanted = [...new Set([...names, 'localhost', '127.0.0.1', '::1'])]
  const sealed = vault.open(NAME)
  if (sealed) {
    const identity = JSON.parse(Buffer.from(sealed).toString('utf8')) as Identity
    if (isGood(identity, wanted, clock.now())) return identity
  }
  const identity = await makeCertificate(clock.now(), wanted)
  vault.seal(NAME, Buffer.from(JSON.stringify(identity)))
  return identity
}

async function makeCertificate(now: number, names: readonly string[]): Promise<Identity> {
  const made = await generate([{ name: 'commonName', value: 'Campaign Connector' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - DAY_MS),
    notAfterDate: new Date(now + (GOOD_FOR_DAYS - 1) * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map(name =>
          isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name },
        ),
      },
    ],
  })
  return { key: made.private, cert: made.cert }
}

function isGood({ cert }: Identity, names: readonly string[], now: number): boolean {
  const read = new X509Certificate(cert)
  const { from, to } = validityOf(read)
  if (to - now < RENEW_BEFORE_MS || from > now) return false
  return names.every(name => (isIP(name) === 0 ? read.checkHost(name) : read.checkIP(name)) !== undefined)
}

/** The SHA-256 of a certificate as browsers show it: pairs of hexadecimal digits with colons. */
export function fingerprintOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256
}

/** When a certificate ends, ms UTC. */
export function endOf(cert: string): number {
  return validityOf(new X509Certificate(cert)).to
}

/** Whether a key belongs to a certificate. */
export function belongTogether({ key, cert }: Identity): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}

import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { validityOf } from '../services/certificate-dates.ts'

/** The hub's own certificate: phones trust its key and nothing else, so it names no host and needs no renewal for years. */
export interface LinkIdentity {
  readonly key: string
  readonly cert: string
}

const YEARS = 20

const DAY_MS = 24 * 3_600_000
/** Phones that are away for months have to hear of the new one before the old one ends. */
const RENEW_BEFORE_MS = 365 * DAY_MS

/** Makes a P-256 key and a certificate signed by itself, both PEM. */
export function makeIdentity(now: number): Promise<LinkIdentity> {
  return certify(now, null)
}

/** Whether the certificate ends within a year. */
export function endsSoon({ cert }: LinkIdentity, now: number): boolean {
  return validityOf(new X509Certificate(cert)).to - now < RENEW_BEFORE_MS
}

/** A new certificate for the same key: the pin stays, so phones take it without being paired anew. */
export function renewIdentity({ key }: LinkIdentity, now: number): Promise<LinkIdentity> {
  return certify(now, key)
}

async function certify(now: number, key: string | null): Promise<LinkIdentity> {
  // A third of what a start loads, for something that is done once in the life of an installation.
  const { generate } = await import('selfsigned')
  const from = new Date(now - DAY_MS)
  const to = new Date(now)
  to.setFullYear(to.getFullYear() + YEARS)
  const made = await generate([{ name: 'commonName', value: 'campaign-connector' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: to,
    ...(key !== null && { keyPair: { privateKey: key, publicKey: publicKeyOf(key) } }),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'campaign-connector' }] },
    ],
  })
  return { key: made.private, cert: made.cert }
}

function publicKeyOf(key: string): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
}

/** The SHA-256 of the certificate's public key (SPKI), base64url without padding: what the pairing link carries. */
export function pinOf(cert: string): string {
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64url')
}

import { createHash, X509Certificate } from 'node:crypto'
import { generate } from 'selfsigned'

/** The hub's own certificate: phones trust its key and nothing else, so it names no host and needs no renewal for years. */
export interface LinkIdentity {
  readonly key: string
  readonly cert: string
}

const YEARS = 20

/** Makes a P-256 key and a certificate signed by itself, both PEM. */
export async function makeIdentity(now: number): Promise<LinkIdentity> {
  const from = new Date(now - 24 * 3_600_000)
  const to = new Date(now)
  to.setFullYear(to.getFullYear() + YEARS)
  const made = await generate([{ name: 'commonName', value: 'campaign-connector' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: to,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'campaign-connector' }] },
    ],
  })
  return { key: made.private, cert: made.cert }
}

/** The SHA-256 of the certificate's public key (SPKI), base64url without padding: what the pairing link carries. */
export function pinOf(cert: string): string {
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64url')
}

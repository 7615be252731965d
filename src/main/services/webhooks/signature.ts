import { createHmac } from 'node:crypto'
import type { Randomness } from '../ports.ts'

/** The name in front lets a scanner of leaked secrets know it. */
export function newSecret(random: Randomness): string {
  return `whsec_${Buffer.from(random.bytes(32)).toString('base64url')}`
}

/**
 * The value of `X-Campaign-Connector-Signature`: `t=SECONDS,v1=HEX`, with one `v1` for each secret that is valid. Each is
 * the HMAC-SHA256 of `SECONDS.BODY`, so that a body cannot be sent again with a newer time.
 */
export function signatureOf(body: string, secrets: readonly string[], nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000)
  const signed = secrets.map(secret => createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'))
  return [`t=${seconds}`, ...signed.map(hex => `v1=${hex}`)].join(',')
}

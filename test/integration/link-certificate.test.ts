import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { endsSoon, makeIdentity, pinOf, renewIdentity } from '../../src/main/link/certificate.ts'

const DAY = 24 * 3_600_000
const NOW = Date.parse('2026-01-14T12:00:00Z')

describe('the certificate of the phone link', () => {
  it('is good for 20 years, and asks to be renewed in the last one', async () => {
    const made = await makeIdentity(NOW)
    expect(endsSoon(made, NOW)).toBe(false)
    expect(endsSoon(made, NOW + 6_900 * DAY)).toBe(false)
    expect(endsSoon(made, NOW + 6_950 * DAY)).toBe(true)
  })

  it('is renewed with the same key, so that the pin of every phone still fits', async () => {
    const made = await makeIdentity(NOW)
    const renewed = await renewIdentity(made, NOW + 7_000 * DAY)
    expect(renewed.cert).not.toBe(made.cert)
    expect(pinOf(renewed.cert)).toBe(pinOf(made.cert))
    const read = new X509Certificate(renewed.cert)
    expect(read.verify(new X509Certificate(made.cert).publicKey)).toBe(true)
    expect(endsSoon(renewed, NOW + 7_000 * DAY)).toBe(false)
  })
})

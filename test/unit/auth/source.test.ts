import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanSource, networkOf } from '../../../src/main/services/auth/source.ts'

describe('the network that failures count against', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:0207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['no address', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })

  it('is the same for every way to write an IPv6 address, and for every address of the network', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (one, other) => {
        const network = networkOf(one)
        expect(networkOf(one.toUpperCase())).toBe(network)
        if (!network.includes('/')) return
        const host = new URL(`http://[${other}]/`).hostname.slice(1, -1)
        const sibling = `${network.slice(0, -'::/64'.length)}:1:2:3:4`
        expect(networkOf(sibling)).toBe(network)
        expect(networkOf(host)).toBe(networkOf(other))
      }),
    )
  })
})

describe('what a stranger sends', () => {
  it('is cut and cannot move the cursor of a terminal', () => {
    const source = cleanSource({ ip: '192.0.2.1'.repeat(50), userAgent: `\u001b[2Jcurl\r\n${'x'.repeat(5000)}` })
    expect(source.ip).toHaveLength(64)
    expect(source.userAgent).toHaveLength(200)
    expect(source.userAgent).not.toMatch(/[\u0000-\u001f]/)
    expect(cleanSource({ ip: null, userAgent: '' }).ip).toBeNull()
  })
})

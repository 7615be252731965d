import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  hashOf,
  isApiKey,
  isToken,
  makeApiKey,
  makeEnvironmentKey,
  makeToken,
  prefixOf,
  sameHash,
} from '../../../src/main/services/auth/tokens.ts'
import { ROLES } from '../../../src/shared/operations/define.ts'

const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('API keys', () => {
  it('hold all 256 bits in one form, whatever the bytes', () => {
    const seen = new Map<string, string>()
    fc.assert(
      fc.property(bytes, fc.constantFrom(...ROLES), (random, role) => {
        const key = makeApiKey(role, { bytes: () => random })
        expect(key).toMatch(new RegExp(`^cc_${role}_[0-9A-Za-z]{49}$`))
        expect(isApiKey(key)).toBe(true)
        expect(key.startsWith(prefixOf(key))).toBe(true)
        expect(prefixOf(key)).toHaveLength(`cc_${role}_`.length + 6)
        const secret = key.slice(`cc_${role}_`.length, -6)
        const hex = Buffer.from(random).toString('hex')
        expect(seen.get(secret) ?? hex).toBe(hex)
        seen.set(secret, hex)
      }),
    )
    expect(makeApiKey('user', { bytes: () => new Uint8Array(32).fill(255) })).toMatch(/^cc_user_z?/)
  })

  it('with one character changed are found out', () => {
    fc.assert(
      fc.property(bytes, fc.nat(48), fc.constantFrom(...'0Az9'), (random, place, character) => {
        const key = makeApiKey('user', { bytes: () => random })
        const at = 'cc_user_'.length + place
        const changed = key.slice(0, at) + character + key.slice(at + 1)
        expect(isApiKey(changed)).toBe(changed === key)
      }),
    )
  })

  it.each(['', 'cc_user_', 'cc_root_'.padEnd(57, 'a'), 'x'.repeat(100_000), 'cc_user_\n'])('%# is none', text => {
    expect(isApiKey(text)).toBe(false)
  })

  it('of another role are another key', () => {
    const key = makeApiKey('user', { bytes: () => new Uint8Array(32) })
    expect(isApiKey(key.replace('cc_user_', 'cc_admin_'))).toBe(false)
  })
})

describe('tokens', () => {
  it('hold 256 bits', () => {
    const random = { bytes: (length: number) => new Uint8Array(length).fill(255) }
    expect(Buffer.from(makeToken(random), 'base64url')).toHaveLength(32)
    expect(isToken(makeToken(random))).toBe(true)
    expect(isToken(`${makeToken(random)}=`)).toBe(false)
    expect(makeEnvironmentKey(random)).toBe('f'.repeat(64))
  })

  it('are compared by their hashes', () => {
    expect(sameHash(hashOf('a'), hashOf('a'))).toBe(true)
    expect(sameHash(hashOf('a'), hashOf('b'))).toBe(false)
    expect(sameHash(hashOf('a'), new Uint8Array(5))).toBe(false)
  })
})

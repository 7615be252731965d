import { createHash, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { ROLES, type Role } from '../../../shared/operations/define.ts'
import type { Randomness } from '../ports.ts'

const SECRET_BYTES = 32
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 62^43 is just above 2^256. */
const SECRET_DIGITS = 43
/** 62^6 is above 2^32. */
const CHECKSUM_DIGITS = 6
const PREFIX_DIGITS = 6
const KEY = new RegExp(`^cc_(${ROLES.join('|')})_([0-9A-Za-z]{${SECRET_DIGITS}})([0-9A-Za-z]{${CHECKSUM_DIGITS}})$`)

/** A new API key: `cc_<role>_`, 256 random bits in 43 digits and letters, and a checksum that finds slips of the hand. */
export function makeApiKey(role: Role, random: Randomness): string {
  const secret = `cc_${role}_${digits(random.bytes(SECRET_BYTES), SECRET_DIGITS)}`
  return secret + checksumOf(secret)
}

/** Whether a text has the form of an API key and its checksum fits. */
export function isApiKey(text: string): boolean {
  const match = KEY.exec(text)
  return match !== null && match[3] === checksumOf(text.slice(0, -CHECKSUM_DIGITS))
}

/** The beginning by which a key is found, of one that `isApiKey`. Tells 35 of its 256 bits. */
export function prefixOf(key: string): string {
  return key.slice(0, key.indexOf('_', 3) + 1 + PREFIX_DIGITS)
}

/** 64 hexadecimal digits, for the keys of the environment. */
export function makeEnvironmentKey(random: Randomness): string {
  return Buffer.from(random.bytes(SECRET_BYTES)).toString('hex')
}

/** A new session token: 256 bits in 43 characters that need no quoting in a cookie. */
export function makeToken(random: Randomness): string {
  return Buffer.from(random.bytes(SECRET_BYTES)).toString('base64url')
}

export function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(text)
}

/** SHA-256: enough for secrets of 256 random bits, which nobody guesses. */
export function hashOf(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest()
}

/** In the same time wherever they differ. */
export function sameHash(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}

function checksumOf(text: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return digits(bytes, CHECKSUM_DIGITS)
}

/** A number in base 62, with leading zeros. */
function digits(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (let place = 0; place < length; place += 1) {
    text = DIGITS[Number(rest % 62n)]! + text
    rest /= 62n
  }
  return text
}

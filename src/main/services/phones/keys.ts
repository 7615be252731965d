import { createHash, timingSafeEqual } from 'node:crypto'
import type { Database, Writer } from '../../db/database.ts'
import { adoptNextKey, offerNextKey, type PhoneRow, phoneById } from '../../db/phones.ts'
import type { Randomness } from '../ports.ts'

/** A device key: 256 random bits with a name in front, so that a scanner of leaked secrets knows it. */
export function newDeviceKey(random: Randomness): { key: string; hash: Uint8Array } {
  const key = `ccd_${Buffer.from(random.bytes(32)).toString('base64url')}`
  return { key, hash: hashDeviceKey(key) }
}

export function hashDeviceKey(key: string): Uint8Array {
  return createHash('sha256').update(key).digest()
}

/** The phone that holds this key, or null; a revoked one's key is nobody's. The first use of a new key ends the old one. */
export function authenticatePhone(db: Database, phoneId: number, key: string): PhoneRow | null {
  const phone = phoneById(db, phoneId)
  const hash = hashDeviceKey(key)
  // Compared even when there is no such phone, so that the time tells nothing.
  const present = timingSafeEqual(hash, phone?.keyHash ?? new Uint8Array(32))
  const next = timingSafeEqual(hash, phone?.nextKeyHash ?? new Uint8Array(32))
  if (!phone || phone.revokedAt !== null || !(present || next)) return null
  if (next) db.write(tx => adoptNextKey(tx, phone.id))
  return phone
}

/** Makes a key that replaces the present one once the phone has used it. */
export function rotateDeviceKey(db: Writer, phoneId: number, random: Randomness): string {
  const { key, hash } = newDeviceKey(random)
  offerNextKey(db, phoneId, hash)
  return key
}

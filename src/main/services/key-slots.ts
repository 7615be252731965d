import { createCipheriv, createDecipheriv, createHash, scrypt } from 'node:crypto'
import { closeSync, fchmodSync, fsyncSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { KeySlot, SlotKind } from '../db/vault.ts'
import type { Randomness } from './ports.ts'

export const KEY_BYTES = 32

/**
 * One way to open the data key. The keychain of a desktop is another one, made where it is at hand.
 * Both methods throw `KeyUnavailable` with a sentence when the way is closed.
 */
export interface KeyOpener {
  readonly kind: SlotKind
  wrap(dataKey: Uint8Array): Promise<KeySlot>
  unwrap(slot: KeySlot): Promise<Uint8Array>
}

/** Why a way to the data key is closed, and what to do about it. Never holds a secret. */
export class KeyUnavailable extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'KeyUnavailable'
  }
}

const FILE_HEAD = 'campaign-connector-key-1 '

/**
 * A file readable by its owner only, beside the database: what a server without a keychain has.
 * `wrap` makes the file when there is none, and uses the one that is there otherwise.
 */
export function keyFileOpener(path: string, random: Randomness): KeyOpener {
  return {
    kind: 'keyfile',
    wrap: async dataKey => {
      const wrapping = readKeyFile(path) ?? createKeyFile(path, random.bytes(KEY_BYTES))
      const parameters = JSON.stringify({ fingerprint: fingerprint(wrapping) })
      return { kind: 'keyfile', parameters, wrapped: sealBytes(wrapping, 'slot:keyfile', dataKey, random) }
    },
    unwrap: async slot => {
      const wrapping = readKeyFile(path)
      if (!wrapping) throw new KeyUnavailable(`The key file ${path} is missing. Put your copy of it back.`)
      const dataKey = openBytes(wrapping, 'slot:keyfile', slot.wrapped)
      if (dataKey) return dataKey
      const { fingerprint: wanted } = JSON.parse(slot.parameters) as { fingerprint?: string }
      throw new KeyUnavailable(
        wanted === fingerprint(wrapping)
          ? `The key slot in the database is damaged. Restore a backup: campaign-connector backup restore FILE`
          : `The key file ${path} belongs to another data folder. Put the right one back.`,
      )
    },
  }
}

/** scrypt as OWASP recommends it for a secret that a person remembers: 128 MiB, about half a second. */
const SCRYPT = { N: 131_072, r: 8, p: 1 }

/** A passphrase, which opens the data key anywhere. `cost` is for tests. */
export function passphraseOpener(passphrase: string, random: Randomness, cost = SCRYPT): KeyOpener {
  return {
    kind: 'passphrase',
    wrap: async dataKey => {
      const salt = random.bytes(16)
      const wrapping = await stretch(passphrase, salt, cost)
      const parameters = JSON.stringify({ kdf: 'scrypt', ...cost, salt: Buffer.from(salt).toString('base64') })
      return { kind: 'passphrase', parameters, wrapped: sealBytes(wrapping, 'slot:passphrase', dataKey, random) }
    },
    unwrap: async slot => {
      const { salt, N, r, p } = JSON.parse(slot.parameters) as { salt: string; N: number; r: number; p: number }
      const wrapping = await stretch(passphrase, Buffer.from(salt, 'base64'), { N, r, p })
      const dataKey = openBytes(wrapping, 'slot:passphrase', slot.wrapped)
      if (!dataKey) throw new KeyUnavailable('The passphrase does not fit.')
      return dataKey
    },
  }
}

/** AES-256-GCM: version, nonce, tag, ciphertext. `name` is authenticated, so a secret cannot pass for another one. */
export function sealBytes(key: Uint8Array, name: string, bytes: Uint8Array, random: Randomness): Uint8Array {
  const nonce = random.bytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()])
  return Buffer.concat([Buffer.of(1), nonce, cipher.getAuthTag(), sealed])
}

/** The bytes, or null when the key, the name or the sealed bytes are not the right ones. */
export function openBytes(key: Uint8Array, name: string, sealed: Uint8Array): Uint8Array | null {
  if (sealed.length < 29 || sealed[0] !== 1) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13))
    decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(13, 29))
    return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()])
  } catch {
    return null
  }
}

/** Undefined when there is no file. Throws KeyUnavailable when others can read it or it is not whole. */
function readKeyFile(path: string): Uint8Array | undefined {
  let text: string
  try {
    // Windows has no such bits: there the folder of the user keeps others out.
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw new KeyUnavailable(`The key file ${path} can be read by others. Close it: chmod 600 ${path}`)
    }
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return undefined
    if (code === undefined) throw error
    throw new KeyUnavailable(
      `The key file ${path} cannot be read (${String(code)}). It must belong to the user of the hub.`,
    )
  }
  const key = text.startsWith(FILE_HEAD) ? Buffer.from(text.slice(FILE_HEAD.length).trim(), 'base64') : Buffer.of()
  if (key.length !== KEY_BYTES) throw new KeyUnavailable(`The key file ${path} is damaged. Put your copy of it back.`)
  return key
}

function createKeyFile(path: string, key: Uint8Array): Uint8Array {
  const file = openSync(path, 'wx', 0o600)
  try {
    fchmodSync(file, 0o600)
    // Goes on until all is written: half a key opens nothing.
    writeFileSync(file, `${FILE_HEAD}${Buffer.from(key).toString('base64')}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return key
}

/** Tells key files apart without telling anything of the key. */
function fingerprint(key: Uint8Array): string {
  return createHash('sha256').update('fingerprint').update(key).digest('hex').slice(0, 16)
}

function stretch(passphrase: string, salt: Uint8Array, cost: { N: number; r: number; p: number }): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const options = { ...cost, maxmem: 256 * cost.N * cost.r }
  scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  return promise
}

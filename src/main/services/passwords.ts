import argon2 from 'argon2'
import { Refusal } from '../../shared/errors.ts'

/** OWASP's minimum for Argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Each hash takes 19 MiB and a thread of the pool; more at once would starve the disk and the phones. */
const AT_ONCE = 2
/** More than this many that wait are a flood: each would hold its request and wait for seconds. */
const MOST_WAITING = 32
const RETRY_MS = 2_000

/** Throws Refusal too_many when too many hashes are waited for. */
export interface Passwords {
  /** A string in PHC form, with its own salt. */
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
  /** True when the hash was made with other parameters than today's: then hash again after a successful login. */
  needsRehash(hash: string): boolean
  /** A hash of no password at all, which takes as long to verify as any other: for names that nobody has. */
  readonly decoy: string
}

/** `hasher` is for tests. */
export function createPasswords(hasher: Pick<typeof argon2, 'hash' | 'verify'> = argon2): Passwords {
  const waiting: (() => void)[] = []
  let running = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting.length >= MOST_WAITING) throw new Refusal('too_many', undefined, {}, RETRY_MS)
    if (running >= AT_ONCE) await new Promise<void>(resolve => waiting.push(resolve))
    else running += 1
    try {
      return await work()
    } finally {
      // A waiting one takes over the place, so that none that comes in between can slip past the limit.
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  return {
    hash: password => inTurn(() => hasher.hash(normal(password), { ...PARAMETERS, type: argon2.argon2id })),
    verify: (hash, password) => inTurn(() => hasher.verify(hash, normal(password))),
    needsRehash: hash => !hash.startsWith('$argon2id$') || argon2.needsRehash(hash, PARAMETERS),
    decoy: DECOY,
  }
}

/** Salt and hash of the lengths that argon2 makes, with a hash that nothing leads to. */
const DECOY = [
  '$argon2id$v=19',
  `m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}`,
  base64('decoy of the hub'),
  base64('no password leads to this value.'),
].join('$')

function base64(text: string): string {
  return Buffer.from(text).toString('base64').replace(/=+$/, '')
}

/** The same characters from another keyboard may come in another composition. */
function normal(password: string): string {
  return password.normalize('NFC')
}

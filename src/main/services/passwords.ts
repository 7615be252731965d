import argon2 from 'argon2'

/** OWASP's minimum for Argon2id: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** Each hash takes 19 MiB and a thread of the pool; more at once would starve the disk and the phones. */
const AT_ONCE = 2

export interface Passwords {
  /** A string in PHC form, with its own salt. */
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
  /** True when the hash was made with other parameters than today's: then hash again after a successful login. */
  needsRehash(hash: string): boolean
}

/** `hasher` is for tests. */
export function createPasswords(hasher: Pick<typeof argon2, 'hash' | 'verify'> = argon2): Passwords {
  const waiting: (() => void)[] = []
  let running = 0

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
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
  }
}

/** The same characters from another keyboard may come in another composition. */
function normal(password: string): string {
  return password.normalize('NFC')
}

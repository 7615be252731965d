import { createHash } from 'node:crypto'
import { Refusal } from '../../../shared/errors.ts'
import type { Database, Reader, Writer } from '../../db/database.ts'
import { forgetAnswersBefore, hasAnswersBefore, storeAnswer, storedAnswer } from '../../db/idempotency.ts'
import type { Clock } from '../ports.ts'

/** For so long an answer is known by its key, in ms. */
export const ANSWER_KEPT_MS = 48 * 3_600_000
const AT_ONCE = 500

/** Printable ASCII without spaces, as a UUID is. */
const KEY = /^[\x21-\x7e]{1,200}$/

/** A request that may come twice and is done once. */
export interface OnceRequest {
  /** The answer of the first time; undefined where this is it. Throws Refusal conflict where the key was for something else. */
  answered(db: Reader): { readonly data: unknown } | undefined
  /** Keeps the answer, in the transaction of the change. */
  keep(db: Writer, data: unknown, at: number): void
}

/** The request was done meanwhile, by another one with the same key: not an error, but the end of this attempt. */
export class DoneAlready extends Error {
  readonly data: unknown

  constructor(data: unknown) {
    super('a request with this Idempotency-Key was done meanwhile')
    this.data = data
  }
}

/** @throws Refusal for a key that is none */
export function onceRequest(request: { actor: string; key: string; operation: string; input: unknown }): OnceRequest {
  const { actor, key, operation, input } = request
  if (!KEY.test(key)) {
    throw new Refusal('invalid_input', BAD_KEY, { 'Idempotency-Key': BAD_KEY })
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([operation, sorted(input)]))
    .digest()
  return {
    answered: db => {
      const stored = storedAnswer(db, actor, key)
      if (!stored) return undefined
      if (Buffer.compare(stored.request, hash) !== 0) throw new Refusal('conflict', OTHER_REQUEST)
      return { data: JSON.parse(stored.answer) as unknown }
    },
    keep: (db, data, at) => storeAnswer(db, { actor, key, request: hash, answer: JSON.stringify(data), at }),
  }
}

/** A step of background work: forgets answers that are too old. Returns whether there is more. */
export function forgetOldAnswers(db: Database, clock: Clock): boolean {
  const before = clock.now() - ANSWER_KEPT_MS
  if (!hasAnswersBefore(db, before)) return false
  return db.write(tx => forgetAnswersBefore(tx, before, AT_ONCE)) === AT_ONCE
}

const BAD_KEY = 'An Idempotency-Key has 1 to 200 printable characters without spaces; a UUID is a good one.'
const OTHER_REQUEST =
  'This Idempotency-Key was used for another request within the last two days. Use a new key for each request, and the same one only to repeat it.'

/** The same for equal inputs, in whatever order their fields came. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, item]) => [key, sorted(item)])
}

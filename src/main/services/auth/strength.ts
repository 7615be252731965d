import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { Refusal } from '../../../shared/errors.ts'
import { passwordProblem } from '../../domain/passwords.ts'
import type { ScoreAnswer, ScoreOrder } from './score-worker.ts'

export interface Score {
  /** 0 and 1: guessed in a moment. 4: not in a lifetime. */
  readonly score: 0 | 1 | 2 | 3 | 4
  readonly feedback: readonly string[]
}

/** Whose password it is or would be. */
export interface Person {
  readonly username: string
  readonly fullName?: string
  readonly email?: string
}

/** How hard passwords are to guess. Its dictionaries are loaded when they are needed, and let go when they are not. */
export interface Strength {
  /** Throws Refusal too_many, unavailable. */
  score(password: string, person: Person): Promise<Score>
  /** Why a password is refused, as a sentence; null when it may be used. Throws Refusal too_many, unavailable. */
  problem(password: string, person: Person): Promise<string | null>
  stop(): Promise<void>
}

/** What is guessable is refused: below this an attacker needs fewer than a hundred million guesses. */
export const LEAST_SCORE = 2
const IDLE_MS = 15_000
const PATIENCE_MS = 15_000
const MOST_WAITING = 16
/** Names of the product, which people like to use for its password. */
const PRODUCT = ['campaign', 'connector', 'campaignconnector', 'termux']

interface Waiting {
  readonly resolve: (score: Score) => void
  readonly reject: (error: Error) => void
}

export function createStrength(idleMs = IDLE_MS): Strength {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let next = 1

  const score: Strength['score'] = (password, person) => {
    if (waiting.size >= MOST_WAITING) return Promise.reject(new Refusal('too_many', undefined, {}, 2_000))
    clearTimeout(idle)
    worker ??= started()
    const thread = worker
    thread.ref()
    const { promise, resolve, reject } = Promise.withResolvers<Score>()
    const id = next++
    waiting.set(id, { resolve, reject })
    thread.postMessage({ id, password, about: wordsOf(person) } satisfies ScoreOrder)
    const late = setTimeout(() => lose(thread, 'it took too long'), PATIENCE_MS)
    return promise.finally(() => clearTimeout(late))
  }

  return {
    score,
    problem: async (password, person) => {
      const problem = passwordProblem(password, person.username)
      if (problem) return problem
      const found = await score(password, person)
      if (found.score >= LEAST_SCORE) return null
      return ['This password is easy to guess.', ...found.feedback].join(' ')
    },
    stop: async () => {
      clearTimeout(idle)
      const thread = worker
      if (thread) lose(thread, 'the application stops')
      await thread?.terminate()
    },
  }

  function started(): Worker {
    const thread = new Worker(scoreWorker())
    thread.on('message', ({ id, score, feedback }: ScoreAnswer) => {
      waiting.get(id)?.resolve({ score, feedback })
      waiting.delete(id)
      if (waiting.size === 0) rest(thread)
    })
    thread.once('error', error => lose(thread, error instanceof Error ? error.message : String(error)))
    return thread
  }

  /** It must not keep a command from ending, nor a hub's memory for a question a month. */
  function rest(thread: Worker): void {
    thread.unref()
    idle = setTimeout(() => lose(thread, 'idle'), idleMs)
    idle.unref()
  }

  function lose(thread: Worker, why: string): void {
    if (worker !== thread) return
    worker = null
    void thread.terminate()
    const refusal = new Refusal('unavailable', `The password could not be judged: ${why}. Try again.`)
    for (const { reject } of waiting.values()) reject(refusal)
    waiting.clear()
  }
}

/** Whole names and their parts, as far as they are long enough to matter. */
function wordsOf({ username, fullName = '', email = '' }: Person): string[] {
  const given = [username, fullName, email].map(text => text.toLowerCase())
  const parts = given.flatMap(text => text.split(/[^\p{L}\p{N}]+/u))
  return [...new Set([...given, ...parts])].filter(word => word.length >= 3).concat(PRODUCT)
}

/** Beside this file in the sources; in a build beside the program, whose shared pieces lie in a folder below it. */
function scoreWorker(): URL {
  const files = ['./score-worker.ts', './score-worker.mjs', '../score-worker.mjs']
  const found = files.map(file => new URL(file, import.meta.url)).find(url => existsSync(url))
  if (!found) throw new Error('The file score-worker.mjs is missing from this installation.')
  return found
}

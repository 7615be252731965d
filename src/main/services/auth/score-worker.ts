/** Scores passwords in a thread of its own: the dictionaries are large, and a long password takes a second. */
import { parentPort } from 'node:worker_threads'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary as commonDictionary } from '@zxcvbn-ts/language-common'
import { dictionary as englishDictionary, translations } from '@zxcvbn-ts/language-en'

export interface ScoreOrder {
  readonly id: number
  readonly password: string
  /** Words that an attacker would try first: names of the person and of the product. */
  readonly about: readonly string[]
}

export interface ScoreAnswer {
  readonly id: number
  readonly score: 0 | 1 | 2 | 3 | 4
  readonly feedback: readonly string[]
}

/** What is scored first: nearly always that tells all, and the time grows with the square of the length. */
const ENOUGH = 24
const ACCEPTED = 2

const zxcvbn = new ZxcvbnFactory({
  dictionary: { ...commonDictionary, ...englishDictionary },
  graphs: adjacencyGraphs,
  translations,
})

parentPort!.on('message', ({ id, password, about }: ScoreOrder) => {
  let found = zxcvbn.check(password.slice(0, ENOUGH), [...about])
  if (found.score < ACCEPTED && password.length > ENOUGH) found = zxcvbn.check(password, [...about])
  const { warning, suggestions } = found.feedback
  const feedback = [...(warning ? [warning] : []), ...suggestions]
  parentPort!.postMessage({ id, score: found.score, feedback } satisfies ScoreAnswer)
})

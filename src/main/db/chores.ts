import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Inspection } from './backups.ts'
import type { Comparison } from './compare.ts'
import type { KeySlot } from './vault.ts'

/** Work on whole database files, which takes seconds for a large one. */
export interface Chores {
  copy: { input: { from: string; to: string; slot: KeySlot | null; at: number }; output: Inspection }
  inspect: { input: { path: string }; output: Inspection }
  compare: { input: { backup: string; present: string }; output: Comparison }
  'quick-check': { input: { path: string }; output: string[] }
}

export interface ChoreOrder<N extends keyof Chores = keyof Chores> {
  readonly name: N
  readonly input: Chores[N]['input']
}

/** Does a chore in a thread of its own, so that phones and windows are served meanwhile. Rejects with what it threw. */
export function runChore<N extends keyof Chores>(name: N, input: Chores[N]['input']): Promise<Chores[N]['output']> {
  const { promise, resolve, reject } = Promise.withResolvers<Chores[N]['output']>()
  const worker = new Worker(choreWorker(), { workerData: { name, input } })
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', code => reject(new Error(`the thread of the chore ${name} ended with code ${code}`)))
  return promise
}

/** Beside this file in the sources; in a build beside the program, whose shared pieces lie in a folder below it. */
export function choreWorker(): URL {
  const files = ['./chore-worker.ts', './chore-worker.mjs', '../chore-worker.mjs']
  const found = files.map(file => new URL(file, import.meta.url)).find(url => existsSync(url))
  if (!found) throw new Error('The file chore-worker.mjs is missing from this installation.')
  return found
}

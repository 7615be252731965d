import { parentPort, workerData } from 'node:worker_threads'
import { copyDatabase, inspectDatabase, quickCheck } from './backups.ts'
import type { ChoreOrder, Chores } from './chores.ts'

const work: { [N in keyof Chores]: (input: Chores[N]['input']) => Chores[N]['output'] } = {
  copy: ({ from, to, slot, at }) => copyDatabase(from, to, slot, at),
  inspect: ({ path }) => inspectDatabase(path),
  'quick-check': ({ path }) => quickCheck(path),
}

const { name, input } = workerData as ChoreOrder
parentPort!.postMessage((work[name] as (input: unknown) => unknown)(input))

import { parentPort, workerData } from 'node:worker_threads'
import { copyDatabase, inspectDatabase, quickCheck } from './backups.ts'
import type { ChoreOrder, Chores } from './chores.ts'
import { compareDatabases } from './compare.ts'
import { openUnchanged } from './open.ts'

const work: { [N in keyof Chores]: (input: Chores[N]['input']) => Chores[N]['output'] } = {
  copy: ({ from, to, slot, at }) => copyDatabase(from, to, slot, at),
  inspect: ({ path }) => inspectDatabase(path),
  compare: ({ backup, present }) => compareDatabases(backup, present),
  'quick-check': ({ path }) => quickCheck(path),
}

const port = parentPort!
const order = workerData as ChoreOrder | { name: 'checkpoints'; input: { path: string } }
if (order.name === 'checkpoints') {
  // Stays, since it is told again and again.
  const connection = openUnchanged(order.input.path)
  port.on('message', () => {
    connection.pragma('wal_checkpoint(PASSIVE)')
    port.postMessage('moved')
  })
} else {
  port.postMessage((work[order.name] as (input: unknown) => unknown)(order.input))
}

import { parentPort, workerData } from 'node:worker_threads'
import { ImportFileError } from '../../domain/imports/file-error.ts'
import { readBatches } from './read.ts'
import type { ImportWorkerAnswer, ImportWorkerData, ImportWorkerRequest } from './worker-protocol.ts'

// Reads a list in a thread of its own, so that the window and the phones are served meanwhile. A batch is read only
// when one was asked for: a slow disk or a paused import cannot fill the memory.

if (parentPort === null) throw new Error('This file is started as a worker by ImportReader.')
const port = parentPort
const { path, settings, afterRow, batchRows } = workerData as ImportWorkerData
const batches = readBatches(path, settings, { afterRow, batchRows })
let turn: Promise<void> = Promise.resolve()

port.on('message', (request: ImportWorkerRequest) => {
  if (request.type === 'next') turn = turn.then(answer)
})

async function answer(): Promise<void> {
  try {
    const next = await batches.next()
    tell(next.done ? { type: 'end' } : { type: 'batch', batch: next.value })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    tell({ type: 'failed', code: error instanceof ImportFileError ? error.code : null, message })
  }
}

function tell(message: ImportWorkerAnswer): void {
  port.postMessage(message)
  if (message.type !== 'batch') port.close()
}

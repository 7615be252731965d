import { parentPort, workerData } from 'node:worker_threads'
import { ImportFileError } from '../../domain/imports/file-error.ts'
import { Packer } from './packer.ts'
import { type ImportBatch, readBatches } from './read.ts'
import { buffersOf, type ImportWindow, WindowReader } from './windows.ts'
import type { ImportWorkerAnswer, ImportWorkerData, ImportWorkerRequest } from './worker-protocol.ts'

// Reads a list in a thread of its own, so that the window and the phones are served meanwhile. A part is read only when
// one was asked for: a slow disk or a paused import cannot fill the memory.

if (parentPort === null) throw new Error('This file is started as a worker by ImportReader.')
const port = parentPort
const { path, settings, afterRow, batchRows, windows } = workerData as ImportWorkerData
const packer = new Packer((settings.mapping.postcode ?? null) !== null)
const batches = readBatches(path, settings, {
  ...{ afterRow, batchRows },
  ...(windows === null ? {} : { packer, endRow: windows.firstEnd }),
})
const next = windows === null ? nextBatch : nextWindow(windows.firstEnd)
let turn: Promise<void> = Promise.resolve()

port.on('message', (request: ImportWorkerRequest) => {
  if (request.type === 'next') turn = turn.then(answer)
})

async function nextBatch(): Promise<ImportBatch | null> {
  return (await batches.next()).value ?? null
}

function nextWindow(firstEnd: number | null): () => Promise<ImportWindow | null> {
  const reader = new WindowReader(batches, packer)
  let end = firstEnd
  return () => {
    const window = reader.next(end)
    end = null
    return window
  }
}

async function answer(): Promise<void> {
  try {
    const part = await next()
    tell(part === null ? { type: 'end' } : { type: 'part', part })
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    tell({ type: 'failed', code: error instanceof ImportFileError ? error.code : null, message })
  }
}

function tell(message: ImportWorkerAnswer): void {
  port.postMessage(message, message.type === 'part' && 'texts' in message.part ? buffersOf(message.part) : [])
  if (message.type !== 'part') port.close()
}

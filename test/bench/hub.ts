// A hub in a process of its own, driven over the channel of the parent: operations, and what the process has used.
import { Database } from '../../src/main/db/database.ts'
import type { Answer } from '../../src/shared/errors.ts'
import type { GivenOf, OperationName } from '../../src/shared/operations/index.ts'
import { openBenchApp } from './app.ts'
import { inputOf, type LoopDelay, usageOf, watchLoop } from './process.ts'

export type HubRequest = { id: number } & (
  | { kind: 'call'; name: OperationName; input: GivenOf<OperationName> }
  | { kind: 'stats' }
  | { kind: 'stop' }
)

export interface HubStats {
  readonly commits: number
  readonly cpuSeconds: number
  readonly rssMB: number
  readonly peakMB: number
  readonly handles: number
  /** Since the last question. */
  readonly delay: LoopDelay
}

export interface HubAnswer {
  readonly id: number
  readonly answer: Answer<unknown> | HubStats | null
}

let commits = 0
const write = Database.prototype.write
Database.prototype.write = function (work) {
  if (!this.inTransaction) commits += 1
  return write.call(this, work) as ReturnType<typeof work>
}

const { data } = inputOf<{ data: string }>()
const { app, call } = await openBenchApp(data, true)
const loop = watchLoop()

process.on('message', (request: HubRequest) => {
  void handle(request).then(answer => process.send?.({ id: request.id, answer } satisfies HubAnswer))
})
// Without the benchmark nobody would end it.
process.once('disconnect', () => void app.close().then(() => process.exit()))
process.send?.({ id: 0, answer: null } satisfies HubAnswer)

async function handle(request: HubRequest): Promise<HubAnswer['answer']> {
  if (request.kind === 'call') {
    try {
      return { ok: true, data: await call(request.name, request.input) }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      return { ok: false, error: { code: 'internal', message } }
    }
  }
  if (request.kind === 'stop') {
    await app.close()
    setImmediate(() => process.exit())
    return null
  }
  const delay = loop.read()
  loop.reset()
  return { commits, delay, ...usageOf() }
}

// A hub with its API in a process of its own, which also asks itself the same things without HTTP.
import type { Caller } from '../../src/main/services/operations/caller.ts'
import { type ApiRequestName, apiRequest, type Filled } from './api-requests.ts'
import { openBenchApp } from './app.ts'
import { inputOf } from './process.ts'

export interface ApiHubOrder extends Filled {
  readonly data: string
}

/** Asks so many of a kind in process, beginning with the `from`-th. */
export interface InProcess {
  readonly name: ApiRequestName
  readonly from: number
  readonly count: number
}

/** Told first. */
export interface ApiHubReady {
  readonly port: number
  readonly key: string
}

const order = inputOf<ApiHubOrder>()
// What keeps one address from taking too much would be all that is measured.
const unlimited = { requestsPerMinute: 1_000_000_000, connections: 10_000, connectionsPerSource: 10_000 }
const { app, call } = await openBenchApp(order.data, true, {
  ...{ host: '127.0.0.1', port: 0, web: false, tls: null, insecure: false, allowedHosts: [] },
  limits: unlimited,
})
const { key, details } = await call('keys.create', { name: `bench ${process.pid}`, role: 'user' })
const caller: Caller = { kind: 'key', id: details.id, role: 'user' }

process.on('message', (asked: InProcess) => {
  void inProcess(asked).then(seconds => process.send?.({ seconds }))
})
process.once('disconnect', () => void app.close().then(() => process.exit()))
process.send?.({ port: Number(new URL(app.http!.url).port), key } satisfies ApiHubReady)

/** How many seconds it took. */
async function inProcess({ name, from, count }: InProcess): Promise<number> {
  const asked = Array.from({ length: count }, (_, n) => apiRequest(name, from + n, order))
  const began = performance.now()
  for (const { operation, idempotencyKey } of asked) {
    if (operation === null) throw new Error(`No operation stands behind ${name}.`)
    const options = idempotencyKey === undefined ? {} : { idempotencyKey }
    const answer = await app.dispatch(operation.name, operation.input, caller, 'remote', options)
    if (!answer.ok) throw new Error(`${name} was refused: ${answer.error.message}`)
  }
  return (performance.now() - began) / 1_000
}

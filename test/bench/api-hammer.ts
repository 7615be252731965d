// Tries wrong API keys over several connections, as fast as they are answered, until it is told to end.
import { ApiConnection, written } from './api-client.ts'
import { inputOf } from './process.ts'

export interface HammerOrder {
  readonly port: number
  readonly clients: number
}

export interface Hammered {
  readonly seconds: number
  /** How many were answered with each status. */
  readonly statuses: Readonly<Record<number, number>>
}

const { port, clients } = inputOf<HammerOrder>()
const statuses: Record<number, number> = {}
let going = true
process.once('message', () => {
  going = false
})
process.once('disconnect', () => process.exit())

const began = performance.now()
const hammering = Array.from({ length: clients }, async (_, client) => {
  const connection = await ApiConnection.open(port)
  for (let n = 0; going; n += 1) {
    const key = `cc_admin_${String(client * 1_000_000_000 + n).padStart(49, '0')}`
    const status = await connection.ask(written({ method: 'GET', path: '/api/contacts' }, key))
    statuses[status] = (statuses[status] ?? 0) + 1
  }
  connection.close()
})
process.send?.({ began: true })
await Promise.all(hammering)
process.send?.({ seconds: (performance.now() - began) / 1_000, statuses } satisfies Hammered)

import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ApiConnection, written } from './api-client.ts'
import type { Hammered, HammerOrder } from './api-hammer.ts'
import type { ApiHubOrder, ApiHubReady, InProcess } from './api-hub.ts'
import { API_REQUESTS, type ApiRequestName, apiRequest, type Filled } from './api-requests.ts'
import { describeMachine, type Machine } from './machine.ts'
import { percentile, rounded } from './numbers.ts'
import { startScript } from './programs.ts'
import { fillFolder } from './queries.ts'
import type { Run, Table } from './types.ts'

export interface ApiOptions {
  /** Of each kind, over HTTP and again in process. */
  readonly requests: number
  /** Connections at once. */
  readonly connections: number
  readonly contacts: number
}

/** Milliseconds. */
interface Times {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface RouteFigures extends Times {
  readonly perSecond: number
  /** The same operation by dispatch() in the hub's own process, one after the other; null where there is none. */
  readonly inProcessPerSecond: number | null
  /** Over HTTP beside in process. */
  readonly ratio: number | null
}

export interface ApiResult {
  readonly benchmark: 'api'
  readonly requests: number
  readonly connections: number
  readonly contacts: number
  readonly routes: Readonly<Record<ApiRequestName, RouteFigures>>
  /** A client with a good key, by itself and while others try wrong ones. */
  readonly wrongKeys: {
    readonly clients: number
    readonly perSecond: number
    readonly statuses: Readonly<Record<number, number>>
    readonly alone: Times
    readonly meanwhile: Times
  }
  readonly machine: Machine
}

const ROUNDS = 4
const HAMMERS = 8
/** One after the other while others hammer: more of them would take minutes and say nothing else. */
const MOST_HAMMERED = 4_000
const GOOD: ApiRequestName = 'GET /api/campaign/status'

export async function apiBenchmark(options: ApiOptions, run: Run): Promise<ApiResult> {
  const machine = describeMachine(run.folder)
  const { contacts } = options
  const data = join(run.folder, 'data')
  const campaign = await fillFolder(data, { contacts, messages: contacts, inbound: Math.ceil(contacts / 5) }, run)
  const hub = startScript('api-hub.mjs', { data, contacts, campaign } satisfies ApiHubOrder)
  try {
    const { port, key } = await told<ApiHubReady>(hub)
    const bench = new ApiBench(hub, { contacts, campaign }, port, key)
    const routes: Partial<Record<ApiRequestName, RouteFigures>> = {}
    for (const name of API_REQUESTS) {
      run.say(`Asking ${name}`)
      routes[name] = await bench.route(name, options)
    }
    run.say(`Asking while ${HAMMERS} clients try wrong keys`)
    const wrongKeys = await bench.hammered(Math.min(options.requests, MOST_HAMMERED))
    return { benchmark: 'api', ...options, routes: routes as ApiResult['routes'], wrongKeys, machine }
  } finally {
    const gone = once(hub, 'exit')
    if (hub.connected) hub.disconnect()
    if (hub.exitCode === null && hub.signalCode === null) await gone
  }
}

class ApiBench {
  readonly #hub: ChildProcess
  readonly #filled: Filled
  readonly #port: number
  readonly #key: string
  /** Numbers of requests that were made; none is made twice. */
  #made = 0

  constructor(hub: ChildProcess, filled: Filled, port: number, key: string) {
    this.#hub = hub
    this.#filled = filled
    this.#port = port
    this.#key = key
  }

  /** In rounds, HTTP and in process by turns: what else the machine does meets both. */
  async route(name: ApiRequestName, { requests, connections }: ApiOptions): Promise<RouteFigures> {
    const each = Math.max(connections, Math.ceil(requests / ROUNDS))
    const hasOperation = apiRequest(name, 0, this.#filled).operation !== null
    await this.#overHttp(name, Math.min(each, 500), connections)
    if (hasOperation) await this.#inProcess(name, Math.min(each, 500))
    const took: number[] = []
    let httpSeconds = 0
    let ownSeconds = 0
    for (let round = 0; round < ROUNDS; round += 1) {
      const http = await this.#overHttp(name, each, connections)
      took.push(...http.took)
      httpSeconds += http.seconds
      if (hasOperation) ownSeconds += await this.#inProcess(name, each)
    }
    const perSecond = took.length / httpSeconds
    const own = hasOperation ? (ROUNDS * each) / ownSeconds : null
    return {
      ...timesOf(took),
      perSecond: rounded(perSecond),
      inProcessPerSecond: own === null ? null : rounded(own),
      ratio: own === null ? null : rounded(perSecond / own),
    }
  }

  async hammered(requests: number): Promise<ApiResult['wrongKeys']> {
    await this.#overHttp(GOOD, Math.min(requests, 500), 1)
    const alone = await this.#overHttp(GOOD, requests, 1)
    const hammer = startScript('api-hammer.mjs', { port: this.#port, clients: HAMMERS } satisfies HammerOrder)
    const gone = once(hammer, 'exit')
    await told(hammer)
    const meanwhile = await this.#overHttp(GOOD, requests, 1)
    const hammered = told<Hammered>(hammer)
    hammer.send({ end: true })
    const { seconds, statuses } = await hammered
    hammer.disconnect()
    await gone
    const strange = Object.keys(statuses).filter(status => status !== '401' && status !== '429')
    if (strange.length > 0) throw new Error(`Wrong keys were answered with ${strange.join(', ')}.`)
    const tried = Object.values(statuses).reduce((sum, count) => sum + count, 0)
    return {
      ...{ clients: HAMMERS, perSecond: rounded(tried / seconds), statuses },
      ...{ alone: timesOf(alone.took), meanwhile: timesOf(meanwhile.took) },
    }
  }

  /** The ms that each took, and the seconds for all of them. */
  async #overHttp(
    name: ApiRequestName,
    count: number,
    connections: number,
  ): Promise<{ took: number[]; seconds: number }> {
    const requests = Array.from({ length: count }, (_, n) => apiRequest(name, this.#made + n, this.#filled))
    this.#made += count
    const texts = requests.map(request => written(request, this.#key))
    const took: number[] = []
    const opened = await Promise.all(Array.from({ length: connections }, () => ApiConnection.open(this.#port)))
    const began = performance.now()
    await Promise.all(
      opened.map(async connection => {
        for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
          const asked = performance.now()
          const status = await connection.ask(text)
          took.push(performance.now() - asked)
          if (status !== 200) throw new Error(`${name} was answered with ${status}.`)
        }
      }),
    )
    const seconds = (performance.now() - began) / 1_000
    for (const connection of opened) connection.close()
    return { took, seconds }
  }

  async #inProcess(name: ApiRequestName, count: number): Promise<number> {
    const answered = told<{ seconds: number }>(this.#hub)
    this.#hub.send({ name, from: this.#made, count } satisfies InProcess)
    this.#made += count
    return (await answered).seconds
  }
}

export function apiTables({ routes, wrongKeys, connections }: ApiResult): Table[] {
  const { alone, meanwhile, clients, perSecond } = wrongKeys
  return [
    {
      columns: [
        ...[`asked over ${connections} connections`, 'a second', 'half, ms', '99 of 100, ms'],
        ...['in process, a second', 'HTTP beside in process'],
      ],
      rows: Object.entries(routes).map(([name, figures]) => [
        ...[`\`${name}\``, figures.perSecond, figures.p50, figures.p99],
        ...[figures.inProcessPerSecond ?? '', figures.ratio ?? ''],
      ]),
    },
    {
      columns: [`\`${GOOD}\` over one connection`, 'wrong keys a second', 'half, ms', '99 of 100, ms', 'most, ms'],
      rows: [
        ['alone', 0, alone.p50, alone.p99, alone.max],
        [`while ${clients} clients try wrong keys`, perSecond, meanwhile.p50, meanwhile.p99, meanwhile.max],
      ],
    },
  ]
}

function timesOf(took: readonly number[]): Times {
  return { p50: percentile(took, 50), p99: percentile(took, 99), max: percentile(took, 100) }
}

/** What a script says next. */
async function told<T>(child: ChildProcess): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`A program of the benchmark ended with ${code}.`))
    child.once('exit', ended)
    child.once('message', message => {
      child.off('exit', ended)
      resolve(message as T)
    })
  })
}

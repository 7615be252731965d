import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import type { App, AppOptions } from '../../../src/main/app.ts'
import type { WantedHttp } from '../../../src/main/app-http.ts'
import type { Database } from '../../../src/main/db/database.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import type { SetAlarm } from '../../../src/main/http/limits.ts'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'
import type { GivenOf, OperationName, OutputOf } from '../../../src/shared/operations/index.ts'
import { openTestApp } from '../../support/hub.ts'

export const PASSWORD = 'several words that nobody guesses'

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as JSON. */
  readonly body: Record<string, unknown>
}

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a text or bytes as they are. */
  readonly body?: unknown
  /** The loopback address that it comes from. */
  readonly from?: string
}

/** A hub with the API on a free port, in this process. */
export class Hub {
  readonly folder: string
  readonly app: App
  readonly peek: Database
  readonly port: number
  readonly #tls: boolean

  constructor(folder: string, app: App) {
    this.folder = folder
    this.app = app
    this.peek = openDatabase(join(folder, 'hub.sqlite'))
    const url = new URL(app.http!.url)
    this.port = Number(url.port)
    this.#tls = url.protocol === 'https:'
  }

  static async open(
    given: Partial<WantedHttp> = {},
    env: Record<string, string> = {},
    folder = mkdtempSync(join(tmpdir(), 'cc-http-')),
    ports: AppOptions['ports'] = {},
    link: AppOptions['link'] = { host: '127.0.0.1', port: 0 },
  ): Promise<Hub> {
    const http: WantedHttp = {
      ...{ host: '127.0.0.1', port: 0, web: true, tls: null, insecure: false, allowedHosts: [] },
      ...given,
      limits: { requestsPerMinute: 1_000_000, loginsPerMinute: 1_000_000, ...given.limits },
    }
    return new Hub(folder, await openTestApp({ folder, serve: true, http, env, ports, link }))
  }

  /** Its folder stays. */
  async stop(): Promise<void> {
    this.peek.close()
    await this.app.close()
  }

  async close(): Promise<void> {
    await this.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** An operation by the owner at the command line, which has to succeed. */
  async done<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
    const answer = await this.app.dispatch(name, input, LOCAL)
    if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
    return answer.data
  }

  async key(role: 'admin' | 'user' | 'termux', name: string = role): Promise<string> {
    return (await this.done('keys.create', { name, role })).key
  }

  async user(username: string, role: 'admin' | 'user' = 'user'): Promise<number> {
    return (await this.done('users.create', { username, password: PASSWORD, role })).id
  }

  ask(path: string, { method = 'GET', headers = {}, body, from }: Asked = {}): Promise<Answered> {
    const raw = typeof body === 'string' || body instanceof Uint8Array
    const bytes = body === undefined ? undefined : raw ? Buffer.from(body as string) : Buffer.from(JSON.stringify(body))
    const type = bytes && !raw ? { 'content-type': 'application/json' } : {}
    const request = this.#tls ? httpsRequest : httpRequest
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          ...{ host: '127.0.0.1', port: this.port, path, method, rejectUnauthorized: false },
          ...(from !== undefined && { localAddress: from }),
          headers: { ...type, ...(bytes && { 'content-length': String(bytes.length) }), ...headers },
          agent: false,
        },
        response => {
          const chunks: Buffer[] = []
          if (response.headers['content-type']?.startsWith('text/event-stream')) {
            // It never ends by itself.
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text: '', body: {} })
            asked.destroy()
            return
          }
          response.on('data', chunk => chunks.push(chunk as Buffer))
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8')
            const { statusCode: status = 0, headers } = response
            resolve({ status, headers, text, body: parsed(text) })
          })
        },
      )
      asked.on('error', reject)
      asked.end(bytes)
    })
  }

  /** Signs in as a browser does. */
  async signIn(username: string, password: string = PASSWORD, extra: Record<string, unknown> = {}): Promise<Session> {
    const answer = await this.ask('/api/auth/login', { method: 'POST', body: { username, password, ...extra } })
    if (answer.status !== 200) throw new Error(`signing in was answered ${answer.status}: ${answer.text}`)
    const cookies = answer.headers['set-cookie'] ?? []
    return { cookies, cookie: cookies.map(one => one.split(';')[0]).join('; '), csrf: String(answer.body['csrfToken']) }
  }

  /** Does `work` while another client, at an address of its own, asks again and again. Throws unless each is answered. */
  async whileAnotherAsks<T>(key: string, work: () => Promise<T>): Promise<T> {
    let working = true
    const ask = async () => {
      const statuses: number[] = []
      do {
        const { status } = await this.ask('/api/settings', { headers: { 'x-api-key': key }, from: '127.0.0.99' })
        statuses.push(status)
      } while (working)
      return statuses
    }
    const done = work().finally(() => {
      working = false
    })
    const [result, statuses] = await Promise.all([done, ask()])
    const wrong = statuses.filter(status => status !== 200)
    if (wrong.length > 0) throw new Error(`Another client was answered ${wrong.join(', ')} meanwhile.`)
    return result
  }

  /** A bare connection. */
  async connect(from?: string): Promise<Socket> {
    const where = { host: '127.0.0.1', port: this.port, ...(from !== undefined && { localAddress: from }) }
    const socket = this.#tls ? tlsConnect({ ...where, rejectUnauthorized: false }) : connect(where)
    await once(socket, this.#tls ? 'secureConnect' : 'connect')
    socket.on('error', () => {})
    return socket
  }

  /** What a connection answers to these bytes until it is closed. */
  async raw(bytes: string): Promise<string> {
    const socket = await this.connect()
    let text = ''
    socket.on('data', chunk => {
      text += String(chunk)
    })
    // A connection that is broken off may end in an error, which says nothing more.
    const closed = new Promise(resolve => socket.once('close', resolve))
    socket.write(bytes)
    await closed
    return text
  }
}

/** Alarms of a hub whose time only the test moves. */
export class Alarms {
  readonly #alarms = new Set<{ readonly ms: number; left: number; readonly ring: () => void }>()
  /** How often any of them was given its time anew. */
  refreshed = 0

  readonly set: SetAlarm = (ms, ring) => {
    const alarm = { ms, left: ms, ring }
    this.#alarms.add(alarm)
    return {
      refresh: () => {
        this.refreshed += 1
        alarm.left = ms
      },
      stop: () => void this.#alarms.delete(alarm),
    }
  }

  /** Whole times of those that are set, in ms. */
  get waiting(): number[] {
    return [...this.#alarms].map(alarm => alarm.ms)
  }

  pass(ms: number): void {
    for (const alarm of [...this.#alarms]) {
      alarm.left -= ms
      if (alarm.left <= 0) alarm.ring()
    }
  }
}

export interface Session {
  readonly cookies: readonly string[]
  /** For the Cookie header. */
  readonly cookie: string
  readonly csrf: string
}

/** A form with a file. */
export function form(
  fields: Readonly<Record<string, string>>,
  file: { name: string; content: string | Uint8Array } | null,
): { body: Uint8Array; headers: Record<string, string> } {
  const boundary = '----campaignconnector'
  const parts: (string | Uint8Array)[] = []
  for (const [name, value] of Object.entries(fields)) {
    parts.push(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
  }
  if (file) {
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\nContent-Type: text/csv\r\n\r\n`,
      file.content,
      '\r\n',
    )
  }
  parts.push(`--${boundary}--\r\n`)
  return {
    body: Buffer.concat(parts.map(part => Buffer.from(part as string))),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

import type { ServerResponse } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../shared/errors.ts'
import type { GivenOf, OperationName, OutputOf } from '../../shared/operations/index.ts'
import { actorOf, type Caller } from '../services/operations/caller.ts'
import type { Happening } from '../services/ports.ts'
import { askerOf, entering } from './gate.ts'
import type { HttpContext } from './server.ts'

/** How long is waited for more before clients are told, and how often they hear something, in ms. */
const GATHER_MS = 300
const HEARTBEAT_MS = 15_000
/** A client that reads so slowly that this many bytes wait for it is cut off. */
const MOST_WAITING = 1024 * 1024
const PAGE = 200

interface Client {
  readonly actor: string
  /** The present caller; null once the session or key has ended. */
  caller(): Caller | null
  /** The last text that it was told of. */
  after: number
  /** It is being told of texts, and whether there may be more by now. */
  telling: boolean
  more: boolean
  /** False: the client is gone. */
  send(event: string, data: unknown, id?: number): boolean
  /** Resolves when it has read what was sent or is gone; others are served meanwhile. */
  drained(): Promise<void>
  end(reason: string): void
}

/** What has changed since clients were told last. */
interface Dirty {
  readonly campaigns: Set<number>
  readonly phones: Set<number>
  readonly imports: Set<number>
  texts: boolean
  work: boolean
  link: boolean
}

/**
 * GET /api/events: what happens, as server-sent events. `inbound` events have the text's id as their id, so that a client
 * that comes back with Last-Event-ID is told what it missed.
 */
export function addEvents(context: HttpContext): void {
  const { app, gate, limits, setAlarm } = context
  const clients = new Set<Client>()
  const teller = new Teller(context, clients)
  app.addHook('preClose', async () => {
    teller.stop()
    for (const client of clients) client.end('stopping')
  })

  app.get('/api/events', { onRequest: entering(gate) }, async (request, reply) => {
    const asking = askerOf(request)
    const { caller, credential } = asking
    await gate.permit(asking, 'system.status')
    const actor = actorOf(caller)
    const own = [...clients].filter(client => client.actor === actor).length
    if (own >= limits.streamsPerCaller)
      throw tooMany(`There are ${own} event streams of yours open already. Close one.`)
    if (clients.size >= limits.streams) throw tooMany('There are too many event streams open. Try again later.')
    const after = await startOf(request, context, caller)
    const { raw } = reply
    // Whoever has gone meanwhile would otherwise stand in the list for ever.
    if (raw.destroyed) return reply.hijack()
    reply.hijack()
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    })
    raw.write('retry: 5000\n\n')
    const write = (text: string) => {
      if (raw.writableLength > MOST_WAITING) raw.destroy()
      else if (!raw.destroyed) raw.write(text)
      return !raw.destroyed
    }
    const client: Client = {
      actor,
      after,
      telling: false,
      more: false,
      caller: () => present(() => gate.recheck(request, credential)),
      send: (event, data, id) =>
        write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      drained: async () => {
        await turn()
        if (raw.writableNeedDrain && !raw.destroyed) await drainOrClose(raw)
      },
      end: reason => {
        clients.delete(client)
        if (!raw.destroyed) raw.end(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`)
      },
    }
    let waiting = 0
    const beat = setAlarm(HEARTBEAT_MS, () => {
      const before = waiting
      waiting = raw.writableLength
      // Whoever reads nothing keeps a place that others could have.
      if (before > 0 && waiting >= before) raw.destroy()
      else if (client.caller() === null) client.end('signed_out')
      else write(':\n\n')
      beat.refresh()
    })
    clients.add(client)
    raw.once('close', () => {
      beat.stop()
      clients.delete(client)
    })
    // What came in between the look and the listening.
    teller.look()
  })
}

function tooMany(message: string): Refusal {
  return new Refusal('too_many', message, {}, 10_000)
}

function drainOrClose(raw: ServerResponse): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      raw.off('drain', done).off('close', done)
      resolve()
    }
    raw.on('drain', done).on('close', done)
  })
}

function present(ask: () => Caller | null): Caller | null {
  try {
    return ask()
  } catch {
    return null
  }
}

/** Where a client begins: after the text that it names, or after the newest one. */
async function startOf(request: FastifyRequest, { dispatch }: HttpContext, caller: Caller): Promise<number> {
  const last = request.headers['last-event-id']
  const answer = await dispatch('inbox.texts', { limit: 1 }, caller, 'remote')
  const newest = answer.ok ? answer.data.newest : 0
  // One that is above all of them comes from before a restore.
  return typeof last === 'string' && /^\d{1,15}$/.test(last) ? Math.min(Number(last), newest) : newest
}

/** Gathers what happens, and tells every client what it may know. */
class Teller {
  readonly #context: HttpContext
  readonly #clients: ReadonlySet<Client>
  readonly #forget: () => void
  /** What was told last of each campaign: most work changes nothing that is shown. */
  readonly #told = new Map<number, string>()
  #dirty = clean()
  #timer: NodeJS.Timeout | null = null
  #telling: Promise<void> = Promise.resolve()

  constructor(context: HttpContext, clients: ReadonlySet<Client>) {
    this.#context = context
    this.#clients = clients
    this.#forget = context.happenings.listen(happening => this.#note(happening))
  }

  /** Looks for texts that nobody told of. */
  look(): void {
    this.#dirty.texts = true
    this.#soon()
  }

  stop(): void {
    this.#forget()
    if (this.#timer) clearTimeout(this.#timer)
  }

  #note(happening: Happening): void {
    if (this.#clients.size === 0) return
    if (happening.type === 'campaign') this.#dirty.campaigns.add(happening.id)
    else if (happening.type === 'phone') this.#dirty.phones.add(happening.id)
    else if (happening.type === 'import') this.#dirty.imports.add(happening.id)
    else if (happening.type === 'thread') this.#dirty.texts = true
    else if (happening.type === 'work') this.#dirty.work = true
    else if (happening.type === 'link') this.#dirty.link = true
    this.#soon()
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      const dirty = this.#dirty
      this.#dirty = clean()
      this.#telling = this.#telling
        .then(() => this.#tell(dirty))
        .catch(error => this.#context.log.error('events could not be told', error))
    }, GATHER_MS)
  }

  async #tell(dirty: Dirty): Promise<void> {
    const known = this.#present()
    const [first] = known
    if (!first) return
    if (dirty.work) for (const id of await this.#openCampaigns(first.caller)) dirty.campaigns.add(id)
    for (const id of dirty.campaigns) {
      const progress = await this.#read('campaigns.progress', { id }, first.caller)
      const text = JSON.stringify(progress)
      if (progress === null || this.#told.get(id) === text) continue
      this.#told.set(id, text)
      this.#each(client => client.send('progress', progress))
    }
    for (const id of dirty.imports) {
      const found = await this.#read('imports.get', { id }, first.caller)
      if (found) this.#each(client => client.send('import', found))
    }
    if (dirty.phones.size > 0) {
      const list = await this.#read('phones.list', { revoked: true }, first.caller)
      for (const { id, name, connected, revokedAt, status } of list?.phones ?? []) {
        const lanes = status?.lanes.map(({ slot, halt }) => ({ slot, halt })) ?? []
        if (dirty.phones.has(id)) {
          this.#each(client => client.send('phone', { id, name, connected, revoked: revokedAt !== null, lanes }))
        }
      }
    }
    if (dirty.link) {
      const status = await this.#read('system.status', {}, first.caller)
      const told = status && { listening: status.link?.listening ?? [], problem: status.linkProblem }
      if (told) this.#each(client => client.send('link', told))
    }
    if (dirty.texts) for (const { client } of this.#present()) this.#beginTexts(client)
  }

  /** The others do not wait for one who is slow or has much to catch up with. */
  #beginTexts(client: Client): void {
    client.more = true
    if (client.telling) return
    this.#tellTexts(client).catch(error => this.#context.log.error('texts could not be told', error))
  }

  /** A page at a time, and the next one when that is read. */
  async #tellTexts(client: Client): Promise<void> {
    client.telling = true
    try {
      while (client.more) {
        client.more = false
        const caller = client.caller()
        if (!caller) return client.end('signed_out')
        const page = await this.#read('inbox.texts', { after: String(client.after), limit: PAGE }, caller)
        for (const text of page?.items ?? []) {
          if (!client.send('inbound', text, text.id)) return
          client.after = text.id
        }
        if (page?.next) client.more = true
        await client.drained()
      }
    } finally {
      client.telling = false
    }
  }

  /** Those who are still signed in; the others are told that they are not. */
  #present(): { client: Client; caller: Caller }[] {
    return [...this.#clients].flatMap(client => {
      const caller = client.caller()
      if (caller) return [{ client, caller }]
      client.end('signed_out')
      return []
    })
  }

  #each(tell: (client: Client) => void): void {
    for (const { client } of this.#present()) tell(client)
  }

  async #openCampaigns(caller: Caller): Promise<number[]> {
    const page = await this.#read('campaigns.list', { states: ['running', 'paused'], limit: PAGE }, caller)
    const open = page?.items.map(campaign => campaign.id) ?? []
    // One that has ended since is told once more.
    const ended = [...this.#told.keys()].filter(id => !open.includes(id))
    for (const id of ended) this.#told.delete(id)
    return [...open, ...ended]
  }

  async #read<N extends OperationName>(name: N, input: GivenOf<N>, caller: Caller): Promise<OutputOf<N> | null> {
    const answer = await this.#context.dispatch(name, input, caller, 'remote')
    return answer.ok ? answer.data : null
  }
}

function clean(): Dirty {
  return { campaigns: new Set(), phones: new Set(), imports: new Set(), texts: false, work: false, link: false }
}

import { createHash, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { connect as tlsConnect } from 'node:tls'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type LinkIdentity, makeIdentity, pinOf } from '../../src/main/link/certificate.ts'
import { LinkServer } from '../../src/main/link/server.ts'
import { THIS_WORKSTATION } from '../../src/main/services/auth/source.ts'
import { LOCAL } from '../../src/main/services/operations/caller.ts'
import type { ChangeContext } from '../../src/main/services/operations/dispatch.ts'
import { PhonesService, phoneHandlers } from '../../src/main/services/phones/service.ts'
import { type AgentFrame, type HubFrame, PROTOCOL_VERSION, parsePairingLink } from '../../src/shared/phone-protocol.ts'
import { QUIET, World } from '../support/world.ts'

let identity: LinkIdentity
let world: World
let phones: PhonesService
let link: LinkServer
let handlers: ReturnType<typeof phoneHandlers>
let port: number

const context: ChangeContext = {
  caller: LOCAL,
  actor: 'local',
  source: THIS_WORKSTATION,
  commit: work => world.db.write(tx => work(tx, () => {})),
}

beforeAll(async () => {
  identity = await makeIdentity(Date.now())
})

beforeEach(async () => {
  world = new World()
  const agentFile = join(world.folder, 'agent.mjs')
  writeFileSync(agentFile, '// the agent')
  const clock = { now: () => world.now, mono: () => performance.now() }
  let ids = 0
  const parts = {
    db: world.db,
    clock,
    log: QUIET,
    happenings: { tell: () => {}, listen: () => () => {} },
    settings: { current: () => world.settings },
    random: { bytes: (length: number) => createHash('sha512').update(`${++ids}`).digest().subarray(0, length) },
    link: () => link,
    wake: () => world.dispatch.wake(),
  }
  phones = new PhonesService(parts)
  handlers = phoneHandlers(parts, phones)
  link = new LinkServer(
    { ...parts, dispatch: world.dispatch, phones, epoch: () => 5 },
    { identity, host: '127.0.0.1', port: 0, agentFile },
  )
  await link.listen()
  port = Number(link.addresses()[0]!.split(':')[1])
})

afterEach(async () => {
  await link.close()
  world.close()
})

/** A raw peer: says what it likes, and keeps what it hears. */
class Peer {
  readonly heard: HubFrame[] = []
  readonly socket: WebSocket
  closed = false
  #waiting: (() => void)[] = []

  constructor(phone: number, key: string) {
    this.socket = new WebSocket(`wss://127.0.0.1:${port}/phone`, {
      ca: identity.cert,
      // The types of ws want a boolean where Node wants an error or nothing.
      checkServerIdentity: (() => undefined) as never,
      headers: { authorization: `Bearer ${key}`, 'x-phone': String(phone) },
    })
    this.socket.on('message', data => {
      this.heard.push(JSON.parse(data.toString()) as HubFrame)
      for (const wake of this.#waiting.splice(0)) wake()
    })
    this.socket.on('close', () => {
      this.closed = true
      for (const wake of this.#waiting.splice(0)) wake()
    })
    this.socket.on('error', () => {})
  }

  say(frame: AgentFrame | object): void {
    this.socket.send(JSON.stringify(frame))
  }

  async hear<T extends HubFrame['t']>(t: T): Promise<Extract<HubFrame, { t: T }>> {
    for (;;) {
      const at = this.heard.findIndex(frame => frame.t === t)
      if (at >= 0) return this.heard.splice(at, 1)[0] as Extract<HubFrame, { t: T }>
      if (this.closed) throw new Error(`closed before ${t}; heard ${JSON.stringify(this.heard)}`)
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
  }

  async hello(change: Partial<Extract<AgentFrame, { t: 'hello' }>> = {}): Promise<void> {
    await once(this.socket, 'open')
    this.say({
      t: 'hello',
      v: PROTOCOL_VERSION,
      agent: '1',
      journal: 'J',
      firstSeq: 1,
      lastSeq: 0,
      epoch: 0,
      country: 'US',
      ...change,
    })
  }

  /** The whole greeting, up to the settings. */
  async greet(change: Partial<Extract<AgentFrame, { t: 'hello' }>> = {}, hash = ''): Promise<void> {
    await this.hello(change)
    await this.hear('welcome')
    this.say({ t: 'resume', hash })
    await this.hear('settings')
  }

  async end(): Promise<void> {
    if (!this.closed) await once(this.socket, 'close')
  }
}

async function post(path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const message = request({
    host: '127.0.0.1',
    port,
    path,
    method: 'POST',
    ca: identity.cert,
    checkServerIdentity: () => undefined,
  })
  message.end(typeof body === 'string' ? body : JSON.stringify(body))
  const [response] = await once(message, 'response')
  let text = ''
  for await (const part of response) text += part
  return { status: response.statusCode, body: text === '' ? {} : JSON.parse(text) }
}

async function get(path: string): Promise<{ status: number; text: string }> {
  const message = request({ host: '127.0.0.1', port, path, ca: identity.cert, checkServerIdentity: () => undefined })
  message.end()
  const [response] = await once(message, 'response')
  let text = ''
  for await (const part of response) text += part
  return { status: response.statusCode, text }
}

async function openPairing(): Promise<{ code: string; line: string; pin: string }> {
  const answer = await handlers['phones.pair']({ name: 'Desk phone' }, context)
  const { code, pin } = parsePairingLink(answer.link)
  return { code, pin, line: answer.line }
}

async function pair(journal = 'J'): Promise<{ phone: number; key: string }> {
  const { code } = await openPairing()
  const { body } = await post('/pair', { v: PROTOCOL_VERSION, code, journal, name: '', agent: '1' })
  return { phone: Number(body['phone']), key: String(body['key']) }
}

describe('pairing', () => {
  it('takes one phone in for one code, and stores no key that could be used', async () => {
    const { code } = await openPairing()
    const first = await post('/pair', { v: PROTOCOL_VERSION, code, journal: 'J', name: 'x', agent: '1' })
    expect(first.status).toBe(200)
    const second = await post('/pair', { v: PROTOCOL_VERSION, code, journal: 'K', name: 'x', agent: '1' })
    expect(second.status).toBe(403)
    const stored = JSON.stringify(world.db.all('SELECT * FROM phones'))
    expect(stored).not.toContain(String(first.body['key']))
    expect(handlers['phones.pairing']({}, context)).toMatchObject({ open: false, paired: Number(first.body['phone']) })
  })

  it('says from when on texts count: a phone that is away may be the one that is paired', async () => {
    const textsSince = async (journal: string) => {
      const { code } = await openPairing()
      return (await post('/pair', { v: PROTOCOL_VERSION, code, journal, name: 'x', agent: '1' })).body
    }
    const first = await textsSince('J')
    expect(first['textsSince']).toBeNull()
    const peer = new Peer(Number(first['phone']), String(first['key']))
    await peer.greet()
    expect((await textsSince('K'))['textsSince']).toBeNull()
    await handlers['phones.revoke']({ id: Number(first['phone']) }, context)
    const pairedAt = world.db.get<{ at: number }>('SELECT min(paired_at) AS at FROM phones')!.at
    // A day and a bit before it, since the clocks of phones and hubs differ.
    expect((await textsSince('L'))['textsSince']).toBe(pairedAt - 26 * 3_600_000)
    await peer.end()
  })

  it('refuses a wrong code, and after many of them the pairing is over', async () => {
    const { code } = await openPairing()
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const { status } = await post('/pair', {
        v: PROTOCOL_VERSION,
        code: `wrong${attempt}`,
        journal: 'J',
        name: '',
        agent: '1',
      })
      expect(status).toBe(403)
    }
    expect((await post('/pair', { v: PROTOCOL_VERSION, code, journal: 'J', name: '', agent: '1' })).status).toBe(403)
  })

  it('serves the agent only to the holder of the code while the pairing is open, and nothing else at all', async () => {
    expect((await get('/agent?c=')).status).toBe(404)
    const { code, line } = await openPairing()
    expect(await get(`/agent?c=${code}`)).toEqual({ status: 200, text: '// the agent' })
    expect((await get('/agent?c=wrong')).status).toBe(404)
    for (const path of ['/', '/agent/../../package.json', '/%2e%2e/etc/passwd', '/phone', '/pair'])
      expect((await get(path)).status).toBe(404)
    expect(line).toContain(createHash('sha256').update('// the agent').digest('hex'))
    await handlers['phones.stop-pairing']({}, context)
    expect((await get(`/agent?c=${code}`)).status).toBe(404)
  })

  it('shows the pin of the certificate that it serves', async () => {
    const { pin } = await openPairing()
    const socket = tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    const served = new X509Certificate(socket.getPeerCertificate().raw)
    socket.destroy()
    expect(pin).toBe(
      createHash('sha256')
        .update(served.publicKey.export({ type: 'spki', format: 'der' }))
        .digest('base64url'),
    )
    expect(pin).toBe(pinOf(identity.cert))
  })

  it.each([['not json'], ['{"v":1}'], [`{"v":1,"code":"${'x'.repeat(10_000)}"}`], ['{"__proto__":{"v":1}}']])(
    'answers %j with a refusal and stays up',
    async body => {
      await openPairing()
      expect((await post('/pair', body)).status).toBe(400)
      expect((await get('/')).status).toBe(404)
    },
  )

  it('speaks no TLS older than 1.2', async () => {
    const socket = tlsConnect({
      host: '127.0.0.1',
      port,
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
    })
    await expect(once(socket, 'secureConnect')).rejects.toThrow()
  })
})

describe('the connection', () => {
  it('lets nobody in without the right key, nor a revoked phone', async () => {
    const { phone, key } = await pair()
    for (const [who, what] of [
      [phone, 'wrong'],
      [phone + 1, key],
      [Number.NaN, key],
    ] as const) {
      const peer = new Peer(who, what)
      const [error] = (await once(peer.socket, 'error')) as [Error]
      expect(error.message).toContain('401')
    }
    const peer = new Peer(phone, key)
    await peer.greet()
    await handlers['phones.revoke']({ id: phone }, context)
    expect((await peer.hear('refused')).code).toBe('revoked')
    await peer.end()
    const again = new Peer(phone, key)
    expect(((await once(again.socket, 'error')) as [Error])[0].message).toContain('401')
  })

  it('takes entries in once, across connections', async () => {
    const { phone, key } = await pair()
    const peer = new Peer(phone, key)
    await peer.greet()
    const entry = {
      type: 'inbound',
      store: 'S',
      rowId: 1,
      sender: '+12125550101',
      number: '+12125550101',
      body: 'hi',
      receivedAt: 1,
      old: false,
    }
    peer.say({ t: 'events', list: [{ seq: 1, hash: 'a'.repeat(32), entry }] })
    expect((await peer.hear('ack')).seq).toBe(1)
    peer.socket.terminate()
    const again = new Peer(phone, key)
    await again.hello({ lastSeq: 1 })
    expect((await again.hear('welcome')).ackedSeq).toBe(1)
    again.say({ t: 'resume', hash: 'a'.repeat(32) })
    await again.hear('settings')
    again.say({ t: 'events', list: [{ seq: 1, hash: 'a'.repeat(32), entry }] })
    again.say({ t: 'ping', mono: 7 })
    expect(await again.hear('pong')).toMatchObject({ mono: 7, lease: true })
    expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 1 })
  })

  it('lets a newer connection of the phone replace the older', async () => {
    const { phone, key } = await pair()
    const older = new Peer(phone, key)
    await older.greet()
    const newer = new Peer(phone, key)
    await newer.greet()
    expect((await older.hear('refused')).code).toBe('replaced')
    newer.say({ t: 'ping', mono: 1 })
    expect((await newer.hear('pong')).lease).toBe(true)
  })

  it.each([
    ['another journal', { journal: 'K' }, '', 'journal_changed'],
    ['a shorter journal', { lastSeq: 0 }, '', 'journal_rolled_back'],
  ] as const)('refuses %s until an admin decides, and what it held is unknown', async (_name, change, _hash, code) => {
    const { phone, key } = await pair()
    const peer = new Peer(phone, key)
    await peer.greet()
    const entry = {
      type: 'inbound',
      store: 'S',
      rowId: 1,
      sender: 'x',
      number: null,
      body: 'hi',
      receivedAt: 1,
      old: false,
    }
    peer.say({ t: 'events', list: [{ seq: 1, hash: 'a'.repeat(32), entry }] })
    await peer.hear('ack')
    world.addContact('+12125550101')
    world.addCampaign(['+12125550101'])
    peer.say({
      t: 'status',
      status: {
        lanes: [
          {
            slot: 0,
            carrier: null,
            country: null,
            halt: null,
            haltUntil: null,
            room: 5,
            used: [],
            recipientsThisMonth: 0,
          },
        ],
        battery: null,
        canProve: true,
        warnings: [],
      },
    })
    await peer.hear('assign')
    peer.socket.terminate()
    const other = new Peer(phone, key)
    await other.hello(change)
    expect((await other.hear('refused')).code).toBe(code)
    expect(world.message('+12125550101').state).toBe('unknown')
    const still = new Peer(phone, key)
    await still.hello(change)
    await still.hear('refused')
    await handlers['phones.accept-journal']({ id: phone }, context)
    const decided = new Peer(phone, key)
    await decided.greet(change)
    expect(world.message('+12125550101').state).toBe('unknown')
  })

  it('refuses a copy of the journal: as long, but with another hash', async () => {
    const { phone, key } = await pair()
    const peer = new Peer(phone, key)
    await peer.greet()
    const entry = { type: 'epoch', epoch: 5 }
    peer.say({ t: 'events', list: [{ seq: 1, hash: 'a'.repeat(32), entry }] })
    await peer.hear('ack')
    peer.socket.terminate()
    const copy = new Peer(phone, key)
    await copy.hello({ lastSeq: 1 })
    await copy.hear('welcome')
    copy.say({ t: 'resume', hash: 'b'.repeat(32) })
    expect((await copy.hear('refused')).code).toBe('journal_rolled_back')
  })

  it('lets a phone try again when its last words on an older connection come in between', async () => {
    const { phone, key } = await pair()
    const older = new Peer(phone, key)
    await older.greet()
    const newer = new Peer(phone, key)
    await newer.hello({ lastSeq: 1 })
    await newer.hear('welcome')
    older.say({ t: 'events', list: [{ seq: 1, hash: 'a'.repeat(32), entry: { type: 'epoch', epoch: 5 } }] })
    await older.hear('ack')
    newer.say({ t: 'resume', hash: '' })
    await newer.end()
    expect(newer.heard).toEqual([])
    expect(world.db.get('SELECT journal_problem AS problem FROM phones')).toEqual({ problem: null })
    const again = new Peer(phone, key)
    await again.greet({ lastSeq: 1 }, 'a'.repeat(32))
  })

  it('refuses an agent that has worked for a newer database', async () => {
    const { phone, key } = await pair()
    const peer = new Peer(phone, key)
    await peer.hello({ epoch: 6 })
    expect((await peer.hear('refused')).code).toBe('epoch_lower')
  })

  it.each([
    ['no JSON', 'hello'],
    ['an unknown frame', '{"t":"exec","command":"id"}'],
    ['an extra key', '{"t":"ping","mono":1,"x":1}'],
    ['a prototype', '{"t":"ping","mono":1,"__proto__":{}}'],
    [
      'a negative sequence',
      `{"t":"events","list":[{"seq":-1,"hash":"${'a'.repeat(32)}","entry":{"type":"epoch","epoch":1}}]}`,
    ],
    ['too much at once', `{"t":"known?","numbers":[${Array(300).fill('"+1"').join(',')}]}`],
  ])('cuts off a phone that sends %s', async (_name, text) => {
    const { phone, key } = await pair()
    const peer = new Peer(phone, key)
    await peer.greet()
    peer.socket.send(text)
    expect((await peer.hear('refused')).code).toBe('bad_frame')
    await peer.end()
  })

  it('cuts off frames that are too large or too many', async () => {
    const { phone, key } = await pair()
    const large = new Peer(phone, key)
    await large.greet()
    large.socket.send('x'.repeat(300 * 1024))
    await large.end()
    const many = new Peer(phone, key)
    await many.greet()
    for (let index = 0; index < 1_000; index += 1) many.say({ t: 'ping', mono: index })
    expect((await many.hear('refused')).code).toBe('too_fast')
  })

  it('changes the key from either side, and the old one ends with the first use of the new', async () => {
    const { phone, key } = await pair()
    const peer = new Peer(phone, key)
    await peer.greet()
    peer.say({ t: 'rotate' })
    const { key: next } = await peer.hear('new-key')
    const stillOld = new Peer(phone, key)
    await stillOld.greet()
    const withNew = new Peer(phone, next)
    await withNew.greet()
    const late = new Peer(phone, key)
    expect(((await once(late.socket, 'error')) as [Error])[0].message).toContain('401')
    await handlers['phones.rotate-key']({ id: phone }, context)
    expect((await withNew.hear('new-key')).key).not.toBe(next)
  })

  it('never locks a phone out when both sides change the key at once and the connection ends in between', async () => {
    const { phone, key } = await pair()
    const peer = new Peer(phone, key)
    await peer.greet()
    peer.say({ t: 'rotate' })
    const { key: first } = await peer.hear('new-key')
    await handlers['phones.rotate-key']({ id: phone }, context)
    const { key: second } = await peer.hear('new-key')
    // The phone has stored the first key and says so; the second is lost with the connection.
    peer.say({ t: 'rotated' })
    peer.say({ t: 'ping', mono: 1 })
    await peer.hear('pong')
    peer.socket.terminate()
    const withFirst = new Peer(phone, first)
    expect(((await once(withFirst.socket, 'error')) as [Error])[0].message).toContain('401')
    const again = new Peer(phone, key)
    await again.greet()
    // Told of no key on this connection, it has stored none.
    again.say({ t: 'rotated' })
    again.say({ t: 'rotate' })
    const { key: third } = await again.hear('new-key')
    again.say({ t: 'rotated' })
    again.say({ t: 'ping', mono: 2 })
    await again.hear('pong')
    for (const old of [key, first, second]) {
      const late = new Peer(phone, old)
      expect(((await once(late.socket, 'error')) as [Error])[0].message).toContain('401')
    }
    await new Peer(phone, third).greet()
  })

  it('tells phones the addresses that an administrator has named before its own', async () => {
    const named = ['192.168.1.20:8443', '[fd12::1]:9000']
    Object.assign(world.settings, { linkAddresses: named })
    expect(link.address().addresses).toEqual([...named, `127.0.0.1:${port}`])
    expect(link.addresses()).toEqual([`127.0.0.1:${port}`])
    const { phone, key } = await pair()
    const peer = new Peer(phone, key)
    await peer.hello()
    await peer.hear('welcome')
    peer.say({ t: 'resume', hash: '' })
    expect((await peer.hear('settings')).addresses).toEqual([...named, `127.0.0.1:${port}`])
  })

  it('tells only of numbers that are asked for', async () => {
    world.addContact('+12125550101')
    const { phone, key } = await pair()
    const peer = new Peer(phone, key)
    await peer.greet()
    peer.say({ t: 'known?', numbers: ['+12125550101', '+12125550199'] })
    expect((await peer.hear('known')).known).toEqual(['+12125550101'])
  })
})

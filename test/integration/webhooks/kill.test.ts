import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { openDatabase } from '../../../src/main/db/open.ts'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'
import { type HubFrame, PROTOCOL_VERSION } from '../../../src/shared/phone-protocol.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { openTestApp, startHub } from '../../support/hub.ts'
import { Receiver } from '../../support/receiver.ts'

const KEY = `ccd_${'k'.repeat(43)}`

/** A data folder with a webhook for texts and campaigns and a phone that has paired. */
async function prepared(url: string): Promise<string> {
  const folder = temporaryFolder('kill')
  const app = await openTestApp({ folder })
  const made = await app.dispatch(
    'webhooks.create',
    { name: 'Hook', url, events: ['inbound.text', 'campaign.state'] },
    LOCAL,
  )
  expect(made.ok).toBe(true)
  await app.close()
  inDatabase(folder, db =>
    db.write(tx => {
      tx.run(
        "INSERT INTO phones (name, key_hash, journal, paired_at) VALUES ('Phone', ?, 'J', 1)",
        createHash('sha256').update(KEY).digest(),
      )
      tx.run('INSERT INTO sims (phone_id, slot) VALUES (1, 0)')
    }),
  )
  return folder
}

function inDatabase<T>(folder: string, work: (db: ReturnType<typeof openDatabase>) => T): T {
  const db = openDatabase(join(folder, 'hub.sqlite'))
  try {
    return work(db)
  } finally {
    db.close()
  }
}

const hashAt = (seq: number) => (seq === 0 ? '' : seq.toString(16).padStart(32, '0'))

/** Connects as the phone and says its texts up to row `last`, one after the other's acknowledgement, until the hub is gone. */
async function tellTexts(address: string, last: number): Promise<'all said' | 'cut off'> {
  let ended: 'all said' | 'cut off' = 'cut off'
  const socket = new WebSocket(`wss://${address}/phone`, {
    rejectUnauthorized: false,
    headers: { authorization: `Bearer ${KEY}`, 'x-phone': '1' },
  })
  const gone = new Promise<void>(resolve => socket.once('close', () => resolve()))
  socket.on('error', () => {})
  const say = (frame: object) => socket.send(JSON.stringify(frame))
  const tell = (seq: number) => {
    if (seq > last) {
      ended = 'all said'
      return socket.close()
    }
    const text = { sender: `+1212555${1000 + seq}`, number: `+1212555${1000 + seq}`, body: `Text ${seq}`, old: false }
    const entry = { type: 'inbound', store: 'S', rowId: seq, receivedAt: 1_000 + seq, ...text }
    say({ t: 'events', list: [{ seq, hash: hashAt(seq), entry }] })
  }
  socket.on('message', data => {
    const frame = JSON.parse(String(data)) as HubFrame
    if (frame.t === 'welcome') {
      say({ t: 'resume', hash: hashAt(frame.ackedSeq) })
      tell(frame.ackedSeq + 1)
    }
    if (frame.t === 'ack') tell(frame.seq + 1)
  })
  await Promise.race([once(socket, 'open'), gone])
  const hello = { t: 'hello', v: PROTOCOL_VERSION, agent: '1', journal: 'J', firstSeq: 1, epoch: 0, country: 'US' }
  if (socket.readyState === WebSocket.OPEN) say({ ...hello, lastSeq: last })
  await gone
  return ended
}

describe('a hub that is killed', () => {
  it('has told every text at least once in the end, each by one delivery, and nothing that was not stored', async () => {
    const receiver = await Receiver.start()
    const folder = await prepared(receiver.url)
    const deaths = ['before-commit:3', 'after-commit:3', 'before-ack:2', 'after-ack:2']
    let last = 0
    for (const death of deaths) {
      last += 4
      const hub = await startHub(folder, { env: { CC_HUB_TEST: '1', CC_HUB_DIE_AT: death } })
      expect(await tellTexts(hub.started.listening[0]!, last)).toBe('cut off')
      expect(await hub.stop('SIGKILL')).toBeNull()
    }
    // Then in the middle of sending: the target has the request, and its answer reaches nobody.
    for (const _again of [1, 2]) {
      last += 4
      const before = receiver.received.length
      receiver.react = () => {}
      const hub = await startHub(folder)
      await tellTexts(hub.started.listening[0]!, last)
      await receiver.until(() => receiver.received.length > before)
      await hub.stop('SIGKILL')
    }
    receiver.react = response => response.writeHead(204).end()
    const hub = await startHub(folder)
    await tellTexts(hub.started.listening[0]!, last)
    const texts = () => new Map(receiver.received.map(one => [String(one.json.data['body']), one.json.id]))
    await receiver.until(() => texts().size === last)
    expect(await hub.stop()).toBe(0)

    const wanted = Array.from({ length: last }, (_, index) => `Text ${index + 1}`)
    expect([...texts().keys()].sort()).toEqual([...wanted].sort())
    const ids = new Map<string, Set<string>>()
    for (const { json } of receiver.received) {
      const text = String(json.data['body'])
      ids.set(text, (ids.get(text) ?? new Set()).add(json.id))
    }
    expect([...ids.values()].every(known => known.size === 1)).toBe(true)
    inDatabase(folder, db => {
      expect(db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: last })
      const stored = db.all<{ uid: string }>("SELECT uid FROM webhook_deliveries WHERE event = 'inbound.text'")
      expect(stored.map(row => row.uid).sort()).toEqual([...texts().values()].sort())
    })
  })
})

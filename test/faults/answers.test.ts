import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import type { Rig } from './harness/rig.ts'
import { stage } from './harness/stage.ts'
import { until } from './harness/wait.ts'

const LIMIT = 180_000
const WAIT = 60_000
/** Who texts before the backup, and is answered after it; who texts after it; and somebody who only gets a text. */
const [ANN, BOB, CAT, DAN, EVE, FAY] = [1, 2, 3, 4, 5, 6].map(n => `+1415251014${n}`) as [
  string,
  string,
  string,
  string,
  string,
  string,
]

const createRig = stage(LIMIT)
let rig: Rig

/** How often a text left the phone for each number. */
function left(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { to } of rig.phone.sim.radioLog()) counts[to] = (counts[to] ?? 0) + 1
  return counts
}

async function received(from: string, body: string): Promise<void> {
  rig.phone.sim.receive({ from, body })
  await until(
    `"${body}" of ${from} is in the inbox`,
    async () => {
      const { items } = await rig.hub.call('inbox.threads', { search: from.slice(1) })
      return items[0]?.lastText === body ? true : null
    },
    WAIT,
  )
}

async function untilLeft(expected: Record<string, number>): Promise<void> {
  await until(
    `${JSON.stringify(expected)} left the phone`,
    () => (Object.entries(expected).every(([to, times]) => left()[to] === times) ? true : null),
    WAIT,
  )
}

const ANSWERED = { [ANN]: 1, [BOB]: 1, [CAT]: 1, [DAN]: 2, [EVE]: 1 }

it.each(['can be read', 'cannot be read'])(
  'the answers to STOP, START and HELP go out once, also when a backup from before them is restored and the database after it %s',
  async replaced => {
    rig = await createRig()
    await rig.startHub()
    await rig.startPhone()
    for (const number of [ANN, BOB, CAT, DAN, EVE]) await rig.hub.call('contacts.create', { number })

    rig.phone.sim.permissions.revoke('SEND_SMS')
    await received(ANN, 'STOP')
    await received(BOB, 'HELP')
    const backup = join(rig.root, 'backup.sqlite')
    await rig.hub.call('backups.create', { path: backup })
    rig.phone.sim.permissions.grant('SEND_SMS')
    // In other words than those of the backup, by which the phone could tell that they went out already.
    await rig.hub.call('settings.update', {
      texts: { stop: 'You are out.', start: 'You are in again.', help: 'Ask away.' },
    })
    const sim = (await rig.hub.call('phones.list', {})).phones[0]!.sims[0]!
    await rig.hub.call('phones.resume-lane', { simId: sim.id })
    await received(CAT, 'STOP')
    await received(DAN, 'STOP')
    await received(DAN, 'START')
    await received(EVE, 'HELP')
    await untilLeft(ANSWERED)

    await rig.hub.program.end('SIGTERM')
    const isBlind = replaced === 'cannot be read'
    if (isBlind) writeFileSync(rig.hub.database, readFileSync(rig.hub.database).fill(0, 0, 4096))
    const restored = await rig.hub.command(
      ...['backup', 'restore', backup, '--yes', ...(isBlind ? ['--without-suppressions-since'] : [])],
    )
    expect([restored.status, restored.text]).toEqual([0, expect.anything()])
    await rig.startHub()
    // Behind every answer in the queue.
    const { id } = await rig.hub.call('sms.send', { phone: FAY, message: 'for Fay' })
    await until(
      'Fay gets it',
      async () => ((await rig.hub.call('messages.get', { id })).state === 'sent' ? true : null),
      WAIT,
    )
    expect(left()).toEqual({ ...ANSWERED, [FAY]: 1 })

    const db = new BetterSqlite(rig.hub.database, { readonly: true })
    const out = db.prepare('SELECT number FROM suppressions ORDER BY number').all() as { number: string }[]
    expect(out.map(row => row.number)).toEqual([ANN, CAT])
    const waiting = db.prepare("SELECT number FROM messages WHERE state NOT IN ('sent', 'expired')").all()
    expect(waiting).toEqual([])
    db.close()
  },
  LIMIT,
)

import { afterEach, beforeEach, expect, it } from 'vitest'
import { isErasedNumber } from '../../../src/shared/erased.ts'
import { ScriptedPhone, World } from '../../support/world.ts'

const ANN = '+12125550101'
const BOB = '+12125550102'

let world: World
let phone: ScriptedPhone

beforeEach(() => {
  world = new World()
  phone = new ScriptedPhone(world, world.addPhone().phoneId)
})
afterEach(() => world.close())

it('what a phone tells again of an erased person, after a restore, stays without number and text', async () => {
  world.db.write(tx =>
    tx.run(
      `INSERT INTO erasures (uid, number_hash, phone_hash, state, requested_by, requested_at, finished_at)
         VALUES ('U', ?, x'01', 'done', 'local', ?, ?)`,
      ...[world.hash(ANN), world.now - 2_000, world.now - 1_000],
    ),
  )
  await phone.connect()
  const attempt = (id: string, number: string, at: number) =>
    ({ type: 'attempting', id, assignment: 1, slot: 0, number, bodyHash: 'ab'.repeat(32), at }) as const
  await phone.say(attempt('BEFORE', ANN, world.now - 1_500), attempt('OTHER', BOB, world.now - 1_500))
  // Somebody who has come back since is a person like any other.
  await phone.say(attempt('SINCE', ANN, world.now))
  const told = world.db.all<{ id: string; number: string; hash: string }>(
    'SELECT message_id AS id, number, hex(body_hash) AS hash FROM foreign_attempts ORDER BY id',
  )
  expect(told.map(({ id }) => id)).toEqual(['BEFORE', 'OTHER', 'SINCE'])
  expect(isErasedNumber(told[0]!.number)).toBe(true)
  expect(told[0]!.hash).toBe('00'.repeat(32))
  expect(told.slice(1).map(({ number }) => number)).toEqual([BOB, ANN])
})

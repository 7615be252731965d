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

/** Ann was erased, and the phone may have confirmed it. */
function erased(confirmedAt: number | null): void {
  world.db.write(tx => {
    const { id } = tx.run(
      `INSERT INTO erasures (uid, number_hash, phone_hash, state, requested_by, requested_at, finished_at)
         VALUES ('U', ?, x'01', 'done', 'local', ?, ?)`,
      ...[world.hash(ANN), world.now - 2_000, world.now - 1_000],
    )
    tx.run('INSERT INTO erasure_phones VALUES (?, ?, ?)', id, phone.phoneId, confirmedAt)
  })
}

const confirmedAt = () => world.db.get('SELECT confirmed_at AS at FROM erasure_phones')

it('a text from before an erasure that a phone tells after it is not taken in, and the phone is asked again', async () => {
  erased(world.now - 500)
  await phone.connect()
  const later = world.now
  world.now -= 5_000
  await phone.text(ANN, 'hello', 1)
  expect(world.db.all('SELECT * FROM threads')).toEqual([])
  expect(confirmedAt()).toEqual({ at: null })
  expect(phone.askedToErase).toBe(1)
  // Once is enough.
  await phone.text(ANN, 'hello again', 2)
  expect(phone.askedToErase).toBe(1)
  world.now = later
  await phone.text(ANN, 'I am back', 3)
  expect(world.db.all('SELECT last_text AS text FROM threads')).toEqual([{ text: 'I am back' }])
})

it('what a phone tells again of an erased person, after a restore, stays without number and text', async () => {
  erased(world.now - 500)
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
  expect(confirmedAt()).toEqual({ at: null })
  expect(phone.askedToErase).toBe(1)
  expect(told.slice(1).map(({ number }) => number)).toEqual([BOB, ANN])
})

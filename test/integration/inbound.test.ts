import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NOON, ScriptedPhone, World } from '../support/world.ts'

const ANN = '+12125550101'
const text = {
  type: 'inbound',
  store: 'S',
  rowId: 1,
  sender: ANN,
  number: ANN,
  body: 'ok',
  receivedAt: NOON,
  old: false,
} as const

let world: World
let phone: ScriptedPhone

beforeEach(() => {
  world = new World()
  phone = new ScriptedPhone(world, world.addPhone().phoneId)
  world.addContact(ANN, 'Ann')
})

afterEach(() => world.close())

describe('texts that came in', () => {
  it('applies a repeated entry once', async () => {
    await phone.connect()
    await phone.text(ANN, 'hello', 1)
    phone.seq = 0
    await phone.text(ANN, 'hello', 1)
    expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 1 })
  })

  it('keeps two identical texts', async () => {
    await phone.connect()
    await phone.text(ANN, 'ok', 1)
    await phone.text(ANN, 'ok', 2)
    expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 2 })
    expect(world.db.get('SELECT unread FROM threads')).toEqual({ unread: 2 })
  })

  it('knows a text again that an agent without its memory reports under a new name of the store', async () => {
    await phone.connect()
    await phone.say({ ...text, store: 'S' }, { ...text, store: 'T' })
    expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 1 })
  })

  describe('of a second phone', () => {
    it('knows the last texts again that a phone tells when it is paired anew', async () => {
      await phone.connect()
      await phone.say(text)
      world.now += 60_000
      const revoked = phone
      world.db.write(tx => tx.run('UPDATE phones SET revoked_at = ? WHERE id = ?', world.now, revoked.phoneId))
      phone = new ScriptedPhone(world, world.addPhone('Phone again').phoneId)
      await phone.connect()
      await phone.say({ ...text, store: 'T' }, { ...text, store: 'T', rowId: 2 })
      expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 2 })
    })

    it('knows them again when the phone shows them in another zone, or after the end of summer', async () => {
      await phone.connect()
      await phone.say(text, { ...text, store: 'T', receivedAt: NOON + 3_600_000 })
      expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 1 })
      await phone.say({ ...text, store: 'T', receivedAt: NOON + 3_600_001 })
      expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 2 })
    })

    it('keeps what two phones in use got at the same moment, as much as it looks alike', async () => {
      const second = new ScriptedPhone(world, world.addPhone('Second').phoneId)
      world.db.write(tx => tx.run('UPDATE phones SET last_seen_at = ?', world.now + 1))
      await phone.connect()
      await second.connect()
      await phone.say(text)
      await second.say({ ...text, store: 'T' })
      expect(world.db.get('SELECT count(*) AS n FROM inbound')).toEqual({ n: 2 })
    })
  })
})

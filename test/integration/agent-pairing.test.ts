import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../phone-agent/src/clock.ts'
import { folderOf, readConfig, readEnvironment, removeConfig } from '../../phone-agent/src/config.ts'
import { pair } from '../../phone-agent/src/pair.ts'
import { formatPairingLink } from '../../src/shared/phone-protocol.ts'
import { pinOf } from './agent-support/fake-hub.ts'
import { FakePhone } from './agent-support/fake-phone.ts'
import { bench, order, startHub, temporary, until } from './agent-support/setup.ts'

function parts(phone = new FakePhone()) {
  const environment = { ...readEnvironment({}), home: temporary() }
  const folder = folderOf(environment, undefined)
  return { folder, commands: phone, clock: systemClock, log: () => {}, name: 'My phone', slots: null }
}

describe('pairing', () => {
  it('trusts the hub of the link, and keeps its key where only the owner can read it', async () => {
    const hub = await startHub()
    const made = parts()
    await pair(hub.link, made)
    expect(hub.pairings).toMatchObject([{ v: 1, code: 'one-time-code', name: 'My phone' }])
    const config = readConfig(made.folder)!
    expect(config).toMatchObject({ phone: '7', pin: hub.pin, addresses: [hub.address], country: 'US' })
    expect(statSync(made.folder.config).mode & 0o777).toBe(0o600)
    expect(statSync(made.folder.path).mode & 0o777).toBe(0o700)
  })

  it('tells the code to nobody whose key is not the one of the link', async () => {
    const hub = await startHub()
    const other = await startHub()
    const link = formatPairingLink({ code: 'secret', pin: pinOf(other.identity.cert), addresses: [hub.address] })
    const made = parts()
    await expect(pair(link, made)).rejects.toThrow('not the hub of this pairing')
    expect(hub.pairings).toEqual([])
    expect(readConfig(made.folder)).toBeNull()
    // The right one among several addresses is found.
    const both = formatPairingLink({
      code: other.code,
      pin: other.pin,
      addresses: ['127.0.0.1:1', hub.address, other.address],
    })
    await pair(both, made)
    expect(hub.pairings).toEqual([])
    expect(readConfig(made.folder)!.addresses[0]).toBe(other.address)
  })

  it('that the hub refuses says why, and changes nothing', async () => {
    const hub = await startHub()
    const made = parts()
    const link = hub.link
    hub.code = 'another'
    await expect(pair(link, made)).rejects.toThrow('This code is not valid.')
    expect(readConfig(made.folder)).toBeNull()
    expect(existsSync(made.folder.journal)).toBe(false)
  })

  it('takes no text for a link', async () => {
    await expect(pair('https://example.com', parts())).rejects.toThrow('no pairing link')
  })

  it('leaves the texts alone that were there before, and takes those of a paired phone', async () => {
    const { hub, phone, start, log } = await bench(({ phone: made, hub: to }) => {
      to.settings = { ...to.settings, takeAll: true }
      made.receive('+14155550001', 'private')
      made.receive('+14155550002', 'STOP', { received: '2020-01-01 10:00:00' })
    })
    await start()
    await until(() => hub.status !== null)
    phone.receive('+14155550001', 'after')
    await until(() => hub.of('inbound').length === 1)
    expect(hub.of('inbound')).toMatchObject([{ body: 'after', old: false, number: '+14155550001' }])
    expect(log.join()).not.toContain('after')
  })

  it('takes those of the last days that came in while the hub knew it before, and it has lost its memory', async () => {
    const { hub, start } = await bench(({ phone: made, hub: to }) => {
      to.settings = { ...to.settings, takeAll: true }
      to.textsSince = Date.now() - 3_600_000
      made.receive('+14155550001', 'meanwhile')
      made.receive('+14155550002', 'STOP', { received: '2020-01-01 10:00:00' })
    })
    await start()
    await until(() => hub.of('inbound').length > 0)
    expect(hub.of('inbound')).toMatchObject([{ body: 'meanwhile', old: false, number: '+14155550001' }])
  })

  it('without permission to read yet leaves the old texts to the first reading', async () => {
    const { hub, phone, start } = await bench(({ phone: made, hub: to }) => {
      to.settings = { ...to.settings, takeAll: true }
      made.receive('+14155550001', 'private', { received: '2020-01-01 10:00:00' })
      made.unreadable = 'Please grant READ_SMS'
    })
    phone.unreadable = null
    phone.receive('+14155550001', 'after', { received: '2099-01-01 10:00:00' })
    await start()
    await until(() => hub.of('inbound').length > 0)
    expect(hub.of('inbound').map(one => one.body)).toEqual(['after'])
  })
})

describe('pairing again', () => {
  it('with the same hub goes on with the journal, so nothing can go out twice', async () => {
    const { hub, phone, folder, start, clock } = await bench()
    const agent = await start()
    await until(() => hub.status !== null)
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('handed_over'))
    await agent.stop()
    const before = readConfig(folder)!
    removeConfig(folder)
    phone.receive(command.number, 'STOP')
    const entries = hub.entries.length
    await pair(hub.link, { folder, commands: phone, clock, log: () => {}, name: null, slots: null })
    expect(readConfig(folder)!.pairedAt).toBe(before.pairedAt)
    await start()
    await until(() => hub.of('inbound').length === 1)
    // A text that came in between still counts as one of a paired phone.
    expect(hub.of('inbound')).toMatchObject([{ body: 'STOP', old: false }])
    expect(hub.entries.length).toBeGreaterThan(entries)
    hub.assign({ ...command, assignment: 2 })
    await until(() => hub.story(command.id).includes('attempted_before'))
    expect(phone.radio).toHaveLength(1)
  })

  it('with another hub begins a new journal, and keeps the limits', async () => {
    const { hub, phone, folder, start, clock } = await bench()
    const agent = await start()
    await until(() => hub.status !== null)
    const command = order({ segments: 4 })
    hub.assign(command)
    await until(() => hub.story(command.id).includes('handed_over'))
    await agent.stop()
    removeConfig(folder)
    const other = await startHub()
    const limits = {
      windows: [{ segments: 5, windowMs: 3_600_000 }],
      recipientsPerMonth: null,
      pauseMs: [0, 0] as [number, number],
    }
    other.settings = { ...other.settings, lanes: [{ slot: 0, limits }] }
    await pair(other.link, { folder, commands: phone, clock, log: () => {}, name: null, slots: null })
    await start()
    await until(() => other.status?.lanes[0]?.used[0] === 4)
    expect(other.of('accepted')).toEqual([])
    expect(readdirSync(folder.path).some(name => name.startsWith('journal-until-'))).toBe(true)
    expect(existsSync(join(folder.path, 'journal', 'hub.json'))).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { readConfig } from '../../phone-agent/src/config.ts'
import { makeIdentity } from './agent-support/fake-hub.ts'
import { bench, order, running, until } from './agent-support/setup.ts'

/** Keys are only shown to the hub that has them. */
const KEY = 'a-device-key-of-enough-length'

describe('a connection that breaks', () => {
  it('loses no entry and doubles none, whenever it breaks', async () => {
    const { hub, phone } = await running()
    hub.reassigns = true
    const orders = Array.from({ length: 60 }, () => order())
    let breaks = 0
    phone.beforeSend = () => {
      if (phone.radio.length % 9 === 4) {
        breaks++
        hub.drop()
      }
    }
    hub.assign(...orders)
    // The fake hub itself refuses entries that are out of order or differ from what came before.
    await until(() => orders.every(one => hub.story(one.id).includes('handed_over')), 50_000)
    expect(breaks).toBeGreaterThan(3)
    expect(hub.connections).toBeGreaterThan(3)
    expect(new Set(phone.radio.map(one => one.number)).size).toBe(60)
    expect(phone.radio).toHaveLength(60)
  })

  it('brings what was not acknowledged again, in order and in frames of a bounded size', async () => {
    const { hub, phone } = await running(({ hub: made }) => {
      made.acks = false
      made.settings = { ...made.settings, takeAll: true }
    })
    for (let i = 0; i < 45; i++) phone.receive(`+1415555${1000 + i}`, '\u0001'.repeat(18_000 + i))
    await until(() => hub.of('inbound').length === 45)
    const before = hub.entries.length
    hub.entries.length = 1
    hub.acks = true
    hub.drop()
    await until(() => hub.entries.length === before && hub.connected)
    expect(hub.of('inbound').map(one => one.body.length)).toEqual(Array.from({ length: 45 }, (_, i) => 18_000 + i))
  })

  it('to a hub that was killed comes back when the hub does, and the work goes on', async () => {
    const { hub, phone } = await running()
    const first = order()
    hub.assign(first)
    await until(() => hub.story(first.id).includes('handed_over'))
    await hub.down()
    await hub.listen()
    const second = order()
    await until(() => hub.connected && hub.frames.filter(frame => frame.t === 'resume').length === 2)
    hub.assign(second)
    await until(() => hub.story(second.id).includes('handed_over'))
    expect(phone.radio).toHaveLength(2)
  })

  it('because the hub is silent is given up', async () => {
    const { hub, log, clock } = await running()
    hub.send = () => {}
    clock.pass(21_000)
    await until(() => log.some(line => line.includes('silent')))
  })
})

describe('hub and phone that disagree', () => {
  it('about the past do not work together: entries that only the hub has', async () => {
    const { hub, phone, log, start } = await bench()
    hub.ackedSeq = 500
    await start()
    hub.assign(order())
    await until(() => log.some(line => line.includes('forgotten entries')))
    expect(phone.radio).toEqual([])
  })

  it('about the past do not work together: another journal at the same place', async () => {
    const { hub, log, start } = await bench()
    hub.entries.push({ seq: 1, hash: 'f'.repeat(32), entry: { type: 'denied', id: 'x', assignment: 1 } })
    hub.ackedSeq = 0
    const agent = await start()
    await until(() => hub.connected && agent.status().link.connected)
    await agent.stop()
    hub.ackedSeq = 1
    const { log: again } = { log }
    await start()
    await until(() => again.some(line => line.includes('journal_rolled_back')))
  })

  it('about the database: a higher epoch is journalled and served, a lower one refused', async () => {
    const { hub, phone, log, agent } = await running()
    await until(() => hub.of('epoch').length === 1)
    expect(hub.of('epoch')).toEqual([{ type: 'epoch', epoch: 1 }])
    hub.epoch = 5
    hub.drop()
    await until(() => hub.of('epoch').length === 2)
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('handed_over'))
    hub.epoch = 4
    hub.drop()
    await until(() => log.some(line => line.includes('older state of its database')))
    expect(agent.status().link.connected).toBe(false)
    expect(phone.radio).toHaveLength(1)
  })

  it('about the database: what an older state of it assigned is given back before anything is sent', async () => {
    const { hub, phone } = await running()
    await until(() => hub.of('epoch').length === 1)
    hub.lease = false
    hub.drop()
    await until(() => hub.connections === 2)
    const command = order()
    hub.assign(command)
    await until(() => hub.story(command.id).includes('accepted'))
    hub.epoch = 5
    hub.lease = true
    hub.drop()
    await until(() => hub.of('epoch').length === 2)
    expect(hub.story(command.id)).toEqual(['accepted', 'returned'])
    expect(phone.radio).toEqual([])
  })

  it('about one assignment’s epoch begin anew, and the assignment is not taken', async () => {
    const { hub, phone, log } = await running()
    const command = order()
    hub.send({ t: 'assign', epoch: 9, list: [command] })
    await until(() => log.some(line => line.includes('another state of its database')))
    await until(() => hub.connections === 2)
    expect(hub.story(command.id)).toEqual([])
    expect(phone.radio).toEqual([])
  })

  it('about the protocol part', async () => {
    const { hub, log } = await running()
    hub.sendRaw('{"t":"assign","epoch":1,"list":[{"id":"x"}]}')
    await until(() => log.some(line => line.includes('does not understand')))
    await until(() => hub.connections === 2)
    hub.sendRaw('not json')
    await until(() => log.some(line => line.includes('no JSON')))
  })

  it('about whether the phone belongs to it: a refusal is told, and not tried again soon', async () => {
    const { hub, log, agent } = await running()
    hub.onHello = () => ({ t: 'refused', code: 'revoked', message: 'This phone was revoked.' })
    hub.drop()
    await until(() => log.some(line => line.includes('This phone was revoked.')))
    const { connections } = hub
    await new Promise(resolve => setTimeout(resolve, 3000))
    expect(hub.connections).toBe(connections)
    expect(agent.status().link.problem).toContain('This phone was revoked.')
  })
})

describe('the device key', () => {
  it('is shown to nobody but the trusted hub', async () => {
    const { hub, log, start } = await bench()
    await hub.down()
    await hub.listen(await makeIdentity())
    await start()
    await until(() => log.some(line => line.includes('not the hub of this pairing')))
    expect(hub.refusals).toEqual([])
    expect(hub.connections).toBe(0)
  })

  it('stays good when the hub renews its certificate and keeps its public key', async () => {
    const { hub, start, folder } = await bench()
    const { generate } = await import('selfsigned')
    const renewed = await generate([{ name: 'commonName', value: 'renewed' }], {
      keyPair: { privateKey: hub.identity.key, publicKey: publicOf(hub.identity.key) },
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
    })
    await hub.down()
    await hub.listen({ key: hub.identity.key, cert: renewed.cert })
    await start()
    await until(() => hub.status !== null)
    expect(readConfig(folder)!.cert.trim()).toBe(renewed.cert.trim().replaceAll('\r', ''))
  })

  it('can be exchanged for another, which is used from then on', async () => {
    const { hub, agent, folder } = await running()
    await agent.rotateKey()
    expect(readConfig(folder)).toMatchObject({ key: 'another-device-key-of-enough-length', previousKey: KEY })
    await until(() => !hub.keys.has(KEY))
    hub.drop()
    await until(() => hub.connections === 2 && readConfig(folder)!.previousKey === null)
  })

  it('from before a rotation is used again where the hub never finished it', async () => {
    const { hub, folder, log } = await running()
    hub.send({ t: 'new-key', key: 'a-key-that-the-hub-forgot-again' })
    await until(() => readConfig(folder)!.key === 'a-key-that-the-hub-forgot-again')
    hub.keys.delete('a-key-that-the-hub-forgot-again')
    hub.keys.add(KEY)
    hub.drop()
    await until(() => hub.connections === 2 && readConfig(folder)!.key === KEY)
    expect(log.some(line => line.includes('does not let this phone in'))).toBe(true)
  })
})

it('settings bring new addresses, and the doctor reports to the hub', async () => {
  const { hub, folder } = await running()
  hub.resettle({ addresses: ['10.0.0.5:7443', hub.address] })
  await until(() => readConfig(folder)!.addresses[0] === '10.0.0.5:7443')
  hub.send({ t: 'run-doctor' })
  await until(() => hub.findings !== null)
  expect(hub.findings!.map(one => one.check)).toEqual(expect.arrayContaining(['node', 'commands', 'hub', 'clock']))
})

it('a self-test that is not seen means that nothing can be proved, until a text is', async () => {
  const { hub, phone, agent, clock } = await running()
  phone.results.push('lost')
  phone.selects = false
  const findings = await agent.doctor(0, '+14155550100')
  phone.selects = true
  expect(findings.find(one => one.check === 'self_test')).toMatchObject({ ok: false })
  await until(() => hub.status?.canProve === false)
  const command = order()
  hub.assign(command)
  await until(() => hub.story(command.id).includes('handed_over'))
  const { listed } = phone
  await until(() => phone.listed > listed + 3)
  clock.pass(5500)
  await until(() => hub.story(command.id).includes('sent'))
  await until(() => hub.status?.canProve === true)
})

function publicOf(key: string): string {
  const { createPublicKey } = process.getBuiltinModule('node:crypto')
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
}

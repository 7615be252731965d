import { describe, expect, it } from 'vitest'
import own from '../../../package.json' with { type: 'json' }
import { folderOf, readEnvironment } from '../../../phone-agent/src/config.ts'
import { type DoctorParts, runDoctor } from '../../../phone-agent/src/doctor.ts'
import { AGENT_VERSION } from '../../../phone-agent/src/version.ts'
import { doctorFindingSchema } from '../../../src/shared/phone-protocol.ts'
import { FakePhone } from '../../integration/agent-support/fake-phone.ts'

function parts(phone: FakePhone, number: string | null = '+14155550100'): DoctorParts & { counted: string[] } {
  const environment = readEnvironment({ HOME: '/nonexistent', PREFIX: '/nonexistent' })
  const counted: string[] = []
  const selfTest = number === null ? null : { slot: 0, number, count: async (to: string) => void counted.push(to) }
  return {
    commands: phone,
    environment,
    folder: folderOf(environment, undefined),
    config: null,
    selfTest,
    sleep: async () => {},
    counted,
  }
}

async function check(phone: FakePhone, name: string, number?: string | null) {
  const findings = await runDoctor(parts(phone, number))
  for (const finding of findings) doctorFindingSchema.parse(finding)
  return findings.find(one => one.check === name)!
}

describe('the doctor', () => {
  it('finds nothing wrong with a phone that is well', async () => {
    const findings = await runDoctor(parts(new FakePhone()))
    expect(findings.filter(one => !one.ok)).toEqual([])
  })

  it('tells a fix for everything that is wrong', async () => {
    const ill = new FakePhone()
    ill.unreadable = 'Please grant READ_SMS'
    ill.selects = false
    ill.deviceInfo = { slots: null, carrier: null, country: null, simState: null }
    ill.battery = async () => ({ percent: 5, plugged: false })
    ill.missing = async () => ['termux-sms-send']
    const findings = await runDoctor(parts(ill))
    const wrong = findings.filter(one => !one.ok)
    expect(wrong.map(one => one.check)).toEqual(
      expect.arrayContaining(['commands', 'package', 'read_texts', 'sim', 'battery', 'self_test']),
    )
    for (const one of wrong) expect(one.fix).toBeTruthy()
  })

  it('knows by one text to oneself whether texts leave and can be proved', async () => {
    const well = new FakePhone()
    expect(await check(well, 'self_test')).toMatchObject({ ok: true })
    expect(well.radio).toHaveLength(1)
    const lost = new FakePhone()
    lost.results.push('lost')
    expect(await check(lost, 'self_test')).toMatchObject({ ok: false })
    const refused = new FakePhone()
    refused.results.push({ kind: 'refused', reason: 'permission', detail: 'grant SEND_SMS' })
    expect(await check(refused, 'self_test')).toMatchObject({
      ok: false,
      message: expect.stringContaining('grant SEND_SMS'),
    })
  })

  it('sends that text only when it was asked to, and counts it', async () => {
    const phone = new FakePhone()
    expect(await check(phone, 'self_test', null)).toMatchObject({ ok: true, fix: expect.stringContaining('--number') })
    expect(phone.radio).toEqual([])
    const with_ = parts(phone)
    await runDoctor(with_)
    expect(with_.counted).toEqual(['+14155550100'])
  })

  it('sees an app that ignores the selection', async () => {
    const phone = new FakePhone()
    phone.receive('+14155550100', 'x')
    const { list } = phone
    phone.list = query => list.call(phone, { type: query.type, limit: query.limit })
    expect(await check(phone, 'app', null)).toMatchObject({ ok: false })
  })

  it('reads the gate and the limit of processes where Android tells them', async () => {
    const phone = new FakePhone()
    const settings: Record<string, string> = {
      sms_outgoing_check_max_count: '30',
      sms_outgoing_check_interval_ms: '1800000',
    }
    phone.setting = async (name?: string) => settings[name ?? ''] ?? 'null'
    expect(await check(phone, 'sms_gate', null)).toMatchObject({
      message: expect.stringContaining('30 segments in 1800 s'),
    })
    expect(await check(phone, 'phantom_processes', null)).toMatchObject({ ok: false })
    settings['settings_enable_monitor_phantom_procs'] = 'false'
    expect(await check(phone, 'phantom_processes', null)).toMatchObject({ ok: true })
  })
})

it('the agent has the version of the package it ships with', () => {
  expect(AGENT_VERSION).toBe(own.version)
})

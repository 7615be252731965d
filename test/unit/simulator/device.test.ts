import { expect, test } from 'vitest'
import { phoneWith, run } from './kit.ts'

const json = async (...call: Parameters<typeof run>) => JSON.parse((await run(...call)).stdout)

test('the battery drains, and some phones leave fields out', async () => {
  const phone = phoneWith({ battery: { percentage: 50, missing: ['temperature', 'level'] } })
  const status = await json(phone, 'termux-battery-status')
  expect(status).toMatchObject({ percentage: 50, plugged: 'PLUGGED_USB', status: 'CHARGING', health: 'GOOD' })
  expect(status).not.toHaveProperty('temperature')
  phone.configure({ battery: { percentage: 3, drainPerHour: 3_600_000, plugged: 'UNPLUGGED', status: 'DISCHARGING' } })
  expect(await json(phone, 'termux-battery-status')).toMatchObject({ percentage: 0, plugged: 'UNPLUGGED' })
  expect((await run(phone, 'termux-battery-status', ['now'])).code).toBe(1)
})

test('the device info describes the default SIM alone and needs READ_PHONE_STATE', async () => {
  const phone = phoneWith({
    sims: [
      { slot: 0, carrier: 'One' },
      { slot: 1, carrier: 'Two', country: 'gb' },
    ],
    defaultSlot: 1,
  })
  expect(await json(phone, 'termux-telephony-deviceinfo')).toMatchObject({
    network_operator_name: 'Two',
    network_type: 'lte',
    sim_country_iso: 'gb',
    sim_state: 'ready',
    phone_count: 2,
  })
  phone.setFaults({ airplane: true })
  expect(await json(phone, 'termux-telephony-deviceinfo')).toMatchObject({
    network_operator_name: '',
    sim_state: 'ready',
  })
  phone.removeSim(1)
  expect(await json(phone, 'termux-telephony-deviceinfo')).toMatchObject({ sim_state: 'absent' })
  phone.permissions.revoke('READ_PHONE_STATE')
  expect((await json(phone, 'termux-telephony-deviceinfo')).error).toContain('android.permission.READ_PHONE_STATE')
})

test('properties: one, an unknown one, all', async () => {
  const phone = phoneWith({ device: { release: '11', sdk: 30, model: 'Old "one"' } })
  expect((await run(phone, 'getprop', ['ro.build.version.release'])).stdout).toBe('11\n')
  expect((await run(phone, 'getprop', ['ro.unknown'])).stdout).toBe('\n')
  expect((await run(phone, 'getprop')).stdout).toContain('[ro.product.model]: [Old "one"]\n')
})

test('wake lock', async () => {
  const phone = phoneWith()
  expect(await run(phone, 'termux-wake-lock')).toMatchObject({ code: 0, stdout: '' })
  expect(phone.wakeLockHeld()).toBe(true)
  await run(phone, 'termux-wake-unlock')
  expect(phone.wakeLockHeld()).toBe(false)
  expect((await run(phone, 'termux-wake-lock', ['please'])).code).toBe(1)
})

test('notifications: the same id replaces, remove removes, ongoing needs an id', async () => {
  const phone = phoneWith()
  const status = ['--id', 'status', '--ongoing', '--alert-once', '-t', 'Connector', '--priority', 'low']
  await run(phone, 'termux-notification', [...status, '-c', '3 to go'])
  await run(phone, 'termux-notification', status, { input: '2 to go\n\n' })
  expect(phone.notifications()).toMatchObject([
    { id: 'status', title: 'Connector', content: '2 to go', ongoing: true, alertOnce: true },
  ])
  const refused = await run(phone, 'termux-notification', ['--ongoing', '-c', 'x'])
  expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('without an ID are not removable') })
  expect((await run(phone, 'termux-notification', ['--colour', 'red'])).code).toBe(1)
  await run(phone, 'termux-notification-remove', ['status'])
  expect(phone.notifications()).toEqual([])
  expect((await run(phone, 'termux-notification-remove')).code).toBe(1)
  phone.permissions.revoke('POST_NOTIFICATIONS')
  expect(await run(phone, 'termux-notification', ['-c', 'unseen'])).toMatchObject({ code: 0, stdout: '' })
  expect(phone.notifications()).toEqual([])
})

test('the package tells its version', async () => {
  expect((await run(phoneWith(), 'termux-api', ['--version'])).stdout).toBe('0.59.1\n')
  expect((await run(phoneWith(), 'termux-api', ['SmsSend'])).code).toBe(1)
})

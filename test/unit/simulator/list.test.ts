import { describe, expect, test } from 'vitest'
import type { Phone } from '../../../phone-agent/simulator/phone.ts'
import { list, phoneWith, run, send } from './kit.ts'

const ANNA = '+14155550201'
const BEN = '+14155550202'

/** Six rows, a minute apart: texts from Anna and Ben in turn, the last two by the owner to Ben. */
function withTexts(phone: Phone): Phone {
  for (const [index, from] of [ANNA, BEN, ANNA, BEN].entries()) {
    phone.receive({ from, body: `in ${index + 1}`, atOffsetMs: (index - 10) * 60_000 })
  }
  phone.ownerTexts({ to: BEN, body: 'out 5' })
  phone.ownerTexts({ to: BEN, body: 'out 6' })
  return phone
}

const bodies = (rows: { body: string }[]) => rows.map(row => row.body)

describe('termux-sms-list', () => {
  test('an empty store is an empty array', async () => {
    expect((await run(phoneWith(), 'termux-sms-list')).stdout).toBe('[]\n')
  })

  test('the fields of a row; the sender only for known contacts', async () => {
    const phone = phoneWith({ zone: 'UTC', contacts: { [ANNA]: 'Anna' } })
    const at = Date.UTC(2025, 5, 1, 12, 30, 15)
    phone.receive({ from: ANNA, body: 'Hi\n"you" \u2028 👍', atOffsetMs: at - Date.now() })
    phone.receive({ from: '12345', body: 'Your code', atOffsetMs: at - Date.now() + 1000 })
    await send(phone, ANNA, 'Back')
    const [first, second, third] = await list(phone)
    expect(first).toEqual({
      threadid: 1,
      type: 'inbox',
      read: false,
      sender: 'Anna',
      address: ANNA,
      number: ANNA,
      received: expect.stringMatching(/^2025-06-01 12:30:1[45]$/),
      body: 'Hi\n"you" \u2028 👍',
      _id: 1,
    })
    expect(second).not.toHaveProperty('sender')
    expect(third).toMatchObject({ type: 'sent', read: true, sender: 'You', threadid: 1 })
  })

  test('ten rows by default; limit and offset apply to the newest first, and then the newest is printed last', async () => {
    const phone = withTexts(phoneWith())
    expect(bodies(await list(phone, '-l', '2', '-o', '1'))).toEqual(['in 4', 'out 5'])
    expect(bodies(await list(phone, '--message-limit=2', '--message-return-no-order-reverse'))).toEqual([
      'out 6',
      'out 5',
    ])
    const oldest = ['--message-sort-order=_id ASC', '--message-return-no-order-reverse', '--message-limit=2']
    expect(bodies(await list(phone, ...oldest))).toEqual(['in 1', 'in 2'])
    for (let i = 7; i <= 14; i++) phone.receive({ from: ANNA, body: `in ${i}` })
    expect(await list(phone)).toHaveLength(10)
    expect(await list(phone, '-l', '-1', '-o', '-1')).toHaveLength(14)
  })

  test('the type filters, except that failed and queued show everything and an address beats it', async () => {
    const phone = withTexts(phoneWith())
    expect(bodies(await list(phone, '-t', 'sent'))).toEqual(['out 5', 'out 6'])
    expect(await list(phone, '--message-type=inbox')).toHaveLength(4)
    for (const type of ['draft', 'outbox']) expect(await list(phone, '-t', type)).toEqual([])
    for (const type of ['failed', 'queued', 'all']) expect(await list(phone, '-t', type)).toHaveLength(6)
    expect(bodies(await list(phone, '-t', 'inbox', '-f', BEN))).toEqual(['in 2', 'in 4', 'out 5', 'out 6'])
    expect(await run(phone, 'termux-sms-list', ['-t', 'spam'])).toMatchObject({ code: 1, stdout: '' })
  })

  test('a selection may use hidden columns, and makes the address forgotten', async () => {
    const phone = withTexts(phoneWith())
    await send(phone, ANNA, 'by termux')
    expect(bodies(await list(phone, "--message-selection=creator == 'com.termux.api'"))).toEqual(['by termux'])
    expect(bodies(await list(phone, '--message-selection=_id > 2 AND type == 1'))).toEqual(['in 3', 'in 4'])
    expect(bodies(await list(phone, '--message-selection=_id == 1', `--message-address=${BEN}`))).toEqual(['in 1'])
    const since = `date >= ${Date.now() - 8.5 * 60_000} AND address == '${ANNA}'`
    expect(bodies(await list(phone, `--message-selection=${since}`))).toEqual(['in 3', 'by termux'])
    expect(bodies(await list(phone, '--message-selection=sub_id == 1 AND creator IS NULL'))).toHaveLength(4)
    expect(await list(phone, '--message-selection=sub_id == 2')).toEqual([])
  })

  test('wrong SQL, subqueries and an offset without limit print nothing at all and end with 0', async () => {
    const phone = withTexts(phoneWith())
    const wrong = ["number == '1'", '1) OR (1', '_id IN (SELECT _id FROM messages)', 'no_such_column = 1']
    for (const selection of wrong) {
      const found = await run(phone, 'termux-sms-list', [`--message-selection=${selection}`, '-t', 'draft'])
      if (selection === '1) OR (1') expect(found).toMatchObject({ code: 0, stdout: '[]\n' })
      else expect(found).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    }
    expect((await run(phone, 'termux-sms-list', ['-l', '-1'])).stdout).toBe('')
    expect(phone.notifications()).toHaveLength(4)
    expect(bodies(await list(phone, "--message-selection=body != 'select; everything' AND _id = 1"))).toEqual(['in 1'])
  })

  test('needs READ_SMS and READ_CONTACTS', async () => {
    const phone = phoneWith()
    phone.permissions.revoke('READ_SMS', 'READ_CONTACTS')
    const { code, stdout } = await run(phone, 'termux-sms-list')
    const names = 'android.permission.READ_SMS ,android.permission.READ_CONTACTS'
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      error: `Please grant the following permissions to use this command: ${names}`,
    })
    phone.permissions.grant('READ_SMS')
    expect((await run(phone, 'termux-sms-list')).stdout).toContain('READ_CONTACTS')
  })

  test('unknown options end with 64 and show the help', async () => {
    const phone = phoneWith()
    const unknown = await run(phone, 'termux-sms-list', ['--message-colour=red'])
    expect(unknown).toMatchObject({ code: 64, stderr: "termux-sms-list: Unknown option: '--message-colour=red'.\n" })
    expect(await run(phone, 'termux-sms-list', ['--message-limit='])).toMatchObject({ code: 64, stdout: '' })
    expect((await run(phone, 'termux-sms-list', ['-l'])).stderr).toContain("No argument passed for arg option '-l'")
    expect((await run(phone, 'termux-sms-list', ['--help'])).stdout).toContain('--message-selection=<value>')
  })

  test('the old package knows the short options only', async () => {
    const phone = withTexts(phoneWith({ packageVersion: '0.58.0' }))
    expect((await run(phone, 'termux-api', ['--version'])).stdout).toBe('0.58.0\n')
    expect(await run(phone, 'termux-sms-list', ['--message-selection=_id > 1'])).toMatchObject({
      code: 1,
      stdout: 'termux-sms-list: illegal option --\n',
    })
    expect(bodies(await list(phone, '-l', '2', '-o', '1', '-t', 'all'))).toEqual(['in 4', 'out 5'])
    expect(bodies(await list(phone, '-t', 'inbox', '-f', BEN))).toEqual(['in 2', 'in 4', 'out 5', 'out 6'])
    expect(await list(phone, '-t', 'failed')).toHaveLength(6)
    expect(bodies(await list(phone, '-c'))).toEqual(['in 3', 'out 6'])
    phone.configure({ packageVersion: '0.59.1' })
    expect(await list(phone, '--message-selection=_id > 1')).toHaveLength(5)
    phone.setFaults({ oldPackage: true })
    expect((await run(phone, 'termux-api', ['--version'])).stdout).toBe('0.58.0\n')
  })

  test('conversations: the newest message of each, several, or nested by thread', async () => {
    const phone = withTexts(phoneWith())
    expect(bodies(await list(phone, '--conversation-list'))).toEqual(['in 3', 'out 6'])
    const several = ['-c', '--conversation-return-multiple-messages', '-l', '2']
    expect(bodies(await list(phone, ...several))).toEqual(['in 1', 'in 3', 'out 5', 'out 6'])
    const nested = await run(phone, 'termux-sms-list', [...several, '--conversation-return-nested-view'])
    expect(JSON.parse(nested.stdout)).toMatchObject({ 1: [{ body: 'in 1' }, {}], 2: [{ body: 'out 5' }, {}] })
    const one = `--conversation-selection=address == '${ANNA}'`
    expect(bodies(await list(phone, '-c', one))).toEqual(['in 3'])
  })

  test('times are those of the phone: its zone, its clock, without an offset', async () => {
    const phone = phoneWith({ zone: 'America/New_York' })
    // The clocks go back on 2 November 2025 at 06:00 UTC: the hour from one to two comes twice.
    for (const minutes of [-30, 30]) {
      phone.receive({ from: ANNA, body: 'twice?', atOffsetMs: Date.UTC(2025, 10, 2, 6, minutes) - Date.now() })
    }
    const times = (await list(phone)).map(row => row.received.slice(0, 16))
    expect(times).toEqual(['2025-11-02 01:30', '2025-11-02 01:30'])
    expect((await run(phone, 'getprop', ['persist.sys.timezone'])).stdout).toBe('America/New_York\n')

    phone.setZone('Asia/Kolkata')
    expect((await list(phone))[0]?.received).toMatch(/^2025-11-02 11:00/)
    phone.setClockOffset(-3 * 365 * 86_400_000)
    await send(phone, ANNA, 'from the past')
    const [oldest] = await list(phone)
    expect(oldest).toMatchObject({ body: 'from the past', _id: 3 })
    expect(Math.abs(phone.rows()[2]!.date - (Date.now() - 3 * 365 * 86_400_000))).toBeLessThan(60_000)
  })

  test('without a zone of its own the phone lives in the zone of the process', async () => {
    const phone = phoneWith()
    phone.receive({ from: ANNA, body: 'noon', atOffsetMs: Date.UTC(2025, 0, 1, 12) - Date.now() })
    const at = async (TZ: string) =>
      JSON.parse((await run(phone, 'termux-sms-list', [], { env: { TZ } })).stdout)[0].received
    expect((await at('UTC')).slice(0, 13)).toMatch(/2025-01-01 1[12]/)
    expect((await at('Asia/Tokyo')).slice(0, 13)).toMatch(/2025-01-01 2[01]/)
  })
})

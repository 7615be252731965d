import { describe, expect, test } from 'vitest'
import { list, phoneWith, QUIET, run, send } from './kit.ts'

const ANNA = '+14155550201'
const BEN = '+14155550202'

describe('termux-sms-send', () => {
  test('a text from standard input leaves, prints nothing and gets a row by the Termux:API app', async () => {
    const phone = phoneWith({ sims: [{ subId: 7 }] })
    const before = Date.now()
    expect(await send(phone, ANNA, 'Hello Anna €')).toEqual(QUIET)
    const [line, ...none] = phone.radioLog()
    expect(none).toEqual([])
    expect(line).toMatchObject({ slot: 0, subId: 7, to: ANNA, body: 'Hello Anna €', segments: 1 })
    expect(line).toMatchObject({ creator: 'com.termux.api', by: 'termux' })
    expect(line?.at).toBeGreaterThanOrEqual(before)
    const rows = await list(phone, "--message-selection=creator == 'com.termux.api' AND sub_id == 7 AND type == 2")
    expect(rows).toMatchObject([{ type: 'sent', address: ANNA, number: ANNA, body: 'Hello Anna €', _id: 1 }])
  })

  test('the body is trimmed at both ends like a Java string, so that no-break spaces stay', async () => {
    const phone = phoneWith()
    await send(phone, ANNA, ' \t\n\u00a0two  spaces\\n inside\u00a0\r\n\n')
    expect(phone.radioLog()[0]?.body).toBe('\u00a0two  spaces\\n inside\u00a0')
  })

  test('a body as arguments goes through echo, which eats backslashes', async () => {
    const phone = phoneWith()
    await run(phone, 'termux-sms-send', ['-n', ANNA, 'C:\\new\\table', 'and\\041', 'x\\cgone'])
    expect(phone.radioLog()[0]?.body).toBe('C:\new\table and! x')
  })

  test('a comma list is sent in order, and the first bad number aborts the rest without a word', async () => {
    const phone = phoneWith()
    expect(await send(phone, `${ANNA},${BEN},nobody,+14155550203`, 'Hi all')).toEqual(QUIET)
    expect(phone.radioLog().map(line => line.to)).toEqual([ANNA, BEN])
    expect(phone.notifications()).toMatchObject([{ content: expect.stringContaining('IllegalArgumentException') }])
  })

  test('an empty body is an exception that shows on the screen of the phone only', async () => {
    const phone = phoneWith()
    expect(await send(phone, ANNA, ' \n')).toEqual(QUIET)
    expect(phone.radioLog()).toEqual([])
    expect(phone.notifications()).toHaveLength(1)
  })

  test('a number with a space is cut at the space, because the script expands it unquoted', async () => {
    const phone = phoneWith()
    await send(phone, '+1415 5550201', 'Oops')
    expect(phone.radioLog().map(line => line.to)).toEqual(['+1415'])
  })

  test('-s picks the SIM; a slot without one fails silently', async () => {
    const phone = phoneWith({
      sims: [
        { slot: 0, subId: 3 },
        { slot: 1, subId: 9 },
      ],
      defaultSlot: 1,
    })
    expect(await send(phone, ANNA, 'first', '-s', '0')).toEqual(QUIET)
    expect(await send(phone, ANNA, 'by default')).toEqual(QUIET)
    expect(await send(phone, ANNA, 'lost', '-s', '2')).toEqual(QUIET)
    phone.removeSim(0)
    expect(await send(phone, ANNA, 'lost too', '-s', '0')).toEqual(QUIET)
    expect(phone.radioLog().map(({ body, slot, subId }) => [body, slot, subId])).toEqual([
      ['first', 0, 3],
      ['by default', 1, 9],
    ])
    expect(phone.rows()).toHaveLength(2)
  })

  test('bad arguments are the only thing that ends with 1', async () => {
    const phone = phoneWith()
    expect(await run(phone, 'termux-sms-send', ['text'])).toMatchObject({
      code: 1,
      stdout: 'termux-sms-send: no recipient number given\n',
    })
    expect(await run(phone, 'termux-sms-send', ['-x'])).toMatchObject({
      code: 1,
      stdout: 'termux-sms-send: illegal option -x\n',
    })
    expect((await run(phone, 'termux-sms-send', ['-h'])).stdout).toContain('Usage: termux-sms-send -n number')
  })

  test('without SEND_SMS it prints an error object, and ends with 0', async () => {
    const phone = phoneWith()
    phone.permissions.revoke('SEND_SMS')
    const { code, stdout } = await send(phone, ANNA, 'Hi')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      error: 'Please grant the following permission to use this command: android.permission.SEND_SMS',
    })
    expect(phone.radioLog()).toEqual([])
    phone.permissions.grant('android.permission.SEND_SMS')
    expect(await send(phone, ANNA, 'Hi')).toEqual(QUIET)
    expect(phone.radioLog()).toHaveLength(1)
  })

  test('without READ_PHONE_STATE a text on a slot fails silently, and by default goes out', async () => {
    const phone = phoneWith({ denied: ['READ_PHONE_STATE'] })
    expect(await send(phone, ANNA, 'on a slot', '-s', '0')).toEqual(QUIET)
    expect(await send(phone, ANNA, 'by default')).toEqual(QUIET)
    expect(phone.radioLog().map(line => line.body)).toEqual(['by default'])
    phone.configure({ phoneState: 'error' })
    expect(JSON.parse((await send(phone, ANNA, 'newest app', '-s', '0')).stdout).error).toContain('READ_PHONE_STATE')
  })

  test('a text to its own number leaves and arrives in its inbox', async () => {
    const phone = phoneWith({ sims: [{ number: '+447700900123', country: 'gb', subId: 4 }] })
    await send(phone, '07700900123', 'self-test 42')
    expect(phone.radioLog()).toHaveLength(1)
    const rows = await list(phone)
    expect(rows.map(({ type, body }) => [type, body]).sort()).toEqual([
      ['inbox', 'self-test 42'],
      ['sent', 'self-test 42'],
    ])
    expect(rows.find(row => row.type === 'inbox')?.address).toBe('+447700900123')
    expect(new Set(rows.map(row => row.threadid)).size).toBe(1)
    expect(phone.arrivals()).toMatchObject([{ kind: 'own', body: 'self-test 42', subId: 4 }])
  })

  test('many commands at once: each text leaves once and has one row', async () => {
    const phone = phoneWith()
    const numbers = Array.from({ length: 12 }, (_, index) => `+141555503${String(index).padStart(2, '0')}`)
    const ends = await Promise.all(numbers.map(number => send(phone, number, `Hi ${number}`)))
    expect(ends).toEqual(numbers.map(() => QUIET))
    expect(
      phone
        .radioLog()
        .map(line => line.to)
        .sort(),
    ).toEqual(numbers)
    expect(new Set(phone.radioLog().map(line => line.seq)).size).toBe(numbers.length)
    expect(phone.rows().map(row => row.id)).toEqual(numbers.map((_, index) => index + 1))
  })
})

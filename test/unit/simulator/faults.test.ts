import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createPhone, type Faults, openPhone } from '../../../phone-agent/simulator/phone.ts'
import { eventually, list, phoneWith, QUIET, run, send } from './kit.ts'

const ANNA = '+14155550201'
const BEN = '+14155550202'

describe('faults of sending', () => {
  test('silentLoss: quiet, nothing leaves, no row', async () => {
    const phone = phoneWith({ faults: { silentLoss: { numbers: [ANNA] } } })
    expect(await send(phone, ANNA, 'lost')).toEqual(QUIET)
    expect(await send(phone, BEN, 'not lost')).toEqual(QUIET)
    expect(phone.radioLog().map(line => line.to)).toEqual([BEN])
    expect(phone.rows()).toHaveLength(1)
    expect(phone.pending()).toEqual([])
  })

  test('hang: has to be killed, and nothing leaves', async () => {
    const phone = phoneWith({ faults: { hang: { count: 1 } } })
    const killAfter = eventually(() => phone.textsAttempted() > 0)
    const killed = await run(phone, 'termux-sms-send', ['-n', ANNA], { input: 'Hi', killAfter })
    expect(killed).toMatchObject({ signal: 'SIGKILL', stdout: '' })
    expect(phone.radioLog()).toEqual([])
    expect(await send(phone, ANNA, 'again')).toEqual(QUIET)
    expect(phone.radioLog()).toHaveLength(1)
  })

  test('leaveButHang: the text is out and proven while the command hangs', async () => {
    const phone = phoneWith({ faults: { leaveButHang: true } })
    const proven = eventually(async () => phone.radioLog().length === 1 && (await list(phone, '-t', 'sent'))[0])
    const command = await run(phone, 'termux-sms-send', ['-n', ANNA], { input: 'Hi', killAfter: proven })
    expect(await proven).toMatchObject({ body: 'Hi' })
    expect(command).toMatchObject({ signal: 'SIGKILL', stdout: '' })
  })

  test('a hanging command ends by itself when its phone is thrown away', async () => {
    const phone = phoneWith({ faults: { hang: true } })
    const command = send(phone, ANNA, 'Hi')
    await eventually(() => phone.textsAttempted() > 0)
    phone.close()
    rmSync(phone.dir, { recursive: true, force: true })
    expect((await command).code).toBe(1)
  })

  test('slow and coldStart: the command takes its time, and then works', async () => {
    const phone = phoneWith({ faults: { slow: { ms: 700, count: 1 } } })
    expect(await timed(() => send(phone, ANNA, 'slow'))).toBeGreaterThanOrEqual(700)
    phone.setFaults({ coldStart: { afterIdleMs: 600_000, ms: 800 } })
    expect(await timed(() => list(phone))).toBeGreaterThanOrEqual(800)
    phone.setFaults({ coldStart: { afterIdleMs: 600_000, ms: 60_000 } })
    // Warm by now: a minute is not waited for.
    expect(await send(phone, ANNA, 'warm')).toEqual(QUIET)
    expect(phone.radioLog().map(line => line.body)).toEqual(['slow', 'warm'])
  })

  test('permissionError and commandError: something is printed, nothing leaves, the code is still 0', async () => {
    const phone = phoneWith({
      faults: { permissionError: { count: 1, permissions: ['SEND_SMS', 'READ_PHONE_STATE'] } },
    })
    const denied = await send(phone, ANNA, 'one')
    expect(denied.code).toBe(0)
    expect(JSON.parse(denied.stdout).error).toContain('permissions to use this command: android.permission.SEND_SMS')
    phone.setFaults({ commandError: { commands: ['termux-sms-list', 'termux-sms-send'], count: 2 } })
    const broken = await send(phone, ANNA, 'two')
    expect(broken).toMatchObject({ code: 0, stdout: expect.stringMatching(/^java\.lang\..*Exception/) })
    expect((await run(phone, 'termux-sms-list')).stdout).toMatch(/^java\.lang\..*Exception/)
    expect(phone.radioLog()).toEqual([])
    expect(await send(phone, ANNA, 'three')).toEqual(QUIET)
    expect(phone.radioLog()).toHaveLength(1)
  })

  test('flipToFailed: shows as sent for a moment, then it is hidden; nothing left', async () => {
    const phone = phoneWith({ faults: { flipToFailed: { afterMs: 60_000 } } })
    expect(await send(phone, ANNA, 'failing')).toEqual(QUIET)
    expect(await list(phone)).toMatchObject([{ type: 'sent', body: 'failing' }])
    phone.passTime(60_000)
    for (const type of ['sent', 'failed', 'all']) expect(await list(phone, '-t', type)).toEqual([])
    expect(phone.rows()).toMatchObject([{ type: 5, visible: false, seq: null }])
    expect(phone.radioLog()).toEqual([])
  })

  test('noRow: left, but never a row', async () => {
    const phone = phoneWith({ faults: { noRow: true } })
    await send(phone, ANNA, 'unproven')
    expect(phone.radioLog()).toHaveLength(1)
    expect([phone.rows(), phone.pending()]).toEqual([[], []])
  })

  test('lateRow: written late with a late id, or held back with an early one', async () => {
    const phone = phoneWith({ faults: { lateRow: { ms: 3_600_000, count: 1 } } })
    await send(phone, ANNA, 'written late')
    await send(phone, BEN, 'in time')
    expect(await list(phone)).toMatchObject([{ body: 'in time', _id: 1 }])
    phone.passTime(3_600_000)
    expect(await list(phone, '--message-selection=_id > 1')).toMatchObject([{ body: 'written late', _id: 2 }])
    phone.setFaults({ lateRow: { ms: 3_600_000, held: true, count: 1 } })
    await send(phone, ANNA, 'held back')
    await send(phone, BEN, 'newer')
    expect((await list(phone)).map(row => row._id)).toEqual([1, 2, 4])
    phone.passTime(3_600_000)
    expect(await list(phone, '--message-selection=_id == 3')).toMatchObject([{ body: 'held back' }])
    expect(phone.radioLog()).toHaveLength(4)
  })

  test('secondRow: the default SMS app writes one more, and only one text left', async () => {
    const phone = phoneWith({ faults: { secondRow: true } })
    await send(phone, ANNA, 'double')
    phone.passTime(1000)
    const rows = await list(phone, '--message-selection=creator IS NOT NULL')
    expect(rows.map(row => row.body)).toEqual(['double', 'double'])
    expect(await list(phone, "--message-selection=creator = 'com.termux.api'")).toHaveLength(1)
    expect(phone.radioLog()).toHaveLength(1)
  })

  test('rewriteNumber: the row has the national form with spaces, a foreign number the international one', async () => {
    const phone = phoneWith({ sims: [{ country: 'gb', number: '+447700900001' }], faults: { rewriteNumber: true } })
    await send(phone, '+447700900123', 'home')
    await send(phone, '+33612345678', 'abroad')
    expect((await list(phone)).map(row => row.address)).toEqual(['07700 900123', '+33 612 345 678'])
    expect(phone.radioLog().map(line => line.to)).toEqual(['+447700900123', '+33612345678'])
    phone.swapSim(0, { country: 'us' })
    await send(phone, ANNA, 'America')
    expect((await list(phone, '-l', '1'))[0]?.address).toBe('(415) 555-0201')
  })

  test('rewriteBody: spaces folded or replaced, decomposed, or one prefixed row for each page', async () => {
    const rewrites: [Faults['rewriteBody'], string, string][] = [
      [true, 'a  b \n c', 'a b\nc'],
      [{ mode: 'spaces' }, 'a b', 'a\u00a0b'],
      [{ mode: 'decompose' }, 'à bientôt', 'à bientôt'.normalize('NFD')],
      [{ mode: 'pages' }, 'short', 'short'],
    ]
    const phone = phoneWith()
    for (const [rewriteBody, body, stored] of rewrites) {
      phone.setFaults({ rewriteBody: rewriteBody ?? null })
      await send(phone, ANNA, body)
      expect(phone.rows().at(-1)?.body).toBe(stored)
      expect(phone.radioLog().at(-1)?.body).toBe(body)
    }
    const long = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ')
    await send(phone, ANNA, long)
    const pages = phone.rows().slice(rewrites.length)
    expect(pages.length).toBeGreaterThan(2)
    expect(pages.map(row => row.body.slice(0, 6))).toEqual(pages.map((_, i) => `(${i + 1}/${pages.length}) `))
    expect(pages.map(row => row.body.slice(6)).join('')).toBe(long)
    expect(pages.every(row => row.body.length <= 160)).toBe(true)
    expect(phone.radioLog().at(-1)).toMatchObject({ body: long, segments: 3 })
  })

  test('reusedId: the newest row of the app goes, and its id comes back with another text', async () => {
    const phone = phoneWith({ faults: { reusedId: { after: 1 } } })
    await send(phone, ANNA, 'first')
    expect(await list(phone)).toMatchObject([{ _id: 1, body: 'first' }])
    await send(phone, BEN, 'second')
    expect(await list(phone)).toMatchObject([{ _id: 1, body: 'second' }])
    phone.receive({ from: ANNA, body: 'an answer is not deleted' })
    await send(phone, BEN, 'third')
    expect((await list(phone)).map(row => row._id)).toEqual([1, 2, 3])
  })

  test('airplane: texts fail, and what others send waits until it ends', async () => {
    const phone = phoneWith({ failureShowsMs: 0, faults: { airplane: true } })
    expect(await send(phone, ANNA, 'nope')).toEqual(QUIET)
    phone.receive({ from: BEN, body: 'waiting in the network' })
    expect(phone.rows()).toMatchObject([{ type: 5, body: 'nope' }])
    expect(phone.arrivals()).toEqual([])
    phone.setFaults({ airplane: false })
    expect(await list(phone)).toMatchObject([{ type: 'inbox', body: 'waiting in the network' }])
    expect(phone.radioLog()).toEqual([])
  })

  test('a share is drawn from seed and ordinal: the same seed loses the same texts', async () => {
    const lost = async (seed: number) => {
      const phone = phoneWith({ seed, faults: { silentLoss: { share: 0.5 } } })
      for (let i = 0; i < 8; i++) await send(phone, ANNA, `text ${i}`)
      return phone.radioLog().map(line => line.body)
    }
    const [one, same, other] = [await lost(11), await lost(11), await lost(12)]
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
    expect(one.length).toBeGreaterThan(0)
    expect(one.length).toBeLessThan(8)
  })

  test('setFaults changes what it names and starts its count afresh', async () => {
    const phone = phoneWith({ faults: { silentLoss: { count: 1 }, noRow: true } })
    await send(phone, ANNA, 'lost')
    await send(phone, ANNA, 'kept')
    phone.setFaults({ silentLoss: { count: 1 } })
    await send(phone, ANNA, 'lost again')
    phone.setFaults({ noRow: null })
    await send(phone, ANNA, 'with a row')
    expect(phone.radioLog().map(line => line.body)).toEqual(['kept', 'with a row'])
    expect(phone.rows().map(row => row.body)).toEqual(['with a row'])
  })

  test.each([
    [{ silentLos: true }, 'There is no fault "silentLos"'],
    [{ silentLoss: { share: 2 } }, '"share" of the fault "silentLoss" is between 0 and 1'],
    [{ slow: true }, 'The fault "slow" needs ms'],
    [{ lateRow: { held: true } }, 'The fault "lateRow" needs "ms"'],
    [{ hang: { often: 1 } }, 'The fault "hang" has no "often"'],
    [{ rewriteBody: { mode: 'upper' } }, '"mode" of the fault "rewriteBody"'],
    [{ gate: { segments: -1, windowMs: 1 } }, '"segments" of the fault "gate" is a number from 0 upwards'],
    [{ airplane: 1 }, 'The fault "airplane" takes true or false'],
  ])('%o is refused with a sentence', (faults, sentence) => {
    expect(() => phoneWith().setFaults(faults as Faults)).toThrow(sentence)
  })
})

test('a phone survives its commands being killed at any moment', async () => {
  const phone = phoneWith()
  const delays = Array.from({ length: 16 }, (_, index) => index * 8)
  await Promise.all(
    delays.map(ms => run(phone, 'termux-sms-send', ['-n', ANNA], { input: `killed after ${ms}`, killAfterMs: ms })),
  )
  expect(await send(phone, BEN, 'alive')).toEqual(QUIET)
  const left = phone.radioLog()
  const rows = phone.rows()
  expect(left.at(-1)?.body).toBe('alive')
  // A row stands for a text that left; the other way round a kill may have come between.
  expect(rows.filter(row => !left.some(line => line.seq === row.seq && line.body === row.body))).toEqual([])
  expect(new Set(left.map(line => line.seq)).size).toBe(left.length)
})

test('options that make no sense are refused with a sentence, and so is a folder without a phone', () => {
  const { dir } = phoneWith()
  expect(() => createPhone(`${dir}/x`, { sims: [{ slot: 4 }] })).toThrow('A phone has the slots 0 and 1, not 4.')
  expect(() => createPhone(`${dir}/x`, { zone: 'Mars/Base' })).toThrow('There is no time zone "Mars/Base"')
  expect(() => createPhone(`${dir}/x`, { colour: 'red' } as object)).toThrow('A phone has no option "colour".')
  expect(() => openPhone(`${dir}/x`)).toThrow('There is no simulated phone in')
})

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

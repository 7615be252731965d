import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, list, phoneWith, run, send } from './kit.ts'

const ANNA = '+14155550201'
const BEN = '+14155550202'

test('the id of the newest row is used again after its deletion', async () => {
  const phone = phoneWith()
  for (const body of ['one', 'two', 'three']) phone.receive({ from: ANNA, body })
  expect(phone.deleteRow(1)).toBe(true)
  expect(phone.deleteRow(1)).toBe(false)
  expect(phone.deleteNewest()).toBe(3)
  phone.receive({ from: BEN, body: 'another three' })
  expect((await list(phone)).map(({ _id, body }) => [_id, body])).toEqual([
    [2, 'two'],
    [3, 'another three'],
  ])
  expect(phone.arrivals().map(({ messageId, body }) => [messageId, body])).toEqual([
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
    [3, 'another three'],
  ])
})

test('a factory reset empties the store and restarts the ids; the radio log remembers', async () => {
  const phone = phoneWith()
  await send(phone, ANNA, 'before')
  phone.receive({ from: BEN, body: 'before' })
  phone.factoryReset()
  expect(await list(phone)).toEqual([])
  phone.receive({ from: BEN, body: 'after' })
  expect(await list(phone)).toMatchObject([{ _id: 1, threadid: 1, body: 'after' }])
  expect(phone.radioLog()).toHaveLength(1)
  expect(phone.arrivals()).toHaveLength(2)
})

test('a text can arrive later, be dated earlier, or show later than it arrived', async () => {
  const phone = phoneWith()
  phone.receive({ from: ANNA, body: 'held back', atOffsetMs: -3_600_000, lateMs: 7_200_000 })
  phone.receive({
    from: ANNA,
    body: 'given late',
    atOffsetMs: -7_200_000,
    lateMs: 7_200_000 + 2500,
    idAssigned: 'late',
  })
  phone.receive({ from: BEN, body: 'now' })
  phone.receive({ from: BEN, body: 'tomorrow', atOffsetMs: 86_400_000 })
  expect(await list(phone)).toMatchObject([{ _id: 2, body: 'now' }])
  expect(phone.rows()).toMatchObject([{ visible: false, body: 'held back' }, { visible: true }])
  expect(phone.pending().map(row => row.body)).toEqual(['given late', 'tomorrow'])
  phone.passTime(3_600_000)
  const rows = await list(phone)
  // Printed by date, so what surfaces last stands first, and only one of them has a higher id.
  expect(rows.map(({ _id, body }) => [_id, body])).toEqual([
    [3, 'given late'],
    [1, 'held back'],
    [2, 'now'],
  ])
})

test('texts by the owner have a row by the default SMS app and are marked in the radio log', async () => {
  const phone = phoneWith({ sims: [{ slot: 0 }, { slot: 1, subId: 5 }] })
  phone.ownerTexts({ to: ANNA, body: 'by hand', slot: 1 })
  expect(phone.radioLog()).toMatchObject([{ by: 'owner', slot: 1, subId: 5, to: ANNA, body: 'by hand' }])
  expect(await list(phone)).toMatchObject([{ type: 'sent', body: 'by hand' }])
  expect(await list(phone, "--message-selection=creator = 'com.termux.api'")).toEqual([])
  expect(phone.rows()[0]?.creator).toBe(phone.radioLog()[0]?.creator)
})

test('another SIM in the slot has another subscription id, and texts go out with it', async () => {
  const phone = phoneWith({
    sims: [
      { slot: 0, subId: 1 },
      { slot: 1, subId: 2 },
    ],
  })
  await send(phone, ANNA, 'old card', '-s', '0')
  expect(phone.swapSim(0, { number: '+14155550999' })).toMatchObject({ slot: 0, subId: 3, number: '+14155550999' })
  await send(phone, ANNA, 'new card', '-s', '0')
  expect(phone.radioLog().map(line => line.subId)).toEqual([1, 3])
  expect(await list(phone, '--message-selection=sub_id == 3')).toMatchObject([{ body: 'new card' }])
})

test('a process can be given the clock and the zone of the phone', async () => {
  const phone = phoneWith({ zone: 'Asia/Tokyo', clockOffsetMs: -86_400_000 })
  const script = join(phone.dir, 'home', 'clock.mjs')
  writeFileSync(
    script,
    `const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
     const show = () => console.log(JSON.stringify([Date.now(), +new Date(), zone, new Date(5).getTime()]))
     show(); process.stdin.on('data', show)`,
  )
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...phone.envWithClock },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const lines: [number, number, string, number][] = []
    child.stdout.on('data', chunk => {
      lines.push(
        ...String(chunk)
          .trim()
          .split('\n')
          .map(line => JSON.parse(line)),
      )
    })
    const [first, second, zone, five] = await eventually(() => lines[0])
    const yesterday = Date.now() - 86_400_000
    for (const time of [first, second]) expect(Math.abs(time - yesterday)).toBeLessThan(60_000)
    expect([zone, five]).toEqual(['Asia/Tokyo', 5])
    phone.setClockOffset(86_400_000)
    await eventually(() => {
      child.stdin.write('\n')
      return (lines.at(-1)?.[0] ?? 0) > Date.now()
    })
  } finally {
    child.kill()
  }
  // The commands live by the real clock, whatever their caller was given.
  await run(phone, 'termux-sms-send', ['-n', ANNA, 'hi'], { env: phone.envWithClock })
  expect(Math.abs((phone.radioLog()[0]?.at ?? 0) - Date.now())).toBeLessThan(60_000)
})

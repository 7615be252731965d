import { expect, test } from 'vitest'
import { list, phoneWith, QUIET, send } from './kit.ts'

const number = (index: number) => `+141555502${String(index).padStart(2, '0')}`

test('above the gate each text waits for a finger, five at most; the rest fail, and nobody is told', async () => {
  const phone = phoneWith({ failureShowsMs: 60_000, faults: { gate: { segments: 2, windowMs: 600_000 } } })
  for (let i = 1; i <= 8; i++) expect(await send(phone, number(i), `text ${i}`)).toEqual(QUIET)
  expect(phone.radioLog().map(line => line.body)).toEqual(['text 1', 'text 2'])
  expect(phone.gateUsage()).toEqual({ segments: 2, limit: 2, windowMs: 600_000, waiting: 5 })
  // The eighth had no place to wait: its row shows for the moment before it is marked as failed.
  expect((await list(phone)).map(row => row.body)).toEqual(['text 1', 'text 2', 'text 8'])

  expect(phone.answerDialogs('allow').map(line => line.body)).toEqual([3, 4, 5, 6, 7].map(i => `text ${i}`))
  expect(phone.radioLog()).toHaveLength(7)
  expect(phone.gateUsage().waiting).toBe(0)
  expect((await list(phone)).map(row => row.body)).toContain('text 5')
})

test('a denied dialog fails its text', async () => {
  const phone = phoneWith({ failureShowsMs: 0, faults: { gate: { segments: 0, windowMs: 600_000 } } })
  await send(phone, number(1), 'denied')
  expect(phone.rows()).toEqual([])
  expect(phone.answerDialogs('deny')).toEqual([])
  expect(phone.rows()).toMatchObject([{ type: 5, visible: false, body: 'denied' }])
  expect(phone.radioLog()).toEqual([])
})

test('the gate counts segments, not texts', async () => {
  const phone = phoneWith({ faults: { gate: { segments: 4, windowMs: 600_000 } } })
  await send(phone, number(1), 'a'.repeat(161))
  expect(phone.gateUsage().segments).toBe(2)
  await send(phone, number(2), 'ж'.repeat(140))
  expect(phone.gateUsage()).toMatchObject({ segments: 2, waiting: 1 })
  await send(phone, number(3), '€'.repeat(80))
  await send(phone, number(4), 'b')
  expect(phone.gateUsage()).toMatchObject({ segments: 4, waiting: 1 })
  expect(phone.radioLog().map(line => line.segments)).toEqual([2, 1, 1])
})

test('the window slides', async () => {
  const phone = phoneWith({ faults: { gate: { segments: 2, windowMs: 600_000 } } })
  await send(phone, number(1), 'first')
  phone.passTime(400_000)
  await send(phone, number(2), 'second')
  expect(phone.gateUsage().segments).toBe(2)
  phone.passTime(200_000)
  expect(phone.gateUsage().segments).toBe(1)
  await send(phone, number(3), 'third')
  expect(phone.radioLog()).toHaveLength(3)
})

test('a short code always asks, and the owner is never asked', async () => {
  const phone = phoneWith({ faults: { gate: { segments: 1, windowMs: 600_000 } } })
  await send(phone, '12345', 'JOIN')
  expect(phone.gateUsage()).toMatchObject({ segments: 0, waiting: 1 })
  expect(phone.dialogs()).toMatchObject([{ reason: 'short code', to: '12345', body: 'JOIN' }])
  for (let i = 1; i <= 3; i++) phone.ownerTexts({ to: number(i), body: 'by hand' })
  expect(phone.gateUsage()).toMatchObject({ segments: 0, waiting: 1 })
  expect(phone.radioLog()).toHaveLength(3)
})

test('a new phone has the gate of today: thirty segments a minute', () => {
  const phone = phoneWith({ faults: { gate: { segments: 30, windowMs: 60_000 } } })
  expect(phone.gateUsage()).toEqual({ segments: 0, limit: 30, windowMs: 60_000, waiting: 0 })
})

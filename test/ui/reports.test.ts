import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Writer } from '../../src/main/db/database.ts'
import { PASSWORD } from '../integration/http/kit.ts'
import { type Screen, Ui } from './kit.ts'

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
  await ui.hub.user('ben', 'user')
})
afterAll(() => ui?.close())

const HOUR = 3_600_000
const LONG = 'Every customer of the northern shops who came to the spring market in the last two years and wants news'

/** Noon of a day so many days ago, in New York, which is the zone of the browser of these tests. */
function noon(daysAgo: number): number {
  const day = new Date(Date.now() - daysAgo * 24 * HOUR).toLocaleDateString('sv-SE', { timeZone: 'America/New_York' })
  const utc = Date.parse(`${day}T12:00:00Z`)
  const there = new Date(utc).toLocaleString('sv-SE', { timeZone: 'America/New_York' })
  return utc + (utc - Date.parse(`${there.replace(' ', 'T')}Z`))
}

/** Two campaigns on a phone with two SIMs: three sent yesterday, and ten days ago one sent, one unknown, one failed. */
function fill(db: Writer): void {
  const phone = db.run(
    "INSERT INTO phones (name, key_hash, journal, paired_at) VALUES ('Desk phone', x'01', 'J', 0)",
  ).id
  const sims = [0, 1].map(
    slot => db.run("INSERT INTO sims (phone_id, slot, carrier) VALUES (?, ?, 'Carrier')", phone, slot).id,
  )
  const campaign = (name: string, at: number): number =>
    db.run(
      `INSERT INTO campaigns (name, template, state, audience, hours, created_by, created_at, updated_at, started_at)
         VALUES (?, 'Hi', 'completed', '{}', '{}', 'local', ?, ?, ?)`,
      ...[name, at, at, at],
    ).id
  const old = campaign(LONG, noon(10))
  const latest = campaign('=Spring market', noon(1))
  const message = (number: number, of: number, sim: number, at: number, state: string, reason = ''): void => {
    db.run(
      `INSERT INTO messages (id, kind, campaign_id, number, state, reason, body, segments, sim_id, assignment, due_at, created_by,
         created_at, attempted_at, settled_at) VALUES (?, 'campaign', ?, ?, ?, ?, 'Hi', 1, ?, 1, 0, 'local', ?, ?, ?)`,
      ...[
        `MESSAGE${String(number).padStart(10, '0')}`,
        of,
        `+1212200${String(number).padStart(4, '0')}`,
        state,
        reason,
      ],
      ...[sims[sim]!, at, at, at],
    )
  }
  for (const number of [1, 2, 3]) message(number, latest, 0, noon(1), 'sent')
  message(4, old, 1, noon(10), 'sent')
  message(5, old, 1, noon(10), 'unknown', 'no_proof')
  message(6, old, 1, noon(10), 'failed', 'field_missing')
  db.run("INSERT INTO campaign_left_out VALUES (?, 99, 'consent_missing')", old)
  const thread = db.run("INSERT INTO threads (number, last_at) VALUES ('+12122000001', ?)", noon(1)).id
  for (const [row, intent] of [...['none', 'stop'].entries()]) {
    db.run(
      `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent, campaign_id)
         VALUES (?, ?, 'S', ?, '+12122000001', 'x', x'00', ?, ?, ?, ?)`,
      ...[thread, phone, row, noon(1) + HOUR, noon(1) + HOUR, intent, latest],
    )
  }
}

async function row({ page }: Screen, section: string, text: string | RegExp): Promise<string[]> {
  const found = page.getByRole('region', { name: section, exact: true }).getByRole('row').filter({ hasText: text })
  return (await found.first().locator('th, td').allTextContents()).map(cell => cell.trim())
}

it('show a new hub what to do, and then what was sent, to every user', async () => {
  const screen = await ui.screen()
  const { page } = screen
  await screen.signIn('ben', PASSWORD)
  await page.getByRole('link', { name: 'Reports', exact: true }).click()
  await page.getByText('Nothing to report yet').waitFor()
  await screen.isAccessible()
  await screen.shot('reports-empty')

  ui.hub.peek.write(fill)
  await page.reload()
  await page.getByRole('region', { name: 'By time', exact: true }).getByText('Together').waitFor()
  expect(await row(screen, 'By time', 'Together')).toEqual([
    ...['Together', '4', '4', '1', '1', '0', '2 (50%)', '1 (25%)', '0'],
  ])
  const picture = page.getByRole('img', { name: /^Messages: Sent 4, Without proof 1, Failed 1, Not sent 0\./ })
  await picture.waitFor()
  await page.getByRole('img', { name: /^Replies: Opt-outs 1, Other replies 1\./ }).waitFor()
  expect(await row(screen, 'By phone', 'Desk phone')).toEqual([
    ...['Desk phone', 'all', '4', '4', '4', '1', '1', '2 (50%)', '1 (25%)'],
  ])
  expect(await row(screen, 'By phone', 'SIM 2')).toEqual(['', 'SIM 2, Carrier', '1', '1', '1', '1', '1', '', ''])
  expect((await row(screen, 'By campaign', '=Spring')).slice(2)).toEqual([
    ...['3', '3', '2 (67%)', '1 (33%)', '0', '0', '0'],
  ])
  expect((await row(screen, 'Not sent, and why', 'Left out'))[2]).toBe('1')
  expect(await page.getByText(/deliver/i).count()).toBe(0)
  await screen.isAccessible()
  await screen.shot('reports')
  await page.emulateMedia({ colorScheme: 'dark' })
  await screen.isAccessible()
  await screen.shot('reports-dark')

  // A shorter time, then own dates, of which the last day belongs to the period.
  const times = page.getByRole('combobox', { name: 'Time', exact: true })
  await times.click()
  await page.getByRole('option', { name: 'The last 7 days' }).click()
  await expect.poll(() => row(screen, 'By time', 'Together')).toMatchObject({ 1: '3', 3: '0', 6: '2 (67%)' })
  await times.click()
  await page.getByRole('option', { name: 'Own dates' }).click()
  const day = new Date(noon(10)).toISOString().slice(0, 10)
  await page.getByLabel('Last day').fill(day)
  await page.getByText('The last day has to be the first one or a later one.').waitFor()
  await page.getByLabel('First day').fill(day)
  await expect.poll(() => row(screen, 'By time', 'Together')).toMatchObject({ 1: '1', 3: '1', 4: '1', 6: '0' })
  await page.getByText('No campaign began').waitFor({ state: 'detached' })

  await times.click()
  await page.getByRole('option', { name: 'Everything' }).click()
  await expect.poll(() => row(screen, 'By time', 'Together')).toMatchObject({ 1: '4' })
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as CSV: By campaign' }).click()
  const file = await saving
  expect(file.suggestedFilename()).toMatch(/^campaigns-\d{4}-\d{2}-\d{2}\.csv$/)
  const lines = readFileSync(await file.path(), 'utf8').split('\r\n')
  expect(lines[1]!.split(',').slice(1, 8)).toEqual([
    ...["'=Spring market", 'completed', expect.stringMatching(/ 12:00$/), '', '3', '3', '3'],
  ])
  expect(lines[2]).toContain(LONG)
  await page.setViewportSize({ width: 900, height: 700 })
  await screen.isAccessible()
  await screen.shot('reports-900-dark')
  await screen.done()
})

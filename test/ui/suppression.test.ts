import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Ui } from './kit.ts'

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(() => ui?.close())

it.each([false, true])('lists who is never texted, takes numbers up and lets them go (dark: %s)', async dark => {
  const suffix = dark ? '-dark' : ''
  const number = dark ? '+442079460018' : '+442079460017'
  const screen = await ui.signedIn({ dark, path: '/suppression', ...(dark && { width: 900, height: 700 }) })
  const { page } = screen
  await page.getByText('Nobody has opted out').waitFor()
  await screen.isAccessible()
  await screen.shot(`suppression-1-empty${suffix}`)
  await page.getByRole('button', { name: 'Add a number' }).first().click()
  await page.getByLabel('Number', { exact: true }).fill('020 7946')
  await page.getByLabel('Reason').fill('Wrote a letter')
  await page.getByRole('button', { name: 'Put it on the list' }).click()
  await page.getByText('Write it with + and the country code').waitFor()
  await screen.isAccessible()
  await page.getByLabel('Number', { exact: true }).fill(`${number.slice(0, 3)} ${number.slice(3)}`)
  await page.getByRole('button', { name: 'Put it on the list' }).click()
  const rows = page.getByRole('table', { name: 'Suppression list' })
  await rows.getByText(number).waitFor()
  await rows.getByText('Wrote a letter').waitFor()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await screen.isAccessible()
  await screen.shot(`suppression-2-list${suffix}`)

  await page.getByLabel('Search the suppression list').fill('1202')
  await page.getByText('No number begins like this').waitFor()
  await page.getByLabel('Search the suppression list').fill(number.slice(1, 8))
  await rows.getByRole('button', { name: `Take off ${number}` }).click()
  await page.getByLabel('Why may they be texted again?').fill('Asked for it in the shop')
  await screen.isAccessible()
  await screen.shot(`suppression-3-remove${suffix}`)
  await page.getByRole('button', { name: 'Take it off the list' }).click()
  await page.getByText('No number begins like this').waitFor()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  expect(await ui.hub.done('suppression.check', { number })).toEqual({ suppressed: false, reason: null })

  await page.getByLabel('Search the suppression list').fill('')
  await page.getByText('Taken off', { exact: true }).click()
  const lifted = page.getByRole('table', { name: 'Numbers that came off the list' })
  await lifted.getByText('Asked for it in the shop').first().waitFor()
  await screen.isAccessible()
  await screen.shot(`suppression-4-taken-off${suffix}`)
  await page.getByText('On the list', { exact: true }).click()

  const wrong = dark ? '4.41E+11' : 'no number at all'
  const listed = dark ? ['+442079460028', '+442079460029'] : ['+442079460026', '+442079460027']
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Import a list of numbers' }).click()
  await page.getByLabel('Reason').fill('The old system')
  await page.locator('input[type=file]').setInputFiles({
    ...{ name: 'opted-out.csv', mimeType: 'text/csv' },
    buffer: Buffer.from(`number;note\n${listed[0]};Wrote a letter\n${listed[1]};\n${wrong};\n`),
  })
  await page.getByText('opted-out.csv: 3 numbers').waitFor()
  await screen.isAccessible()
  await screen.shot(`suppression-5-import${suffix}`)
  await page.getByRole('button', { name: 'Put them on the list' }).click()
  await page.getByText('2 numbers were added').waitFor()
  await page.getByText('Row 4').waitFor()
  await screen.isAccessible()
  await screen.shot(`suppression-6-imported${suffix}`)
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('combobox', { name: 'Why they are on the list' }).click()
  await page.getByRole('option', { name: /an imported list said so/ }).click()
  await rows.getByText('The old system').first().waitFor()
  await rows.getByText('Wrote a letter').waitFor()
  await screen.isAccessible()
  await screen.shot(`suppression-7-reason${suffix}`)

  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Save as CSV' }).click()
  const text = readFileSync(await (await saved).path(), 'utf8')
  for (const one of listed) {
    expect(text).toContain(one)
    await ui.hub.done('suppression.remove', { number: one, note: 'The test is over' })
  }
  await screen.done()
})

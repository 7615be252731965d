import { afterAll, beforeAll, expect, it } from 'vitest'
import { Ui } from './kit.ts'

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(() => ui?.close())

it.each([false, true])('shows and erases a person, and says what rules of age would remove (dark: %s)', async dark => {
  const suffix = dark ? '-dark' : ''
  const number = dark ? '+12025550102' : '+12025550101'
  await ui.hub.done('contacts.create', { number, firstName: 'Ann', consent: { source: 'Form' } })
  const screen = await ui.signedIn({ dark, path: '/admin/privacy', ...(dark && { width: 900, height: 800 }) })
  const { page } = screen
  await page.getByLabel('Number', { exact: true }).fill('020 7946')
  await page.getByRole('button', { name: 'Show everything' }).click()
  await page.getByText('Write it with + and the country code').waitFor()
  await page.getByLabel('Number', { exact: true }).fill(number)
  await page.getByRole('button', { name: 'Show everything' }).click()
  await page.getByText(`Everything about ${number}`).waitFor()
  await screen.isAccessible()
  await screen.shot(`privacy-1-person${suffix}`)
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as JSON' }).click()
  expect((await saved).suggestedFilename()).toBe('person.json')

  await page.getByRole('button', { name: 'Erase this person' }).click()
  const dialog = page.getByRole('dialog')
  const erase = dialog.getByRole('button', { name: 'Erase', exact: true })
  expect(await erase.isEnabled()).toBe(false)
  await page.getByLabel('Type the number to go on').fill(number)
  await screen.isAccessible()
  await erase.click()
  await dialog.getByText('What stays').waitFor()
  await screen.isAccessible()
  await screen.shot(`privacy-2-receipt${suffix}`)
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await dialog.waitFor({ state: 'hidden' })
  await page
    .getByRole('button', { name: /^Erasure \d+/ })
    .first()
    .waitFor()
  expect(await ui.hub.done('suppression.check', { number })).toMatchObject({ reason: 'erased' })

  await page.getByLabel('Texts that went out').fill(dark ? '60' : '30')
  await page.getByRole('button', { name: 'What would that remove?' }).click()
  await page.getByText('Now this would be removed').waitFor()
  await page.getByRole('button', { name: 'Save the rules' }).click()
  await page.getByText('The rules were saved').waitFor()
  await screen.isAccessible()
  await screen.shot(`privacy-3-retention${suffix}`)
  expect((await ui.hub.done('retention.get', {})).messages).toBe(dark ? 60 : 30)
  await screen.done()
})

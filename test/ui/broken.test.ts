import { afterAll, beforeAll, it } from 'vitest'
import { PASSWORD } from '../integration/http/kit.ts'
import { Ui } from './kit.ts'

/** What React tells the console. */
const NOT_LOADED = /^error: TypeError: Failed to fetch dynamically imported module/

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(async () => {
  await ui?.close()
})

it.each([false, true])(
  'a screen whose part of the program does not load says so; the others go on (dark: %s)',
  async dark => {
    const screen = await ui.signedIn({ dark, ...(dark && { width: 900, height: 640 }) })
    const { page } = screen
    screen.provoked = NOT_LOADED
    const isOfReports = /\/assets\/reports-[\w-]+\.js$/
    await page.route(isOfReports, route => route.fulfill({ status: 404 }))
    await page.getByRole('link', { name: 'Reports' }).click()
    const said = page.getByRole('alert').filter({ hasText: 'This screen cannot be shown' })
    await said.getByText('Nothing is lost').waitFor()
    await screen.isAccessible()
    await screen.shot(`broken${dark ? '-dark' : ''}`)
    await page.getByRole('link', { name: 'Contacts' }).click()
    await page.getByRole('heading', { name: 'Contacts', level: 1 }).waitFor()
    await page.unroute(isOfReports)
    await page.getByRole('link', { name: 'Reports' }).click()
    await said.getByRole('button', { name: 'Load it again' }).click()
    await page.getByRole('heading', { name: 'Reports', level: 1 }).waitFor()
    await screen.done()
  },
)

it('a session that cannot go on at all says so instead of an empty page', async () => {
  const screen = await ui.screen()
  const { page } = screen
  screen.provoked = NOT_LOADED
  const isOfShell = /\/assets\/shell-[\w-]+\.js$/
  await page.route(isOfShell, route => route.fulfill({ status: 404 }))
  await page.goto('/')
  await page.getByLabel('User name').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').filter({ hasText: 'This screen cannot be shown' }).waitFor()
  await screen.isAccessible()
  await page.unroute(isOfShell)
  await page.getByRole('button', { name: 'Load it again' }).click()
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
  await screen.done()
})

import { afterAll, beforeAll, describe, it } from 'vitest'
import { Ui } from './kit.ts'

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(() => ui?.close())

describe.each([false, true])('the overview (dark: %s)', dark => {
  it('leads a new hub to its first text', async () => {
    const screen = await ui.signedIn({ dark })
    const { page } = screen
    const steps = page.getByRole('region', { name: 'First steps' })
    await steps.getByRole('link', { name: 'Pair a phone' }).waitFor()
    await page.getByText('None is running or scheduled.').waitFor()
    await page.getByText('Nothing. New replies show up here.').waitFor()
    await screen.isAccessible()
    await screen.shot(`overview-new${dark ? '-dark' : ''}`)
    await steps.getByRole('link', { name: 'Import a list' }).click()
    await page.getByRole('heading', { level: 1, name: /import/i }).waitFor()
    await screen.done()
  })
})

it('shows what runs, and fits into a small window', async () => {
  await ui.hub.done('contacts.create', { number: '+12025550123', firstName: 'Ada' })
  const { id } = await ui.hub.done('campaigns.create', { name: 'Spring market', template: 'Hello {{ first_name }}' })
  await ui.hub.done('campaigns.start', { id, at: Date.now() + 3_600_000 }).catch(() => null)
  const screen = await ui.signedIn({ width: 900, height: 700 })
  const { page } = screen
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  await screen.isAccessible()
  await screen.shot('overview-900')
  await screen.done()
})

it('finds screens, contacts, campaigns and commands by Ctrl+K', async () => {
  await ui.hub.done('contacts.create', { number: '+12025550188', firstName: 'Grace', lastName: 'Hazel' })
  await ui.hub.done('campaigns.create', { name: 'Grass seed week', template: 'Hello' })
  const screen = await ui.signedIn()
  const { page } = screen
  const field = page.getByLabel('Search and commands')
  const open = async (typed: string) => {
    await page.keyboard.press('Control+k')
    await field.fill(typed)
  }
  await open('gra')
  await page.getByRole('button', { name: /Grace Hazel.*\+12025550188/ }).waitFor()
  await page.getByRole('button', { name: /Grass seed week/ }).waitFor()
  await screen.isAccessible()
  await screen.shot('palette')
  await field.fill('Hazel')
  await page.getByRole('button', { name: /Grace Hazel/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: /Grace Hazel/ }).waitFor()
  await page.keyboard.press('Escape')
  await open('grass')
  await page.getByRole('button', { name: /Grass seed week/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Grass seed week' }).waitFor()
  await open('import a')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: /import/i }).waitFor()
  await open('htpasswd')
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: 'Services', selected: true }).waitFor()
  await open('nothing is called so')
  await page.getByText('Nothing is called that.').waitFor()
  await screen.done()
})

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD } from '../integration/http/kit.ts'
import { Ui } from './kit.ts'

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(() => ui?.close())

const SECTIONS = [
  ['users', 'Add a user'],
  ['people', 'Add a person'],
  ['services', 'Add a service'],
  ['access', 'Sign everybody out'],
  ['keys', 'Make a key'],
  ['webhooks', 'Add a webhook'],
  ['audit', 'Verify'],
  ['settings', 'Save'],
  ['system', 'Look again'],
] as const

describe.each([false, true])('administration (dark: %s)', dark => {
  it('shows every section without a fault', async () => {
    const screen = await ui.signedIn({ dark, path: '/admin' })
    const { page } = screen
    for (const [section, button] of SECTIONS) {
      await page.goto(`/#/admin/${section}`)
      await page.getByRole('button', { name: button }).first().waitFor()
      await page.waitForLoadState('networkidle')
      await screen.isAccessible()
      await screen.shot(`admin-${section}${dark ? '-dark' : ''}`)
    }
    await screen.done()
  })
})

it('adds a user with a one-time password, who signs in, is seen, and is deleted', async () => {
  const screen = await ui.signedIn({ path: '/admin/users' })
  const { page } = screen
  await page.getByRole('button', { name: 'Add a user' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('User name').fill('carol')
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Carol of the front desk')
  await dialog.getByRole('textbox', { name: 'One-time password' }).fill('password')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.getByText(/first that an attacker tries|easy to guess/).waitFor()
  await screen.shot('admin-user-refused')
  await screen.isAccessible()
  await dialog.getByRole('textbox', { name: 'One-time password' }).fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('Has to change the password').waitFor()

  await page.getByRole('button', { name: 'More for carol' }).click()
  await page.getByRole('menuitem', { name: 'Deactivate' }).click()
  await page.getByText('Not active').waitFor()

  await page.getByRole('button', { name: 'More for carol' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByLabel('Type carol to go on').fill('carol')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await expect.poll(async () => (await ui.hub.done('users.list', {})).users.map(user => user.username)).toEqual(['ann'])
  await screen.done()
})

it('makes a key that works, shows it once, and revokes it', async () => {
  const screen = await ui.signedIn({ path: '/admin/keys' })
  const { page } = screen
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Nightly script')
  await page.getByRole('button', { name: 'Make it' }).click()
  const key = await page.getByLabel('API key', { exact: true }).inputValue()
  await screen.isAccessible()
  await screen.shot('admin-key-once')
  const asked = () => ui.hub.ask('/api/auth/status', { headers: { 'x-api-key': key } })
  expect((await asked()).status).toBe(200)
  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByRole('button', { name: 'Revoke Nightly script' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('No keys').waitFor()
  expect((await asked()).status).toBe(401)
  expect(await page.content()).not.toContain(key)
  await screen.done()
})

it('tells a webhook with a secret that is shown once', async () => {
  const screen = await ui.signedIn({ path: '/admin/webhooks' })
  const { page } = screen
  await page.getByRole('button', { name: 'Add a webhook' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('CRM')
  await dialog.getByLabel('Address').fill('http://crm.example/hook')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.getByText(/https/).first().waitFor()
  await dialog.getByLabel('Address').fill('http://127.0.0.1:9/hook')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await page.getByLabel('Secret', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'I have it' }).click()
  const card = page.getByRole('region', { name: 'CRM' })
  await card.getByRole('button', { name: 'Send a test' }).click()
  await card.getByText('test', { exact: true }).waitFor()
  await screen.isAccessible()
  await screen.shot('admin-webhook')
  await screen.done()
})

it('finds the audit log whole', async () => {
  const screen = await ui.signedIn({ path: '/admin/audit' })
  const { page } = screen
  await page.getByText('users.create').first().waitFor()
  await page.getByRole('button', { name: 'Verify' }).click()
  await page.getByText(/rows fit together/).waitFor()
  await screen.done()
})

it('saves settings card by card, and says what is wrong', async () => {
  const screen = await ui.signedIn({ path: '/admin/settings' })
  const { page } = screen
  const answers = page.getByRole('region', { name: 'Answers by themselves' })
  await answers.getByLabel('After HELP').fill('')
  await answers.getByText('This has to say something.').waitFor()
  expect(await answers.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  await answers.getByLabel('After HELP').fill('Market hall, call 555 0100.')
  await answers.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Answers by themselves: saved.').waitFor()
  const organisation = page.getByRole('region', { name: 'Organisation' })
  const chosen = async (buffer: Buffer): Promise<void> => {
    const asked = page.waitForEvent('filechooser')
    await organisation.getByRole('button', { name: /Choose/ }).click()
    await (await asked).setFiles({ name: 'logo', mimeType: 'image/png', buffer })
  }
  await chosen(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))
  await organisation.getByText(/Others, such as SVG or GIF, are not taken/).waitFor()
  await screen.isAccessible()
  await chosen(await pictureOf(page, 'image/webp'))
  await organisation.getByText('240 × 80').waitFor()
  await chosen(await pictureOf(page, 'image/jpeg'))
  await expect.poll(async () => (await ui.hub.done('branding.get', {})).logo?.type).toBe('image/jpeg')
  await organisation.getByLabel('Name').fill('Walnut Street Market and Garden Association of the Upper Valley')
  await organisation.getByRole('button', { name: 'Save' }).click()
  await page
    .getByRole('banner')
    .getByText(/^Walnut Street Market/)
    .waitFor()
  const drawn = page.getByRole('banner').locator('img')
  await expect
    .poll(() => drawn.evaluate(image => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBe(240)
  await screen.shot('admin-organisation')
  const hours = page.getByRole('region', { name: 'Allowed hours' })
  await hours.getByLabel('From').fill('10:30')
  await hours.getByRole('checkbox', { name: 'Bank' }).check()
  await hours.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Allowed hours: saved.').waitFor()
  const saved = await ui.hub.done('settings.get', {})
  expect([saved.texts.help, saved.hours.from, saved.hours.holidays]).toEqual([
    'Market hall, call 555 0100.',
    630,
    ['bank'],
  ])
  await screen.done()
})

/** What a real encoder makes: the browser's own. */
async function pictureOf(page: Page, type: 'image/webp' | 'image/jpeg'): Promise<Buffer> {
  const url = await page.evaluate(kind => {
    const { document } = globalThis as unknown as { document: { createElement(name: string): Canvas } }
    const canvas = document.createElement('canvas')
    Object.assign(canvas, { width: 240, height: 80 })
    const brush = canvas.getContext('2d')
    brush.fillStyle = '#2f7d5b'
    brush.fillRect(0, 0, 240, 80)
    return canvas.toDataURL(kind)
  }, type)
  expect(url).toContain(type)
  return Buffer.from(url.split(',')[1]!, 'base64')
}

interface Canvas {
  getContext(kind: string): { fillStyle: string; fillRect(...edges: number[]): void }
  toDataURL(type: string): string
}

it('is not there for users', async () => {
  await ui.hub.user('dave')
  const screen = await ui.screen()
  const { page } = screen
  await screen.signIn('dave', PASSWORD)
  expect(await page.getByRole('link', { name: 'Administration' }).count()).toBe(0)
  await page.goto('/#/admin/users')
  await page.waitForURL(url => !url.hash.includes('admin'))
  await screen.done()
})

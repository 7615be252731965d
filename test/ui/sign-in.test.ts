import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD } from '../integration/http/kit.ts'
import { pngImage } from '../support/images.ts'
import { Ui } from './kit.ts'

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(() => ui?.close())

describe.each([false, true])('signing in (dark: %s)', dark => {
  it('says what is wrong, and lets in who has the password', async () => {
    const screen = await ui.screen({ dark })
    const { page } = screen
    const logo = pngImage(240, 80).toString('base64')
    await ui.hub.done('branding.set-logo', { image: logo })
    await ui.hub.done('settings.update', { organisation: 'Walnut Street Market' })
    await page.goto('/')
    await page.getByLabel('User name').waitFor()
    await page.getByText('Walnut Street Market').waitFor()
    const drawn = page.locator('main img')
    await expect
      .poll(() => drawn.evaluate(image => (image as unknown as { naturalWidth: number }).naturalWidth))
      .toBe(240)
    await screen.isAccessible()
    await screen.shot(`sign-in${dark ? '-dark' : ''}`)
    await page.getByLabel('User name').fill('ann')
    await page.getByLabel('Password', { exact: true }).fill('wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('The user name or the password is wrong').waitFor()
    await screen.isAccessible()
    await screen.shot(`sign-in-refused${dark ? '-dark' : ''}`)
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    await screen.done()
  })

  it('shows where one is signed in, and signs out', async () => {
    const screen = await ui.signedIn({ dark, path: '/account' })
    const { page } = screen
    await page.getByText('this one', { exact: true }).waitFor()
    await screen.isAccessible()
    await screen.shot(`account${dark ? '-dark' : ''}`)
    await page.getByRole('button', { name: 'Menu of ann' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await page.reload()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await screen.done()
  })
})

it('asks somebody who was given a password for one of their own before anything else', async () => {
  await ui.hub.done('users.create', { username: 'bob', password: PASSWORD, role: 'user', mustChangePassword: true })
  const screen = await ui.screen()
  const { page } = screen
  await page.goto('/')
  await page.getByLabel('User name').fill('bob')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Choose a password' }).waitFor()
  await page.getByLabel('Present password').fill(PASSWORD)
  await page.getByLabel('New password', { exact: true }).fill('password1')
  await page.getByLabel('New password again').fill('password1')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page
    .getByText(/easy to guess|first that an attacker tries/i)
    .first()
    .waitFor()
  await screen.isAccessible()
  await screen.shot('choose-password')
  const own = 'quiet harbour lantern seven'
  await page.getByLabel('New password', { exact: true }).fill(own)
  await page.getByLabel('New password again').fill(own)
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await screen.signIn('bob', own)
  await screen.done()
})

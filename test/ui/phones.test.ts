import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SimulatedPhone } from '../support/simulated-phone.ts'
import { Ui } from './kit.ts'

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(() => ui?.close())

describe.each([false, true])('without a phone (dark: %s)', dark => {
  it('says what to do next', async () => {
    const screen = await ui.signedIn({ dark, path: '/phones' })
    const { page } = screen
    await page.getByText('No phone is paired yet').waitFor()
    await page.getByText('The link is closed to the network').waitFor()
    await screen.isAccessible()
    await screen.shot(`phones-empty${dark ? '-dark' : ''}`)
    await page.getByRole('button', { name: 'Pair a phone' }).first().click()
    await page.getByLabel('Name of the phone').fill('Old one in the shop')
    await page.keyboard.press('Enter')
    await page.getByRole('img', { name: 'QR code of the pairing link' }).waitFor()
    await screen.isAccessible()
    await screen.shot(`phones-pairing${dark ? '-dark' : ''}`)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await expect.poll(async () => (await ui.hub.done('phones.pairing', {})).open).toBe(false)
    await screen.done()
  })
})

it('pairs a phone by the code, shows how it is, and gives its SIM limits', async () => {
  const simulated = new SimulatedPhone(ui.hub.folder)
  const screen = await ui.signedIn({ path: '/phones' })
  const { page } = screen
  try {
    await page.getByRole('button', { name: 'Pair a phone' }).first().click()
    await page.getByLabel('Name of the phone').fill('Shop phone')
    await page.getByRole('button', { name: 'Show the code' }).click()
    const line = await page.getByLabel('Line for Termux').inputValue()
    await simulated.pair(/campaign-connector:[^\s'"]+/.exec(line)![0])
    await page.getByRole('status').getByText('Shop phone is paired').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()

    const card = page.getByRole('region', { name: 'Shop phone' })
    await card.getByText('Connected').waitFor()
    await card.getByText(/^SIM 1/).waitFor()
    await card.getByText('SIM 2: there is none in this slot.').waitFor()
    await card.getByText(/0 of 100 segments an hour/).waitFor()
    await screen.isAccessible()
    await screen.shot('phones')

    await card.getByRole('button', { name: 'Limits' }).click()
    await page.getByRole('switch', { name: 'Limits of its own' }).check()
    await page.getByRole('textbox', { name: 'Segments an hour' }).fill('60')
    await page.getByRole('button', { name: 'Save' }).click()
    await card.getByText(/of 60 segments an hour/).waitFor()

    await card.getByRole('switch', { name: 'Sends' }).first().click()
    await card.getByText('Switched off').waitFor()

    await card.getByRole('button', { name: 'Run the doctor' }).click()
    await card.getByText(/checks? are fine|all are fine/).waitFor()
    await screen.shot('phones-doctor')
    await screen.isAccessible()

    await card.getByRole('button', { name: 'More for Shop phone' }).click()
    await page.getByRole('menuitem', { name: 'Revoke' }).click()
    const revoke = page.getByRole('dialog').getByRole('button', { name: 'Revoke' })
    expect(await revoke.isDisabled()).toBe(true)
    await page.getByLabel('Type Shop phone to go on').fill('Shop phone')
    await revoke.click()
    await page.getByText('No phone is paired yet').waitFor()
  } finally {
    await simulated.close()
  }
  await screen.done()
})

import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LOCAL } from '../../src/main/services/operations/caller.ts'
import { openTestApp } from '../support/hub.ts'
import { SimulatedPhone } from '../support/simulated-phone.ts'
import { Ui } from './kit.ts'

let ui: Ui
let other: Server
let port: number

/** Another program that has a port. */
async function takePort(wanted: number): Promise<Server> {
  const server = createServer()
  server.listen(wanted, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function release(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}

beforeAll(async () => {
  other = await takePort(0)
  port = (other.address() as AddressInfo).port
  const folder = mkdtempSync(join(tmpdir(), 'cc-ui-link-'))
  const before = await openTestApp({ folder })
  await before.dispatch('settings.update', { linkPort: port, pollSeconds: { active: 0.5, idle: 0.5 } }, LOCAL)
  for (const number of ['+12122000001', '+12122000002']) await before.dispatch('contacts.create', { number }, LOCAL)
  await before.close()
  const opened = await Ui.open({ folder, link: { mayWait: true, everyMs: 50 } })
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(async () => {
  await ui?.close()
  if (other.listening) await release(other)
})

it('a port that another program has is said on every screen that it concerns, until it is free', async () => {
  const screen = await ui.signedIn()
  const { page } = screen
  const reason = `127.0.0.1:${port}: another program uses that port. End that program, or choose another port`
  const blocked = page.getByRole('alert').filter({ hasText: 'Nothing is sent at the moment' })
  const problem = page.getByRole('main').getByRole('alert').filter({ hasText: 'Phones cannot connect' })
  await blocked.getByText(reason).waitFor()
  await screen.isAccessible()
  await page.getByRole('link', { name: 'Phones', exact: true }).first().click()
  await problem.getByText(reason).waitFor()
  // Said once.
  expect(await blocked.count()).toBe(0)
  await page.getByText('The link does not listen at the moment, so no phone can connect.').waitFor()
  await screen.isAccessible()
  await screen.shot('link-taken')

  await release(other)
  await page.getByText(`The phone link listens on 127.0.0.1:${port}.`).waitFor()
  await problem.waitFor({ state: 'detached' })
  await page.getByText('The link is closed to the network').waitFor()
  await screen.done()
})

it.each([false, true])('a port that cannot be had leaves the link where it was (dark: %s)', async dark => {
  const taken = await takePort(0)
  const wanted = (taken.address() as AddressInfo).port
  const screen = await ui.signedIn({ dark, path: '/phones', ...(dark && { width: 900, height: 640 }) })
  const { page } = screen
  const choose = async (chosen: number): Promise<void> => {
    await page.getByRole('button', { name: 'Change' }).first().click()
    await page.getByRole('textbox', { name: 'Port' }).fill(String(chosen))
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  try {
    await choose(wanted)
    const toast = page.locator('#link').filter({ hasText: 'The phone link stays where it was' })
    await toast.getByText(`127.0.0.1:${wanted}: another program uses that port.`).waitFor()
    // Phones go on: nothing is held up.
    await page.getByRole('main').getByText('Until then it stays where it was.').waitFor()
    expect(await page.getByText('Nothing is sent at the moment').count()).toBe(0)
    await screen.isAccessible()
    await screen.shot(`link-stays${dark ? '-dark' : ''}`)
    await choose(port)
    await page.getByText(`The phone link listens on 127.0.0.1:${port}.`).waitFor()
    await toast.waitFor({ state: 'detached' })
    await page.getByRole('main').getByText('Until then it stays where it was.').waitFor({ state: 'detached' })
  } finally {
    await release(taken)
  }
  await screen.done()
})

it.each([
  [{ host: '127.0.0.1' }, 'The hub was started with --link-host 127.0.0.1', 'link-host-given'],
  [{ host: '127.0.0.1', port: 0 }, null, null],
])('what was given at the start is not asked for: %j', async (link, said, shot) => {
  const given = await Ui.open({ link })
  const screen = await given!.signedIn({ path: '/phones' })
  const { page } = screen
  try {
    await page.getByText('The link is closed to the network').waitFor()
    const change = page.getByRole('button', { name: 'Change' })
    if (said === null || shot === null) {
      expect(await change.count()).toBe(0)
    } else {
      await change.click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText(said).waitFor()
      expect(await dialog.getByRole('radio').count()).toBe(0)
      await screen.isAccessible()
      await screen.shot(shot)
      await dialog.getByRole('textbox', { name: 'Port' }).fill('0')
      await dialog.getByRole('button', { name: 'Save' }).click()
      await dialog.waitFor({ state: 'detached' })
      expect(await given!.hub.done('settings.get', {})).toMatchObject({ linkHost: '127.0.0.1', linkPort: 0 })
    }
    await screen.done()
  } finally {
    await given!.close()
  }
})

it('what came in is counted in the title and the menu, whatever screen is open, until it is read', async () => {
  const simulated = new SimulatedPhone(ui.hub.folder)
  const screen = await ui.signedIn({ path: '/reports' })
  const { page } = screen
  const titleIs = (title: string) => expect.poll(() => page.title(), { timeout: 30_000 }).toBe(title)
  try {
    const { link } = await ui.hub.done('phones.pair', { name: 'Shop phone' })
    await simulated.pair(link)
    await expect
      .poll(async () => (await ui.hub.done('phones.list', {})).phones.some(one => one.connected), { timeout: 30_000 })
      .toBe(true)
    await titleIs('Reports · Campaign Connector')
    simulated.phone.receive({ from: '+12122000001', body: 'Is it open on Sunday?' })
    await titleIs('(1) Reports · Campaign Connector')
    simulated.phone.receive({ from: '+12122000002', body: 'And on Monday?' })
    await titleIs('(2) Reports · Campaign Connector')
    await page.getByRole('navigation', { name: 'Screens' }).getByLabel('2 unread').waitFor()
    await screen.isAccessible()
    await screen.shot('unread')
    await page.getByRole('link', { name: /^Inbox/ }).click()
    await titleIs('(2) Inbox · Campaign Connector')
    await page.getByRole('navigation', { name: 'Threads' }).getByText('And on Monday?').click()
    await titleIs('(1) Inbox · Campaign Connector')
    await page.getByRole('navigation', { name: 'Threads' }).getByText('Is it open on Sunday?').click()
    await titleIs('Inbox · Campaign Connector')
    expect(await page.getByLabel(/\d unread/).count()).toBe(0)
  } finally {
    await simulated.close()
  }
  await screen.done()
})

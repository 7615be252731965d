/**
 * Makes the pictures of the documentation, docs/images/*.png, of every screen in light and dark: runs the demo, then opens the
 * folder that it leaves, lets its simulated phone connect, and signs in with a real browser. `npm run pictures`.
 */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { openPhone } from '../phone-agent/simulator/phone.ts'
import { launchBrowser } from '../test/ui/browser.ts'

const FOLDER = 'docs/images'
const ACCOUNT = { ADMIN_USERNAME: 'ann', ADMIN_PASSWORD: 'several words that nobody guesses' }

/** The name of the file, where it is taken, and what is clicked there first. */
const SCREENS: readonly { name: string; path: string; click?: string }[] = [
  { name: 'overview', path: '/overview' },
  { name: 'campaigns', path: '/campaigns' },
  { name: 'campaign', path: '/campaigns/1' },
  { name: 'campaign-editor', path: '/campaigns/2/edit' },
  { name: 'campaign-review', path: '/campaigns/2/review' },
  { name: 'inbox', path: '/inbox', click: 'a[href^="#/inbox/"]:not([href$="review"], [href$="search"])' },
  { name: 'inbox-review', path: '/inbox/review' },
  { name: 'contacts', path: '/contacts' },
  { name: 'contact', path: '/contacts/1' },
  { name: 'imports', path: '/imports' },
  { name: 'import', path: '/imports/1' },
  { name: 'reports', path: '/reports' },
  { name: 'phones', path: '/phones' },
  { name: 'suppression-list', path: '/suppression' },
  { name: 'account', path: '/account' },
]

const folder = runDemo()
try {
  const data = join(folder, 'data')
  copyCampaign(data)
  using phone = openPhone(join(folder, 'phone'))
  const args = ['serve', '--web', '--port', '0', '--link-port', linkPortOf(phone.dir), '--json', '--data-dir', data]
  const hub = spawn(process.execPath, ['bin/campaign-connector.mjs', ...args], {
    env: { ...process.env, ...ACCOUNT },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(hub, 'exit')
  try {
    const [line] = (await once(createInterface(hub.stdout), 'line')) as [string]
    const agent = spawn(process.execPath, ['out/phone-agent.mjs', 'run'], {
      env: { ...process.env, ...phone.env },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const left = once(agent, 'exit')
    try {
      await isConnected(data)
      await takePictures((JSON.parse(line) as { http: { url: string } }).http.url)
    } finally {
      agent.kill('SIGTERM')
      await left
    }
  } finally {
    hub.kill('SIGTERM')
    await gone
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Returns the folder that the demo has left. */
function runDemo(): string {
  console.log('Running the demo')
  const { stdout, status } = spawnSync(process.execPath, ['scripts/demo.ts', '--keep'], { encoding: 'utf8' })
  const left = /The folder stays: (.+)/.exec(stdout)?.[1]
  if (status !== 0 || left === undefined) throw new Error('The demo failed, so there is nothing to take pictures of.')
  return left
}

/** A draft, for the editor and the review. */
function copyCampaign(data: string): void {
  command(data, ['campaigns', 'duplicate', '1', '--name', 'Autumn market'])
}

/** Where the phone was paired, and looks for its hub. */
function linkPortOf(phone: string): string {
  const config = readFileSync(join(phone, 'home/.campaign-connector-agent/config.json'), 'utf8')
  const [address] = (JSON.parse(config) as { addresses: string[] }).addresses
  return address!.slice(address!.lastIndexOf(':') + 1)
}

async function isConnected(data: string): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    const { phones } = JSON.parse(command(data, ['phones', 'list', '--json'])) as { phones: { connected: boolean }[] }
    if (phones.some(phone => phone.connected)) return
    await setTimeout(500)
  }
  throw new Error('The simulated phone does not connect, so the pictures would show it away.')
}

function command(data: string, args: readonly string[]): string {
  const all = ['bin/campaign-connector.mjs', ...args, '--data-dir', data]
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

async function takePictures(baseURL: string): Promise<void> {
  const browser = await launchBrowser()
  if (!browser) throw new Error('There is no browser for this: set CHROMIUM_PATH to a Chromium or Chrome.')
  mkdirSync(FOLDER, { recursive: true })
  try {
    for (const scheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        ...{ baseURL, viewport: { width: 1280, height: 800 }, locale: 'en-US' },
        ...{ colorScheme: scheme, reducedMotion: 'reduce' },
      })
      const page = await context.newPage()
      const take = async (name: string) => {
        await comesToRest(page)
        await page.screenshot({ path: join(FOLDER, `${name}${scheme === 'dark' ? '-dark' : ''}.png`) })
        console.log(name)
      }
      await page.goto('/')
      await page.getByLabel('User name').waitFor()
      await take('sign-in')
      await signIn(page)
      for (const { name, path, click } of SCREENS) {
        await page.goto(`/#${path}`)
        if (click !== undefined) await page.locator(click).first().click()
        await take(name)
      }
      await takeTabs(page, '/admin', take)
      await context.close()
    }
  } finally {
    await browser.close()
  }
}

/** Every tab of a screen, each under its own name. */
async function takeTabs(page: Page, path: string, take: (name: string) => Promise<void>): Promise<void> {
  await page.goto(`/#${path}`)
  await page.getByRole('tab').first().waitFor()
  for (const tab of await page.getByRole('tab').all()) {
    await tab.click()
    const title = (await tab.textContent()) ?? ''
    await take(`${path.slice(1)}-${title.trim().toLowerCase().replaceAll(/\W+/g, '-')}`)
  }
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel('User name').fill(ACCOUNT.ADMIN_USERNAME)
  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.ADMIN_PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
}

/** Everything is there that was asked for, and nothing turns or shimmers any more. */
async function comesToRest(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.getByRole('group', { name: 'Preview' }).getByText('Nobody yet').waitFor({ state: 'detached' })
  await page.locator('.mantine-Loader-root, .mantine-Skeleton-root').first().waitFor({ state: 'detached' })
}

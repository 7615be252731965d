/**
 * Makes the pictures of the documentation, docs/images/*.png: runs the demo, then signs in to the folder that it leaves with a
 * real browser. `npm run build` first.
 */

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../test/ui/browser.ts'

const FOLDER = 'docs/images'
const ACCOUNT = { ADMIN_USERNAME: 'ann', ADMIN_PASSWORD: 'several words that nobody guesses' }

/** A name of a file, where it is taken, and what has to stand there. */
const PICTURES: readonly { name: string; path: string; ready: string | RegExp; dark?: boolean; first?: string }[] = [
  { name: 'overview', path: '/overview', ready: 'Overview' },
  { name: 'campaign', path: '/campaigns/1', ready: 'completed' },
  { name: 'review', path: '/campaigns/1/edit', ready: 'Preview' },
  { name: 'inbox', path: '/inbox', ready: 'Threads', first: 'nav[aria-label=Threads] a' },
  { name: 'contacts-dark', path: '/contacts', ready: /262 contacts/, dark: true },
]

const folder = await runDemo()
try {
  const hub = spawn(
    process.execPath,
    ['bin/campaign-connector.mjs', 'serve', '--web', '--port', '0', '--json', '--data-dir', join(folder, 'data')],
    { env: { ...process.env, ...ACCOUNT }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const gone = once(hub, 'exit')
  const [line] = (await once(createInterface(hub.stdout), 'line')) as [string]
  await takePictures((JSON.parse(line) as { http: { url: string } }).http.url)
  hub.kill('SIGTERM')
  await gone
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Returns the folder that the demo has left. */
async function runDemo(): Promise<string> {
  const { stdout, status } = spawnSync(process.execPath, ['scripts/demo.ts', '--keep'], { encoding: 'utf8' })
  const left = /The folder stays: (.+)/.exec(stdout)?.[1]
  if (status !== 0 || left === undefined) throw new Error('The demo failed, so there is nothing to take pictures of.')
  return left
}

async function takePictures(baseURL: string): Promise<void> {
  const browser = await launchBrowser()
  if (!browser) throw new Error('There is no browser for this: set CHROMIUM_PATH to a Chromium or Chrome.')
  mkdirSync(FOLDER, { recursive: true })
  try {
    for (const dark of [false, true]) {
      const context = await browser.newContext({
        ...{ baseURL, viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5, locale: 'en-US' },
        ...{ colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' },
      })
      const page = await context.newPage()
      await signIn(page)
      for (const picture of PICTURES.filter(one => (one.dark ?? false) === dark)) {
        await page.goto(`/#${picture.path}`)
        await page.getByText(picture.ready).first().waitFor()
        if (picture.first !== undefined) await page.locator(picture.first).first().click()
        await page.waitForLoadState('networkidle')
        const path = join(FOLDER, `${picture.name}.png`)
        await page.screenshot({ path: resolve(path) })
        console.log(path)
      }
      await context.close()
    }
  } finally {
    await browser.close()
  }
}

async function signIn(page: Page): Promise<void> {
  await page.goto('/')
  await page.getByLabel('User name').fill(ACCOUNT.ADMIN_USERNAME)
  await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.ADMIN_PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
}

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { Hub, PASSWORD } from '../integration/http/kit.ts'
import { launchBrowser } from './browser.ts'

/** A real hub in web mode, and a real browser that looks at it. */
export class Ui {
  readonly hub: Hub
  readonly #browser: Browser
  readonly #open = new Set<BrowserContext>()

  private constructor(hub: Hub, browser: Browser) {
    this.hub = hub
    this.#browser = browser
  }

  /** With one administrator, ann. Null where no browser can run. */
  static async open(): Promise<Ui | null> {
    const browser = await launchBrowser()
    if (!browser) return null
    const hub = await Hub.open()
    await hub.user('ann', 'admin')
    return new Ui(hub, browser)
  }

  async close(): Promise<void> {
    for (const context of this.#open) await context.close()
    await this.#browser.close()
    await this.hub.close()
  }

  /** A fresh browser profile on the application. What goes wrong in it fails the test when the screen is closed. */
  async screen(options: { dark?: boolean; width?: number; height?: number } = {}): Promise<Screen> {
    const context = await this.#browser.newContext({
      baseURL: `http://127.0.0.1:${this.hub.port}`,
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      colorScheme: options.dark ? 'dark' : 'light',
      reducedMotion: 'reduce',
      locale: 'en-US',
      timezoneId: 'America/New_York',
    })
    this.#open.add(context)
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    return new Screen(page, async () => {
      this.#open.delete(context)
      await context.close()
    })
  }

  /** The same, signed in. */
  async signedIn(options: { dark?: boolean; width?: number; height?: number; path?: string } = {}): Promise<Screen> {
    const screen = await this.screen(options)
    await screen.signIn('ann', PASSWORD)
    if (options.path !== undefined) await screen.page.goto(`/#${options.path}`)
    return screen
  }
}

interface Moving {
  readonly playState: string
  readonly effect: { getComputedTiming(): { endTime: number } } | null
}

/** Run in the page. What turns for ever, such as a loader, does not count. */
const STANDS_STILL = () => {
  const { document } = globalThis as unknown as { document: { getAnimations(): Moving[] } }
  return document
    .getAnimations()
    .every(one => one.playState !== 'running' || one.effect?.getComputedTiming().endTime === Number.POSITIVE_INFINITY)
}

async function until(ready: () => Promise<boolean>, ms: number): Promise<void> {
  const end = performance.now() + ms
  while (!(await ready()) && performance.now() < end) await new Promise(resolve => setTimeout(resolve, 50))
}

/** Answers that the browser reports as errors by itself, though the page shows them properly. */
const EXPECTED = /Failed to load resource: the server responded with a status of (400|401|403|404|409|429)/

export class Screen {
  readonly page: Page
  /** What no screen may do: errors, and anything that the policy of content has stopped. */
  readonly faults: string[] = []
  readonly #close: () => Promise<void>

  constructor(page: Page, close: () => Promise<void>) {
    this.page = page
    this.#close = close
    page.on('pageerror', error => this.faults.push(`error: ${error.message}`))
    page.on('console', message => {
      const text = message.text()
      if ((message.type() === 'error' || message.type() === 'warning') && !EXPECTED.test(text)) {
        this.faults.push(`${message.type()}: ${text}`)
      }
    })
    page.on('requestfailed', request => {
      const why = request.failure()?.errorText ?? ''
      if (!/ERR_ABORTED/.test(why)) this.faults.push(`request: ${request.url()} ${why}`)
    })
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.page.goto('/')
    await this.page.getByLabel('User name').fill(username)
    await this.page.getByLabel('Password', { exact: true }).fill(password)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
    await this.page.getByRole('navigation', { name: 'Screens' }).waitFor()
  }

  /** Nothing that people with a screen reader, with weak eyes or without a mouse would stumble over. */
  async isAccessible(): Promise<void> {
    // What still moves or fades in has other colours than it will have.
    await until(() => this.page.evaluate(STANDS_STILL), 10_000)
    const { violations } = await new AxeBuilder({ page: this.page }).analyze()
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`)).toEqual(
      [],
    )
  }

  /** For people who want to see it: `UI_SHOTS=folder npm test -- test/ui`. */
  async shot(name: string): Promise<void> {
    const folder = process.env['UI_SHOTS']
    if (!folder) return
    mkdirSync(folder, { recursive: true })
    await this.page.screenshot({ path: join(folder, `${name}.png`) })
  }

  /** Closes it, and fails when anything went wrong meanwhile. */
  async done(): Promise<void> {
    await this.#close()
    expect(this.faults).toEqual([])
  }
}

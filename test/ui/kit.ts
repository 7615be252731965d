import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { AppOptions } from '../../src/main/app.ts'
import { Hub, PASSWORD } from '../integration/http/kit.ts'
import { launchBrowser } from './browser.ts'

/** A real hub in web mode, and a real browser that looks at it. */
export class Ui {
  hub: Hub
  readonly #browser: Browser
  readonly #open = new Set<BrowserContext>()

  private constructor(hub: Hub, browser: Browser) {
    this.hub = hub
    this.#browser = browser
  }

  /** With one administrator, ann. Null where no browser can run. `folder` and `link`: of the hub, where they matter. */
  static async open({ folder, link }: { folder?: string } & Pick<AppOptions, 'link'> = {}): Promise<Ui | null> {
    const browser = await launchBrowser()
    if (!browser) return null
    const hub = await Hub.open({}, {}, folder, {}, link)
    await hub.user('ann', 'admin')
    return new Ui(hub, browser)
  }

  async close(): Promise<void> {
    for (const context of this.#open) await context.close()
    await this.#browser.close()
    await this.hub.close()
  }

  /** Ends the hub, does this to its folder, and starts it again at the same address. Pages that are open stay open. */
  async restart(meanwhile: (folder: string) => Promise<unknown>): Promise<void> {
    const { folder, port } = this.hub
    await this.hub.stop()
    await meanwhile(folder)
    this.hub = await Hub.open({ port }, {}, folder)
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

interface Focusable {
  readonly parentElement: Focusable | null
  readonly nextElementSibling: Focusable | null
  readonly labels?: ArrayLike<Focusable> | null
  readonly tagName: string
  matches(selector: string): boolean
  contains(other: unknown): boolean
  getBoundingClientRect(): { x: number; y: number; width: number; height: number }
}

/** Run in the page. What is wrong with the focus for somebody who sees the page and has no mouse; null: nothing. */
const FOCUS_PROBLEM = () => {
  const { document, getComputedStyle, innerWidth, innerHeight } = globalThis as unknown as {
    document: { activeElement: Focusable; body: Focusable; elementFromPoint(x: number, y: number): Focusable | null }
    getComputedStyle(element: Focusable): Record<'outlineStyle' | 'outlineWidth' | 'borderTopColor', string> & {
      getPropertyValue(name: string): string
    }
    innerWidth: number
    innerHeight: number
  }
  const own = document.activeElement
  if (own === document.body) return 'nothing has it'
  if (!own.matches(':focus-visible')) return 'it is not shown'
  // A box or a switch hides its field and draws the ring elsewhere.
  const near = [own, own.parentElement, own.nextElementSibling, ...Array.from(own.labels ?? [])]
  const isRinged = near.some(one => {
    if (!one) return false
    const { outlineStyle, outlineWidth } = getComputedStyle(one)
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0
  })
  // A field that is written in has a cursor, and a border that changes.
  const isField = own.matches('input:not([type=checkbox], [type=radio], [type=file]), textarea')
  if (!isRinged && !isField) return 'it has no ring'
  const { x, y, width, height } = own.getBoundingClientRect()
  const middle = [Math.min(Math.max(x + width / 2, 0), innerWidth - 1), y + Math.min(height / 2, 20)] as const
  if (middle[1] < 0 || middle[1] >= innerHeight) return 'it is outside of what is seen'
  const top = document.elementFromPoint(...middle)
  const isSeen = near.some(one => one && top && (one.contains(top) || top.contains(one)))
  return isSeen ? null : 'something lies over it'
}

/** Answers that the browser reports as errors by itself, though the page shows them properly. */
const EXPECTED = /Failed to load resource: the server responded with a status of (400|401|403|404|409|429)/

export class Screen {
  readonly page: Page
  /** What no screen may do: errors, and anything that the policy of content has stopped. */
  readonly faults: string[] = []
  /** Faults that a test provokes. */
  provoked: RegExp | null = null
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

  /** What has the focus, by its role and name: `button "Save"`. Empty where nothing has. */
  async focused(): Promise<string> {
    const focused = this.page.locator(':focus')
    if ((await focused.count()) === 0) return ''
    return (await focused.ariaSnapshot()).split('\n')[0]!.replace(/^- '?/, '')
  }

  /** Fails unless the focus is seen, in the part of the page that is seen. */
  async showsFocus(): Promise<void> {
    expect([await this.focused(), await this.page.evaluate(FOCUS_PROBLEM)]).toEqual([expect.any(String), null])
  }

  /** Presses Tab, or Shift+Tab, until this role and name has the focus, such as `button "Save"`; it has to be seen there. */
  async tabTo(what: string, { back = false, most = 80 } = {}): Promise<void> {
    const passed: string[] = []
    for (let presses = 0; presses < most; presses += 1) {
      await this.page.keyboard.press(back ? 'Shift+Tab' : 'Tab')
      const focused = await this.focused()
      if (focused.startsWith(what)) return await this.showsFocus()
      passed.push(focused)
    }
    throw new Error(`Tab never came to ${what}, but to ${passed.join(', ')}`)
  }

  /** Nothing that people with a screen reader, with weak eyes or without a mouse would stumble over. */
  async isAccessible(): Promise<void> {
    // What still moves or fades in has other colours than it will have.
    await until(() => this.page.evaluate(STANDS_STILL), 10_000)
    // The other mode puts results of frames together in another page, which takes as long as looking; there are no frames.
    const { violations } = await new AxeBuilder({ page: this.page }).setLegacyMode().analyze()
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
    expect(this.faults.filter(fault => !this.provoked?.test(fault))).toEqual([])
  }
}

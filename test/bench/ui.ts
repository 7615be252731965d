import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../ui/browser.ts'
import { describeMachine, type Machine } from './machine.ts'
import { type Spread, spread } from './numbers.ts'
import { builtHub, nodeArguments } from './programs.ts'
import { fillFolder } from './queries.ts'
import { contactOf } from './seed.ts'
import type { Run, Table } from './types.ts'
import { GO, SCROLL, TYPE_LAST } from './ui-page.ts'
import { timeWindow, type WindowFigures } from './ui-window.ts'

export interface UiOptions {
  readonly contacts: number
  readonly messages: number
  readonly inbound: number
  /** How often each thing is done. */
  readonly turns: number
  /** How often the window is opened; 0: not at all. */
  readonly starts: number
}

export interface UiResult {
  readonly benchmark: 'ui'
  readonly contacts: number
  readonly browser: string
  /** What has to arrive before the sign-in screen stands, compressed, in KB. */
  readonly first: { readonly scriptKB: number; readonly styleKB: number }
  /** In a browser, in ms: until what was asked for is seen. */
  readonly seen: Readonly<Record<Seen, Spread>>
  /** While the list of contacts is scrolled: from one picture to the next, in ms. `empty`: the share of pictures with a row that was not there yet. */
  readonly scrolling: Spread & { readonly pictures: number; readonly empty: number }
  /** Null where there is no Electron or no display. */
  readonly window: WindowFigures | null
  readonly machine: Machine
}

const SEEN = ['sign-in screen', 'contacts', 'contact search', 'contact', 'inbox', 'thread', 'campaign'] as const
type Seen = (typeof SEEN)[number]

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PASSWORD = 'several words that nobody guesses'

/** The pages in a real browser on a hub as it ships, with a large database behind them; and the window, where it can run. */
export async function uiBenchmark(options: UiOptions, run: Run): Promise<UiResult> {
  const machine = describeMachine(run.folder)
  const data = join(run.folder, 'data')
  const campaign = await fillFolder(data, options, run)
  // Without the window the pages are those of the last build, so that others who use them are left alone.
  if (options.starts > 0) {
    run.say('Building the application')
    execFileSync(process.execPath, ['scripts/build.ts'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  await runCli(['users', 'create', 'ann', '--role', 'admin', '--password-stdin', '--data-dir', data], PASSWORD)
  const serving = await serve(data)
  const browser = await launchBrowser()
  if (!browser) throw new Error('There is no browser for this: set CHROMIUM_PATH to a Chromium or Chrome.')
  try {
    const context = await browser.newContext({ baseURL: serving.url, viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    const pages = new Pages(page, options, campaign)
    run.say('Looking at the pages')
    const seen = await pages.seen()
    run.say('Scrolling')
    const scrolling = await pages.scrolling()
    const { contacts } = options
    const version = `Chromium ${browser.version()}`
    await browser.close()
    await serving.stop()
    if (options.starts > 0) run.say('Opening the window')
    const window = await timeWindow({ data, folder: run.folder, starts: options.starts })
    return { benchmark: 'ui', contacts, browser: version, first: firstLoad(), seen, scrolling, window, machine }
  } finally {
    await browser.close()
    await serving.stop()
  }
}

/** A person at the pages, timed by the browser's own clock from the key or click until what it asked for is drawn. */
class Pages {
  readonly #page: Page
  readonly #options: UiOptions
  readonly #campaign: number

  constructor(page: Page, options: UiOptions, campaign: number) {
    this.#page = page
    this.#options = options
    this.#campaign = campaign
  }

  async seen(): Promise<Record<Seen, Spread>> {
    const page = this.#page
    const { contacts, turns } = this.#options
    const times = Object.fromEntries(SEEN.map(name => [name, [] as number[]])) as Record<Seen, number[]>
    for (let turn = 0; turn < Math.max(3, Math.ceil(turns / 5)); turn += 1) {
      const began = performance.now()
      await page.goto('/')
      await page.getByLabel('User name').waitFor()
      times['sign-in screen'].push(performance.now() - began)
    }
    await page.getByLabel('User name').fill('ann')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    for (let turn = 0; turn < turns; turn += 1) {
      const { first, last, number } = contactOf(((turn * 7919) % contacts) + 1)
      times.contacts.push(await this.#until('/contacts', '.rows-row a[href*="/contacts/"]', null))
      times['contact search'].push(await this.#typed(turn % 2 === 0 ? `${first} ${last}` : number.slice(2)))
      const id = ((turn * 104_729) % contacts) + 1
      times.contact.push(await this.#until(`/contacts/${id}`, '[role=dialog]', contactOf(id).number))
      times.inbox.push(await this.#until('/inbox', 'a[href*="/inbox/"]', null))
      const thread = (turn % Math.floor((this.#options.inbound * 2) / 3)) + 1
      times.thread.push(await this.#until(`/inbox/${thread}`, '[data-direction]', null))
      times.campaign.push(await this.#until(`/campaigns/${this.#campaign}`, 'main h1', 'Bench'))
    }
    return Object.fromEntries(SEEN.map(name => [name, spread(times[name])])) as Record<Seen, Spread>
  }

  /** Goes to a place within the pages, and waits until this stands there. Returns ms. */
  #until(path: string, selector: string, text: string | null): Promise<number> {
    return this.#page.evaluate(GO, { path, selector, text })
  }

  /** Types this into the search of the contacts. From the last key to the first row that has it, ms. */
  async #typed(text: string): Promise<number> {
    const page = this.#page
    await page.evaluate(GO, { path: '/contacts', selector: '.rows-row a[href*="/contacts/"]', text: null })
    await page.getByLabel('Search contacts').fill(text.slice(0, -1))
    return page.evaluate(TYPE_LAST, { selector: 'input[aria-label="Search contacts"]', text })
  }

  async scrolling(): Promise<UiResult['scrolling']> {
    await this.#until('/contacts', '.rows-row a[href*="/contacts/"]', null)
    const { gaps, empty } = await this.#page.evaluate(SCROLL, { selector: '.rows-scroller', by: 600, pictures: 300 })
    return { ...spread(gaps), pictures: gaps.length, empty: Number((empty / gaps.length).toFixed(3)) }
  }
}

/** The script and the styles that the page asks for before anything is opened, compressed as gzip does. */
function firstLoad(): UiResult['first'] {
  const folder = join(ROOT, 'out/renderer')
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const size = (ending: string): number => {
    const names = [...html.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(match => match[1]!)
    const bytes = names
      .filter(name => name.endsWith(ending))
      .map(name => gzipSync(readFileSync(join(folder, name))).length)
    return Math.round(bytes.reduce((sum, one) => sum + one, 0) / 1000)
  }
  return { scriptKB: size('.js'), styleKB: size('.css') }
}

async function serve(data: string): Promise<{ url: string; stop(): Promise<void> }> {
  const args = [...nodeArguments(), builtHub(), 'serve', '--web', '--port', '0', '--link-port', '0', '--json']
  const child = spawn(process.execPath, [...args, '--data-dir', data], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = once(child, 'exit')
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { http } = JSON.parse(line) as { http: { url: string } }
  return {
    url: http.url,
    stop: async () => {
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function runCli(args: readonly string[], input: string): Promise<void> {
  const child = spawn(process.execPath, [builtHub(), ...args], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(input)
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${args.slice(0, 2).join(' ')} ended with ${code}`)
}

export function uiTables(result: UiResult): Table[] {
  const { first, seen, scrolling, window } = result
  return [
    {
      columns: ['figure', 'value'],
      rows: [
        ['script before the first screen, compressed, KB', first.scriptKB],
        ['styles before the first screen, compressed, KB', first.styleKB],
        ['scrolling: from picture to picture, ms (half, 95 of 100, most)', triple(scrolling)],
        ['scrolling: pictures with a row that was not there yet', `${(scrolling.empty * 100).toFixed(1)} %`],
        ...(window
          ? [
              [`window: start of the process to sign-in, ms (Electron ${window.electron})`, triple(window.signInMs)],
              ['the same for an empty window', triple(window.emptyMs)],
              ['ours to the empty one', window.ratio],
            ]
          : [['window', 'no Electron or display here']]),
      ],
    },
    {
      columns: [`from key or click to picture (${result.browser})`, 'half, ms', '95 of 100, ms', 'most, ms'],
      rows: Object.entries(seen).map(([name, { p50, p95, max }]) => [name, p50, p95, max]),
    },
  ]
}

const triple = ({ p50, p95, max }: Spread): string => `${p50}, ${p95}, ${max}`

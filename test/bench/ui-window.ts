import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { findElectron } from '../../scripts/electron-dist.ts'
import { openScreen } from '../desktop/display.ts'
import { type Spread, spread } from './numbers.ts'

export interface WindowFigures {
  readonly electron: string
  /** From the start of the process until the sign-in screen is painted and a name can be typed, ms. */
  readonly signInMs: Spread
  /** The same until an empty window of the same Electron is painted. */
  readonly emptyMs: Spread
  readonly ratio: number
}

interface Program {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Root has to say that it goes without Chromium's own sandbox; a computer without a graphics card is no fault. */
const ARGS = ['--no-sandbox', '--disable-gpu']

/** How long the packaged application, as it was built last, takes until a person can sign in. Null where no Electron or no display is. */
export async function timeWindow(options: {
  readonly data: string
  readonly folder: string
  readonly starts: number
}): Promise<WindowFigures | null> {
  const { data, folder, starts } = options
  const found = starts > 0 && process.platform === 'linux' ? findElectron() : null
  const screen = found && (await openScreen())
  if (!found || !screen) return null
  try {
    const output = join(folder, 'package')
    const quiet = { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] as ('ignore' | 'inherit')[] }
    execFileSync(process.execPath, ['scripts/package.ts', '--output', output, '--inspectable'], quiet)
    agreeToKeyFile(data)
    const env = { ...(process.env as Record<string, string>), DISPLAY: screen.display }
    const application = {
      program: join(output, 'linux-unpacked/campaign-connector'),
      args: [...ARGS, '--data-dir', data],
      env,
    }
    const empty = { program: emptyApp(folder, found.folder), args: ARGS, env }
    const signIn: number[] = []
    const nothing: number[] = []
    // By turns, so that what else the machine does meets both.
    for (let turn = 0; turn < starts; turn += 1) {
      nothing.push(await timeStart(empty, 'Ready'))
      signIn.push(await timeStart(application, 'User name'))
    }
    const [signInMs, emptyMs] = [spread(signIn), spread(nothing)]
    return { electron: found.version, signInMs, emptyMs, ratio: Number((signInMs.p50 / emptyMs.p50).toFixed(2)) }
  } finally {
    screen.child?.kill()
  }
}

/** When the largest thing on a page was painted, ms since 1970. A text, since Node's own types do not know such an observer. */
const PAINTED = `new Promise(resolve =>
  new PerformanceObserver(list => resolve(performance.timeOrigin + list.getEntries().at(-1).startTime)).observe({
    type: 'largest-contentful-paint', buffered: true,
  }),
)`

/** How long a start is left alone: whoever looks on slows it down. What was painted when is on record in the page itself. */
const ALONE_MS = 3000

/** From the start of the process until the largest thing on its page was painted, which is there once this label is, in ms. */
async function timeStart({ program, args, env }: Program, label: string): Promise<number> {
  const began = Date.now()
  const child = spawn(program, [...args, '--remote-debugging-port=0'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const gone = once(child, 'exit')
  try {
    const address = await debuggerOf(child.stderr)
    await setTimeout(ALONE_MS)
    const browser = await chromium.connectOverCDP(address)
    const [page] = browser.contexts().flatMap(context => context.pages())
    await page!.getByLabel(label).waitFor()
    const painted = await page!.evaluate<number>(PAINTED)
    await browser.close()
    return painted - began
  } finally {
    child.kill()
    await gone
  }
}

async function debuggerOf(errors: Readable): Promise<string> {
  for await (const line of createInterface(errors)) {
    const [, address] = /^DevTools listening on (ws:\S+)/.exec(line) ?? []
    if (address !== undefined) {
      errors.resume()
      return address
    }
  }
  throw new Error('The application ended before it had a window.')
}

/** There is no keychain on a machine that measures. */
function agreeToKeyFile(data: string): void {
  const folder = join(data, '.window')
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'window.json'), JSON.stringify({ useKeyFile: true }))
}

/** An application of this Electron that opens a window with one field, and nothing else. Returns the path of its program. */
function emptyApp(folder: string, electronFolder: string): string {
  const dist = join(folder, 'empty')
  cpSync(electronFolder, dist, { recursive: true })
  const path = join(dist, 'resources/app')
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'package.json'), '{"name":"empty","main":"main.cjs"}')
  writeFileSync(
    join(path, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron')
app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('data:text/html,<label>Ready <input></label>'))
`,
  )
  return join(dist, 'electron')
}

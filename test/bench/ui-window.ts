import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron as electron } from 'playwright-core'
import { findElectron } from '../../scripts/electron-dist.ts'
import { openScreen } from '../desktop/display.ts'
import { type Spread, spread } from './numbers.ts'

export interface WindowFigures {
  readonly electron: string
  /** From the start of the process until a name can be typed at the sign-in screen, ms. */
  readonly signInMs: Spread
  /** The same until an empty window of the same Electron is there. */
  readonly emptyMs: Spread
  readonly ratio: number
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
      executablePath: join(output, 'linux-unpacked/campaign-connector'),
      args: [...ARGS, '--data-dir', data],
      env,
    }
    const empty = { executablePath: emptyApp(folder, found.folder), args: ARGS, env }
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

async function timeStart(options: NonNullable<Parameters<typeof electron.launch>[0]>, label: string): Promise<number> {
  const began = performance.now()
  const app = await electron.launch({ ...options, timeout: 60_000 })
  const page = await app.firstWindow()
  await page.getByLabel(label).waitFor()
  const took = performance.now() - began
  const gone = new Promise(resolve => app.process().once('exit', resolve))
  await app.evaluate(({ app: shell }) => shell.exit())
  await gone
  return took
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

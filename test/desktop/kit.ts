import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ElectronApplication, _electron as electron, type Page } from 'playwright-core'
import { inject } from 'vitest'
import type { Connector } from '../../src/shared/bridge.ts'
import type { GivenOf, OperationName, OutputOf } from '../../src/shared/operations/index.ts'
import { runProgram } from '../support/hub.ts'

export const PASSWORD = 'several words that nobody guesses'
export const desktop = inject('desktop')

/** What is run in the page. */
export interface PageWorld {
  readonly connector: Connector
}

/** A data folder whose phone link takes any free port, and whose owner has agreed to a key file: there is no keychain here. */
export async function newFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'cc-desk-'))
  const data = join(folder, 'data')
  const set = await runProgram(['settings', 'set', 'linkPort', '0'], { folder: data })
  if (set.code !== 0) throw new Error(set.stderr)
  mkdirSync(join(data, '.window'), { recursive: true })
  writeFileSync(join(data, '.window', 'window.json'), JSON.stringify({ useKeyFile: true }))
  return folder
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

/** Root has to say that it goes without Chromium's own sandbox; a computer without a graphics card is no fault. */
const ARGS = ['--no-sandbox', '--disable-gpu']

function environment(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env
  return { PATH, HOME, TZ: 'UTC', LANG: 'en_US.UTF-8', ...(TMPDIR && { TMPDIR }), DISPLAY: desktop!.display }
}

/** The application as tests can drive it. */
export class Desk {
  readonly app: ElectronApplication
  readonly page: Page
  readonly faults: string[] = []

  private constructor(app: ElectronApplication, page: Page) {
    this.app = app
    this.page = page
    page.setDefaultTimeout(30_000)
    page.on('pageerror', error => this.faults.push(`error: ${error.message}`))
    page.on('console', message => {
      if (['error', 'warning'].includes(message.type())) this.faults.push(`${message.type()}: ${message.text()}`)
    })
  }

  static async open(folder: string): Promise<Desk> {
    const app = await electron.launch({
      executablePath: join(desktop!.inspectable, 'campaign-connector'),
      args: [...ARGS, '--data-dir', join(folder, 'data')],
      env: environment(),
      timeout: 60_000,
    })
    const desk = new Desk(app, await app.firstWindow())
    await desk.idle(0)
    return desk
  }

  /** Says how long nobody has touched the keyboard: what tests click never reaches the system's own count. */
  idle(seconds: number): Promise<void> {
    return this.app.evaluate(({ powerMonitor }, idle) => {
      powerMonitor.getSystemIdleTime = () => idle
    }, seconds)
  }

  /** Does an operation as the page does, which has to succeed. */
  async do<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>> {
    const answer = await this.page.evaluate(
      ([operation, given]) => {
        const { connector } = globalThis as unknown as PageWorld
        return (connector.operations as unknown as Record<string, (input: unknown) => Promise<unknown>>)[operation]!(
          given,
        )
      },
      [name, input] as [string, unknown],
    )
    const { ok, data, error } = answer as { ok: boolean; data: OutputOf<N>; error?: { message: string } }
    if (!ok) throw new Error(`${name}: ${error?.message}`)
    return data
  }

  /** For people who want to see it: UI_SHOTS names a folder. */
  async shot(name: string): Promise<void> {
    const shots = process.env['UI_SHOTS']
    if (!shots) return
    mkdirSync(shots, { recursive: true })
    await this.page.screenshot({ path: join(shots, `window-${name}.png`) })
  }

  /** Ends it as a person does who quits and says yes. */
  async quit(): Promise<void> {
    const { app } = this
    const gone = once(app.process(), 'exit')
    await app.evaluate(({ app: shell, dialog }) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false })
      setImmediate(() => shell.quit())
    })
    await gone
  }
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the application exactly as it ships, to its end. */
export function runShipped(args: readonly string[]): Promise<Ended> {
  return runInstalled(join(desktop!.shipping, 'campaign-connector'), args)
}

export async function runInstalled(program: string, args: readonly string[]): Promise<Ended> {
  const { child, output } = startProgram(program, args)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}

export function startShipped(args: readonly string[], folder = desktop!.shipping): ReturnType<typeof startProgram> {
  return startProgram(join(folder, 'campaign-connector'), args)
}

function startProgram(
  program: string,
  args: readonly string[],
): { child: ChildProcess; output: { stdout: string; stderr: string } } {
  const child = spawn(program, [...ARGS, ...args], { env: environment() })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => {
    output.stdout += String(chunk)
  })
  child.stderr.on('data', chunk => {
    output.stderr += String(chunk)
  })
  return { child, output }
}

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 90): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}

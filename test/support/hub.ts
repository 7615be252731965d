import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { type App, type AppOptions, openApp } from '../../src/main/app.ts'
import { readConfig } from '../../src/main/config.ts'
import { temporaryFolder } from './folder.ts'

/** As it ships where all tests run, after a build: from the sources each start takes seconds. */
const BIN = resolve(process.env['TEST_BUILT'] ? 'out/hub/cli.mjs' : 'bin/campaign-connector.mjs')

/** An opened data folder in this process; close it in the test. */
export function openTestApp(
  given: Partial<AppOptions> & { folder?: string; env?: Record<string, string> } = {},
): Promise<App> {
  const { folder = temporaryFolder('app'), env = {}, ...options } = given
  const config = readConfig({ dataDir: folder }, env)
  return openApp({ config, purpose: 'test', serve: false, link: { host: '127.0.0.1', port: 0 }, ...options })
}

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the real program to its end. */
export async function runProgram(
  args: readonly string[],
  given: { folder?: string; input?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  const child = start(args, given)
  const output = collect(child)
  child.stdin!.end(given.input ?? '')
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, ...output }
}

/** Runs the real program and sends it a signal once it has opened the data folder and `ready` says so. */
export async function interruptedProgram(
  args: readonly string[],
  given: { folder: string; ready: () => boolean; signal: NodeJS.Signals },
): Promise<Finished> {
  const child = start(args, given)
  const output = collect(child)
  const ended = once(child, 'close') as Promise<[number | null]>
  child.stdin!.end()
  while (child.exitCode === null && !given.ready()) await new Promise(resolve => setTimeout(resolve, 5))
  child.kill(given.signal)
  const [code] = await ended
  return { code, ...output }
}

/** A hub in a process of its own, once it says that it runs. */
export async function startHub(
  folder: string,
  given: { env?: Record<string, string>; args?: readonly string[] } = {},
): Promise<{ child: ChildProcess; started: HubStarted; stop(signal?: NodeJS.Signals): Promise<number | null> }> {
  const child = start(['serve', '--json', '--link-port', '0', ...(given.args ?? [])], { folder, ...given })
  child.stdin!.end()
  const output = collect(child)
  const ended = once(child, 'close') as Promise<[number | null]>
  while (!output.stdout.includes('\n')) {
    const early = await Promise.race([once(child.stdout!, 'data').then(() => null), ended])
    if (early) throw new Error(`The hub ended with ${early[0]}: ${output.stderr}`)
  }
  return {
    child,
    started: JSON.parse(output.stdout.split('\n')[0]!) as HubStarted,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      return (await ended)[0]
    },
  }
}

export interface HubStarted {
  readonly pid: number
  readonly dataFolder: string
  readonly listening: string[]
  readonly notices: string[]
}

function start(args: readonly string[], given: { folder?: string; env?: Record<string, string> }): ChildProcess {
  const folder = given.folder === undefined ? [] : ['--data-dir', given.folder]
  const { PATH, HOME, TMPDIR } = process.env
  const env = { PATH, HOME, ...(TMPDIR && { TMPDIR }), TZ: 'UTC', ...given.env }
  return spawn(process.execPath, [BIN, ...args, ...folder], { env, stdio: ['pipe', 'pipe', 'pipe'] })
}

function collect(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' }
  child.stdout!.on('data', chunk => {
    output.stdout += String(chunk)
  })
  child.stderr!.on('data', chunk => {
    output.stderr += String(chunk)
  })
  return output
}

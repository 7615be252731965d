import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { closeSync, existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import { hubBuild } from '../../scripts/hub-build.ts'

let profiles: string | null = null
/** Where the programs of this folder were built with the hub. */
let built: string | null = null

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SCRIPTS = ['hub', 'import-ours', 'import-plain', 'queries-run', 'bookkeeping-run', 'api-hub', 'api-hammer']

/**
 * Builds the hub as it ships, and the programs of this folder on it: from the sources each process and thread would first
 * strip the types of a hundred files. Returns the folder, which has to be within the project to find its packages, and
 * has to be removed afterwards.
 */
export async function buildPrograms(): Promise<string> {
  const dir = join(ROOT, `out/bench-${process.pid}`)
  // Pairing hands out the agent, so a hub that started without it pairs nobody.
  const agent = join(ROOT, 'out/phone-agent.mjs')
  if (!existsSync(agent)) execFileSync(process.execPath, ['scripts/build.ts'], { cwd: ROOT, stdio: 'ignore' })
  const programs = SCRIPTS.map(name => [name, join(ROOT, `test/bench/${name}.ts`)])
  await build({ ...hubBuild(dir, Object.fromEntries(programs)), cwd: ROOT })
  built = dir
  return dir
}

/** The hub's own program, built. */
export function builtHub(): string {
  if (built === null) throw new Error('Build the programs first: buildPrograms()')
  return join(built, 'cli.mjs')
}

/** From now on every process that is started writes a profile of its processor time into this folder. */
export function profileInto(folder: string): void {
  profiles = folder
}

/** What a process is started with before the path of its program. */
export function nodeArguments(): string[] {
  return profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]
}

/**
 * Runs a script of this folder in a process of its own, so that its memory and its main thread are its own, and returns
 * what it handed to `answer`.
 */
export async function runScript<T>(name: string, input: object): Promise<T> {
  const child = startScript(name, input)
  const answered = new Promise<T>((resolve, reject) => {
    child.once('message', message => resolve(message as T))
    child.once('exit', code => reject(new Error(`${name} ended with ${code} before it was done.`)))
  })
  const gone = new Promise(resolve => child.once('exit', resolve))
  const answer = await answered
  child.disconnect()
  await gone
  return answer
}

/** The same without waiting. What it prints is shown on standard error. `log`: the file for it instead. */
export function startScript(name: string, input: object, log?: string): ChildProcess {
  if (built === null) throw new Error('Build the programs first: buildPrograms()')
  const path = join(built, name)
  const to = log === undefined ? 2 : openSync(log, 'a')
  const child = spawn(process.execPath, [...nodeArguments(), path, JSON.stringify(input)], {
    stdio: ['ignore', to, to, 'ipc'],
  })
  if (log !== undefined) closeSync(to)
  return child
}

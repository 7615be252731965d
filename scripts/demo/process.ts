import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'

/** A process of the demo that is started again when something kills it, as a service manager would. */
export class Kept {
  readonly #name: string
  readonly #start: () => ChildProcess
  readonly #say: (line: string) => void
  #child: ChildProcess
  #wanted = true
  restarts = 0

  constructor(name: string, start: () => ChildProcess, say: (line: string) => void) {
    this.#name = name
    this.#start = start
    this.#say = say
    this.#child = this.#spawn()
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Ends it and waits until it is gone; after `ms` it is killed. */
  async stop(ms = 10_000): Promise<void> {
    this.#wanted = false
    const child = this.#child
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), ms)
    await gone
    clearTimeout(timer)
  }

  #spawn(): ChildProcess {
    const child = this.#start()
    child.once('exit', (code, signal) => {
      if (!this.#wanted) return
      this.restarts += 1
      if (this.restarts > 20) throw new Error(`${this.#name} ends again and again (${signal ?? `exit code ${code}`}).`)
      this.#say(`${this.#name} ended (${signal ?? `exit code ${code}`}); starting it again`)
      this.#child = this.#spawn()
    })
    return child
  }
}

/** Starts a Node program whose output goes to a file. */
export function startNode(args: readonly string[], log: string, env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const keep = (chunk: Buffer): void => appendFileSync(log, chunk)
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return child
}

/** Runs a Node program to its end and returns what it printed. Throws with its last words when it fails. */
export async function runNode(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let problems = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  child.stderr.on('data', chunk => {
    problems += chunk
  })
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  if (code !== 0)
    throw new Error(`${args.join(' ')} failed: ${(problems || output).trim().split('\n').slice(-5).join(' ')}`)
  return output
}

/** Waits until `ready` returns something. Throws with `what` when it takes longer than `ms`. */
export async function until<T>(
  what: string,
  ready: () => Promise<T | null> | T | null,
  ms: number,
  everyMs = 100,
): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    const found = await ready()
    if (found !== null) return found
    if (performance.now() > end) throw new Error(`${what}: this took more than ${Math.round(ms / 1000)} s.`)
    await new Promise(resolve => setTimeout(resolve, everyMs))
  }
}

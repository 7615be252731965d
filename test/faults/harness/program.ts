import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'

/** Whatever ends the run, nothing that it has started stays behind. */
const alive = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

/** A process of the run: how it is started is up to its owner, and when it ends its owner is told. */
export class Program {
  readonly name: string
  readonly #log: string
  readonly #onEnd: (end: ProgramEnd) => void
  #child: ChildProcess | null = null
  #gone: Promise<void> = Promise.resolve()
  /** What it said last on standard error. */
  lastWords = ''

  constructor(name: string, log: string, onEnd: (end: ProgramEnd) => void) {
    this.name = name
    this.#log = log
    this.#onEnd = onEnd
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  get runs(): boolean {
    return this.#child !== null
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv): void {
    if (this.#child) throw new Error(`${this.name} runs already.`)
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    alive.add(child)
    this.lastWords = ''
    appendFileSync(this.#log, `--- ${new Date().toISOString()} started as ${child.pid}\n`)
    child.stdout.on('data', chunk => appendFileSync(this.#log, chunk))
    child.stderr.on('data', chunk => {
      appendFileSync(this.#log, chunk)
      this.lastWords = (this.lastWords + String(chunk)).slice(-4000)
    })
    this.#gone = new Promise(resolve => {
      child.once('exit', (code, signal) => {
        this.#child = null
        alive.delete(child)
        appendFileSync(this.#log, `--- ${new Date().toISOString()} ended (${signal ?? code})\n`)
        resolve()
        this.#onEnd({ code, signal })
      })
    })
  }

  /** Ends it with a signal, and waits until it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM', killAfterMs = 15_000): Promise<void> {
    const child = this.#child
    if (!child) return
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    await this.#gone
    clearTimeout(timer)
  }

  signal(name: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(name)
  }

  /** The processes that it has started. */
  children(): number[] {
    const pid = this.pid
    if (pid === null) return []
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name))
      .map(Number)
      .filter(one => parentOf(one) === pid)
  }
}

export interface ProgramEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return 0
  }
}

/** Runs a Node program to its end, without keeping anything else from going on. */
export function runProgram(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ status: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', chunk => {
        text += String(chunk)
      })
    }
    child.once('error', reject)
    child.once('close', status => resolve({ status, text }))
  })
}

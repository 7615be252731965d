import { spawn } from 'node:child_process'
import { errorCode, errorText } from './files.ts'

/** How a command ended. */
export interface Finished {
  /** Exit code; null when it was ended by a signal or never ran. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  /** It took too long and was killed, with everything it had started. */
  readonly timedOut: boolean
  /** Why it could not be started, such as `ENOENT`; null when it ran. */
  readonly notStarted: string | null
}

export interface CommandOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Time limit in ms. */
  readonly limitMs: number
  readonly input?: string
  /** Called once the process runs. */
  readonly onStart?: () => void
}

/** Most of the output of a command that is kept, in bytes. */
const MOST_OUTPUT = 32 * 1024 * 1024

/** Runs a program with arguments, never through a shell, in a process group of its own. Never rejects. */
export function runCommand(file: string, args: readonly string[], options: CommandOptions): Promise<Finished> {
  return new Promise(resolve => {
    const child = start(file, args, options.env)
    if (typeof child === 'string') {
      resolve({ code: null, stdout: '', stderr: '', timedOut: false, notStarted: child })
      return
    }
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
    let bytes = 0
    let timedOut = false
    let ended = false
    const end = (code: number | null, notStarted: string | null): void => {
      if (ended) return
      ended = true
      clearTimeout(timer)
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8')
      resolve({ code, stdout: text(output.stdout), stderr: text(output.stderr), timedOut, notStarted })
    }
    const timer = setTimeout(() => {
      timedOut = true
      killGroup(child.pid)
      // A child that nothing can end, or that has left its output open, must not hold the lane.
      setTimeout(() => end(null, null), 1000).unref()
    }, options.limitMs)
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes <= MOST_OUTPUT) output[name].push(chunk)
      })
    }
    child.on('spawn', () => options.onStart?.())
    child.on('error', error => end(null, (error as NodeJS.ErrnoException).code ?? errorText(error)))
    child.on('close', code => end(code, null))
    // The command may end without reading its input.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
  })
}

/** Most failures to start are told as an event, a few at once. */
function start(file: string, args: readonly string[], env: CommandOptions['env']) {
  try {
    return spawn(file, args, { env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  } catch (error) {
    return errorCode(error) || errorText(error)
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended in this moment.
  }
}

import { spawn } from 'node:child_process'

export interface Finished {
  /** Null: it was ended because its time was over, or could not be started. */
  readonly code: number | null
  readonly stdout: Buffer
  /** What it said, as text for a person, at most 2,000 characters. */
  readonly said: string
  /** Why it could not be started, or that its time was over; empty: neither. */
  readonly problem: string
}

const MOST_BYTES = 8 * 1024 * 1024
const MOST_SAID = 2_000

/** Runs a program with these arguments to its end, at most `timeoutMs`. No shell reads them. Never rejects. */
export function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  options: { timeoutMs: number; input?: Uint8Array },
): Promise<Finished> {
  return new Promise(resolve => {
    const out: Buffer[] = []
    const both: Buffer[] = []
    let bytes = 0
    let problem = ''
    // A group of its own, so that what it has started ends with it.
    const child = spawn(program, args, { shell: false, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
    const end = (why: string) => {
      problem = why
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        child.kill('SIGKILL')
      }
    }
    const timer = setTimeout(
      () => end(`It did not end within ${Math.round(options.timeoutMs / 1000)} seconds.`),
      options.timeoutMs,
    )
    const take = (into: Buffer[][]) => (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MOST_BYTES) end('It said too much.')
      else for (const list of into) list.push(chunk)
    }
    child.stdout.on('data', take([out, both]))
    child.stderr.on('data', take([both]))
    // It may end without reading what it is given.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    const finish = (code: number | null) => {
      clearTimeout(timer)
      resolve({ code, stdout: Buffer.concat(out), said: saidBy(Buffer.concat(both)), problem })
    }
    child.once('error', error => {
      const { code } = error as NodeJS.ErrnoException
      problem = code === 'ENOENT' ? `There is no program "${program}".` : error.message
      finish(null)
    })
    child.once('close', code => finish(problem === '' ? code : null))
  })
}

function saidBy(bytes: Buffer): string {
  const text = bytes
    .toString('utf8')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
  return text.length > MOST_SAID ? `${text.slice(0, MOST_SAID)}…` : text
}

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { createPhone, type Phone, type PhoneOptions } from '../../../phone-agent/simulator/phone.ts'

/** How a command ended. */
export interface Ended {
  code: number | null
  signal: string | null
  stdout: string
  stderr: string
}

/** A row as termux-sms-list prints it. */
export interface Row {
  threadid: number
  type: string
  read: boolean
  sender?: string
  address: string
  number: string
  received: string
  body: string
  _id: number
}

const folders: string[] = []
const made: Phone[] = []

afterEach(() => {
  for (const phone of made.splice(0)) phone.close()
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

/** A phone in a folder of its own that is thrown away after the test; without gate and with rows at once. */
export function phoneWith(options: PhoneOptions = {}): Phone {
  const { faults, ...rest } = options
  const dir = mkdtempSync(join(tmpdir(), 'phone '))
  folders.push(dir)
  const phone = createPhone(dir, { rowDelayMs: 0, ownTextMs: 0, ...rest, faults: { gate: null, ...faults } })
  made.push(phone)
  return phone
}

/** Runs one of the phone's commands as the agent would; it is killed at a time or once something has happened. */
export function run(
  phone: Phone,
  command: string,
  args: readonly string[] = [],
  how: { input?: string; killAfterMs?: number; killAfter?: Promise<unknown>; env?: Record<string, string> } = {},
): Promise<Ended> {
  const folder = command === 'termux-api' ? 'libexec' : 'bin'
  const env = { ...process.env, ...phone.env, ...how.env }
  const child = spawn(join(phone.dir, 'usr', folder, command), args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', chunk => {
    stdout += chunk
  })
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  // A command that ends without reading closes the pipe.
  child.stdin.on('error', () => {})
  child.stdin.end(how.input ?? '')
  const timer = how.killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), how.killAfterMs)
  how.killAfter?.finally(() => child.kill('SIGKILL')).catch(() => {})
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout, stderr })
    })
  })
}

/** Sends a text with the body on standard input. */
export function send(phone: Phone, to: string, body: string, ...more: string[]): Promise<Ended> {
  return run(phone, 'termux-sms-send', ['-n', to, ...more], { input: body })
}

/** The rows that termux-sms-list prints. */
export async function list(phone: Phone, ...args: string[]): Promise<Row[]> {
  const { stdout } = await run(phone, 'termux-sms-list', args)
  return JSON.parse(stdout) as Row[]
}

/** Looks again and again until there is something; gives up after ten seconds. */
export async function eventually<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (const end = Date.now() + 10_000; ; ) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error('It has not happened within ten seconds.')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

/** What a command prints and how it ends when a text was handed to Android, or lost. */
export const QUIET: Ended = { code: 0, signal: null, stdout: '', stderr: '' }

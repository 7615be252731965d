import { existsSync, readSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { chance, within } from './chance.ts'
import type { PhoneConfig } from './config.ts'
import { strike } from './faults.ts'
import { isDue, openStore, readConfig, settle, take, transaction } from './store.ts'

/** The permissions behind each command of the Termux:API app, without `android.permission.`. */
const NEEDED: Record<string, readonly string[]> = {
  'termux-sms-send': ['SEND_SMS'],
  'termux-sms-list': ['READ_SMS', 'READ_CONTACTS'],
  'termux-telephony-deviceinfo': ['READ_PHONE_STATE'],
}

/** An open phone, as one command sees it. */
export interface Call {
  dir: string
  db: DatabaseSync
  config: PhoneConfig
  /** For texts: the first of the ordinals that were taken for them. */
  ordinal: number
}

/**
 * What every command of the Termux:API app goes through: the rows that are due, cold starts, slowness, hangs, errors
 * and permissions.
 * @param texts how many ordinals to take, one for each text that is about to be sent.
 * @returns the call to go on with, or what the command prints instead of working.
 */
export async function enter(dir: string, command: string, about: { texts?: number; to?: string } = {}) {
  const db = openStore(dir)
  const config = readConfig(db)
  const { faults } = config
  const mayStrike = [faults.hang, faults.slow, faults.permissionError, faults.commandError].some(Boolean)
  let ordinal = 0
  let waitMs = 0
  let hangs = false
  let prints: string | undefined
  if (about.texts || mayStrike || faults.coldStart || isDue(db, Date.now())) {
    transaction(db, () => {
      const now = Date.now()
      ordinal = take(db, about.texts ? 'texts' : `calls:${command}`, about.texts ?? 1)
      const strikes = <N extends Parameters<typeof strike>[2]>(name: N) =>
        strike(db, config, name, ordinal, about.to === undefined ? { command } : { command, to: about.to })
      if (faults.coldStart) {
        const last = Number(db.prepare("SELECT n FROM counters WHERE name = 'last call'").get()?.n ?? 0)
        if (now - last > faults.coldStart.afterIdleMs) waitMs += within(faults.coldStart.ms, chance(config.seed, 'cold', ordinal))
        db.prepare("INSERT OR REPLACE INTO counters VALUES ('last call', ?)").run(now)
      }
      const slow = strikes('slow')
      if (slow) waitMs += within(slow.ms, chance(config.seed, 'slow ms', ordinal))
      const permission = strikes('permissionError')
      if (permission) prints = permissionError(permission.permissions ?? NEEDED[command] ?? ['SEND_SMS'])
      const broken = strikes('commandError')
      if (broken) prints = `${broken.text ?? JAVA_ERROR}\n`
      hangs = strikes('hang') !== undefined
      settle(db, config, now)
    })
  }
  if (waitMs > 0) await sleep(waitMs)
  if (hangs) await hang(dir)
  const missing = (NEEDED[command] ?? []).filter(name => config.denied.includes(name))
  if (missing.length > 0) prints ??= permissionError(missing)
  return { prints, call: { dir, db, config, ordinal } satisfies Call }
}

/** Never returns; the caller has to kill the command. It ends by itself only when the phone is thrown away. */
export async function hang(dir: string): Promise<never> {
  while (existsSync(dir)) await sleep(1000)
  process.exit(1)
}

/** Standard input up to its end, as UTF-8. */
export function readInput(): string {
  const chunks: Buffer[] = []
  const chunk = Buffer.alloc(64 * 1024)
  for (;;) {
    try {
      const size = readSync(0, chunk)
      if (size === 0) break
      chunks.push(Buffer.from(chunk.subarray(0, size)))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF' || code === 'EBADF') break
      if (code !== 'EAGAIN') throw error
      // A pipe that somebody made non-blocking: wait a little instead of spinning.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** An exception in the app shows on the phone's screen only; the command prints nothing and ends well. */
export function notifyError(db: DatabaseSync, content: string): void {
  transaction(db, () => {
    const id = `termux-api-error-${take(db, 'errors')}`
    const title = 'Termux:API Error'
    db.prepare('INSERT INTO notifications VALUES (?, ?, ?, ?, 0, 0)').run(id, Date.now(), title, content)
  })
}

/** Writes to standard output, and hands the exit code through. */
export function print(text: string, code: number): number {
  process.stdout.write(text)
  return code
}

/** What the Termux:API app prints for permissions it does not hold. */
export function permissionError(permissions: readonly string[]): string {
  const names = permissions.map(name => `android.permission.${name}`).join(' ,')
  const error = `Please grant the following permission${permissions.length > 1 ? 's' : ''} to use this command: ${names}`
  return `${JSON.stringify({ error }, null, 2)}\n`
}

const JAVA_ERROR = `java.lang.IllegalStateException: Not allowed to start service Intent { cmp=com.termux.api/.TermuxApiService }
\tat android.app.ContextImpl.startServiceCommon(ContextImpl.java:1945)
\tat com.termux.api.TermuxApiReceiver.onReceive(TermuxApiReceiver.java:62)`

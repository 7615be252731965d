import { existsSync, readSync, writeSync } from 'node:fs'
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
export interface OpenPhone {
  dir: string
  db: DatabaseSync
  config: PhoneConfig
}

/** @throws Error with a sentence when the folder holds no phone. */
export function open(dir: string): OpenPhone {
  const db = openStore(dir)
  process.once('exit', () => db.close())
  return { dir, db, config: readConfig(db) }
}

/**
 * What every command of the Termux:API app goes through: the rows that are due, cold starts, slowness, hangs, errors
 * and permissions.
 * @param texts how many ordinals to take, one for each text that is about to be sent.
 * @returns the first of the ordinals, and what the command prints instead of working, if it does not get to work.
 */
export async function enter(
  { dir, db, config }: OpenPhone,
  command: string,
  about: { texts?: number; to?: string } = {},
): Promise<{ ordinal: number; prints: string | undefined }> {
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
        if (now - last > faults.coldStart.afterIdleMs)
          waitMs += within(faults.coldStart.ms, chance(config.seed, 'cold', ordinal))
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
  return { ordinal, prints }
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
      if (!isBusy(error)) throw error
      pause()
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

/**
 * Writes to standard output, and hands the exit code through. Not through `process.stdout`, whose loading costs
 * milliseconds in each command.
 */
export function print(text: string, code: number): number {
  const bytes = Buffer.from(text)
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(1, bytes, written)
    } catch (error) {
      if (!isBusy(error)) return code
      pause()
    }
  }
  return code
}

/** What the Termux:API app prints for permissions it does not hold. */
export function permissionError(permissions: readonly string[]): string {
  const names = permissions.map(name => `android.permission.${name}`).join(' ,')
  const error = `Please grant the following permission${permissions.length > 1 ? 's' : ''} to use this command: ${names}`
  return `${JSON.stringify({ error }, null, 2)}\n`
}

/** A pipe that somebody made non-blocking has no room, or no bytes, at the moment. */
function isBusy(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN'
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
}

const JAVA_ERROR = `java.lang.IllegalStateException: Not allowed to start service Intent { cmp=com.termux.api/.TermuxApiService }
\tat android.app.ContextImpl.startServiceCommon(ContextImpl.java:1945)
\tat com.termux.api.TermuxApiReceiver.onReceive(TermuxApiReceiver.java:62)`

import type { Readable, Writable } from 'node:stream'
import { text as readAll } from 'node:stream/consumers'
import { password as askPassword, confirm, isCancel } from '@clack/prompts'
import type { Config } from '../config.ts'
import { UsageError } from './exit.ts'

/** Where questions are asked. On stderr, so that stdout holds the answer of the command alone. */
export interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

export const TERMINAL: Terminal = { input: process.stdin, output: process.stderr }

/** Whether there is a person to ask. */
export function isInteractive(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** The person has pressed Ctrl-C or Escape. */
export class Cancelled extends Error {
  constructor() {
    super('Cancelled; nothing was changed.')
    this.name = 'Cancelled'
  }
}

/** The answer, or Cancelled. */
export function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Cancelled()
  return answer as Exclude<T, symbol>
}

/** Asks before something that cannot be taken back. Scripts mean what they say, so without a terminal nothing is asked. */
export async function sure(question: string, yes: boolean | undefined): Promise<void> {
  if (yes || !isInteractive()) return
  if (!answered(await confirm({ message: question, initialValue: false, ...TERMINAL }))) throw new Cancelled()
}

export interface SecretOptions {
  readonly passwordStdin?: boolean
  readonly passphraseStdin?: boolean
}

/** A new password for a user: from standard input, the environment, or typed twice. Never from an argument, which others see. */
export async function newPassword(options: SecretOptions, config: Config): Promise<string> {
  if (options.passwordStdin) return fromStdin('password')
  if (config.userPassword !== undefined) return config.userPassword
  if (isInteractive()) return typedTwice('New password', TERMINAL)
  throw new UsageError(
    'Give the password on standard input with --password-stdin, or in CAMPAIGN_CONNECTOR_PASSWORD; on a terminal it is asked for.',
  )
}

/** A passphrase that opens something: from standard input, the environment, or typed. */
export async function passphrase(options: SecretOptions, config: Config, fresh: boolean): Promise<string> {
  if (options.passphraseStdin) return fromStdin('passphrase')
  if (config.passphrase !== undefined) return config.passphrase
  if (!isInteractive()) {
    throw new UsageError(
      'Give the passphrase on standard input with --passphrase-stdin, or in CAMPAIGN_CONNECTOR_PASSPHRASE; on a terminal it is asked for.',
    )
  }
  if (fresh) return typedTwice('New passphrase', TERMINAL)
  return answered(await askPassword({ message: 'Passphrase', ...TERMINAL }))
}

export async function typedTwice(message: string, terminal: Terminal): Promise<string> {
  const first = answered(await askPassword({ message, ...terminal, validate: tooShort }))
  answered(
    await askPassword({
      message: 'The same again',
      ...terminal,
      validate: second => (second === first ? undefined : 'The two are not the same.'),
    }),
  )
  return first
}

function tooShort(value: string | undefined): string | undefined {
  return (value ?? '').length < 8 ? 'At least 8 characters.' : undefined
}

async function fromStdin(what: string): Promise<string> {
  const given = (await readAll(process.stdin)).replace(/\r?\n$/, '')
  if (given === '') throw new UsageError(`There was no ${what} on standard input.`)
  return given
}

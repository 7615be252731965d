import { isIP } from 'node:net'
import { Refusal } from '../../../shared/errors.ts'
import {
  bannedSources,
  deleteSource,
  putSource,
  recentSources,
  type SourceRow,
  sourceByAddress,
  sourceById,
} from '../../db/access-log.ts'
import type { Database, Writer } from '../../db/database.ts'
import { afterFailure, lockedFor } from '../../domain/lockout.ts'
import { networkOf } from '../auth/source.ts'
import type { Clock, Log } from '../ports.ts'
import type { SettingsView } from '../settings.ts'
import { runProgram } from './command.ts'
import { localFile } from './htpasswd-file.ts'
import { FileChanged } from './password-file.ts'
import { reloadProxy } from './reload.ts'

/** What fail2ban says of the jail. `banned`: the addresses; null: it cannot be asked. */
export interface Fail2banState {
  readonly state: 'runs' | 'no_jail' | 'no_access' | 'absent'
  readonly banned: readonly string[]
}

const JAIL = 'campaign-connector'
const ASK_MS = 5_000
const MOST_BANNED = 10_000
const SHOWN = 100
/** How the file of denied addresses begins; one that begins otherwise is somebody else's. */
const HEAD = '# Addresses that Campaign Connector bans for a while. Written by it; do not edit.\n'

/** The built-in counter of failures for each address, and what it tells the proxy. */
export class Bans {
  readonly #parts: { db: Database; clock: Clock; log: Log; settings: SettingsView }
  #published = ''
  #publishing: Promise<void> | null = null
  #again = false
  /** Why the proxy could not be told; empty: nothing. */
  #problem = ''

  constructor(parts: { db: Database; clock: Clock; log: Log; settings: SettingsView }) {
    this.#parts = parts
  }

  get problem(): string {
    return this.#problem
  }

  /** One more failure, in the transaction of what is told. Old ones, of a log that is read late, count by their own time. */
  failed(tx: Writer, address: string, at: number): void {
    const { failures, withinMinutes, banMinutes } = this.#parts.settings.current().accessBans
    const source = networkOf(address)
    if (source === 'unknown') return
    const limits = { failures, withinMs: withinMinutes * 60_000, lockMs: banMinutes * 60_000 }
    putSource(tx, source, afterFailure(sourceByAddress(tx, source), limits, Math.min(at, this.#parts.clock.now())))
  }

  isBanned(address: string): boolean {
    return lockedFor(sourceByAddress(this.#parts.db, networkOf(address)), this.#parts.clock.now()) > 0
  }

  banned(): SourceRow[] {
    return bannedSources(this.#parts.db, this.#parts.clock.now(), MOST_BANNED)
  }

  /** Addresses that failed last, banned or not. */
  recent(): SourceRow[] {
    return recentSources(this.#parts.db, SHOWN)
  }

  /** Forgets what is counted against an address. Throws Refusal. */
  lift(tx: Writer, id: number): void {
    if (!sourceById(tx, id)) throw new Refusal('not_found', 'Nothing is counted against such an address (any more).')
    deleteSource(tx, id)
  }

  /** Tells the proxy, where a file for that is named and something has changed. Cheap when nothing has. */
  publish(): void {
    this.#again = true
    this.#publishing ??= this.#publishAll().finally(() => {
      this.#publishing = null
    })
  }

  async idle(): Promise<void> {
    await this.#publishing
  }

  async #publishAll(): Promise<void> {
    while (this.#again) {
      this.#again = false
      const { denyFile, reload } = this.#parts.settings.current().accessBans
      const wanted = denyFile === '' ? '' : denyText(this.banned())
      const key = `${denyFile}\n${wanted}`
      if (denyFile === '' || key === this.#published) continue
      try {
        await writeDenied(denyFile, wanted)
        const problem = await reloadProxy({ host: '', file: denyFile, reload })
        if (problem !== null) throw new Error(problem)
        this.#published = key
        this.#problem = ''
      } catch (error) {
        this.#problem = error instanceof Error ? error.message : String(error)
        this.#parts.log.error('banned addresses could not be handed to the proxy', error)
      }
    }
  }
}

function denyText(banned: readonly SourceRow[]): string {
  const addresses = banned.map(source => source.address).filter(isAddress)
  return (
    HEAD +
    [...addresses]
      .sort()
      .map(address => `deny ${address};\n`)
      .join('')
  )
}

function isAddress(address: string): boolean {
  return isIP(address.replace(/\/64$/, '')) !== 0
}

async function writeDenied(path: string, text: string): Promise<void> {
  const file = localFile(path)
  const before = await file.read()
  if (before !== null && before !== '' && !before.startsWith(HEAD)) {
    throw new Error(`${path} is not one of ours, so it is left alone. Name a file that is not there yet.`)
  }
  if (before === text) return
  await file.replace(text, before).catch(error => {
    if (!(error instanceof FileChanged)) throw error
    throw new Error(`${path} was changed by somebody else.`)
  })
}

/** Asks fail2ban for the jail that its configuration in resources/fail2ban makes. Never rejects. */
export async function askFail2ban(): Promise<Fail2banState> {
  const done = await runProgram(['fail2ban-client', 'status', JAIL], { timeoutMs: ASK_MS })
  if (done.code === 0) return { state: 'runs', banned: bannedOf(done.stdout.toString('utf8')) }
  if (done.problem.startsWith('There is no program')) return { state: 'absent', banned: [] }
  if (/does not exist/i.test(done.said)) return { state: 'no_jail', banned: [] }
  return { state: 'no_access', banned: [] }
}

/** The addresses in what `fail2ban-client status JAIL` prints. */
export function bannedOf(status: string): string[] {
  const list = /Banned IP list:[ \t]*(.*)$/m.exec(status)?.[1] ?? ''
  return list.split(/\s+/).filter(address => isIP(address) !== 0)
}

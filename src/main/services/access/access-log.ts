import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { dropLogPlaces, logPlace, noteVisit, pruneSources, pruneVisits, putLogPlace } from '../../db/access-log.ts'
import { allServices, type ServiceRow } from '../../db/access-services.ts'
import type { Database, Writer } from '../../db/database.ts'
import { judgeRequest, type LoggedRequest, parseAccessLine } from '../../domain/access-log-line.ts'
import type { Clock, Log } from '../ports.ts'
import type { Bans } from './bans.ts'

/** Of one step, in bytes: some hundred lines. */
const CHUNK = 64 * 1024
/** A longer line is none of a log. */
const LONGEST_LINE = CHUNK / 2
/** Of a log that was never read: what is older than its last bytes is passed over. */
const MOST_HISTORY = 20 * 1024 * 1024
/** Requests closer together are one visit, in ms. */
const VISIT_GAP_MS = 30 * 60_000
/** How long visits and failures are kept, in ms. */
const KEPT_MS = 90 * 24 * 3_600_000
const PRUNE_EVERY_MS = 3_600_000
const PRUNED_AT_ONCE = 200
const LONGEST_NAME = 100

/** What is known of reading a log; `problem` is empty when all is well. */
export interface LogState {
  readonly file: string
  readonly readAt: number | null
  readonly problem: string
}

/**
 * Follows the access logs of services, across rotation by renaming and by copying. How far it has read is stored in the
 * transaction that stores what was read, so a line counts once, whatever happens.
 */
export class AccessLogs {
  readonly #parts: { db: Database; clock: Clock; log: Log; bans: Bans }
  readonly #states = new Map<string, LogState>()
  #prunedAt = Number.NEGATIVE_INFINITY

  constructor(parts: { db: Database; clock: Clock; log: Log; bans: Bans }) {
    this.#parts = parts
  }

  /** Every log that a service names. */
  states(): LogState[] {
    return this.#files().map(file => this.#states.get(file) ?? { file, readAt: null, problem: '' })
  }

  /** A step of background work: reads a bit of each log that has more, and forgets what is old. */
  step(): boolean {
    let more = false
    for (const file of this.#files()) {
      try {
        more = this.#read(file) || more
        this.#states.set(file, { file, readAt: this.#parts.clock.now(), problem: '' })
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        const problem =
          code === 'ENOENT'
            ? 'There is no such file.'
            : code === 'EACCES'
              ? 'The user who runs the hub may not read it.'
              : `It cannot be read: ${(error as Error).message}`
        if (this.#states.get(file)?.problem !== problem)
          this.#parts.log.warn('an access log is not read', { file, problem })
        this.#states.set(file, { file, readAt: this.#states.get(file)?.readAt ?? null, problem })
      }
    }
    return this.#prune() || more
  }

  #files(): string[] {
    return [...new Set(allServices(this.#parts.db).map(service => service.logFile))].filter(file => file !== null)
  }

  /** Returns whether there is more. */
  #read(file: string): boolean {
    const { db } = this.#parts
    const place = logPlace(db, file)
    const { ino, size } = statSync(file)
    if (place && place.inode !== ino) {
      // Renamed: what was still written to the old one first, wherever it lies now.
      const old = rotated(file, place.inode)
      if (old !== null && this.#readFrom(old, file, place.inode, place.offset)) return true
      db.write(tx => putLogPlace(tx, { file, inode: ino, offset: 0 }))
      return size > 0
    }
    const start = place ? (place.offset > size ? 0 : place.offset) : Math.max(0, size - MOST_HISTORY)
    if (place?.offset !== start) db.write(tx => putLogPlace(tx, { file, inode: ino, offset: start }))
    return this.#readFrom(file, file, ino, start)
  }

  /** Reads whole lines from one place on. Returns whether it got any. */
  #readFrom(path: string, file: string, inode: number, offset: number): boolean {
    const handle = openSync(path, 'r')
    let bytes: Buffer
    try {
      if (fstatSync(handle).ino !== inode) return false
      const buffer = Buffer.alloc(CHUNK)
      bytes = buffer.subarray(0, readSync(handle, buffer, 0, CHUNK, offset))
    } finally {
      closeSync(handle)
    }
    const end = bytes.lastIndexOf(0x0a) + 1
    // A line that is not whole yet is waited for, one without an end is passed over.
    const used = end > 0 ? end : bytes.length > LONGEST_LINE ? bytes.length : 0
    if (used === 0) return false
    const lines = bytes.subarray(0, end).toString('utf8').split('\n')
    this.#parts.db.write(tx => {
      this.#store(tx, file, lines)
      putLogPlace(tx, { file, inode, offset: offset + used })
    })
    this.#parts.bans.publish()
    return true
  }

  #store(tx: Writer, file: string, lines: readonly string[]): void {
    const services = allServices(tx).filter(service => service.logFile === file)
    for (const line of lines) {
      const request = parseAccessLine(line)
      const service = request && serviceOf(request, services)
      if (!service) continue
      const judged = judgeRequest(request)
      if (judged === 'failed') this.#parts.bans.failed(tx, request.address, request.at)
      if (judged !== 'opened') continue
      const username = request.username!.slice(0, LONGEST_NAME)
      noteVisit(tx, { serviceId: service.id, username, address: request.address, at: request.at }, VISIT_GAP_MS)
    }
  }

  #prune(): boolean {
    const { db, clock } = this.#parts
    if (clock.mono() - this.#prunedAt < PRUNE_EVERY_MS) return false
    const before = clock.now() - KEPT_MS
    const most = db.write(tx => {
      dropLogPlaces(tx)
      return Math.max(pruneVisits(tx, before, PRUNED_AT_ONCE), pruneSources(tx, before, PRUNED_AT_ONCE))
    })
    if (most === PRUNED_AT_ONCE) return true
    this.#prunedAt = clock.mono()
    return false
  }
}

/** By the host in the line; without one the service that has the log for itself. */
function serviceOf({ host }: LoggedRequest, services: readonly ServiceRow[]): ServiceRow | undefined {
  if (host === null) return services.length === 1 ? services[0] : undefined
  return (
    services.find(service => new URL(service.address).hostname.toLowerCase() === host) ??
    services.find(service => host.split('.')[0] === service.subdomain)
  )
}

/** The file beside a log that it was renamed to. */
function rotated(file: string, inode: number): string | null {
  const [folder, name] = [dirname(file), basename(file)]
  for (const other of readdirSync(folder)) {
    if (!other.startsWith(name) || other === name || other.endsWith('.gz')) continue
    const path = join(folder, other)
    if (statSync(path, { throwIfNoEntry: false })?.ino === inode) return path
  }
  return null
}

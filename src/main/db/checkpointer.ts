import { Worker } from 'node:worker_threads'
import { choreWorker } from './chores.ts'
import type { Database } from './database.ts'

/** Pages in the write-ahead log. */
interface Log {
  readonly pages: number
  /** Those that the database does not have yet. */
  readonly left: number
}

/** Pages of 4 KB that may wait in the log before the other thread is told to move them, and before writing has to wait. */
const PAGES = { moved: 12_000, most: 40_000 }
/** SQLite's own choice, for all other times. */
const USUAL_PAGES = 1_000

/**
 * While very much is written, moves pages from the write-ahead log into the database in another thread. Otherwise one
 * commit in a few does it by itself, and keeps the main thread for as long as the disk takes to sync.
 */
export class Checkpointer {
  readonly #db: Database
  #worker: Worker | null = null
  #moving: Promise<void> | null = null

  constructor(db: Database) {
    this.#db = db
    db.connection.pragma('wal_autocheckpoint = 0')
  }

  /** Call it between transactions. Waits only when the log has become long. */
  async relieve(): Promise<void> {
    const { pages, left } = this.#log()
    if (left >= PAGES.moved) void this.#move()
    // The log begins anew once nothing is left in it.
    if (pages >= PAGES.most) while (this.#log().left > 0) await this.#move()
  }

  /** Leaves a short log, and commits to their usual ways. */
  async close(): Promise<void> {
    while (this.#worker && this.#log().left > 0) await this.#move()
    this.#db.connection.pragma(`wal_autocheckpoint = ${USUAL_PAGES}`)
    await this.#worker?.terminate()
  }

  #log(): Log {
    const [row] = this.#db.connection.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
    return { pages: row!.log, left: row!.log - row!.checkpointed }
  }

  /** Resolves when what is in the log now is in the database. Where the thread fails, this one does it. */
  #move(): Promise<void> {
    this.#moving ??= this.#moveNow().finally(() => {
      this.#moving = null
    })
    return this.#moving
  }

  #moveNow(): Promise<void> {
    const order = { workerData: { name: 'checkpoints', input: { path: this.#db.connection.name } } }
    this.#worker ??= new Worker(choreWorker(), order)
    const worker = this.#worker
    const { promise, resolve } = Promise.withResolvers<void>()
    const fail = () => {
      this.#db.connection.pragma('wal_checkpoint(PASSIVE)')
      resolve()
    }
    worker.once('message', resolve)
    worker.once('error', fail)
    worker.once('exit', fail)
    worker.postMessage('move')
    return promise.finally(() => {
      worker.off('message', resolve)
      worker.off('error', fail)
      worker.off('exit', fail)
    })
  }
}

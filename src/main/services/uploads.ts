import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from '../../shared/errors.ts'
import type { Upload } from '../../shared/operations/uploads.ts'
import type { Database, Reader } from '../db/database.ts'
import { deleteUpload, giveUploadTo, insertUpload, listUploads, uploadById, uploadsDone } from '../db/uploads.ts'
import type { ImportService } from './imports/service.ts'
import type { Caller } from './operations/caller.ts'
import { actorOf } from './operations/caller.ts'
import type { Handlers, HandlersFor, ReadContext } from './operations/dispatch.ts'
import type { Clock, Disk, Log, Randomness } from './ports.ts'

type UploadOperations = Extract<keyof Handlers, `uploads.${string}`>

export interface UploadService {
  readonly handlers: HandlersFor<UploadOperations>
  /**
   * Writes what comes in to a file of its own that only the owner of the data folder can read, and returns its id for
   * uploads.register. Nothing is left where it ends in an error. @throws Refusal too_large, storage_failed or too_many
   */
  receive(source: AsyncIterable<Uint8Array>, caller: Caller): Promise<{ id: string; bytes: number }>
  /** Removes what was received and is not to be kept. */
  discard(id: string): void
  /** A step of background work: removes files whose import has ended, and those that nobody used for a day. */
  step(): boolean
}

interface UploadParts {
  readonly db: Database
  readonly clock: Clock
  readonly random: Randomness
  readonly disk: Disk
  readonly log: Log
  readonly folder: string
  readonly imports: ImportService
}

/** The largest list that is taken over the network, in bytes: some ten million rows. */
export const LARGEST_UPLOAD = 1024 ** 3
/** What an upload leaves free on the disk, in bytes: the database and its log have to go on. */
const RESERVE = 256 * 1024 ** 2
const UNUSED_MS = 24 * 3_600_000
/** Unused ones of one caller, and what is being received at once from everybody and from one caller. */
const MOST_UNUSED = 10
const MOST_AT_ONCE = 4
const MOST_AT_ONCE_EACH = 2
/** Between two looks at the free space, in bytes. */
const LOOK_EVERY = 32 * 1024 ** 2

export function createUploads(parts: UploadParts, largest: number = LARGEST_UPLOAD): UploadService {
  const { db, clock, random, disk, log, folder, imports } = parts
  const pathOf = (id: string) => join(folder, id)
  /** Received or being received, and not on record yet. */
  const pending = new Set<string>()
  /** Who is sending, once for each list. */
  const receiving: string[] = []
  let lookedForStrays = false

  const visible = (reader: Reader, id: string, { caller, actor }: ReadContext): Upload => {
    const upload = uploadById(reader, id)
    if (!upload || (upload.createdBy !== actor && caller.role !== 'admin')) {
      throw new Refusal('not_found', 'There is no such upload (any more). Send the file again.')
    }
    return upload
  }

  const write = async (id: string, source: AsyncIterable<Uint8Array>): Promise<number> => {
    const file = await open(pathOf(id), 'wx', 0o600)
    try {
      let bytes = 0
      let checkAt = 0
      for await (const chunk of source) {
        bytes += chunk.length
        if (bytes > largest) {
          const most = Math.floor(largest / 1024 ** 2)
          throw new Refusal('too_large', `A list may have ${most} MB. Split it into several files.`)
        }
        if (bytes > checkAt) {
          checkAt = bytes + LOOK_EVERY
          if ((await disk.freeBytes(folder)) < RESERVE + LOOK_EVERY) throw new Refusal('storage_failed', DISK_FULL)
        }
        // Unlike `write`, it goes on after a part.
        await file.appendFile(chunk)
      }
      await file.sync()
      return bytes
    } finally {
      await file.close()
    }
  }

  const remove = (id: string) => {
    pending.delete(id)
    rmSync(pathOf(id), { force: true })
  }

  return {
    handlers: {
      'uploads.register': ({ id, fileName }, { actor, commit }) => {
        if (!pending.has(id)) throw new Refusal('not_found', 'Nothing was received under this id.')
        const bytes = statSync(pathOf(id)).size
        const upload = { id, fileName, bytes, importId: null, createdBy: actor, createdAt: clock.now() }
        commit((tx, about) => {
          about('upload', id)
          insertUpload(tx, upload)
        })
        pending.delete(id)
        return upload
      },

      'uploads.list': (_input, { caller, actor }) => ({
        uploads: listUploads(db).filter(upload => caller.role === 'admin' || upload.createdBy === actor),
      }),

      'uploads.preview': async ({ upload, settings, rows }, context) => {
        const path = pathOf(visible(db, upload, context).id)
        return inWordsOfUploads(async () => imports.handlers['imports.preview']({ path, settings, rows }, context))
      },

      'uploads.start': ({ upload, settings }, context) =>
        inWordsOfUploads(async () => {
          const { id, fileName } = visible(db, upload, context)
          return imports.begin({ path: pathOf(id), settings, fileName }, context, (tx, importId) => {
            if (visible(tx, id, context).importId !== null) {
              throw new Refusal('conflict', 'This upload is being imported already. Send the file again to do it anew.')
            }
            giveUploadTo(tx, id, importId)
          })
        }),

      'uploads.delete': ({ id }, context) => {
        context.commit((tx, about) => {
          if (visible(tx, id, context).importId !== null) {
            throw new Refusal('conflict', 'An import reads this file. Cancel the import, and the file goes with it.')
          }
          about('upload', id)
          deleteUpload(tx, id)
        })
        remove(id)
        return { done: true }
      },
    },

    async receive(source, caller) {
      const actor = actorOf(caller)
      const unused = listUploads(db).filter(upload => upload.createdBy === actor && upload.importId === null)
      if (unused.length >= MOST_UNUSED) {
        throw new Refusal(
          'conflict',
          `There are ${unused.length} uploads of yours that nothing was done with. Import or delete one first.`,
        )
      }
      const own = receiving.filter(one => one === actor).length
      if (receiving.length >= MOST_AT_ONCE || own >= MOST_AT_ONCE_EACH) {
        throw new Refusal('too_many', 'Several lists are coming in at the moment. Wait until one is done.', {}, 10_000)
      }
      const id = Buffer.from(random.bytes(16)).toString('hex')
      receiving.push(actor)
      pending.add(id)
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        return { id, bytes: await write(id, source) }
      } catch (error) {
        remove(id)
        throw error
      } finally {
        receiving.splice(receiving.indexOf(actor), 1)
      }
    },

    discard: remove,

    step() {
      const done = uploadsDone(db, clock.now() - UNUSED_MS)
      for (const id of done) remove(id)
      if (done.length > 0) {
        db.write(tx => {
          for (const id of done) deleteUpload(tx, id)
        })
        log.info('uploads were removed', { count: done.length })
      }
      if (!lookedForStrays) {
        lookedForStrays = true
        removeStrays(folder, new Set([...pending, ...listUploads(db).map(upload => upload.id)]))
      }
      return false
    },
  }
}

const DISK_FULL = 'There is too little room on the disk of the hub for this list. Make room, and send it again.'

/** What a crash has left: files that no row knows. */
function removeStrays(folder: string, known: ReadonlySet<string>): void {
  try {
    for (const name of readdirSync(folder)) if (!known.has(name)) rmSync(join(folder, name), { force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

/** Refusals about the file name the field that the caller knows. */
async function inWordsOfUploads<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || !('path' in error.fields)) throw error
    const { path, ...fields } = error.fields
    throw new Refusal(error.code, error.message, { ...fields, upload: path! })
  }
}

import { Refusal } from '../../../shared/errors.ts'
import { deleteIntent, insertIntent, intentsOfFile } from '../../db/access-intents.ts'
import type { FilePlace } from '../../db/access-services.ts'
import type { Database, Writer } from '../../db/database.ts'
import { editHtpasswd, hashesOf } from '../../domain/htpasswd.ts'
import type { Clock, Log } from '../ports.ts'
import { localFile } from './htpasswd-file.ts'
import { FileChanged, FileProblem, type PasswordFile } from './password-file.ts'
import { reloadProxy } from './reload.ts'
import { sshFile } from './ssh-file.ts'

/** What is to happen to the entries of one file: hashes by user name, null where an entry goes. */
export interface FileChange {
  readonly place: FilePlace
  readonly entries: ReadonlyMap<string, string | null>
  /** Remove the file where nothing of anybody is left in it. */
  readonly removeEmpty?: boolean
}

export interface ChangeParts {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
}

/** Another writer may come between reading and writing now and then, not all the time. */
const TRIES = 5

/** A file that was written, and how to undo it. */
interface Written {
  readonly place: FilePlace
  readonly before: string | null
  readonly after: string | null
  readonly entries: ReadonlyMap<string, string | null>
}

export function fileAt({ host, file }: FilePlace): PasswordFile {
  return host === '' ? localFile(file) : sshFile(host, file)
}

/**
 * Changes files and database together, wholly or not at all. First the intent is stored, then the files are written and
 * the proxy reloaded, and last `commit` changes the database; it has to call what it is given in its transaction, which
 * takes the intent away. Whatever fails, the files are put back; after a crash `settleFile` does it by the intent. The
 * caller holds the locks of the services. Throws Refusal.
 */
export async function changeFiles<T>(
  parts: ChangeParts,
  changes: readonly FileChange[],
  commit: (settled: (tx: Writer) => void) => T,
): Promise<T> {
  const { db, clock } = parts
  const wanted = changes.filter(change => change.entries.size > 0)
  const texts: (string | null)[] = []
  for (const { place } of wanted) {
    await settleFile(parts, place)
    texts.push(await asRefusal(place, () => fileAt(place).read()))
  }
  const intents = db.write(tx =>
    wanted.map(({ place, entries }, at) => {
      const text = texts[at] ?? null
      return insertIntent(
        tx,
        { place, existed: text !== null, before: hashesOf(text ?? '', entries.keys()) },
        clock.now(),
      )
    }),
  )
  const written: Written[] = []
  try {
    for (const change of wanted) {
      const one = await asRefusal(change.place, () => write(change))
      if (!one) continue
      written.push(one)
      const problem = await reloadProxy(change.place)
      if (problem !== null) throw new Refusal('unavailable', `${problem} Nothing was changed: the file is as it was.`)
    }
    return commit(tx => {
      for (const id of intents) deleteIntent(tx, id)
    })
  } catch (error) {
    await undo(parts, written, intents)
    throw error
  }
}

/** Puts a file back that a crash has left changed. Throws Refusal while it cannot be reached. */
export async function settleFile(parts: ChangeParts, place: FilePlace): Promise<void> {
  const { db, log } = parts
  const open = intentsOfFile(db, place)
  // The newest first: each was made over what the ones before had left.
  for (const intent of open.reverse()) {
    await asRefusal(place, () => write({ place: intent.place, entries: intent.before, removeEmpty: !intent.existed }))
    const problem = await reloadProxy(intent.place)
    if (problem !== null) log.warn('the proxy could not be reloaded after a file was put back', { file: place.file })
    db.write(tx => deleteIntent(tx, intent.id))
    log.info('a file was put back after a change that did not end', { file: place.file })
  }
}

/** Null: the entries are as wanted already. */
async function write({ place, entries, removeEmpty }: FileChange): Promise<Written | null> {
  const file = fileAt(place)
  for (let tries = 1; ; tries += 1) {
    const before = await file.read()
    const edited = editHtpasswd(before ?? '', entries)
    const after = removeEmpty && edited === '' ? null : edited
    if (after === before) return null
    try {
      await file.replace(after, before)
      return { place, before, after, entries }
    } catch (error) {
      if (!(error instanceof FileChanged) || tries === TRIES) throw error
    }
  }
}

/** The last one first. What cannot be put back now is left to the intent. */
async function undo(parts: ChangeParts, written: readonly Written[], intents: readonly number[]): Promise<void> {
  const { db, log } = parts
  let whole = true
  for (const one of [...written].reverse()) {
    try {
      await putBack(one)
      const problem = await reloadProxy(one.place)
      if (problem !== null)
        log.warn('the proxy could not be reloaded after a file was put back', { file: one.place.file })
    } catch (error) {
      whole = false
      log.error('a file could not be put back; it is tried again before its next change', error, {
        file: one.place.file,
      })
    }
  }
  if (!whole) return
  try {
    db.write(tx => {
      for (const id of intents) deleteIntent(tx, id)
    })
  } catch (error) {
    // Settling it once more later changes nothing.
    log.error('a change that was undone could not be taken off the list', error)
  }
}

/** To the last byte where nobody has written since; otherwise our entries only. */
async function putBack({ place, before, after, entries }: Written): Promise<void> {
  try {
    await fileAt(place).replace(before, after)
  } catch (error) {
    if (!(error instanceof FileChanged)) throw error
    await write({ place, entries: hashesOf(before ?? '', entries.keys()) })
  }
}

/** Runs what touches a file, and says in a refusal why it cannot. */
export async function asRefusal<T>(place: FilePlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof FileChanged) {
      throw new Refusal('unavailable', `${place.file} is written by somebody else all the time. Nothing was changed.`)
    }
    if (error instanceof FileProblem) throw new Refusal('unavailable', `${error.message} Nothing was changed.`)
    throw error
  }
}

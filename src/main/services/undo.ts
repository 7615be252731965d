import { Refusal } from '../../shared/errors.ts'
import type { Undo } from '../../shared/operations/undo.ts'
import { type BulkJobRow, bulkJobById } from '../db/bulk-jobs.ts'
import { contactById, touchContacts } from '../db/contacts.ts'
import type { Database, Reader, Writer } from '../db/database.ts'
import { renameListInRules } from '../db/keyword-rules.ts'
import {
  addMembers,
  type GroupKind,
  groupById,
  groupsByName,
  removeMembers,
  renameList,
  restoreList,
} from '../db/lists.ts'
import { segmentNamed } from '../db/segments.ts'
import {
  bulkChangesOf,
  countRestored,
  deleteUndo,
  forgetBulkChanges,
  listUndos,
  putWholeRow,
  setUndoState,
  type UndoRow,
  undoById,
  undoToDo,
  undoToForget,
  type WholeRow,
} from '../db/undo.ts'
import { writeUnsynced } from '../db/unsynced.ts'
import { nameOf } from './actor-name.ts'
import type { Background } from './background.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import { Pace } from './pace.ts'
import type { Clock, Happenings } from './ports.ts'
import { renameInSegments } from './segments.ts'

export interface UndoParts {
  readonly db: Database
  readonly clock: Clock
  readonly background: Background
  readonly happenings: Pick<Happenings, 'tell'>
}

/** For how long a change can be undone, in ms. */
export const UNDO_MS = 24 * 3_600_000
/** How long one step should keep the main thread, in ms. */
const STEP_MS = 5
const SHOWN = 50

/**
 * Undo: what a change made different becomes what it was where nobody changed it since. It is on record at once; of many
 * contacts it is done step by step in the background, and a crash loses nothing, since each step removes what it has done.
 */
export function undoHandlers(parts: UndoParts): HandlersFor<'undo.list' | 'undo.contacts' | 'undo.campaigns'> {
  const { db, clock, background, happenings } = parts
  let pace = { undo: 0, of: newPace() }

  background.add('undo', () => {
    const undo = undoToDo(db)
    if (!undo) return forgetOld(db, clock.now() - UNDO_MS)
    const began = clock.mono()
    if (pace.undo !== undo.id) pace = { undo: undo.id, of: newPace() }
    const done = writeUnsynced(db, tx => undoStep(tx, undo, pace.of.rows, clock.now()))
    if (done > 0) pace.of.took(done, clock.mono() - began)
    return true
  })

  const shownNow = (id: number): Undo => shown(db, undoById(db, id)!)
  return {
    'undo.list': () => ({ undos: listUndos(db, clock.now() - UNDO_MS, SHOWN).map(row => shown(db, row)) }),
    'undo.contacts': ({ id }, { commit }) => {
      commit((tx, about) => {
        const undo = wanted(tx, id, clock.now())
        if (undo.kind === 'delete-campaign') throw unknown()
        about('undo', id)
        undoContacts(tx, undo, clock.now())
      })
      background.wake()
      return shownNow(id)
    },
    'undo.campaigns': ({ id }, { commit }) => {
      const subject = commit((tx, about) => {
        const undo = wanted(tx, id, clock.now())
        if (undo.kind !== 'delete-campaign') throw unknown()
        about('undo', id)
        about('campaign', undo.subject)
        putWholeRow(tx, 'campaigns', JSON.parse(undo.before) as WholeRow)
        setUndoState(tx, id, 'undone')
        return undo.subject
      })
      happenings.tell({ type: 'campaign', id: subject })
      return shownNow(id)
    },
  }
}

function undoContacts(tx: Writer, undo: UndoRow, at: number): void {
  switch (undo.kind) {
    case 'rename-list': {
      const { after } = JSON.parse(undo.before) as { after: string }
      const list = groupById(tx, 'list', undo.subject)
      if (list?.name !== after) throw changedSince('The list was renamed or deleted since.')
      refuseTaken(tx, undo)
      renameList(tx, undo.subject, undo.name)
      renameInSegments(tx, after, undo.name, at)
      renameListInRules(tx, after, undo.name, at)
      break
    }
    case 'delete-list':
      refuseTaken(tx, undo)
      if (!restoreList(tx, undo.subject, undo.name)) throw changedSince('Nothing is left of the list.')
      break
    case 'delete-segment':
      if (segmentNamed(tx, undo.name)) throw changedSince(`There is a saved segment "${undo.name}" again.`)
      putWholeRow(tx, 'segments', JSON.parse(undo.before) as WholeRow)
      break
    default: {
      const job = bulkJobById(tx, undo.subject)
      if (!job || job.finishedAt === null) throw new Refusal('conflict', 'It is still being done. Undo it in a moment.')
      if (!groupById(tx, kindOf(job), job.groupId!)) {
        throw changedSince(`"${undo.name}" was deleted since. Bring that back first.`)
      }
      setUndoState(tx, undo.id, 'undoing')
      return
    }
  }
  setUndoState(tx, undo.id, 'undone')
}

/** Undoes a bit of a bulk action. Returns how many contacts it looked at. */
function undoStep(tx: Writer, undo: UndoRow, rows: number, at: number): number {
  const job = bulkJobById(tx, undo.subject)
  const ids = job ? bulkChangesOf(tx, job.id, rows) : []
  if (!job || ids.length === 0) {
    setUndoState(tx, undo.id, 'undone')
    return 0
  }
  const kind = kindOf(job)
  const there = groupById(tx, kind, job.groupId!) ? ids.filter(id => contactById(tx, id) !== undefined) : []
  if (there.length > 0) {
    const added = job.kind === 'tag' || job.kind === 'add-to-list'
    if (added) removeMembers(tx, kind, job.groupId!, there)
    else addMembers(tx, kind, job.groupId!, there, null)
    touchContacts(tx, there, at)
    countRestored(tx, undo.id, there.length)
  }
  // The change of a membership has voided its note; those of contacts that are gone are left.
  forgetBulkChanges(tx, job.id, ids.length - there.length)
  return ids.length
}

/** Does a bit of forgetting what can be undone no more. Returns whether there is more. */
function forgetOld(db: Database, before: number): boolean {
  const undo = undoToForget(db, before)
  if (!undo) return false
  db.write(tx => {
    const isBulk = ['tag', 'untag', 'add-to-list', 'remove-from-list'].includes(undo.kind)
    if (isBulk && forgetBulkChanges(tx, undo.subject, FORGOTTEN_AT_ONCE) === FORGOTTEN_AT_ONCE) return
    deleteUndo(tx, undo.id)
  })
  return true
}

const FORGOTTEN_AT_ONCE = 500

function kindOf({ kind }: Pick<BulkJobRow, 'kind'>): GroupKind {
  return kind === 'tag' || kind === 'untag' ? 'tag' : 'list'
}

function refuseTaken(db: Reader, { name, subject }: UndoRow): void {
  const same = groupsByName(db, 'list', [name])[0]
  if (same && same.id !== subject) {
    throw changedSince(`There is another list "${name}" now. Rename that first.`)
  }
}

function wanted(db: Reader, id: number, now: number): UndoRow {
  const undo = undoById(db, id)
  if (!undo || undo.createdAt <= now - UNDO_MS) throw unknown()
  if (undo.state !== 'open') throw new Refusal('conflict', 'It was undone already.')
  return undo
}

function unknown(): Refusal {
  return new Refusal('not_found', 'There is nothing to undo here (any more): changes can be undone for a day.')
}

function changedSince(why: string): Refusal {
  return new Refusal('conflict', `It cannot be undone as it is. ${why}`)
}

function newPace(): Pace {
  return new Pace(STEP_MS, { first: 30, least: 5, most: 600 })
}

function shown(db: Reader, row: UndoRow): Undo {
  const isBulk = ['tag', 'untag', 'add-to-list', 'remove-from-list'].includes(row.kind)
  const job = isBulk ? bulkJobById(db, row.subject) : undefined
  const isWorking = row.state === 'undoing' || (job !== undefined && job.finishedAt === null)
  return {
    ...{ id: row.id, kind: row.kind, name: row.name, by: nameOf(db, row.createdBy), at: row.createdAt },
    ...{ until: row.createdAt + UNDO_MS, changed: job?.changed ?? 0, restored: row.restored },
    state: isWorking ? 'working' : row.state === 'undone' ? 'undone' : 'open',
  }
}

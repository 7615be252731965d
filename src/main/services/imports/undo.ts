import { detachConsents } from '../../db/consents.ts'
import {
  ContactChanges,
  contactById,
  contactsOfImport,
  deleteContactRow,
  detachFromImport,
  hasConversation,
  restoreContactRow,
} from '../../db/contacts.ts'
import type { Database, Writer } from '../../db/database.ts'
import {
  clearImportRows,
  deleteImport,
  firstImportIn,
  type ImportRow,
  importChanges,
  setImportState,
  storeUndo,
  type UndoProgress,
} from '../../db/imports.ts'
import { deleteEmptyGroupsOf, leaveGroups } from '../../db/lists.ts'
import { writeUnsynced } from '../../db/unsynced.ts'
import { hasMoved, type OnMoved } from '../dispatch/refit.ts'
import type { Clock } from '../ports.ts'

/** Contacts of one step: some milliseconds. */
const STEP = 100
/** Rows of a report that one step removes. */
const CLEARED = 400

/**
 * One step of the undoing and forgetting that waits, in one transaction; how far it is stands in the database.
 * Returns whether there was anything to do. `ended` is called with the id of an import that is undone.
 */
export function undoStep(
  db: Database,
  clock: Clock,
  ended: (id: number) => void,
  onMoved: OnMoved | undefined,
): boolean {
  const row = firstImportIn(db, 'undoing', 'forgotten')
  if (!row) return false
  const done = writeUnsynced(db, tx =>
    row.state === 'undoing' ? undoSome(tx, row, clock.now(), onMoved) : forgetSome(tx, row.id),
  )
  if (done && row.state === 'undoing') ended(row.id)
  return true
}

/** First the contacts that the import made, then those that were there before it. Returns whether all is done. */
function undoSome(tx: Writer, row: ImportRow, at: number, onMoved: OnMoved | undefined): boolean {
  const { undoPhase, undoAfter, removed, restored, kept } = row
  const progress = { undoPhase, undoAfter, removed, restored, kept }
  const more = undoPhase === 0 ? removeMade(tx, row, progress) : restoreChanged(tx, row, progress, at, onMoved)
  if (!more) {
    progress.undoPhase += 1
    progress.undoAfter = 0
  }
  storeUndo(tx, row.id, progress)
  if (progress.undoPhase < 2) return false
  deleteEmptyGroupsOf(tx, row.id)
  setImportState(tx, row.id, 'undone', { finishedAt: at })
  return true
}

type Progress = { -readonly [K in keyof UndoProgress]: UndoProgress[K] }

function removeMade(tx: Writer, row: ImportRow, progress: Progress): boolean {
  const contacts = contactsOfImport(tx, row.id, progress.undoAfter, STEP)
  const changes = new ContactChanges()
  for (const contact of contacts) {
    progress.undoAfter = contact.id
    if (contact.version === 0 && !hasConversation(tx, contact)) {
      deleteContactRow(tx, contact, changes)
      progress.removed += 1
    } else {
      leaveGroups(tx, contact.id, row.id)
      progress.kept += 1
    }
  }
  changes.store(tx)
  return contacts.length === STEP
}

function restoreChanged(
  tx: Writer,
  row: ImportRow,
  progress: Progress,
  at: number,
  onMoved: OnMoved | undefined,
): boolean {
  const touched = importChanges(tx, row.id, progress.undoAfter, STEP)
  const changes = new ContactChanges()
  for (const { contactId, before, afterVersion } of touched) {
    progress.undoAfter = contactId
    const contact = contactById(tx, contactId)
    if (!contact) continue
    leaveGroups(tx, contactId, row.id)
    if (before === null) continue
    if (contact.version === afterVersion) {
      restoreContactRow(tx, contact, before, at, changes)
      const after = { ...contact, ...before }
      if (hasMoved(contact, after)) onMoved?.(tx, after)
      progress.restored += 1
    } else {
      progress.kept += 1
    }
  }
  changes.store(tx)
  return touched.length === STEP
}

/** Returns whether nothing of the import is left. */
function forgetSome(tx: Writer, id: number): boolean {
  if (clearImportRows(tx, id, CLEARED) > 0) return false
  if (detachFromImport(tx, id, CLEARED) > 0) return false
  if (detachConsents(tx, id, CLEARED) > 0) return false
  deleteImport(tx, id)
  return true
}

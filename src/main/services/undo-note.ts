import type { Writer } from '../db/database.ts'
import { insertUndo, type UndoRow } from '../db/undo.ts'

/** Notes a change, in its own transaction, as one that can be undone. */
export function noteUndo(
  db: Writer,
  change: Pick<UndoRow, 'kind' | 'subject' | 'name' | 'createdBy' | 'createdAt'> & { readonly before: object },
): number {
  return insertUndo(db, { ...change, before: JSON.stringify(change.before) })
}

import { Refusal } from '../../shared/errors.ts'
import type { SavedSegment } from '../../shared/operations/contact-work.ts'
import type { Audience } from '../../shared/operations/contacts.ts'
import type { Database, Reader, Writer } from '../db/database.ts'
import {
  deleteSegment,
  insertSegment,
  listSegments,
  type SegmentRow,
  segmentById,
  segmentNamed,
  updateSegment,
} from '../db/segments.ts'
import { wholeRow } from '../db/undo.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock } from './ports.ts'
import { noteUndo } from './undo-note.ts'

/** Saved segments: audiences that were given a name. */
export function segmentHandlers(parts: {
  db: Database
  clock: Clock
}): HandlersFor<'segments.list' | 'segments.create' | 'segments.update' | 'segments.delete'> {
  const { db, clock } = parts
  return {
    'segments.list': () => ({ segments: listSegments(db).map(shown) }),
    'segments.create': ({ name, audience }, { actor, commit }) => {
      const id = commit((tx, about) => {
        refuseTaken(tx, name, null)
        const segment = { name, audience: JSON.stringify(audience), createdBy: actor, at: clock.now() }
        const id = insertSegment(tx, segment)
        about('segment', id)
        return id
      })
      return shown(there(db, id))
    },
    'segments.update': ({ id, name, audience }, { commit }) => {
      commit((tx, about) => {
        const before = there(tx, id)
        about('segment', id)
        if (name !== undefined) refuseTaken(tx, name, id)
        const after = {
          name: name ?? before.name,
          audience: audience === undefined ? before.audience : JSON.stringify(audience),
        }
        updateSegment(tx, id, after, clock.now())
      })
      return shown(there(db, id))
    },
    'segments.delete': ({ id }, { actor, commit }) => {
      const undo = commit((tx, about) => {
        const { name } = there(tx, id)
        about('segment', id)
        const before = wholeRow(tx, 'segments', id)!
        deleteSegment(tx, id)
        const change = { kind: 'delete-segment', subject: id, name, before } as const
        return noteUndo(tx, { ...change, createdBy: actor, createdAt: clock.now() })
      })
      return { done: true, undo }
    },
  }
}

/** Saved segments name lists as people do, so a list that is called otherwise is called so in them too. */
export function renameInSegments(db: Writer, before: string, after: string, at: number): void {
  const same = (name: string): boolean => name.toLowerCase() === before.toLowerCase()
  for (const row of listSegments(db)) {
    const { name, audience } = shown(row)
    if (!audience.lists.some(same)) continue
    const lists = audience.lists.map(list => (same(list) ? after : list))
    updateSegment(db, row.id, { name, audience: JSON.stringify({ ...audience, lists }) }, at)
  }
}

function shown(row: SegmentRow): SavedSegment {
  return { ...row, audience: JSON.parse(row.audience) as Audience }
}

function there(db: Reader, id: number): SegmentRow {
  const found = segmentById(db, id)
  if (!found) throw new Refusal('not_found', 'There is no such saved segment (any more).')
  return found
}

function refuseTaken(db: Reader, name: string, own: number | null): void {
  const same = segmentNamed(db, name)
  if (!same || same.id === own) return
  const message = `There is a saved segment "${same.name}" already. Choose another name.`
  throw new Refusal('exists_already', message, { name: message })
}

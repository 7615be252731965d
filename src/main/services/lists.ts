import { Refusal } from '../../shared/errors.ts'
import type { Database, Writer } from '../db/database.ts'
import { renameListInRules } from '../db/keyword-rules.ts'
import {
  allGroups,
  clearDeletedList,
  deleteList,
  type GroupRow,
  groupById,
  groupsByName,
  hasDeletedLists,
  renameList,
} from '../db/lists.ts'
import type { Background } from './background.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock } from './ports.ts'
import { renameInSegments } from './segments.ts'
import { noteUndo } from './undo-note.ts'

/** Members of a deleted list that are removed in one step. */
const STEP = 500

export function listHandlers(parts: {
  db: Database
  clock: Clock
  background: Background
}): HandlersFor<'lists.list' | 'lists.rename' | 'lists.delete'> {
  const { db, clock, background } = parts
  background.add('deleted lists', () => {
    if (!hasDeletedLists(db)) return false
    db.write(tx => clearDeletedList(tx, STEP))
    return true
  })
  return {
    'lists.list': () => ({ lists: allGroups(db, 'list'), tags: allGroups(db, 'tag') }),
    'lists.rename': ({ id, name }, { actor, commit }) => {
      const undo = commit((tx, about) => {
        const before = there(tx, id)
        about('list', id)
        const same = groupsByName(tx, 'list', [name])[0]
        if (same && same.id !== id) {
          const message = `There is a list "${same.name}" already. Choose another name.`
          throw new Refusal('exists_already', message, { name: message })
        }
        renameList(tx, id, name)
        renameInSegments(tx, before.name, name, clock.now())
        renameListInRules(tx, before.name, name, clock.now())
        if (before.name === name) return null
        const change = { kind: 'rename-list', subject: id, name: before.name, before: { after: name } } as const
        return noteUndo(tx, { ...change, createdBy: actor, createdAt: clock.now() })
      })
      return { done: true, undo }
    },
    'lists.delete': ({ id }, { actor, commit }) => {
      const undo = commit((tx, about) => {
        const { name } = there(tx, id)
        about('list', id)
        deleteList(tx, id)
        const change = { kind: 'delete-list', subject: id, name, before: {} } as const
        return noteUndo(tx, { ...change, createdBy: actor, createdAt: clock.now() })
      })
      background.wake()
      return { done: true, undo }
    },
  }
}

function there(tx: Writer, id: number): GroupRow {
  const list = groupById(tx, 'list', id)
  if (!list) throw new Refusal('not_found', 'There is no such list (any more).')
  return list
}

import { Refusal } from '../../shared/errors.ts'
import type { BulkAction, BulkJob } from '../../shared/operations/contact-work.ts'
import type { InputOf } from '../../shared/operations/index.ts'
import { nextOfAudience } from '../db/audience.ts'
import {
  type BulkJobRow,
  bulkJobById,
  bulkJobToDo,
  forgetBulkJobs,
  insertBulkJob,
  listBulkJobs,
  moveBulkJob,
} from '../db/bulk-jobs.ts'
import { ContactChanges, contactById, deleteContactRow, lastContactId, touchContacts } from '../db/contacts.ts'
import type { Database, Reader, Writer } from '../db/database.ts'
import {
  addMembers,
  ensureGroup,
  type GroupKind,
  groupById,
  groupsByName,
  membersAmong,
  removeMembers,
} from '../db/lists.ts'
import { noteBulkChanges, undoOf } from '../db/undo.ts'
import { writeUnsynced } from '../db/unsynced.ts'
import type { Background } from './background.ts'
import type { ContactSearch } from './contact-search.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import { Pace } from './pace.ts'
import type { Clock } from './ports.ts'
import { noteUndo } from './undo-note.ts'

export interface BulkParts {
  readonly db: Database
  readonly clock: Clock
  readonly background: Background
  readonly search: ContactSearch
}

/** How long one step should keep the main thread, in ms. */
const STEP_MS = 5
/** Jobs that stay to be looked at. */
const KEPT = 20

type Selection = InputOf<'contacts.bulk'>['selection']

/** What is done to many contacts at once: it is on record at once, and done step by step in the background. */
export function bulkHandlers(parts: BulkParts): HandlersFor<'contacts.bulk' | 'contacts.bulk-jobs'> {
  const { db, clock, background, search } = parts
  // What one kind of job does with a thousand contacts another does with fifty.
  let pace = { job: 0, of: newPace() }

  background.add('bulk actions', () => {
    const job = bulkJobToDo(db)
    if (!job) return false
    const began = clock.mono()
    if (pace.job !== job.id) pace = { job: job.id, of: newPace() }
    const { rows } = pace.of
    const looked = writeUnsynced(db, tx => bulkStep(tx, job, rows, clock.now()))
    if (looked > 0) pace.of.took(looked, clock.mono() - began)
    return true
  })

  return {
    'contacts.bulk': async ({ selection, action }, { actor, commit }) => {
      // Whoever is chosen by words has to be found by them.
      if ('audience' in selection && selection.audience.search !== '') await search.complete()
      const id = commit((tx, about) => {
        const at = clock.now()
        const id = insertBulkJob(tx, {
          kind: action.kind,
          name: action.kind === 'delete' ? '' : action.name,
          groupId: groupOf(tx, action, at),
          selection: JSON.stringify('ids' in selection ? { ids: inOrder(selection.ids) } : selection),
          untilId: 'ids' in selection ? Math.max(...selection.ids) : lastContactId(tx),
          createdBy: actor,
          createdAt: at,
        })
        about('bulk', id)
        if (action.kind !== 'delete') {
          const { kind, name } = action
          noteUndo(tx, { kind, subject: id, name, before: {}, createdBy: actor, createdAt: at })
        }
        forgetBulkJobs(tx, KEPT)
        return id
      })
      background.wake()
      return shown(db, bulkJobById(db, id)!)
    },
    'contacts.bulk-jobs': () => ({ jobs: listBulkJobs(db, KEPT).map(job => shown(db, job)) }),
  }
}

function newPace(): Pace {
  return new Pace(STEP_MS, { first: 30, least: 5, most: 600 })
}

/** Does a bit of a job. Returns how many contacts it looked at. */
function bulkStep(tx: Writer, job: BulkJobRow, rows: number, at: number): number {
  const ids = nextIds(tx, job, rows)
  const isLast = ids.length < rows
  const group = groupKindOf(job.kind)
  // A list that was deleted meanwhile has nobody to take in.
  const isGone = group !== null && !groupById(tx, group, job.groupId!)
  const changed = isGone ? 0 : changeAll(tx, job, ids, at)
  moveBulkJob(tx, job.id, {
    afterId: ids.at(-1) ?? job.afterId,
    contacts: job.contacts + (isGone ? 0 : ids.length),
    changed: job.changed + changed,
    finishedAt: isLast || isGone ? at : null,
  })
  return ids.length
}

function nextIds(db: Reader, { selection, afterId, untilId }: BulkJobRow, limit: number): number[] {
  const chosen = JSON.parse(selection) as Selection
  const found =
    'ids' in chosen
      ? chosen.ids.filter(id => id > afterId).slice(0, limit)
      : nextOfAudience(db, { ...chosen.audience, importId: chosen.importId }, afterId, limit).map(({ id }) => id)
  return found.filter(id => id <= untilId)
}

/** Returns for how many it made a difference. */
function changeAll(tx: Writer, job: BulkJobRow, ids: readonly number[], at: number): number {
  const kind = groupKindOf(job.kind)
  if (kind === null) return deleteAll(tx, ids)
  const groupId = job.groupId!
  const there = ids.filter(id => contactById(tx, id) !== undefined)
  const members = new Set(membersAmong(tx, kind, groupId, there))
  const adds = job.kind === 'tag' || job.kind === 'add-to-list'
  const changing = there.filter(id => members.has(id) !== adds)
  if (changing.length === 0) return 0
  if (adds) addMembers(tx, kind, groupId, changing, null)
  else removeMembers(tx, kind, groupId, changing)
  noteBulkChanges(tx, job.id, changing)
  touchContacts(tx, changing, at)
  return changing.length
}

function deleteAll(tx: Writer, ids: readonly number[]): number {
  const changes = new ContactChanges()
  let deleted = 0
  for (const id of ids) {
    const contact = contactById(tx, id)
    if (!contact) continue
    deleteContactRow(tx, contact, changes)
    deleted += 1
  }
  changes.store(tx)
  return deleted
}

function groupKindOf(kind: BulkAction['kind']): GroupKind | null {
  if (kind === 'delete') return null
  return kind === 'tag' || kind === 'untag' ? 'tag' : 'list'
}

function groupOf(tx: Writer, action: BulkAction, at: number): number | null {
  const kind = groupKindOf(action.kind)
  if (kind === null || action.kind === 'delete') return null
  if (action.kind === 'tag' || action.kind === 'add-to-list') return ensureGroup(tx, kind, action.name, null, at)
  const found = groupsByName(tx, kind, [action.name])[0]
  if (!found) throw new Refusal('not_found', `There is no ${kind} "${action.name}".`)
  return found.id
}

function inOrder(ids: readonly number[]): number[] {
  return [...new Set(ids)].sort((one, other) => one - other)
}

function shown(db: Reader, row: BulkJobRow): BulkJob {
  const { id, kind, name, contacts, changed, createdBy, createdAt, finishedAt } = row
  const share = finishedAt !== null || row.untilId === 0 ? 1 : Math.min(1, row.afterId / row.untilId)
  const state = finishedAt === null ? 'running' : 'done'
  const undo = kind === 'delete' ? undefined : undoOf(db, kind, id)
  return {
    ...{ id, kind, name, state, share, contacts, changed, createdBy, createdAt, finishedAt },
    undo: undo?.state === 'open' ? undo.id : null,
  }
}

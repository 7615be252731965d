import { Refusal } from '../../shared/errors.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { noteById, updateNote } from '../db/conversations.ts'
import type { Database, Reader, Writer } from '../db/database.ts'
import { countUnseenMentions, mentionsOf, seeMentions, setMentions } from '../db/mentions.ts'
import { assignThread, moveThread, standingOf } from '../db/triage.ts'
import { listUsers, userById } from '../db/users.ts'
import { fullName } from '../domain/fields.ts'
import { mentionedUsers } from '../domain/mentions.ts'
import type { ThreadEvent } from '../domain/thread-states.ts'
import { nameOf } from './actor-name.ts'
import { idCursor, nextCursor } from './cursor.ts'
import type { Caller } from './operations/caller.ts'
import type { ChangeContext, HandlersFor } from './operations/dispatch.ts'
import type { Clock, Happenings } from './ports.ts'
import type { SaidSearch } from './said-search.ts'
import { shownNote, wantedThread } from './threads.ts'

export interface TriageParts {
  readonly db: Database
  readonly clock: Clock
  readonly happenings: Happenings
  readonly said: SaidSearch
}

type TriageOperations =
  | 'inbox.people'
  | 'inbox.assign'
  | 'inbox.snooze'
  | 'inbox.unsnooze'
  | 'inbox.close'
  | 'inbox.reopen'
  | 'inbox.edit-note'
  | 'inbox.mentions'
  | 'inbox.see-mentions'
  | 'inbox.search'

/** Nobody means to be reminded later than in a year: it is a slip of the hand. */
const LONGEST_SNOOZE_MS = 366 * 24 * 3_600_000

/** How people work through replies: who has a thread, what is put off, what is done, and who is called in a note. */
export function triageHandlers({ db, clock, happenings, said }: TriageParts): HandlersFor<TriageOperations> {
  /** One change to where a thread stands, told to everybody who looks at it. */
  const change = (threadId: number, commit: ChangeContext['commit'], work: (tx: Writer) => void) => {
    const standing = commit((tx, about) => {
      about('thread', wantedThread(tx, threadId).id)
      work(tx)
      return standingOf(tx, threadId)!
    })
    happenings.tell({ type: 'thread', id: threadId })
    return standing
  }
  const move = (threadId: number, commit: ChangeContext['commit'], event: ThreadEvent) =>
    change(threadId, commit, tx => void moveThread(tx, threadId, event))
  return {
    'inbox.people': () => ({
      people: listUsers(db)
        .filter(user => user.active === 1)
        .map(({ id, username, full_name: name }) => ({ id, username, name: name || username }))
        .sort((one, other) => one.name.localeCompare(other.name)),
    }),

    'inbox.assign': ({ threadId, userId }, { commit }) =>
      change(threadId, commit, tx => {
        if (userId !== null) refuseAssignee(tx, userId)
        assignThread(tx, threadId, userId)
      }),

    'inbox.snooze': ({ threadId, until }, { commit }) => {
      refuseTime(until, clock.now())
      return move(threadId, commit, { type: 'snooze', until })
    },

    'inbox.unsnooze': ({ threadId }, { commit }) => move(threadId, commit, { type: 'unsnooze' }),
    'inbox.close': ({ threadId }, { commit }) => move(threadId, commit, { type: 'close' }),
    'inbox.reopen': ({ threadId }, { commit }) => move(threadId, commit, { type: 'reopen' }),

    'inbox.edit-note': ({ id, body }, { actor, caller, commit }) => {
      const { threadId, note } = commit((tx, about) => {
        const before = noteById(tx, id)
        if (!before) throw new Refusal('not_found', 'There is no such note (any more).')
        if (before.by !== actor) {
          throw new Refusal('conflict', 'Only who wrote a note can change it. Add a note of your own.')
        }
        about('thread', before.threadId)
        updateNote(tx, id, body, clock.now())
        callMentioned(tx, id, body, caller)
        return { threadId: before.threadId, note: shownNote(tx, noteById(tx, id)!, actor) }
      })
      happenings.tell({ type: 'thread', id: threadId })
      return note
    },

    'inbox.mentions': ({ limit, after, unseen }, { caller }) => {
      const before = idCursor(after, Number.MAX_SAFE_INTEGER)
      const rows = caller.kind === 'user' ? mentionsOf(db, caller.id, unseen, before, limit) : []
      const items = rows.map(({ firstName, lastName, seen, by, ...row }): Mention => {
        return { ...row, name: fullName({ firstName, lastName }), by: nameOf(db, by), seen: seen === 1 }
      })
      return { items, next: nextCursor(items, limit, item => item.id) }
    },

    'inbox.see-mentions': ({ threadId }, { caller, commit }) => {
      commit((tx, about) => {
        about('thread', wantedThread(tx, threadId).id)
        if (caller.kind === 'user') seeMentions(tx, caller.id, threadId, clock.now())
      })
      happenings.tell({ type: 'thread', id: threadId })
      return { done: true }
    },

    'inbox.search': input => said.find(input),
  }
}

type Mention = OutputOf<'inbox.mentions'>['items'][number]

/** Tells those whom a note calls by @name, except who wrote it. */
export function callMentioned(tx: Writer, noteId: number, body: string, caller: Caller): void {
  const called = mentionedUsers(
    body,
    listUsers(tx).filter(user => user.active === 1),
  )
  setMentions(
    tx,
    noteId,
    called.filter(id => caller.kind !== 'user' || id !== caller.id),
  )
}

/** Notes that call the caller and that they have not seen; of one thread, or of all. */
export function unseenMentions(db: Reader, caller: Caller, threadId: number | null): number {
  return caller.kind === 'user' ? countUnseenMentions(db, caller.id, threadId) : 0
}

function refuseAssignee(db: Reader, userId: number): void {
  const user = userById(db, userId)
  if (!user) throw new Refusal('not_found', `There is no user ${userId}.`)
  if (user.active === 1) return
  const message = `${user.full_name || user.username} cannot sign in at the moment. Choose somebody else.`
  throw new Refusal('conflict', message, { userId: message })
}

function refuseTime(until: number, now: number): void {
  const message =
    until <= now
      ? 'That time is over. Choose one that is still to come.'
      : until > now + LONGEST_SNOOZE_MS
        ? 'That is more than a year away. Choose an earlier time, or close the thread.'
        : null
  if (message !== null) throw new Refusal('invalid_input', message, { until: message })
}

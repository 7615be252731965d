import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type Dispatch,
  type ReactNode,
  type SetStateAction,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useLocation } from 'wouter'
import type { GivenOf } from '../../../shared/operations/index.ts'
import { call, refresh } from '../../api.ts'
import { showUndoNotice, UndoNotice } from '../../components/undo-notice.tsx'
import { type GrowingList, useGrowingList } from '../../lib/growing-list.ts'
import { dateAndTime } from '../../lib/times.ts'
import { useUser } from '../../session.tsx'
import {
  asked,
  FIRST_VIEW,
  type Movable,
  neighbour,
  stepFrom,
  type ThreadFilters,
  type ThreadItem,
} from './thread-view.ts'

/** What is asked before something is done with the open thread. */
export type Asking = 'snooze' | 'assign' | 'opt-out' | 'keys' | null
export type Writing = 'reply' | 'note' | 'saved'

interface Triage {
  readonly filters: ThreadFilters
  readonly setFilters: (filters: ThreadFilters) => void
  readonly list: GrowingList<ThreadItem>
  /** The threads that are shown, without those that have just been moved out of sight. */
  readonly items: readonly ThreadItem[]
  readonly openId: number | null
  /** The open thread as far as it can be moved, which its own screen says. */
  readonly open: Movable | null
  readonly setOpen: (thread: Movable | null) => void
  readonly asking: Asking
  readonly ask: (asking: Asking) => void
  /** What the composer was asked for last; the number tells one time from the next. */
  readonly writing: { readonly as: Writing; readonly turn: number } | null
  readonly write: (as: Writing) => void
  readonly step: (by: 1 | -1) => void
  readonly toList: () => void
  readonly close: (thread: Movable) => void
  readonly snooze: (thread: Movable, until: number) => void
  readonly assign: (thread: Movable, userId: number | null, name: string) => void
  readonly undo: () => void
  /** What is being written in each thread, so that looking at another loses nothing. */
  readonly drafts: Map<number, string>
  readonly said: SaidFilters
  readonly setSaid: Dispatch<SetStateAction<SaidFilters>>
}

/** What is searched for in all that was said; kept while a result is looked at. */
export interface SaidFilters {
  readonly query: string
  readonly kind: 'in' | 'out' | 'note' | null
  readonly campaignId: number | null
  readonly phoneId: number | null
  /** Local days as `2026-01-31`; empty: any. The last one is part of it. */
  readonly from: string
  readonly to: string
}

const NOTHING_SAID: SaidFilters = { query: '', kind: null, campaignId: null, phoneId: null, from: '', to: '' }

const Context = createContext<Triage | null>(null)

export function useTriage(): Triage {
  const found = useContext(Context)
  if (!found) throw new Error('there is no inbox around this')
  return found
}

type Move = 'inbox.close' | 'inbox.reopen' | 'inbox.snooze' | 'inbox.assign'
type Done = { readonly name: Move; readonly input: GivenOf<Move> }

/** How long a notice offers to take something back, ms. */
const UNDO_MS = 6_000

/** Everything that the screens of the inbox share: which threads are shown, which is open, and what is done with it. */
export function TriageProvider({ openId, children }: { readonly openId: number | null; readonly children: ReactNode }) {
  const client = useQueryClient()
  const user = useUser()
  const [, go] = useLocation()
  const [filters, setFilters] = useState(FIRST_VIEW)
  const [open, setOpen] = useState<Movable | null>(null)
  const [asking, ask] = useState<Asking>(null)
  const [writing, setWriting] = useState<Triage['writing']>(null)
  const [moved, setMoved] = useState<ReadonlySet<number>>(NOBODY)
  const [said, setSaid] = useState(NOTHING_SAID)
  const [drafts] = useState(() => new Map<number, string>())
  const back = useRef<{ readonly steps: readonly Done[]; readonly threadId: number; readonly notice: string } | null>(
    null,
  )
  const shownLast = useRef('')
  const focusOn = useRef<number | null>(null)
  const list = useGrowingList('inbox.threads', asked(filters))
  const items = useMemo(() => list.items.filter(item => !moved.has(item.id)), [list.items, moved])

  /** Opens a thread and puts the focus on its row, where the keys go on from. */
  const goTo = useCallback(
    (id: number | null) => {
      focusOn.current = id
      go(id === null ? '/inbox' : `/inbox/${id}`)
    },
    [go],
  )
  useEffect(() => {
    if (focusOn.current === null || focusOn.current !== openId) return
    // One that comes back to the list gets its row in a moment; meanwhile somebody may have begun to write.
    if (document.activeElement?.matches('input, textarea') || focusRow(openId)) focusOn.current = null
  })

  // A dialog that is gone leaves the focus nowhere: the keys go on from the open thread.
  useEffect(() => {
    if (asking === null && document.activeElement === document.body) focusRow(openId)
  }, [asking, openId])

  const fail = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error)
    notifications.show({ color: 'red', title: 'Nothing was changed', message })
  }
  const tell = async ({ name, input }: Done): Promise<boolean> => {
    try {
      await call(name, input as never)
      return true
    } catch (error) {
      fail(error)
      return false
    }
  }
  const undo = async (): Promise<void> => {
    const last = back.current
    if (!last) return
    back.current = null
    notifications.hide(last.notice)
    for (const step of last.steps) if (!(await tell(step))) return
    setMoved(before => new Set([...before].filter(id => id !== last.threadId)))
    goTo(last.threadId)
    await refresh(client, ['inbox'])
  }
  /** Does it, goes on to the next thread without waiting, and offers to take it back. */
  const move = async (thread: Movable, done: Done, what: string): Promise<void> => {
    const next = neighbour(items, thread.id)
    const leaves = isGone(filters, done, user.id)
    if (leaves) setMoved(before => new Set(before).add(thread.id))
    goTo(next !== thread.id ? next : leaves ? null : next)
    const went = await tell(done)
    if (!went) goTo(thread.id)
    else {
      const before = shownLast.current
      const notice = `inbox ${done.name} ${Date.now()}`
      shownLast.current = notice
      back.current = { steps: wayBack(thread, done.name), threadId: thread.id, notice }
      // One at a time: only the last thing done can be taken back.
      notifications.hide(before)
      showUndoNotice({
        ...{ id: notice, staysMs: UNDO_MS },
        // The other corners have what is worked with.
        position: 'top-center',
        message: <UndoNotice onUndo={() => void undo()}>{what}</UndoNotice>,
      })
    }
    await refresh(client, ['inbox'])
    setMoved(before => new Set([...before].filter(id => id !== thread.id)))
  }

  const value: Triage = {
    ...{ filters, setFilters, list, items, openId, open, setOpen, asking, ask, writing, drafts, said, setSaid },
    write: as => setWriting(before => ({ as, turn: (before?.turn ?? 0) + 1 })),
    step: by => {
      const id = stepFrom(items, openId, by)
      if (id !== null) goTo(id)
      if (by === 1 && id === items.at(-1)?.id && list.hasMore && !list.loadingMore) list.more()
    },
    // From a search there is no open thread: then the first one is it.
    toList: () => {
      if (openId === null) goTo(items[0]?.id ?? null)
      else focusRow(openId)
    },
    close: thread => {
      const who = thread.name || thread.number
      if (thread.state === 'closed')
        void move(
          thread,
          { name: 'inbox.reopen', input: { threadId: thread.id } },
          `The thread of ${who} is open again.`,
        )
      else void move(thread, { name: 'inbox.close', input: { threadId: thread.id } }, `The thread of ${who} is closed.`)
    },
    snooze: (thread, until) => {
      const what = `The thread of ${thread.name || thread.number} comes back ${dateAndTime(until)}.`
      void move(thread, { name: 'inbox.snooze', input: { threadId: thread.id, until } }, what)
    },
    assign: (thread, userId, name) => {
      const who = thread.name || thread.number
      const what = userId === null ? `Nobody has the thread of ${who} now.` : `${name} has the thread of ${who} now.`
      void move(thread, { name: 'inbox.assign', input: { threadId: thread.id, userId } }, what)
    },
    undo: () => void undo(),
  }
  return <Context.Provider value={value}>{children}</Context.Provider>
}

const NOBODY: ReadonlySet<number> = new Set()

/** Puts the focus on the row of a thread, if it is in the list. */
function focusRow(id: number | null): boolean {
  const row = document.querySelector<HTMLElement>(`[data-thread="${id}"]`)
  row?.focus({ preventScroll: true })
  row?.scrollIntoView({ block: 'nearest' })
  return row !== null
}

/** Whether a thread is no part of what is shown once this is done with it. */
function isGone({ view, search }: ThreadFilters, { name, input }: Done, own: number): boolean {
  if (search !== '' || view === 'all') return false
  if (name === 'inbox.assign') return view === 'mine' && 'userId' in input && input.userId !== own
  const becomes = { 'inbox.close': 'closed', 'inbox.reopen': 'open', 'inbox.snooze': 'snoozed' }[name]
  return becomes !== (view === 'mine' ? 'open' : view)
}

/** What brings a thread to where it was. */
function wayBack({ id: threadId, state, snoozedUntil, assignedTo }: Movable, name: Move): Done[] {
  if (name === 'inbox.assign') return [{ name, input: { threadId, userId: assignedTo } }]
  if (state === 'closed') return [{ name: 'inbox.close', input: { threadId } }]
  if (state === 'snoozed' && snoozedUntil !== null && snoozedUntil > Date.now())
    return [{ name: 'inbox.snooze', input: { threadId, until: snoozedUntil } }]
  return [{ name: 'inbox.reopen', input: { threadId } }]
}

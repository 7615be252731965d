import { notifications } from '@mantine/notifications'
import type { Undo } from '../../shared/operations/undo.ts'
import { useChange } from '../api.ts'
import { counted, figure } from '../lib/times.ts'
import { showUndoNotice, UndoNotice } from './undo-notice.tsx'

type Way = 'undo.contacts' | 'undo.campaigns'

/** What a change made stale, its undo makes stale again. */
const TOUCHES = ['contacts', 'lists', 'segments', 'campaigns']

/** How long the offer stays, in ms; after that it is in the list of recent changes. */
const OFFERED_MS = 15_000

/** Says that something was done, with a button that undoes it. `undo`: null where there is nothing to undo. */
export function offerUndo(message: string, undo: number | null, way: Way = 'undo.contacts'): void {
  if (undo === null) return void notifications.show({ message })
  showUndoNotice({
    ...{ id: noticeOf(undo), staysMs: OFFERED_MS },
    message: <Offer message={message} undo={undo} way={way} />,
  })
}

function noticeOf(undo: number): string {
  return `undo-${undo}`
}

function Offer({ message, undo, way }: { readonly message: string; readonly undo: number; readonly way: Way }) {
  const onDone = (done: Undo): void => {
    // Of many contacts the end is told by those who watch the work.
    if (done.state === 'undone') notifications.show({ message: 'Undone.' })
  }
  const change = useUndo(way, onDone)
  return (
    <UndoNotice busy={change.isPending} onUndo={change.error ? null : () => change.mutate({ id: undo })}>
      {change.error ? change.error.message : message}
    </UndoNotice>
  )
}

/** Undoes one change. A notice that still offers it goes. */
export function useUndo(way: Way, onDone?: (undo: Undo) => void) {
  return useChange(way, {
    touches: TOUCHES,
    onDone: undo => {
      notifications.hide(noticeOf(undo.id))
      onDone?.(undo)
    },
  })
}

/** What was done, in words. */
export function undoWords({ kind, name, changed }: Undo): string {
  const contacts = counted(changed, 'contact')
  switch (kind) {
    case 'tag':
      return `Tag “${name}” put on ${contacts}`
    case 'untag':
      return `Tag “${name}” taken off ${contacts}`
    case 'add-to-list':
      return `${contacts} added to “${name}”`
    case 'remove-from-list':
      return `${contacts} removed from “${name}”`
    case 'rename-list':
      return `List “${name}” renamed`
    case 'delete-list':
      return `List “${name}” deleted`
    case 'delete-segment':
      return `Segment “${name}” deleted`
    case 'delete-campaign':
      return `Draft “${name}” deleted`
  }
}

/** Why an undo of many contacts has left some of them alone; empty where it has not. */
export function leftWords({ state, changed, restored }: Undo): string {
  const left = state === 'undone' ? changed - restored : 0
  if (left === 0) return ''
  return left === 1
    ? '1 was changed since and stays as it is.'
    : `${figure(left)} were changed since and stay as they are.`
}

import { Button, Center, Skeleton, Stack } from '@mantine/core'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useChange } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { Composer } from './composer.tsx'
import { NoteEntry, TextEntry } from './entries.tsx'
import { Suppressed } from './opt-out.tsx'
import { ThreadHead } from './thread-head.tsx'
import { useTriage } from './triage.tsx'
import { type SaidEntry, type ThreadData, useThread } from './use-thread.ts'

/** What was said with one number, and what can be answered. `entry`: the text or note that it is about, such as `in 12`. */
export function Thread({ id, entry }: { readonly id: number; readonly entry: string | undefined }) {
  const { thread, entries, campaigns, error, retry, hasOlder, loadingOlder, older } = useThread(id)
  const { setOpen } = useTriage()
  useMarkedRead(thread)
  useSeenMentions(thread)
  useEffect(() => setOpen(thread ?? null), [thread, setOpen])
  useEffect(() => () => setOpen(null), [setOpen])
  if (!thread) {
    return <Stack p="lg">{error ? <Problem error={error} onRetry={retry} /> : <Skeleton h={240} />}</Stack>
  }
  return (
    <>
      <ThreadHead thread={thread} />
      <Entries
        threadId={id}
        lines={linesOf(thread, entries, hasOlder)}
        about={entry}
        campaigns={campaigns}
        hasOlder={hasOlder}
        loadingOlder={loadingOlder}
        onOlder={older}
      />
      {thread.suppressed && <Suppressed thread={thread} />}
      <Composer thread={thread} />
    </>
  )
}

type Note = ThreadData['notes'][number]
type Line = { readonly key: string; readonly at: number; readonly entry: SaidEntry | null; readonly note: Note | null }

/** Texts and notes by their times. Notes from before the oldest text that is shown come with it. */
function linesOf({ notes }: ThreadData, entries: readonly SaidEntry[], hasOlder: boolean): Line[] {
  const first = hasOlder ? (entries[0]?.at ?? 0) : 0
  return [
    ...entries.map(entry => ({ key: `${entry.direction} ${entry.id}`, at: entry.at, entry, note: null })),
    ...notes.filter(note => note.at >= first).map(note => ({ key: `note ${note.id}`, at: note.at, entry: null, note })),
  ].sort((a, b) => a.at - b.at)
}

function Entries({
  threadId,
  lines,
  about,
  campaigns,
  hasOlder,
  loadingOlder,
  onOlder,
}: {
  readonly threadId: number
  readonly lines: readonly Line[]
  readonly about: string | undefined
  readonly campaigns: ReadonlyMap<number, string>
  readonly hasOlder: boolean
  readonly loadingOlder: boolean
  readonly onOlder: () => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const heightBefore = useRef<number | null>(null)
  const newest = lines.at(-1)?.key
  const oldest = lines[0]?.key
  const shownAbout = useRef<string | undefined>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new text at the end is shown.
  useLayoutEffect(() => {
    if (box.current && shownAbout.current === about) box.current.scrollTop = box.current.scrollHeight
  }, [newest])
  // What it is about is looked for further and further back, and shown once.
  useLayoutEffect(() => {
    if (about === undefined) shownAbout.current = undefined
    if (about === undefined || shownAbout.current === about) return
    const line = box.current?.querySelector(`[data-entry="${CSS.escape(about)}"]`)
    if (line) {
      shownAbout.current = about
      for (const other of box.current!.querySelectorAll('[data-about]')) other.removeAttribute('data-about')
      line.setAttribute('data-about', 'true')
      line.scrollIntoView({ block: 'center' })
    } else if (!hasOlder) shownAbout.current = about
    else if (!loadingOlder) onOlder()
  }, [about, hasOlder, loadingOlder, onOlder])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is read stays where it is while older texts come above it.
  useLayoutEffect(() => {
    if (!box.current || heightBefore.current === null) return
    box.current.scrollTop += box.current.scrollHeight - heightBefore.current
    heightBefore.current = null
  }, [oldest])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard.
    <div className="entries" ref={box} tabIndex={0} role="log" aria-label="What was said">
      {hasOlder && (
        <Center mb="md">
          <Button
            size="xs"
            variant="default"
            loading={loadingOlder}
            onClick={() => {
              heightBefore.current = box.current?.scrollHeight ?? null
              onOlder()
            }}
          >
            Show older
          </Button>
        </Center>
      )}
      {lines.map(({ key, entry, note }) =>
        entry ? (
          <TextEntry key={key} entry={entry} threadId={threadId} campaigns={campaigns} />
        ) : (
          <NoteEntry key={key} note={note!} />
        ),
      )}
    </div>
  )
}

/** Whoever looks at a thread has read it. */
function useMarkedRead(thread: ThreadData | undefined): void {
  const { mutate } = useChange('inbox.mark-read')
  const id = thread?.id
  const unread = thread?.unread ?? 0
  useEffect(() => {
    if (id === undefined || unread === 0) return
    const mark = (): void => {
      if (document.visibilityState === 'visible') mutate({ threadId: id })
    }
    mark()
    document.addEventListener('visibilitychange', mark)
    return () => document.removeEventListener('visibilitychange', mark)
  }, [id, unread, mutate])
}

/** Whoever looks at a thread has seen the notes in it that call them. */
function useSeenMentions(thread: ThreadData | undefined): void {
  const { mutate } = useChange('inbox.see-mentions')
  const id = thread?.id
  const mentions = thread?.mentions ?? 0
  useEffect(() => {
    if (id !== undefined && mentions > 0) mutate({ threadId: id })
  }, [id, mentions, mutate])
}

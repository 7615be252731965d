import { Button, Center, Skeleton, Stack } from '@mantine/core'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useChange } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { Composer } from './composer.tsx'
import { NoteEntry, TextEntry } from './entries.tsx'
import { Suppressed } from './opt-out.tsx'
import { ThreadHead } from './thread-head.tsx'
import { type SaidEntry, type ThreadData, useThread } from './use-thread.ts'

/** What was said with one number, and what can be answered. */
export function Thread({ id }: { readonly id: number }) {
  const { thread, entries, campaigns, error, retry, hasOlder, loadingOlder, older } = useThread(id)
  useMarkedRead(thread)
  if (!thread) {
    return <Stack p="lg">{error ? <Problem error={error} onRetry={retry} /> : <Skeleton h={240} />}</Stack>
  }
  return (
    <>
      <ThreadHead thread={thread} />
      <Entries
        lines={linesOf(thread, entries)}
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
function linesOf({ notes, older }: ThreadData, entries: readonly SaidEntry[]): Line[] {
  const first = older === null ? 0 : (entries[0]?.at ?? 0)
  return [
    ...entries.map(entry => ({ key: `${entry.direction} ${entry.id}`, at: entry.at, entry, note: null })),
    ...notes.filter(note => note.at >= first).map(note => ({ key: `note ${note.id}`, at: note.at, entry: null, note })),
  ].sort((a, b) => a.at - b.at)
}

function Entries({
  lines,
  campaigns,
  hasOlder,
  loadingOlder,
  onOlder,
}: {
  readonly lines: readonly Line[]
  readonly campaigns: ReadonlyMap<number, string>
  readonly hasOlder: boolean
  readonly loadingOlder: boolean
  readonly onOlder: () => void
}) {
  const box = useRef<HTMLDivElement>(null)
  const heightBefore = useRef<number | null>(null)
  const newest = lines.at(-1)?.key
  const oldest = lines[0]?.key
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new text at the end is shown.
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight
  }, [newest])
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
        entry ? <TextEntry key={key} entry={entry} campaigns={campaigns} /> : <NoteEntry key={key} note={note!} />,
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

import { Button, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { getHotkeyHandler } from '@mantine/hooks'
import { IconQuote } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { replaceTypographic } from '../../../shared/sms/replacements.ts'
import { measure } from '../../../shared/sms/segments.ts'
import { useChange } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { SegmentMeter } from '../../components/segment-meter.tsx'
import { SavedReplies } from './saved-replies.tsx'
import { useTriage } from './triage.tsx'
import type { ThreadData } from './use-thread.ts'

/** Writes an answer, or a note that only people of the hub see. */
export function Composer({ thread }: { readonly thread: ThreadData }) {
  const { id, suppressed, number } = thread
  const canReply = suppressed === null && number.startsWith('+')
  const { writing, drafts, toList, close } = useTriage()
  const [chosen, setMode] = useState<'reply' | 'note'>('reply')
  const mode = canReply ? chosen : 'note'
  const [text, setKept] = useState(drafts.get(id) ?? '')
  const setText = (next: string): void => {
    setKept(next)
    if (next === '') drafts.delete(id)
    else drafts.set(id, next)
  }
  const area = useRef<HTMLTextAreaElement>(null)
  const whole = useRef<HTMLDivElement>(null)
  const closes = useRef(false)
  const done = (): void => {
    setText('')
    if (closes.current) close(thread)
    // Whoever has gone on meanwhile, as by Escape to the list, is not called back.
    else if (document.activeElement === document.body || whole.current?.contains(document.activeElement)) {
      area.current?.focus()
    }
  }
  const reply = useChange('inbox.reply', { onDone: done })
  const note = useChange('inbox.add-note', { onDone: done })
  const [showsSaved, setShowsSaved] = useState(false)
  const heard = useRef(writing?.turn)
  // Keys ask for it from anywhere in the inbox; what they asked for before this thread was open is over.
  useEffect(() => {
    if (!writing || writing.turn === heard.current) return
    heard.current = writing.turn
    setMode(writing.as === 'note' ? 'note' : 'reply')
    if (writing.as === 'saved') setShowsSaved(true)
    else area.current?.focus()
  }, [writing])
  const isEmpty = text.trim() === ''
  const busy = reply.isPending || note.isPending
  const send = (andClose: boolean): void => {
    if (isEmpty || busy) return
    closes.current = andClose
    if (mode === 'reply') reply.mutate({ threadId: id, body: text })
    else note.mutate({ threadId: id, body: text })
  }
  const plain = replaceTypographic(text).text
  const { segments, unitsLeft, encoding } = measure(text)
  return (
    <Stack ref={whole} gap="xs" p="md" style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}>
      <Problem error={mode === 'reply' ? reply.error : note.error} />
      <Group justify="space-between">
        <SegmentedControl
          size="xs"
          aria-label="What to write"
          value={mode}
          onChange={value => setMode(value as 'reply' | 'note')}
          data={[
            { value: 'reply', label: 'Reply', disabled: !canReply },
            { value: 'note', label: 'Internal note' },
          ]}
        />
        {mode === 'reply' && (
          <SavedReplies
            threadId={id}
            contactId={thread.contactId}
            text={text}
            opened={showsSaved}
            onOpened={setShowsSaved}
            onInsert={body => {
              setText(text.trim() === '' ? body : `${text.trimEnd()} ${body}`)
              requestAnimationFrame(() => area.current?.focus())
            }}
          />
        )}
      </Group>
      <Textarea
        ref={area}
        aria-label={mode === 'reply' ? 'Reply' : 'Internal note'}
        placeholder={mode === 'reply' ? 'Write a reply' : 'Write a note; it is never sent'}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={mode === 'reply' ? 1530 : 2000}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
        onKeyDown={getHotkeyHandler([
          ['mod+Enter', () => send(false)],
          ['mod+shift+Enter', () => send(mode === 'reply')],
          ['Escape', toList],
        ])}
      />
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm">
          {mode === 'reply' && !isEmpty && (
            <SegmentMeter segments={segments} unitsLeft={unitsLeft} encoding={encoding} />
          )}
          {mode === 'reply' && plain !== text && (
            <Button
              variant="default"
              size="compact-xs"
              leftSection={<IconQuote size={14} aria-hidden />}
              onClick={() => setText(plain)}
            >
              Use plain quotes
            </Button>
          )}
        </Group>
        <Group gap="sm" wrap="nowrap">
          <Text size="xs" c="dimmed" visibleFrom="md">
            Ctrl Enter
          </Text>
          <Button size="sm" onClick={() => send(false)} loading={busy} disabled={isEmpty}>
            {mode === 'reply' ? 'Send reply' : 'Add note'}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}

import { Button, Group, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { getHotkeyHandler } from '@mantine/hooks'
import { IconQuote } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { replaceTypographic } from '../../../shared/sms/replacements.ts'
import { measure } from '../../../shared/sms/segments.ts'
import { useChange } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { SegmentMeter } from '../../components/segment-meter.tsx'
import { ReplyTemplates } from './templates.tsx'
import type { ThreadData } from './use-thread.ts'

/** Writes an answer, or a note that only people of the hub see. */
export function Composer({ thread }: { readonly thread: ThreadData }) {
  const { id, suppressed, number } = thread
  const canReply = suppressed === null && number.startsWith('+')
  const [chosen, setMode] = useState<'reply' | 'note'>('reply')
  const mode = canReply ? chosen : 'note'
  const [text, setText] = useState('')
  const area = useRef<HTMLTextAreaElement>(null)
  const done = (): void => {
    setText('')
    area.current?.focus()
  }
  const reply = useChange('inbox.reply', { onDone: done })
  const note = useChange('inbox.add-note', { onDone: done })
  const isEmpty = text.trim() === ''
  const busy = reply.isPending || note.isPending
  const send = (): void => {
    if (isEmpty || busy) return
    if (mode === 'reply') reply.mutate({ threadId: id, body: text })
    else note.mutate({ threadId: id, body: text })
  }
  const plain = replaceTypographic(text).text
  const { segments, unitsLeft, encoding } = measure(text)
  return (
    <Stack gap="xs" p="md" style={{ borderTop: '1px solid var(--mantine-color-default-border)' }}>
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
          <ReplyTemplates
            text={text}
            onInsert={body => {
              setText(old => (old.trim() === '' ? body : `${old.trimEnd()} ${body}`))
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
        onKeyDown={getHotkeyHandler([['mod+Enter', send]])}
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
          <Button size="sm" onClick={send} loading={busy} disabled={isEmpty}>
            {mode === 'reply' ? 'Send reply' : 'Add note'}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}

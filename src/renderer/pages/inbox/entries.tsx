import { ActionIcon, Anchor, Group, Text } from '@mantine/core'
import { IconNote, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { useChange } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Pill, type Tone } from '../../components/pill.tsx'
import { moment } from '../../lib/times.ts'
import { MessagePill } from '../campaigns/states.tsx'
import type { SaidEntry, ThreadData } from './use-thread.ts'

const INTENTS: Readonly<Record<string, { label: string; tone: Tone }>> = {
  stop: { label: 'opt-out', tone: 'bad' },
  stop_likely: { label: 'likely opt-out', tone: 'wait' },
  start: { label: 'opted in again', tone: 'good' },
  help: { label: 'asked for help', tone: 'busy' },
}

const KINDS: Readonly<Record<string, string>> = {
  confirmation: 'confirmation of the opt-out',
  answer: 'automatic answer',
  test: 'test message',
  direct: 'direct text',
}

/** One text, in or out, with the campaign that it belongs to. */
export function TextEntry({
  entry,
  campaigns,
}: {
  readonly entry: SaidEntry
  readonly campaigns: ReadonlyMap<number, string>
}) {
  const intent = entry.direction === 'in' ? INTENTS[entry.intent] : undefined
  const kind = entry.direction === 'out' ? KINDS[entry.kind] : undefined
  const campaign = entry.campaignId === null ? undefined : campaigns.get(entry.campaignId)
  return (
    <div className="entry" data-direction={entry.direction}>
      <div className="entry-text">{entry.textRemovedAt === null ? entry.body : <i>text removed by age rule</i>}</div>
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          {moment(entry.at)}
        </Text>
        {campaign !== undefined && (
          <Text size="xs" c="dimmed">
            {entry.direction === 'in' ? 'to ' : 'from '}
            <Anchor component={Link} href={`/campaigns/${entry.campaignId}`} size="xs">
              {campaign}
            </Anchor>
          </Text>
        )}
        {kind !== undefined && (
          <Text size="xs" c="dimmed">
            {kind}
          </Text>
        )}
        {intent && <Pill tone={intent.tone}>{intent.label}</Pill>}
        {entry.direction === 'out' && <MessagePill state={entry.state} />}
      </Group>
    </div>
  )
}

/** What somebody of the hub wrote for the others; never sent. */
export function NoteEntry({ note }: { readonly note: ThreadData['notes'][number] }) {
  const [asks, setAsks] = useState(false)
  const remove = useChange('inbox.delete-note', { onDone: () => setAsks(false) })
  return (
    <div className="entry" data-direction="note">
      <div className="entry-text">
        <Group gap={6} wrap="nowrap" align="flex-start">
          <IconNote size={16} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
          <span>{note.body}</span>
        </Group>
      </div>
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          Note by {note.by}, {moment(note.at)}
        </Text>
        <ActionIcon variant="subtle" color="gray" size="xs" aria-label="Delete the note" onClick={() => setAsks(true)}>
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      </Group>
      <Confirm
        opened={asks}
        title="Delete this note?"
        action="Delete note"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ id: note.id })}
        onClose={() => setAsks(false)}
      >
        It cannot be brought back.
      </Confirm>
    </div>
  )
}

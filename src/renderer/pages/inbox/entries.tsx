import { ActionIcon, Anchor, Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { getHotkeyHandler } from '@mantine/hooks'
import { IconNote, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import { CONSENT_TO } from '../../../shared/consent.ts'
import type { ShownAction } from '../../../shared/operations/rules.ts'
import { useChange } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Pill, type Tone } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
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
  threadId,
  campaigns,
}: {
  readonly entry: SaidEntry
  readonly threadId: number
  readonly campaigns: ReadonlyMap<number, string>
}) {
  const intent = entry.direction === 'in' ? INTENTS[entry.intent] : undefined
  const kind = entry.direction === 'out' ? KINDS[entry.kind] : undefined
  const campaign = entry.campaignId === null ? undefined : campaigns.get(entry.campaignId)
  return (
    <div className="entry" data-direction={entry.direction} data-entry={`${entry.direction} ${entry.id}`}>
      <div className="entry-text" dir="auto">
        {entry.textRemovedAt === null ? entry.body : <i>text removed by age rule</i>}
      </div>
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
            {entry.direction === 'in' && entry.answers !== null && (
              <>
                {', '}
                <Anchor component={Link} href={`/inbox/${threadId}/out-${entry.answers}`} size="xs">
                  this message
                </Anchor>
              </>
            )}
          </Text>
        )}
        {kind !== undefined && (
          <Text size="xs" c="dimmed">
            {kind}
          </Text>
        )}
        {intent && <Pill tone={intent.tone}>{intent.label}</Pill>}
        {entry.direction === 'in' && entry.automatic && <Automatic action={entry.automatic} />}
        {entry.direction === 'out' && <MessagePill state={entry.state} />}
      </Group>
    </div>
  )
}

/** What a text caused by itself, and why an answer was held back. */
function Automatic({ action }: { readonly action: ShownAction }) {
  const does = [
    ...(action.tag === '' ? [] : [`tagged “${action.tag}”`]),
    ...(action.list === '' ? [] : [`added to “${action.list}”`]),
    ...(action.consent === null ? [] : [`consent to ${CONSENT_TO[action.consent]} recorded`]),
    ...(action.notified ? ['notified'] : []),
  ]
  return (
    <>
      {action.rule !== '' && (
        <Text size="xs" c="dimmed">
          rule {[action.rule, ...does].join(', ')}
        </Text>
      )}
      {action.answer === 'held' && (
        <>
          <Pill tone="wait">not answered</Pill>
          <Text size="xs" c="dimmed">
            {action.why}
          </Text>
        </>
      )}
    </>
  )
}

/** What somebody of the hub wrote for the others; never sent. */
export function NoteEntry({ note }: { readonly note: ThreadData['notes'][number] }) {
  const [asks, setAsks] = useState(false)
  const [edited, setEdited] = useState<string | null>(null)
  const remove = useChange('inbox.delete-note', { onDone: () => setAsks(false) })
  const change = useChange('inbox.edit-note', { onDone: () => setEdited(null) })
  const save = (): void => {
    if (edited !== null && edited.trim() !== '') change.mutate({ id: note.id, body: edited })
  }
  return (
    <div className="entry" data-direction="note" data-entry={`note ${note.id}`}>
      {edited === null ? (
        <div className="entry-text">
          <Group gap={6} wrap="nowrap" align="flex-start">
            <IconNote size={16} aria-hidden style={{ flex: 'none', marginTop: 2 }} />
            <span>{note.body}</span>
          </Group>
        </div>
      ) : (
        <Stack gap="xs" w="min(80%, 520px)">
          <Problem error={change.error} />
          <Textarea
            aria-label="The note"
            autosize
            minRows={2}
            maxLength={2000}
            value={edited}
            onChange={event => setEdited(event.currentTarget.value)}
            onKeyDown={getHotkeyHandler([
              ['mod+Enter', save],
              ['Escape', () => setEdited(null)],
            ])}
            autoFocus
          />
          <Group gap="xs">
            <Button size="compact-sm" onClick={save} loading={change.isPending} disabled={edited.trim() === ''}>
              Keep the change
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => setEdited(null)}>
              Cancel
            </Button>
          </Group>
        </Stack>
      )}
      <Group gap="xs">
        <Text size="xs" c="dimmed">
          Note by {note.by}, {moment(note.at)}
          {note.editedAt !== null && ', changed'}
        </Text>
        {note.own && edited === null && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="xs"
            aria-label="Change the note"
            onClick={() => setEdited(note.body)}
          >
            <IconPencil size={14} aria-hidden />
          </ActionIcon>
        )}
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

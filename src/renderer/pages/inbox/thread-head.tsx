import { Button, Group, Popover, Stack, TagsInput, Text, Title } from '@mantine/core'
import { IconArchive, IconArchiveOff, IconBan, IconClock, IconTag, IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import { useChange, useRead } from '../../api.ts'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { moment } from '../../lib/times.ts'
import { useTriage } from './triage.tsx'
import type { ThreadData } from './use-thread.ts'

/** Who it is, where the thread stands, its tags, and what can be done with it. */
export function ThreadHead({ thread }: { readonly thread: ThreadData }) {
  const { ask, close } = useTriage()
  const { name, number, tags, suppressed, state, snoozedUntil, assignee } = thread
  const Archive = state === 'closed' ? IconArchiveOff : IconArchive
  return (
    <Group
      justify="space-between"
      gap="xs"
      px="md"
      py="sm"
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Stack gap={2} miw={0} flex="1 1 160px">
        <Title order={2} size="h5" lineClamp={1} dir="auto" title={name || number}>
          {name || number}
        </Title>
        <Group gap="xs">
          {name !== '' && (
            <Text size="xs" c="dimmed" className="figures">
              {number}
            </Text>
          )}
          {state === 'closed' && <Pill tone="quiet">closed</Pill>}
          {snoozedUntil !== null && <Pill tone="wait">until {moment(snoozedUntil)}</Pill>}
        </Group>
      </Stack>
      <Group gap={6} className="thread-actions">
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<Archive size={16} aria-hidden />}
          onClick={() => close(thread)}
        >
          {state === 'closed' ? 'Reopen' : 'Close'}
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconClock size={16} aria-hidden />}
          onClick={() => ask('snooze')}
        >
          Snooze
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconUser size={16} aria-hidden />}
          onClick={() => ask('assign')}
        >
          Assign
        </Button>
        <Tags thread={thread} />
        {!suppressed && number.startsWith('+') && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconBan size={16} aria-hidden />}
            onClick={() => ask('opt-out')}
          >
            Opt out
          </Button>
        )}
      </Group>
      {(assignee !== null || tags.length > 0) && (
        <Group gap="xs" w="100%" className="thread-pills">
          {assignee !== null && <Pill tone="busy">{assignee} has it</Pill>}
          {tags.map(tag => (
            <Pill key={tag} tone="quiet">
              {tag}
            </Pill>
          ))}
        </Group>
      )}
    </Group>
  )
}

function Tags({ thread }: { readonly thread: ThreadData }) {
  const [opened, setOpened] = useState(false)
  const { data } = useRead('inbox.tags', {}, { enabled: opened })
  const set = useChange('inbox.set-tags')
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={280} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconTag size={16} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          Tags
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <TagsInput
            label="Tags of this thread"
            description="Enter adds one."
            data={(data?.tags ?? []).map(tag => tag.name)}
            value={[...thread.tags]}
            onChange={tags => set.mutate({ threadId: thread.id, tags: tags.map(tag => tag.trim()).filter(Boolean) })}
            maxTags={20}
            comboboxProps={{ withinPortal: false }}
            data-autofocus
          />
          <Problem error={set.error} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

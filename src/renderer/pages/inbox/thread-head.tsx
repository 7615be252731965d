import { Button, Group, Popover, Stack, TagsInput, Text, Title } from '@mantine/core'
import { IconTag } from '@tabler/icons-react'
import { useState } from 'react'
import { useChange, useRead } from '../../api.ts'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { OptOut } from './opt-out.tsx'
import type { ThreadData } from './use-thread.ts'

/** Who it is, the tags of the thread, and the opt-out. */
export function ThreadHead({ thread }: { readonly thread: ThreadData }) {
  const { name, number, tags, suppressed } = thread
  return (
    <Group
      justify="space-between"
      gap="xs"
      px="md"
      py="sm"
      style={{ borderBottom: '1px solid var(--mantine-color-default-border)' }}
    >
      <Stack gap={2} miw={0}>
        <Title order={2} size="h5" lineClamp={1} title={name || number}>
          {name || number}
        </Title>
        <Group gap="xs">
          {name !== '' && (
            <Text size="xs" c="dimmed" className="figures">
              {number}
            </Text>
          )}
          {tags.map(tag => (
            <Pill key={tag} tone="quiet">
              {tag}
            </Pill>
          ))}
        </Group>
      </Stack>
      <Group gap="xs" wrap="nowrap">
        <Tags thread={thread} />
        {!suppressed && number.startsWith('+') && <OptOut number={number} />}
      </Group>
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

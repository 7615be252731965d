import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { Undo } from '../../../shared/operations/undo.ts'
import { useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { undoWords, useUndo } from '../../components/undo.tsx'
import { ago, figure } from '../../lib/times.ts'

/** Changes of the last day, each of which can be undone. */
export function RecentChanges({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { data, error } = useRead('undo.list', {}, { enabled: opened, everyMs: 3_000 })
  return (
    <Modal opened={opened} onClose={onClose} title="Recent changes" centered size="lg">
      <Stack gap="sm">
        <Problem error={error} />
        {data?.undos.length === 0 && (
          <Text size="sm" c="dimmed">
            Nothing in the last day. What is done to many contacts, to lists, segments and drafts is here for a day, and
            can be undone.
          </Text>
        )}
        {data?.undos.map(undo => (
          <Line key={undo.id} undo={undo} />
        ))}
      </Stack>
    </Modal>
  )
}

function Line({ undo }: { readonly undo: Undo }) {
  const change = useUndo(undo.kind === 'delete-campaign' ? 'undo.campaigns' : 'undo.contacts')
  const words = undoWords(undo)
  return (
    <Stack gap={4}>
      <Group justify="space-between" wrap="nowrap">
        <Stack gap={0} miw={0}>
          <Text size="sm" truncate title={words}>
            {words}
          </Text>
          <Text size="xs" c="dimmed">
            {ago(undo.at)}
          </Text>
        </Stack>
        {undo.state === 'open' ? (
          <Button
            size="compact-sm"
            variant="default"
            flex="none"
            aria-label={`Undo: ${words}`}
            loading={change.isPending}
            onClick={() => change.mutate({ id: undo.id })}
          >
            Undo
          </Button>
        ) : (
          <Text size="sm" c="dimmed" flex="none">
            {undo.state === 'working' ? 'At work' : undo.changed > 0 ? `Undone: ${figure(undo.restored)}` : 'Undone'}
          </Text>
        )}
      </Group>
      <Problem error={change.error} />
    </Stack>
  )
}

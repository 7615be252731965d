import { Button, Stack, Table, Text } from '@mantine/core'
import type { Undo } from '../../../shared/operations/undo.ts'
import { Problem } from '../../components/problem.tsx'
import { leftWords, undoWords, useUndo } from '../../components/undo.tsx'
import { ago, dateAndTime, figure } from '../../lib/times.ts'

/** One change, and its way back. What keeps it from being undone stands below it. */
export function ChangeRow({ undo }: { readonly undo: Undo }) {
  const change = useUndo(undo.kind === 'delete-campaign' ? 'undo.campaigns' : 'undo.contacts')
  const words = undoWords(undo)
  const left = leftWords(undo)
  return (
    <Table.Tr>
      <Table.Td>
        <Stack gap="xs">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {words}
          </Text>
          {left !== '' && (
            <Text size="xs" c="dimmed">
              {left}
            </Text>
          )}
          <Problem error={change.error} />
        </Stack>
      </Table.Td>
      <Table.Td>
        <Text size="sm" truncate title={undo.by}>
          {undo.by}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed" title={`${dateAndTime(undo.at)}. Can be undone until ${dateAndTime(undo.until)}.`}>
          {ago(undo.at)}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        {undo.state === 'open' ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Undo: ${words}`}
            loading={change.isPending}
            onClick={() => change.mutate({ id: undo.id })}
          >
            Undo
          </Button>
        ) : (
          <Text size="sm" c="dimmed" role="status">
            {undo.state === 'working' ? 'At work' : undo.changed > 0 ? `Undone: ${figure(undo.restored)}` : 'Undone'}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

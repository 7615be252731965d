import { Alert, Badge, Button, Skeleton, Stack, Table, Text } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useState } from 'react'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { call } from '../../api.ts'
import { Lead } from '../../components/lead.tsx'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { dateAndTime, figure } from '../../lib/times.ts'
import { More } from './more.tsx'

/** Every change and every refused attempt. Rows name what was changed by its id, never by number or text. */
export function Audit() {
  const list = useGrowingList('audit.list', {}, { size: 100 })
  const [checked, setChecked] = useState<OutputOf<'audit.verify'> | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const verify = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      setChecked(await call('audit.verify', {}))
    } catch (found) {
      setError(found as Error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Stack>
      <Lead
        action={
          <Button
            variant="default"
            leftSection={<IconShieldCheck size={16} aria-hidden />}
            onClick={() => void verify()}
            loading={busy}
          >
            Verify
          </Button>
        }
      >
        Each row holds a hash over all before it, so that none can be changed or taken out unnoticed.
      </Lead>
      <Problem error={list.error ?? error} onRetry={list.retry} />
      {checked && (
        <Alert color={checked.brokenAt === null ? 'teal' : 'red'} role="status">
          {checked.brokenAt === null
            ? `All ${figure(checked.rows)} rows fit together. Keep this to compare later: ${checked.head}`
            : `Row ${checked.brokenAt} does not fit to the one before it: somebody has changed the database by hand. Compare with a backup.`}
        </Alert>
      )}
      {list.loading && <Skeleton h={180} />}
      {list.items.length > 0 && <Rows rows={list.items} />}
      <More list={list} />
    </Stack>
  )
}

function Rows({ rows }: { readonly rows: readonly OutputOf<'audit.list'>['items'][number][] }) {
  return (
    <Table.ScrollContainer minWidth={600}>
      <Table horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>Who</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>Of what</Table.Th>
            <Table.Th>Outcome</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(row => (
            <Table.Tr key={row.seq}>
              <Table.Td className="figures" style={{ whiteSpace: 'nowrap' }}>
                {dateAndTime(row.at)}
              </Table.Td>
              <Table.Td maw={160}>
                <Text size="sm" truncate="end" title={`${row.by} (${row.actor})`}>
                  {row.by}
                </Text>
              </Table.Td>
              <Table.Td>{row.action}</Table.Td>
              <Table.Td maw={104}>
                <Text size="sm" truncate="end" title={row.subject}>
                  {row.subject}
                </Text>
              </Table.Td>
              <Table.Td>
                {row.outcome === 'ok' ? (
                  <Badge color="teal">Done</Badge>
                ) : (
                  <Badge color="orange">Refused: {row.code.replaceAll('_', ' ')}</Badge>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

import { Select, Stack, Table, Text } from '@mantine/core'
import { useState } from 'react'
import type { Service } from '../../../shared/operations/services.ts'
import { Problem } from '../../components/problem.tsx'
import { useGrowingList } from '../../lib/growing-list.ts'
import { dateAndTime, figure } from '../../lib/times.ts'
import { More } from '../admin/more.tsx'

/** Who opened what and when, as the access logs have it. */
export function Visits({ services }: { readonly services: readonly Service[] }) {
  const [service, setService] = useState<string | null>(null)
  const list = useGrowingList('services.visits', service === null ? {} : { serviceId: Number(service) }, { size: 20 })
  if (services.every(one => one.logFile === null)) {
    return (
      <Text size="sm" c="dimmed">
        Name the access log of a service to see who was there.
      </Text>
    )
  }
  return (
    <Stack gap="xs">
      <Select
        label="Service"
        placeholder="All"
        clearable
        clearButtonProps={{ 'aria-label': 'All services' }}
        data={services.map(one => ({ value: String(one.id), label: one.name }))}
        value={service}
        onChange={setService}
        maw={280}
      />
      <Problem error={list.error} onRetry={list.retry} />
      {!list.loading && list.items.length === 0 && !list.error && (
        <Text size="sm" c="dimmed">
          Nobody has been there since the log is read.
        </Text>
      )}
      {list.items.length > 0 && (
        <Table.ScrollContainer minWidth={640}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>From</Table.Th>
                <Table.Th>To</Table.Th>
                <Table.Th>Service</Table.Th>
                <Table.Th>Person</Table.Th>
                <Table.Th>User name</Table.Th>
                <Table.Th>Address</Table.Th>
                <Table.Th ta="right">Requests</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(visit => (
                <Table.Tr key={visit.id}>
                  <Table.Td className="figures">{dateAndTime(visit.firstAt)}</Table.Td>
                  <Table.Td className="figures">{dateAndTime(visit.lastAt)}</Table.Td>
                  <Table.Td>{visit.service}</Table.Td>
                  <Table.Td>{visit.person ?? <Text c="dimmed">nobody's</Text>}</Table.Td>
                  <Table.Td className="exact">{visit.username}</Table.Td>
                  <Table.Td className="figures">{visit.address}</Table.Td>
                  <Table.Td className="figures" ta="right">
                    {figure(visit.requests)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <More list={list} />
    </Stack>
  )
}

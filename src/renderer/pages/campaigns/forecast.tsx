import { Table, Text } from '@mantine/core'
import type { ForecastDay } from '../../../shared/operations/campaigns.ts'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { SectionCard } from '../../components/section-card.tsx'
import { atBoth, day, figure } from '../../lib/times.ts'

/** Days that are listed. */
const SHOWN = 14

/** What is likely to be sent on each day, and by which phone where there are several. */
export function Days({ perDay, least = 2 }: { readonly perDay: readonly ForecastDay[]; readonly least?: number }) {
  if (perDay.length < least) return null
  const lanes = perDay[0]!.lanes.length > 1 ? perDay[0]!.lanes : []
  return (
    <SectionCard title="Day by day" gap="sm">
      <Table.ScrollContainer minWidth={200 + 90 * lanes.length} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table aria-label="Messages day by day">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Day</Table.Th>
              {lanes.map(lane => (
                <Table.Th key={lane.simId} ta="right" maw={160}>
                  <Text size="sm" fw={500} truncate title={lane.name}>
                    {lane.name}
                  </Text>
                </Table.Th>
              ))}
              <Table.Th ta="right">Messages</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {perDay.slice(0, SHOWN).map(one => (
              <Table.Tr key={one.date}>
                <Table.Td>{day(one.date)}</Table.Td>
                {lanes.map(lane => (
                  <Table.Td key={lane.simId} ta="right" className="figures" c="dimmed">
                    {figure(one.lanes.find(other => other.simId === lane.simId)?.messages ?? 0)}
                  </Table.Td>
                ))}
                <Table.Td ta="right" className="figures">
                  {figure(one.messages)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {perDay.length > SHOWN && (
        <Text size="xs" c="dimmed" mt="xs">
          and {perDay.length - SHOWN} days more
        </Text>
      )}
    </SectionCard>
  )
}

/** What waits for the hours of the recipients, and until when. */
export function HeldMessages({ held }: { readonly held: OutputOf<'campaigns.outlook'>['held'] }) {
  if (held.length === 0) return null
  return (
    <SectionCard title="Held for the allowed hours" gap="sm">
      <Table aria-label="Messages that are held">
        <Table.Tbody>
          {held.map(one => (
            <Table.Tr key={one.until}>
              <Table.Td w={110} className="figures">
                {one.more ? `${figure(one.messages)} or more` : figure(one.messages)}
              </Table.Td>
              <Table.Td>
                <Text size="sm">until {atBoth(one.until, one.zone)}</Text>
                <Text size="xs" c="dimmed">
                  because {one.because}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </SectionCard>
  )
}

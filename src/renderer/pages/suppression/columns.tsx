import { Text } from '@mantine/core'
import type { Column } from '../../components/virtual-rows.tsx'
import { date, dateAndTime } from '../../lib/times.ts'

/** A number on the list, or one that came off it. Of erased people it is not known any more. */
export const NUMBER: Column<{ readonly number: string | null }> = {
  key: 'number',
  title: 'Number',
  width: '136px',
  cell: ({ number }) =>
    number === null ? (
      <Text span size="sm" c="dimmed">
        erased
      </Text>
    ) : (
      <span className="exact">{number}</span>
    ),
}

/** The day of something, with its time for those who look closer. `field`: where the time stands in a row. */
export function dayColumn<K extends string>(title: string, field: K): Column<Readonly<Record<K, number>>> {
  return {
    key: 'when',
    title,
    width: '104px',
    align: 'end',
    cell: row => (
      <Text span size="sm" c="dimmed" title={dateAndTime(row[field])}>
        {date(row[field])}
      </Text>
    ),
  }
}

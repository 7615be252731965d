import { IconHandStop } from '@tabler/icons-react'
import { Empty } from '../../components/empty.tsx'
import { Problem } from '../../components/problem.tsx'
import { VirtualRows } from '../../components/virtual-rows.tsx'
import { useCursorPages } from '../../lib/cursor-pages.ts'
import { REASONS } from '../contacts/filters.ts'
import { dayColumn, NUMBER } from './columns.tsx'

/** Numbers that came off the list, and why. */
export function Lifts() {
  const rows = useCursorPages('suppression.lifts', {})
  if (rows.error) return <Problem error={rows.error} onRetry={rows.retry} />
  if (!rows.loading && rows.complete && rows.count === 0) {
    return (
      <Empty icon={IconHandStop} title="No number came off the list">
        Whoever texts START comes off it by itself; others when somebody takes them off.
      </Empty>
    )
  }
  return (
    <VirtualRows
      label="Numbers that came off the list"
      rows={rows}
      idOf={row => row.id}
      columns={[
        NUMBER,
        {
          key: 'why',
          title: 'Why it came off',
          width: 'minmax(120px, 2fr)',
          cell: row => <span title={row.why}>{row.why}</span>,
        },
        {
          key: 'reason',
          title: 'Was on it because',
          width: 'minmax(110px, 1.4fr)',
          cell: row => {
            const text = [REASONS[row.reason], row.note].filter(part => part).join(': ')
            return <span title={text}>{text}</span>
          },
        },
        dayColumn('Off since', 'liftedAt'),
      ]}
    />
  )
}

import { Paper, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** One number that matters, with what it counts. */
export function Figure({
  label,
  value,
  about,
}: {
  readonly label: string
  readonly value: ReactNode
  readonly about?: ReactNode
}) {
  return (
    <Paper withBorder p="md">
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text
        size={typeof value === 'string' && value.length > 12 ? 'md' : 'xl'}
        fw={600}
        className="figures"
        lh={1.5}
        component="div"
      >
        {value}
      </Text>
      {about && (
        <Text size="xs" c="dimmed" component="div">
          {about}
        </Text>
      )}
    </Paper>
  )
}

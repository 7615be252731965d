import { Group, type MantineSpacing, Paper, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A card with a title, which names it also for those who do not see it. `action`: at the side of the title. */
export function SectionCard({
  title,
  action,
  gap = 'md',
  children,
}: {
  readonly title: string
  readonly action?: ReactNode
  readonly gap?: MantineSpacing
  readonly children: ReactNode
}) {
  return (
    <Paper withBorder p="lg" component="section" aria-label={title}>
      <Stack gap={gap}>
        <Group justify="space-between">
          <Title order={2} size="h5">
            {title}
          </Title>
          {action}
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}

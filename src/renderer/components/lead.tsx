import { Box, Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** What a section is for, in a quiet sentence or two, with what is begun there at its side. */
export function Lead({ children, action }: { readonly children: ReactNode; readonly action: ReactNode }) {
  return (
    <Group justify="space-between" align="flex-start" wrap="nowrap">
      <Text size="sm" c="dimmed" maw={640}>
        {children}
      </Text>
      <Box flex="none">{action}</Box>
    </Group>
  )
}

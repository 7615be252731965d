import { Box, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTitle, useUnread } from '../unread.ts'

/** A screen: its title, what can be done on it, and its content. Scrolls by itself unless the content does. */
export function Page({
  title,
  about,
  actions,
  fill = false,
  children,
}: {
  readonly title: string
  /** One quiet line below the title. */
  readonly about?: ReactNode
  readonly actions?: ReactNode
  /** The content takes the height that is left, and scrolls inside. */
  readonly fill?: boolean
  readonly children: ReactNode
}) {
  useTitle(title, useUnread())
  return (
    <Box
      className={fill ? undefined : 'page'}
      h="100%"
      style={fill ? { display: 'flex', flexDirection: 'column' } : {}}
    >
      <Group justify="space-between" align="flex-start" wrap="nowrap" px="xl" pt="lg" pb="md">
        <Stack gap={2} miw={0}>
          <Title order={1} size="h3" lineClamp={2} dir="auto" title={title} style={{ overflowWrap: 'anywhere' }}>
            {title}
          </Title>
          {about && (
            <Text size="sm" c="dimmed" component="div">
              {about}
            </Text>
          )}
        </Stack>
        <Group gap="sm" wrap="nowrap" flex="none">
          {actions}
        </Group>
      </Group>
      <Box px="xl" pb="xl" style={fill ? { flex: 1, minHeight: 0 } : {}}>
        {children}
      </Box>
    </Box>
  )
}

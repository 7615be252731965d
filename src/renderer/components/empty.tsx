import { Center, Stack, Text, ThemeIcon } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Nothing is here yet: why, and what to do next. */
export function Empty({
  icon: Picture,
  title,
  isScreen = false,
  children,
  action,
}: {
  readonly icon: Icon
  readonly title: string
  /** There is nothing else on the screen, whose heading this is. */
  readonly isScreen?: boolean
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <Center py={64} px="md">
      <Stack align="center" gap="xs" maw={420} ta="center">
        <ThemeIcon variant="light" color="gray" size={48} radius="xl">
          <Picture size={26} stroke={1.5} aria-hidden />
        </ThemeIcon>
        <Text fw={600} m={0} component={isScreen ? 'h1' : 'p'}>
          {title}
        </Text>
        {children && (
          <Text size="sm" c="dimmed" component="div">
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  )
}

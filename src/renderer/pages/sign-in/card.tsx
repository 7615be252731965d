import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { BrandMark } from '../../brand.tsx'
import { useTitle } from '../../unread.ts'

/** The one card of the screens before the application. */
export function SignInCard({
  title,
  about,
  children,
  below,
}: {
  readonly title: string
  readonly about?: ReactNode
  readonly children: ReactNode
  readonly below?: ReactNode
}) {
  useTitle(title)
  return (
    <Center mih="100vh" p="md" component="main" className="page">
      <Stack w={400} gap="lg">
        <Group gap="sm" justify="center" wrap="nowrap">
          <BrandMark size="card" />
        </Group>
        <Paper withBorder p="xl" radius="lg">
          <Stack gap="lg">
            <Stack gap={4}>
              <Title order={1} size="h4">
                {title}
              </Title>
              {about && (
                <Text size="sm" c="dimmed" component="div">
                  {about}
                </Text>
              )}
            </Stack>
            {children}
          </Stack>
        </Paper>
        {below && (
          <Text size="sm" c="dimmed" ta="center" component="div">
            {below}
          </Text>
        )}
      </Stack>
    </Center>
  )
}

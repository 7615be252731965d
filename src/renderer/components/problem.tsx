import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'

/** Something went wrong: what, and what can be done. Nothing while there is no error. */
export function Problem({
  error,
  title,
  onRetry,
}: {
  readonly error: Error | null | undefined
  readonly title?: string
  readonly onRetry?: () => void
}) {
  if (!error) return null
  return (
    <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title={title} role="alert">
      <Group justify="space-between" align="flex-start">
        <Text size="sm" flex="1 1 180px">
          {error.message}
        </Text>
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry} flex="none">
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  )
}

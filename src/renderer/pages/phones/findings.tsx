import { Code, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { DoctorFinding } from '../../../shared/phone-protocol.ts'

/** What the doctor found: what is wrong first, each with its fix, and how many checks were fine. */
export function Findings({ findings }: { readonly findings: readonly DoctorFinding[] }) {
  const wrong = findings.filter(finding => !finding.ok)
  const fine = findings.length - wrong.length
  if (findings.length === 0) return null
  return (
    <Stack gap="xs">
      {wrong.map(finding => (
        <Group key={`${finding.check} ${finding.message}`} gap="xs" wrap="nowrap" align="flex-start">
          <IconAlertTriangle
            size={18}
            stroke={1.6}
            color="var(--mantine-color-orange-text)"
            style={{ flex: 'none' }}
            aria-label="Wrong"
          />
          <Stack gap={2} miw={0} style={{ overflowWrap: 'anywhere' }}>
            <Text size="sm">{finding.message}</Text>
            {finding.fix && (
              <Code block style={{ whiteSpace: 'pre-wrap' }}>
                {finding.fix}
              </Code>
            )}
          </Stack>
        </Group>
      ))}
      {fine > 0 && (
        <Group gap="xs" wrap="nowrap">
          <IconCircleCheck size={18} stroke={1.6} color="var(--mantine-color-teal-text)" aria-hidden />
          <Text size="sm" c="dimmed">
            {wrong.length === 0
              ? `The doctor checked ${fine} things, and all are fine.`
              : `${fine} other checks are fine.`}
          </Text>
        </Group>
      )}
    </Stack>
  )
}

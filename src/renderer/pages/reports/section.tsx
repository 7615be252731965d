import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ReportTable, ReportUnit } from '../../../shared/operations/analytics.ts'
import { ApiError } from '../../api.ts'
import { ownZone } from '../../lib/days.ts'
import { transport } from '../../transport/index.ts'
import type { Period } from './periods.ts'
import { dateField } from './periods.ts'

/** One part of the reports: what it shows, and its table as a file. */
export function Section({
  title,
  about,
  table,
  period,
  by,
  canSave,
  actions,
  children,
}: {
  readonly title: string
  readonly about?: string
  readonly table: ReportTable
  readonly period: Period
  readonly by?: ReportUnit | undefined
  readonly canSave: boolean
  readonly actions?: ReactNode
  readonly children: ReactNode
}) {
  const save = useMutation({
    mutationFn: async () => {
      const name = `${table}-${dateField(period.to - 1)}.csv`
      const answer = await transport.save(
        'analytics.export',
        { table, ...period, zone: ownZone, ...(by && { by }) },
        name,
      )
      if (!answer.ok) throw new ApiError(answer.error)
      return answer.data
    },
    onSuccess: saved => saved && notifications.show({ message: 'The table was saved as CSV.' }),
    onError: error => notifications.show({ color: 'red', title: 'Not saved', message: error.message }),
  })
  return (
    <Paper withBorder p="lg" component="section" aria-label={title}>
      <Stack>
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <Stack gap={2}>
            <Title order={2} size="h5">
              {title}
            </Title>
            {about && (
              <Text size="sm" c="dimmed">
                {about}
              </Text>
            )}
          </Stack>
          <Group gap="sm" wrap="nowrap" flex="none">
            {actions}
            {canSave && (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconDownload size={14} aria-hidden />}
                loading={save.isPending}
                onClick={() => save.mutate()}
                aria-label={`Save as CSV: ${title}`}
              >
                Save as CSV
              </Button>
            )}
          </Group>
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}

/** A table that scrolls by itself when it is long or wide, also with the keys. */
export function Scrolls({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keys.
    <section className="report-table" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}

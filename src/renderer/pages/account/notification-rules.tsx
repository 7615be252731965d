import { Group, Paper, Skeleton, Stack, Switch, Text, TextInput, Title } from '@mantine/core'
import type { NotificationRules as Rules } from '../../../shared/operations/triage.ts'
import { useChange, useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'

const CHOICES = [
  ['anyReply', 'Every reply', ''],
  ['assignedReplies', 'Replies in my threads', 'Those that are assigned to you.'],
  ['mentions', 'Notes that call me', 'With @ and your user name.'],
  ['likelyOptOuts', 'Likely opt-outs', 'Texts that wait for somebody to decide.'],
] as const

/** What quiet hours begin with, in minutes since midnight: 22:00 to 7:00. */
const NIGHT = { from: 1320, to: 420 }

/** Of what the desktop tells the person. Each switch is kept at once. */
export function NotificationRules() {
  const { data: rules, error, refetch } = useRead('account.notification-rules', {})
  const set = useChange('account.set-notification-rules')
  // What was chosen is shown before the hub has said so.
  const shown = rules && { ...rules, ...(set.isPending ? set.variables : {}) }
  return (
    <Paper withBorder p="lg">
      <Stack>
        <Stack gap={2}>
          <Title order={2} size="h5">
            Notifications
          </Title>
          <Text size="sm" c="dimmed">
            What the desktop tells you of while you do not look at the window.
          </Text>
        </Stack>
        <Problem error={error ?? set.error} onRetry={() => void refetch()} />
        {!shown && !error && <Skeleton h={160} />}
        {shown && (
          <>
            {CHOICES.map(([name, label, about]) => (
              <Switch
                key={name}
                label={label}
                description={about}
                checked={shown[name]}
                onChange={event => set.mutate({ [name]: event.currentTarget.checked })}
              />
            ))}
            <Switch
              label="Quiet hours"
              description="By the clock of this computer. What comes meanwhile is in the inbox."
              checked={shown.quiet !== null}
              onChange={event => set.mutate({ quiet: event.currentTarget.checked ? NIGHT : null })}
            />
            {shown.quiet !== null && <QuietHours quiet={shown.quiet} onChange={quiet => set.mutate({ quiet })} />}
          </>
        )}
      </Stack>
    </Paper>
  )
}

function QuietHours({
  quiet,
  onChange,
}: {
  readonly quiet: NonNullable<Rules['quiet']>
  readonly onChange: (quiet: NonNullable<Rules['quiet']>) => void
}) {
  const take = (end: 'from' | 'to', typed: string): void => {
    const match = /^(\d{2}):(\d{2})/.exec(typed)
    if (match) onChange({ ...quiet, [end]: Number(match[1]) * 60 + Number(match[2]) })
  }
  return (
    <Group gap="sm" pl={48}>
      <TextInput
        type="time"
        label="From"
        value={timeOf(quiet.from)}
        onChange={event => take('from', event.currentTarget.value)}
      />
      <TextInput
        type="time"
        label="To"
        value={timeOf(quiet.to)}
        onChange={event => take('to', event.currentTarget.value)}
      />
    </Group>
  )
}

/** Minutes since midnight as a field for times has them. */
function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

import { Badge, Button, Group, Paper, Progress, Stack, Switch, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange, useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { figure, moment } from '../../lib/times.ts'
import { HALTS } from './halts.ts'
import { windowWord } from './limits.ts'
import { LimitsDialog } from './limits-dialog.tsx'
import type { PhoneView } from './phone-card.tsx'

export type SimView = PhoneView['sims'][number]

/** One SIM: whether it sends, how much of its limits is used, and why it has stopped. */
export function SimRow({
  phone,
  sim,
  isAdmin,
}: {
  readonly phone: PhoneView
  readonly sim: SimView
  readonly isAdmin: boolean
}) {
  const [editing, setEditing] = useState(false)
  const usual = useRead('settings.get', {}).data?.limits
  const change = useChange('phones.set-sim')
  const resume = useChange('phones.resume-lane')
  const lane = phone.status?.lanes.find(one => one.slot === sim.slot)
  const limits = sim.limits ?? usual
  const halt = sim.enabled && lane?.halt ? HALTS[lane.halt] : null
  if (lane?.halt === 'sim_missing' && sim.enabled) {
    return (
      <Text size="sm" c="dimmed">
        SIM {sim.slot + 1}: there is none in this slot.
      </Text>
    )
  }
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Text size="sm" fw={500} lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
              SIM {sim.slot + 1}
              {(lane?.carrier ?? sim.carrier) && `, ${lane?.carrier ?? sim.carrier}`}
            </Text>
            <LaneState sim={sim} phone={phone} halted={halt !== null} />
          </Group>
          {isAdmin && (
            <Group gap="md" wrap="nowrap" flex="none">
              <Button size="compact-sm" variant="subtle" onClick={() => setEditing(true)}>
                Limits
              </Button>
              <Switch
                size="sm"
                checked={sim.enabled}
                onChange={event => change.mutate({ simId: sim.id, enabled: event.currentTarget.checked })}
                label="Sends"
              />
            </Group>
          )}
        </Group>
        <Problem error={change.error ?? resume.error} />
        {halt && (
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Text size="sm">
              {halt.what}
              {lane?.haltUntil !== null && lane?.haltUntil !== undefined && `, until ${moment(lane.haltUntil)}`}.{' '}
              {halt.fix}
            </Text>
            {halt.mend && isAdmin && (
              <Button
                size="compact-sm"
                variant="light"
                flex="none"
                loading={resume.isPending}
                onClick={() => resume.mutate({ simId: sim.id })}
              >
                Let it go on
              </Button>
            )}
          </Group>
        )}
        {lane && limits && (
          <Group gap="xl" align="flex-start">
            {limits.windows.map((window, at) => (
              <Use
                key={window.windowMs}
                what={windowWord(window.windowMs)}
                used={lane.used[at] ?? 0}
                of={window.segments}
                unit="segments"
              />
            ))}
            {limits.recipientsPerMonth !== null && (
              <Use what="in 30 days" used={lane.recipientsThisMonth} of={limits.recipientsPerMonth} unit="recipients" />
            )}
          </Group>
        )}
      </Stack>
      {limits && <LimitsDialog sim={sim} limits={limits} opened={editing} onClose={() => setEditing(false)} />}
    </Paper>
  )
}

function LaneState({
  sim,
  phone,
  halted,
}: {
  readonly sim: SimView
  readonly phone: PhoneView
  readonly halted: boolean
}) {
  if (!sim.enabled) return <Badge color="gray">Switched off</Badge>
  if (!phone.connected) return null
  return halted ? (
    <Badge color="orange" variant="light">
      Waiting
    </Badge>
  ) : (
    <Badge color="teal" variant="light">
      Ready
    </Badge>
  )
}

function Use({
  what,
  used,
  of,
  unit,
}: {
  readonly what: string
  readonly used: number
  readonly of: number
  readonly unit: string
}) {
  const share = Math.min(100, (100 * used) / of)
  return (
    <Stack gap={4} miw={150}>
      <Text size="xs" c="dimmed" className="figures">
        {figure(used)} of {figure(of)} {unit} {what}
      </Text>
      <Progress value={share} size="sm" color={share > 90 ? 'orange' : 'ink'} aria-label={`${unit} ${what}`} />
    </Stack>
  )
}

import { Group, Modal, NumberInput, Stack, Switch, Text } from '@mantine/core'
import { useState } from 'react'
import type { LaneLimits } from '../../../shared/phone-protocol.ts'
import { useChange } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { windowWord } from './limits.ts'
import type { SimView } from './sim-row.tsx'

/** How much one SIM may send. Below what Android and the carrier allow, or they begin to drop texts without a word. */
export function LimitsDialog({
  sim,
  limits,
  opened,
  onClose,
}: {
  readonly sim: SimView
  readonly limits: LaneLimits
  readonly opened: boolean
  readonly onClose: () => void
}) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Limits of SIM ${sim.slot + 1}`} centered>
      {opened && <LimitsForm sim={sim} limits={limits} onClose={onClose} />}
    </Modal>
  )
}

function LimitsForm({
  sim,
  limits,
  onClose,
}: {
  readonly sim: SimView
  readonly limits: LaneLimits
  readonly onClose: () => void
}) {
  const [own, setOwn] = useState(sim.limits !== null)
  const [windows, setWindows] = useState(limits.windows)
  const [recipients, setRecipients] = useState<number | null>(limits.recipientsPerMonth)
  const [pause, setPause] = useState(limits.pauseMs)
  const change = useChange('phones.set-sim', { onDone: onClose })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const chosen = { windows, recipientsPerMonth: recipients, pauseMs: pause }
        change.mutate({ simId: sim.id, limits: own ? chosen : null })
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          Android allows about 30 segments a minute, some versions 30 in half an hour. Carriers often stop at 100 to 200
          an hour and look closer at numbers that text many different people.
        </Text>
        <Switch
          label="Limits of its own"
          description="Otherwise those of the settings hold."
          checked={own}
          onChange={event => setOwn(event.currentTarget.checked)}
        />
        {own && (
          <>
            {windows.map((window, at) => (
              <NumberInput
                key={window.windowMs}
                label={`Segments ${windowWord(window.windowMs)}`}
                min={1}
                max={100_000}
                allowDecimal={false}
                value={window.segments}
                onChange={value =>
                  setWindows(windows.map((one, i) => (i === at ? { ...one, segments: Number(value) || 1 } : one)))
                }
              />
            ))}
            <NumberInput
              label="Different recipients in 30 days"
              description="Leave it empty for no limit."
              min={1}
              allowDecimal={false}
              value={recipients ?? ''}
              onChange={value => setRecipients(value === '' ? null : Number(value))}
            />
            <Group grow>
              <NumberInput
                label="Pause between texts, from (s)"
                min={0}
                max={600}
                value={pause[0] / 1000}
                onChange={value => setPause([Number(value) * 1000, Math.max(Number(value) * 1000, pause[1])])}
              />
              <NumberInput
                label="to (s)"
                min={0}
                max={600}
                value={pause[1] / 1000}
                onChange={value => setPause([Math.min(pause[0], Number(value) * 1000), Number(value) * 1000])}
              />
            </Group>
          </>
        )}
        <Problem error={change.error} />
        <FormButtons loading={change.isPending} onCancel={onClose}>
          Save
        </FormButtons>
      </Stack>
    </form>
  )
}

import { Checkbox, Stack, TextInput } from '@mantine/core'
import { useRead } from '../../api.ts'
import type { Draft } from './draft.ts'
import { HoursFields } from './hours-fields.tsx'

export type Sending = Pick<Draft, 'hours' | 'sims' | 'expires'>

/** When and from where it goes: what can still be changed while it runs. */
export function SendingFields({
  value,
  problems,
  onChange,
}: {
  readonly value: Sending
  readonly problems: { readonly hours?: string; readonly expires?: string }
  readonly onChange: (change: Partial<Sending>) => void
}) {
  return (
    <Stack>
      <HoursFields
        label="Allowed hours"
        description="By the clock of each recipient. Nothing is sent outside of them."
        value={value.hours}
        problem={problems.hours}
        onChange={hours => onChange({ hours })}
      />
      <TextInput
        type="datetime-local"
        label="Expires"
        description="Nothing is sent after this. Leave it empty for no end."
        value={value.expires}
        onChange={event => onChange({ expires: event.currentTarget.value })}
        error={problems.expires}
        styles={{ wrapper: { maxWidth: 260 } }}
      />
      <Lanes sims={value.sims} onChange={sims => onChange({ sims })} />
    </Stack>
  )
}

function Lanes({
  sims,
  onChange,
}: {
  readonly sims: readonly number[] | null
  readonly onChange: (sims: number[] | null) => void
}) {
  const { data } = useRead('phones.list', {})
  const lanes = (data?.phones ?? []).flatMap(phone =>
    phone.sims
      .filter(sim => sim.enabled)
      .map(sim => ({
        value: String(sim.id),
        label: [phone.name, ...(phone.sims.length > 1 ? [`SIM ${sim.slot + 1}`] : []), sim.carrier]
          .filter(Boolean)
          .join(', '),
      })),
  )
  return (
    <Stack gap="xs">
      <Checkbox
        label="Send from every phone and SIM that is switched on"
        checked={sims === null}
        onChange={event => onChange(event.currentTarget.checked ? null : lanes.map(lane => Number(lane.value)))}
        disabled={lanes.length === 0}
      />
      {sims !== null && (
        <Checkbox.Group
          label="Only from"
          value={sims.map(String)}
          onChange={chosen => onChange(chosen.length === 0 ? null : chosen.map(Number))}
        >
          <Stack gap="xs" mt={6}>
            {lanes.map(lane => (
              <Checkbox key={lane.value} value={lane.value} label={lane.label} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </Stack>
  )
}

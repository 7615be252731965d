import { Checkbox, Group, Input, Stack, TextInput } from '@mantine/core'
import { DAY_CHOICES, HOLIDAY_CHOICES, type HoursDraft } from './draft.ts'

/** Allowed hours, days, holidays and the rules of states. `problem`: what is wrong with the hours. */
export function HoursFields({
  value,
  problem,
  label,
  description,
  onChange,
}: {
  readonly value: HoursDraft
  readonly problem: string | undefined
  readonly label?: string
  readonly description: string
  readonly onChange: (value: HoursDraft) => void
}) {
  const set = (change: Partial<HoursDraft>): void => onChange({ ...value, ...change })
  return (
    <Stack>
      <Input.Wrapper label={label} labelElement="div" description={description} error={problem}>
        <Group gap="sm" mt={6} align="flex-end">
          <TextInput
            type="time"
            label="From"
            value={value.from}
            onChange={event => set({ from: event.currentTarget.value })}
          />
          <TextInput
            type="time"
            label="To"
            value={value.to}
            onChange={event => set({ to: event.currentTarget.value })}
          />
        </Group>
      </Input.Wrapper>
      <Checkbox.Group label="Days" value={[...value.days]} onChange={days => set({ days })}>
        <Group gap="md" mt={6}>
          {DAY_CHOICES.map(day => (
            <Checkbox key={day.value} value={day.value} label={day.label} />
          ))}
        </Group>
      </Checkbox.Group>
      <Checkbox.Group
        label="Not on holidays"
        description="Of the recipient’s country, and of the state where that is known."
        value={[...value.holidays]}
        onChange={holidays => set({ holidays })}
      >
        <Group gap="md" mt={6}>
          {HOLIDAY_CHOICES.map(kind => (
            <Checkbox key={kind.value} value={kind.value} label={kind.label} />
          ))}
        </Group>
      </Checkbox.Group>
      <Checkbox
        label="Keep the stricter hours of states"
        description="Some states of the US close at 20:00, open later, or allow none on Sundays."
        checked={value.regional}
        onChange={event => set({ regional: event.currentTarget.checked })}
      />
    </Stack>
  )
}

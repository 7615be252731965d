import { Group, Select, TextInput } from '@mantine/core'
import { dateField, type OwnDates, ownPeriod, type Period, PRESETS, type PresetName } from './periods.ts'

/** A preset, or own dates while `own` is there. */
export interface Choice {
  readonly preset: PresetName
  readonly own: OwnDates | null
}

/** While own dates are not in order it is still the preset that was chosen before. */
export function periodOf({ preset, own }: Choice, now: number): Period {
  const chosen = own && ownPeriod(own)
  return chosen && 'to' in chosen ? chosen : PRESETS[preset].period(now)
}

const OWN = 'own'

export function PeriodPicker({
  choice,
  onChange,
}: {
  readonly choice: Choice
  readonly onChange: (next: Choice) => void
}) {
  const { preset, own } = choice
  const found = own && ownPeriod(own)
  const choose = (value: string): void => {
    if (value !== OWN) return onChange({ preset: value as PresetName, own: null })
    const { from, to } = PRESETS[preset].period(Date.now()) as Period
    onChange({ preset, own: { first: dateField(from ?? to - 1), last: dateField(to - 1) } })
  }
  return (
    <Group align="flex-start" gap="sm">
      <Select
        label="Time"
        w={210}
        data={[
          ...Object.entries(PRESETS).map(([value, { label }]) => ({ value, label })),
          { value: OWN, label: 'Own dates' },
        ]}
        value={own ? OWN : preset}
        onChange={value => value !== null && choose(value)}
        allowDeselect={false}
      />
      {own && (
        <>
          <TextInput
            type="date"
            label="First day"
            value={own.first}
            onChange={event => onChange({ preset, own: { ...own, first: event.currentTarget.value } })}
          />
          <TextInput
            type="date"
            label="Last day"
            value={own.last}
            error={found && 'problem' in found ? found.problem : undefined}
            onChange={event => onChange({ preset, own: { ...own, last: event.currentTarget.value } })}
          />
        </>
      )}
    </Group>
  )
}

import { Group } from '@mantine/core'
import { WholeNumber } from '../../components/whole-number.tsx'

interface Failures {
  readonly failures: number
  readonly withinMinutes: number
}

/** How many failures within how many minutes have which end. */
export function FailureFields<T extends Failures>({
  value,
  errors,
  end,
  onChange,
}: {
  readonly value: T
  /** By the name of the field. */
  readonly errors: (field: string) => string | undefined
  /** For how many minutes the end holds. */
  readonly end: {
    readonly field: Exclude<keyof T, keyof Failures> & string
    readonly label: string
    readonly max: number
  }
  readonly onChange: (value: T) => void
}) {
  const fields = [
    { field: 'failures', label: 'So many failures', min: 2, max: 50 },
    { field: 'withinMinutes', label: 'within (min)', min: 1, max: 1440 },
    { ...end, min: 1 },
  ] as const
  return (
    <Group grow align="flex-start">
      {fields.map(({ field, ...rest }) => (
        <WholeNumber
          key={field}
          {...rest}
          value={Number(value[field])}
          onChange={number => onChange({ ...value, [field]: number })}
          error={errors(field)}
        />
      ))}
    </Group>
  )
}

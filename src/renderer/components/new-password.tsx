import { Group, PasswordInput, Progress, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useId } from 'react'
import { useRead } from '../api.ts'

const WORDS = [
  'very easy to guess',
  'easy to guess',
  'rather easy to guess',
  'hard to guess',
  'very hard to guess',
] as const

/** A new password and once more, with how easily it is guessed. `scored`: only where somebody is signed in to ask for it. */
export function NewPassword({
  value,
  again,
  onChange,
  onChangeAgain,
  error,
  scored,
}: {
  readonly value: string
  readonly again: string
  readonly onChange: (value: string) => void
  readonly onChangeAgain: (value: string) => void
  readonly error?: string | undefined
  readonly scored: boolean
}) {
  const id = useId()
  const [settled] = useDebouncedValue(value, 250)
  const { data } = useRead('passwords.score', { password: settled }, { enabled: scored && settled.length >= 8 })
  // What was refused says so by itself.
  const shown = scored && !error && value.length >= 8 && data ? data : null
  const toggle = { 'aria-label': 'Show the password', tabIndex: 0 }
  return (
    <Stack>
      <Stack gap={6}>
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          value={value}
          onChange={event => onChange(event.currentTarget.value)}
          error={error}
          aria-describedby={id}
          visibilityToggleButtonProps={toggle}
        />
        {shown && (
          <Progress
            value={(shown.score + 1) * 20}
            color={shown.score < 2 ? 'red' : shown.score < 3 ? 'orange' : 'teal'}
            size="xs"
            aria-label="How hard the password is to guess"
          />
        )}
        <Group id={id} aria-live="polite">
          <Text size="xs" c="dimmed">
            {shown
              ? [`This is ${WORDS[shown.score]}.`, ...shown.feedback].join(' ')
              : '8 to 128 characters. Several words are easy to keep in mind and hard to guess.'}
          </Text>
        </Group>
      </Stack>
      <PasswordInput
        label="New password again"
        autoComplete="new-password"
        value={again}
        onChange={event => onChangeAgain(event.currentTarget.value)}
        error={again !== '' && !value.startsWith(again) ? 'This differs from the password above.' : undefined}
        visibilityToggleButtonProps={toggle}
      />
    </Stack>
  )
}

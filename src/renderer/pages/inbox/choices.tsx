import { Group, Kbd, Stack, Text, UnstyledButton } from '@mantine/core'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Choice } from './thread-view.ts'

/** A few things of which one is chosen: by its digit, by the arrows and Enter, or by a click. */
export function Choices<T>({
  label,
  choices,
  onChoose,
}: {
  readonly label: string
  readonly choices: readonly Choice<T>[]
  readonly onChoose: (choice: Choice<T>) => void
}) {
  const first = useRef<HTMLButtonElement>(null)
  // They may come after the dialog has looked for what to put the focus on.
  useEffect(() => first.current?.focus(), [])
  const hear = (event: KeyboardEvent<HTMLDivElement>): void => {
    const chosen = /^[1-9]$/.test(event.key) ? choices[Number(event.key) - 1] : undefined
    if (chosen) {
      event.preventDefault()
      onChoose(chosen)
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const buttons = [...event.currentTarget.querySelectorAll('button')]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[(at + by + buttons.length) % buttons.length]?.focus()
  }
  return (
    <Stack gap={4} onKeyDown={hear} role="group" aria-label={label}>
      {choices.map((choice, at) => (
        <UnstyledButton
          key={choice.label}
          className="choice"
          onClick={() => onChoose(choice)}
          {...(at === 0 && { 'data-autofocus': true, ref: first })}
        >
          <Group justify="space-between" wrap="nowrap" gap="sm">
            <Group gap="sm" wrap="nowrap" miw={0}>
              {at < 9 && (
                <Kbd size="xs" aria-hidden>
                  {at + 1}
                </Kbd>
              )}
              <Text size="sm" truncate="end" dir="auto" title={choice.label}>
                {choice.label}
              </Text>
            </Group>
            {choice.about !== undefined && (
              <Text size="xs" c="dimmed" flex="none">
                {choice.about}
              </Text>
            )}
          </Group>
        </UnstyledButton>
      ))}
    </Stack>
  )
}

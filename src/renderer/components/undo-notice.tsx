import { Button, Group, Text } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { type NotificationData, notifications } from '@mantine/notifications'
import { type ReactNode, useEffect, useState } from 'react'

/** A notice with an `UndoNotice` in it. It goes after `staysMs`, but not while the focus is in it. */
export function showUndoNotice({
  staysMs,
  ...notice
}: {
  readonly id: string
  readonly message: ReactNode
  readonly staysMs: number
  readonly position?: NonNullable<NotificationData['position']>
}): void {
  notifications.show({
    ...notice,
    autoClose: staysMs,
    onFocus: () => void notifications.update({ ...notice, autoClose: false }),
    onBlur: () => void notifications.update({ ...notice, autoClose: staysMs }),
  })
}

/** Says what was done, with a button that takes it back. Ctrl+Z outside of a field takes back what the newest notice tells. */
export function UndoNotice({
  children,
  busy = false,
  onUndo,
}: {
  readonly children: ReactNode
  readonly busy?: boolean
  /** Null: it cannot be taken back after all. */
  readonly onUndo: (() => void) | null
}) {
  const isNewest = useNewest()
  useHotkeys([['mod+Z', () => isNewest() && !busy && onUndo?.()]])
  return (
    // A notice cuts off what reaches over its edge: the ring of the focus needs room.
    <Group justify="space-between" wrap="nowrap" gap="sm" p={3}>
      <Text size="sm" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
      {onUndo && (
        <Button
          size="compact-sm"
          variant="default"
          flex="none"
          aria-keyshortcuts="Control+Z"
          loading={busy}
          onClick={onUndo}
        >
          Undo
        </Button>
      )}
    </Group>
  )
}

/** The notices that are shown, newest last. */
const shown: symbol[] = []

function useNewest(): () => boolean {
  const [own] = useState(() => Symbol('notice'))
  useEffect(() => {
    shown.push(own)
    return () => void shown.splice(shown.indexOf(own), 1)
  }, [own])
  return () => shown.at(-1) === own
}

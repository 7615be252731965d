import { Button, Group } from '@mantine/core'
import type { ReactNode } from 'react'

/** The end of a form in a dialog: the way out, and the deed itself. */
export function FormButtons({
  cancel = 'Cancel',
  danger = false,
  disabled = false,
  loading,
  onCancel,
  children,
}: {
  readonly cancel?: string
  /** It takes something away that does not come back by itself. */
  readonly danger?: boolean
  /** Something is missing still. */
  readonly disabled?: boolean
  readonly loading: boolean
  readonly onCancel: () => void
  /** What the button says: the deed. */
  readonly children: ReactNode
}) {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={onCancel}>
        {cancel}
      </Button>
      <Button type="submit" color={danger ? 'red.9' : undefined} disabled={disabled} loading={loading}>
        {children}
      </Button>
    </Group>
  )
}

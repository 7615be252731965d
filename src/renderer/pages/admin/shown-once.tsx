import { Alert, Button, CopyButton, Group, Modal, Stack, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** A secret that nobody can look up again: to copy now, or never. Null: closed. */
export function ShownOnce({
  title,
  secret,
  label,
  children,
  onClose,
}: {
  readonly title: string
  readonly secret: string | null
  readonly label: string
  readonly children: ReactNode
  readonly onClose: () => void
}) {
  return (
    <Modal opened={secret !== null} onClose={onClose} title={title} centered closeOnClickOutside={false} size="lg">
      {secret !== null && (
        <Stack>
          <Alert color="orange">{children}</Alert>
          <Group align="flex-end" wrap="nowrap">
            <TextInput label={label} value={secret} readOnly flex={1} classNames={{ input: 'exact' }} data-autofocus />
            <CopyButton value={secret}>
              {({ copied, copy }) => (
                <Button
                  variant="default"
                  leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
                  onClick={copy}
                >
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </Group>
          <Group justify="flex-end">
            <Button onClick={onClose}>I have it</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}

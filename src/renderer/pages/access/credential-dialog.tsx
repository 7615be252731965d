import { Alert, Button, CopyButton, Group, Modal, Stack, TextInput } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { Credential } from '../../../shared/operations/grants.ts'

/** A user name and its password, to read and to copy. Null: closed. */
export function CredentialDialog({
  title,
  credential,
  fresh,
  onClose,
}: {
  readonly title: string
  readonly credential: Credential | null
  /** Whether the password was made just now. */
  readonly fresh: boolean
  readonly onClose: () => void
}) {
  return (
    <Modal opened={credential !== null} onClose={onClose} title={title} centered size="lg">
      {credential && (
        <Stack>
          <Alert color={fresh ? 'orange' : 'gray'}>
            {fresh
              ? 'This is the new password. The one before does not open anything any more.'
              : 'That you have looked is in the audit log.'}
          </Alert>
          <Copyable label="User name" value={credential.username} />
          <Copyable label="Password" value={credential.password} />
          <Group justify="flex-end">
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}

function Copyable({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <Group align="flex-end" wrap="nowrap">
      <TextInput label={label} value={value} readOnly flex={1} classNames={{ input: 'exact' }} />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            onClick={copy}
            aria-label={copied ? 'Copied' : `Copy the ${label.toLowerCase()}`}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}

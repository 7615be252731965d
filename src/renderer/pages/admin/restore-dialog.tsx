import { Alert, Checkbox, Modal, PasswordInput, Skeleton, Stack, Table, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { ApiError, useRead } from '../../api.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { dateAndTime, figure } from '../../lib/times.ts'
import { restore } from '../../restoring.tsx'

/** As the hub wants it typed: see RESTORE_CONFIRMATION of its operations. */
const WORDS = 'replace everything with this backup'

/** What a backup holds and what would be lost, and then the word that it takes the place of everything. Null: closed. */
export function RestoreDialog({ path, onClose }: { readonly path: string | null; readonly onClose: () => void }) {
  return (
    <Modal opened={path !== null} onClose={onClose} title="Put a backup in place" centered size="lg">
      {path !== null && <Restore path={path} onClose={onClose} />}
    </Modal>
  )
}

function Restore({ path, onClose }: { readonly path: string; readonly onClose: () => void }) {
  const { data, error } = useRead('backups.preview', { path })
  return (
    <Stack>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {path}
      </Text>
      <Problem error={error} />
      {!data && !error && (
        <>
          <Text size="sm" role="status">
            Looking into the backup. A large one takes a minute.
          </Text>
          <Skeleton h={160} />
        </>
      )}
      {data && !data.ok && (
        <Alert color="red" title="This backup is not sound">
          {data.faults.slice(0, 3).join(' ')} Choose another one.
        </Alert>
      )}
      {data?.ok && (
        <>
          <Preview found={data} />
          <Confirm path={path} hasPassphrase={data.hasPassphrase} onClose={onClose} />
        </>
      )}
    </Stack>
  )
}

const KINDS = [
  ['contacts', 'Contacts'],
  ['campaigns', 'Campaigns'],
  ['messages', 'Messages'],
  ['imports', 'Imports'],
  ['users', 'Users'],
] as const

function Preview({ found }: { readonly found: OutputOf<'backups.preview'> }) {
  const { until, holds, now, since } = found
  return (
    <>
      <Text size="sm">
        {until === null ? 'It knows of nothing yet.' : `It knows of everything until ${dateAndTime(until)}.`}
      </Text>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What</Table.Th>
            <Table.Th ta="right">In the backup</Table.Th>
            <Table.Th ta="right">Now</Table.Th>
            <Table.Th ta="right">Made since, and lost</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {KINDS.map(([key, label]) => (
            <Table.Tr key={key}>
              <Table.Td>{label}</Table.Td>
              <Table.Td ta="right" className="figures">
                {figure(holds[key])}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {figure(now[key])}
              </Table.Td>
              <Table.Td ta="right" className="figures" fw={since[key] > 0 ? 600 : undefined}>
                {figure(since[key])}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed">
        Changes since are lost, too; passwords and settings are those of the backup. Taken over: opt-outs, erasures,
        replies, phones, and what was attempted, so that nothing is sent twice. Then nothing is sent until every phone
        has told what it did. The present database is kept in the data folder.
      </Text>
    </>
  )
}

function Confirm({
  path,
  hasPassphrase,
  onClose,
}: {
  readonly path: string
  readonly hasPassphrase: boolean
  readonly onClose: () => void
}) {
  const [passphrase, setPassphrase] = useState('')
  const [typed, setTyped] = useState('')
  const [password, setPassword] = useState('')
  const [without, setWithout] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Error | null>(null)
  const fields = problem instanceof ApiError ? problem.fields : {}
  // What cannot be merged is said as a conflict: then it is the person who decides.
  const cannotMerge = problem instanceof ApiError && problem.code === 'conflict'
  const run = async (): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      await restore({
        ...{ path, password, confirm: typed.trim() },
        ...(passphrase !== '' && { passphrase }),
        ...(without && { withoutSuppressionsSince: true }),
      })
    } catch (error) {
      setProblem(error as Error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        void run()
      }}
    >
      <Stack>
        {Object.keys(fields).length === 0 && <Problem error={problem} />}
        {(cannotMerge || without) && (
          <Checkbox
            label="Go on without the opt-outs that were made since"
            description="People who said stop since the backup may be texted again."
            checked={without}
            onChange={event => setWithout(event.currentTarget.checked)}
          />
        )}
        {hasPassphrase && (
          <PasswordInput
            label="Passphrase of the backup"
            description="Only where it comes from another computer."
            autoComplete="off"
            value={passphrase}
            onChange={event => setPassphrase(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the passphrase', tabIndex: 0 }}
          />
        )}
        <TextInput
          label={`Type: ${WORDS}`}
          autoComplete="off"
          value={typed}
          onChange={event => setTyped(event.currentTarget.value)}
          error={fields['confirm']}
        />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
          error={fields['password']}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        />
        <FormButtons
          cancel="Keep everything as it is"
          danger
          disabled={typed.trim() !== WORDS || password === ''}
          loading={busy}
          onCancel={onClose}
        >
          Put it in place
        </FormButtons>
      </Stack>
    </form>
  )
}

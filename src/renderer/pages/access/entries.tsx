import { Autocomplete, Button, Group, Modal, Skeleton, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useState } from 'react'
import type { EntryState, Service, ServiceEntry } from '../../../shared/operations/services.ts'
import { useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Pill, type Tone } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { ago } from '../../lib/times.ts'

const STATES: Readonly<Record<EntryState, { readonly tone: Tone; readonly word: string }>> = {
  in_order: { tone: 'good', word: 'In order' },
  missing: { tone: 'bad', word: 'Not in the file' },
  changed: { tone: 'bad', word: 'Changed in the file' },
  should_be_gone: { tone: 'bad', word: 'Expired, still in the file' },
  nobody: { tone: 'wait', word: 'Belongs to nobody' },
}

/** A file beside what is known here, and how to make both agree. */
export function Entries({ service }: { readonly service: Service }) {
  const { id } = service
  const { data, error, refetch } = useRead('services.entries', { id })
  const friends = useRead('friends.list', {})
  const [adopting, setAdopting] = useState<ServiceEntry | null>(null)
  const [removing, setRemoving] = useState<ServiceEntry | null>(null)
  const mend = useChange('services.mend', { touches: ['friends', 'grants'], onDone: () => setRemoving(null) })
  if (!data) return error ? <Problem error={error} onRetry={() => void refetch()} /> : <Skeleton h={60} />
  const drifted = data.entries.filter(entry => entry.state !== 'in_order' && entry.state !== 'nobody')
  const whose = (entry: ServiceEntry) =>
    entry.admin
      ? 'Administrators'
      : (friends.data?.friends.find(person => person.id === entry.personId)?.name ?? (entry.personId ? '…' : ''))
  return (
    <Stack gap="sm">
      <Problem error={removing === null ? mend.error : null} />
      {drifted.length > 0 && (
        <Group gap="xs">
          <Button size="compact-sm" loading={mend.isPending} onClick={() => mend.mutate({ id, change: 'file' })}>
            Write the file as it is known here
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => mend.mutate({ id, change: 'database' })}>
            Take over what the file says
          </Button>
        </Group>
      )}
      <Table.ScrollContainer minWidth={560}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>User name</Table.Th>
              <Table.Th>Whose</Table.Th>
              <Table.Th>Last access</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>
                <VisuallyHidden>What can be done</VisuallyHidden>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.entries.map(entry => (
              <Table.Tr key={entry.username}>
                <Table.Td className="exact" style={{ overflowWrap: 'anywhere' }}>
                  {entry.username}
                </Table.Td>
                <Table.Td>{whose(entry)}</Table.Td>
                <Table.Td>{entry.lastAccessAt === null ? '' : ago(entry.lastAccessAt)}</Table.Td>
                <Table.Td>
                  <Pill tone={STATES[entry.state].tone}>{STATES[entry.state].word}</Pill>
                </Table.Td>
                <Table.Td ta="right">
                  {entry.state === 'nobody' && (
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
                      <Button
                        size="compact-sm"
                        variant="default"
                        onClick={() => setAdopting(entry)}
                        aria-label={`Say whose ${entry.username} is`}
                      >
                        Say whose
                      </Button>
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        color="red"
                        onClick={() => setRemoving(entry)}
                        aria-label={`Remove ${entry.username}`}
                      >
                        Remove
                      </Button>
                    </Group>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {!data.exists && (
        <Text size="sm" c="dimmed">
          The file is not there.
        </Text>
      )}
      <Confirm
        opened={removing !== null}
        title={`Remove ${removing?.username ?? ''} from the file?`}
        action="Remove"
        busy={mend.isPending}
        error={mend.error}
        onConfirm={() => removing && mend.mutate({ id, change: 'file', usernames: [removing.username] })}
        onClose={() => setRemoving(null)}
      >
        Whoever still uses it stands before a closed door.
        {removing?.lastAccessAt && ` It was used ${ago(removing.lastAccessAt)}.`}
      </Confirm>
      <Modal
        opened={adopting !== null}
        onClose={() => setAdopting(null)}
        title={`Whose is ${adopting?.username ?? ''}?`}
        centered
      >
        {adopting && <Adopt service={service} entry={adopting} onClose={() => setAdopting(null)} />}
      </Modal>
    </Stack>
  )
}

function Adopt({
  service,
  entry,
  onClose,
}: {
  readonly service: Service
  readonly entry: ServiceEntry
  readonly onClose: () => void
}) {
  const { data } = useRead('friends.list', {})
  const [name, setName] = useState('')
  const adopt = useChange('grants.adopt', { touches: ['friends', 'services'], onDone: onClose })
  // Where several have one name, none of them is meant before one of them is renamed.
  const same = (data?.friends ?? []).filter(person => person.name === name.trim())
  const names = [...new Set((data?.friends ?? []).map(person => person.name))]
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const { username } = entry
        const whose = same.length === 1 ? { personId: same[0]!.id } : { name: name.trim() }
        adopt.mutate({ serviceId: service.id, entries: [{ username, ...whose }] })
      }}
    >
      <Stack>
        <Problem error={adopt.error} />
        <Autocomplete
          label="Person"
          description="A name that is not there yet becomes a new person. The password stays as it is."
          data={names}
          value={name}
          onChange={setName}
          error={same.length > 1 ? 'Several people have this name. Rename one of them first.' : undefined}
          data-autofocus
        />
        <FormButtons loading={adopt.isPending} disabled={name.trim() === '' || same.length > 1} onCancel={onClose}>
          It is theirs
        </FormButtons>
      </Stack>
    </form>
  )
}

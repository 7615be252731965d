import {
  Alert,
  Button,
  Group,
  Modal,
  MultiSelect,
  Paper,
  Skeleton,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconSearch, IconUsersGroup } from '@tabler/icons-react'
import { useState } from 'react'
import type { Friend, PageState } from '../../../shared/operations/friends.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Empty } from '../../components/empty.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Lead } from '../../components/lead.tsx'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { ago } from '../../lib/times.ts'
import { ShownOnce } from '../admin/shown-once.tsx'
import { PersonGrants } from './person-grants.tsx'

/** Who may use which service behind the proxy. */
export function People() {
  const { data, error, refetch } = useRead('friends.list', {}, { everyMs: 30_000 })
  const [editing, setEditing] = useState<Friend | 'new' | null>(null)
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const people = (data?.friends ?? []).filter(
    person =>
      person.name.toLowerCase().includes(wanted) || person.grants.some(grant => grant.username?.includes(wanted)),
  )
  return (
    <Stack>
      <Lead
        action={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing('new')}>
            Add a person
          </Button>
        }
      >
        People who use services behind your proxy, each with a credential of their own. They are no users of this
        application.
      </Lead>
      <Problem error={error} onRetry={() => void refetch()} />
      {data && data.page.problem !== '' && (
        <Alert color="orange" title="The personal page cannot be opened">
          {data.page.problem}
        </Alert>
      )}
      {!data && !error && <Skeleton h={120} />}
      {data && data.friends.length > 4 && (
        <TextInput
          label="Find somebody"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={event => setSearch(event.currentTarget.value)}
          maw={360}
        />
      )}
      {data?.friends.length === 0 && (
        <Empty icon={IconUsersGroup} title="Nobody yet">
          Add the people who open your services. What you take away from one of them leaves the others alone.
        </Empty>
      )}
      {data && data.friends.length > 0 && people.length === 0 && <Text c="dimmed">Nobody is called that.</Text>}
      {data &&
        people.map(person => (
          <PersonCard key={person.id} person={person} page={data.page} onEdit={() => setEditing(person)} />
        ))}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' ? 'Add a person' : 'Edit the person'}
        centered
      >
        {editing !== null && (
          <PersonForm person={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
        )}
      </Modal>
    </Stack>
  )
}

function PersonCard({
  person,
  page,
  onEdit,
}: {
  readonly person: Friend
  readonly page: PageState
  readonly onEdit: () => void
}) {
  const { id, name, note, grants, linkMadeAt } = person
  const [shown, setShown] = useState(false)
  const [asking, setAsking] = useState<'delete' | 'link' | 'revoke' | null>(null)
  const [link, setLink] = useState<string | null>(null)
  const close = () => setAsking(null)
  const remove = useChange('friends.delete', { touches: ['services', 'grants'], onDone: close })
  const revoke = useChange('friends.revoke-link', { onDone: close })
  const newLink = useChange('friends.new-link', {
    onDone: made => {
      close()
      setLink(made.url ?? made.token)
    },
  })
  const troubled = grants.some(grant => grant.state === 'expired')
  const soon = grants.some(grant => grant.expiresSoon)
  return (
    <Paper withBorder p="lg" component="section" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={2} miw={0}>
            <Group gap="xs">
              <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                {name}
              </Text>
              {troubled && <Pill tone="bad">Expired</Pill>}
              {soon && <Pill tone="wait">Expires soon</Pill>}
            </Group>
            {note !== '' && (
              <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                {note}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {grants.length === 0 ? 'May open nothing' : grants.map(grant => grant.service).join(' · ')}
              {linkMadeAt !== null && ` · private link made ${ago(linkMadeAt)}`}
            </Text>
          </Stack>
        </Group>
        <Group gap="xs">
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setShown(!shown)}
            aria-expanded={shown}
            aria-label={`Services of ${name}`}
          >
            Services
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            loading={newLink.isPending}
            onClick={() => (linkMadeAt === null ? newLink.mutate({ id }) : setAsking('link'))}
          >
            {linkMadeAt === null ? 'Make a private link' : 'New private link'}
          </Button>
          {linkMadeAt !== null && (
            <Button size="compact-sm" variant="default" onClick={() => setAsking('revoke')}>
              End the link
            </Button>
          )}
          <Button size="compact-sm" variant="default" onClick={onEdit}>
            Edit
          </Button>
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => setAsking('delete')}>
            Delete
          </Button>
        </Group>
        <Problem error={asking === null ? newLink.error : null} />
        {shown && <PersonGrants person={person} />}
      </Stack>
      <Confirm
        opened={asking === 'delete'}
        title={`Delete ${name}?`}
        action="Delete"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ id })}
        onClose={close}
      >
        {grants.length === 0
          ? 'They may open nothing at the moment.'
          : `${grants.map(grant => grant.service).join(', ')}: all of it ends in one step, at once.`}
      </Confirm>
      <Confirm
        opened={asking === 'link'}
        title={`Another private link for ${name}?`}
        action="Make it"
        busy={newLink.isPending}
        error={newLink.error}
        onConfirm={() => newLink.mutate({ id })}
        onClose={close}
      >
        The one that they have stops at once.
      </Confirm>
      <Confirm
        opened={asking === 'revoke'}
        title={`End the private link of ${name}?`}
        action="End the link"
        busy={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate({ id })}
        onClose={close}
      >
        Their page closes, also where it is open. What they may open stays.
      </Confirm>
      <ShownOnce title={`Private link of ${name}`} label="Private link" secret={link} onClose={() => setLink(null)}>
        Copy it now and give it to them alone: it is shown this once, and whoever has it sees their passwords.
        {page.listening === null && ' The personal page is off: switch it on under Settings.'}
      </ShownOnce>
    </Paper>
  )
}

function PersonForm({ person, onClose }: { readonly person: Friend | null; readonly onClose: () => void }) {
  const { data } = useRead('services.list', {}, { enabled: person === null })
  const [name, setName] = useState(person?.name ?? '')
  const [note, setNote] = useState(person?.note ?? '')
  const [services, setServices] = useState<string[]>([])
  const create = useChange('friends.create', { touches: ['services', 'grants'], onDone: onClose })
  const update = useChange('friends.update', { onDone: onClose })
  const error = create.error ?? update.error
  const fields = error instanceof ApiError ? error.fields : {}
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        const given = { name: name.trim(), note: note.trim() }
        if (person) update.mutate({ id: person.id, ...given })
        else create.mutate({ ...given, services: services.map(Number) })
      }}
    >
      <Stack>
        {Object.keys(fields).length === 0 && <Problem error={error} />}
        <TextInput
          label="Name"
          description={person ? 'User names at services stay as they are.' : undefined}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
          error={fields['name']}
          maxLength={120}
          data-autofocus
        />
        <Textarea
          label="Note"
          value={note}
          onChange={event => setNote(event.currentTarget.value)}
          error={fields['note']}
          autosize
          minRows={2}
          maxLength={2000}
        />
        {person === null && data && data.services.length > 0 && (
          <MultiSelect
            label="May open"
            data={data.services.map(service => ({ value: String(service.id), label: service.name }))}
            value={services}
            onChange={setServices}
            searchable
          />
        )}
        <FormButtons loading={create.isPending || update.isPending} disabled={name.trim() === ''} onCancel={onClose}>
          {person ? 'Save' : 'Add'}
        </FormButtons>
      </Stack>
    </form>
  )
}

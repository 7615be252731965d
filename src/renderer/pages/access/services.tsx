import { Alert, Anchor, Button, Group, Modal, Paper, Skeleton, Stack, Switch, Text, Title } from '@mantine/core'
import { IconPlus, IconServer2 } from '@tabler/icons-react'
import { useState } from 'react'
import type { Credential } from '../../../shared/operations/grants.ts'
import type { Service } from '../../../shared/operations/services.ts'
import { useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Empty } from '../../components/empty.tsx'
import { Lead } from '../../components/lead.tsx'
import { Pill } from '../../components/pill.tsx'
import { Problem } from '../../components/problem.tsx'
import { ago, counted, figure } from '../../lib/times.ts'
import { Bans } from './bans.tsx'
import { CredentialDialog } from './credential-dialog.tsx'
import { Entries } from './entries.tsx'
import { ServiceForm } from './service-form.tsx'
import { Visits } from './visits.tsx'

/** What the proxy protects, its files, and who was there. */
export function Services() {
  const { data, error, refetch } = useRead('services.list', {}, { everyMs: 30_000 })
  const [editing, setEditing] = useState<Service | 'new' | null>(null)
  const [taken, setTaken] = useState<{ service: Service; nobody: number } | null>(null)
  return (
    <Stack>
      <Lead
        action={
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEditing('new')}>
            Add a service
          </Button>
        }
      >
        Services behind your proxy that ask for a user name and a password. Each has an htpasswd file, in which every
        person has an entry of their own.
      </Lead>
      <Problem error={error} onRetry={() => void refetch()} />
      {!data && !error && <Skeleton h={120} />}
      {data?.services.length === 0 && (
        <Empty icon={IconServer2} title="No services">
          Add one with the htpasswd file that it has: everybody who is in it goes on working.
        </Empty>
      )}
      {taken && taken.nobody > 0 && (
        <Alert color="blue" withCloseButton onClose={() => setTaken(null)} closeButtonLabel="Close">
          {taken.service.name}: {counted(taken.nobody, 'entry of the file belongs', 'entries of the file belong')} to
          nobody yet. They go on working; look at the entries and say whose they are.
        </Alert>
      )}
      {data?.services.map(service => (
        <ServiceCard key={service.id} service={service} onEdit={() => setEditing(service)} />
      ))}
      {data && data.services.length > 0 && (
        <>
          <Title order={2} size="h5" mt="md">
            Who opened what
          </Title>
          <Visits services={data.services} />
          <Title order={2} size="h5" mt="md">
            Refused credentials
          </Title>
          <Bans />
        </>
      )}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing === 'new' ? 'Add a service' : 'Edit the service'}
        size="lg"
        centered
      >
        {editing !== null && (
          <ServiceForm
            service={editing === 'new' ? null : editing}
            onClose={() => setEditing(null)}
            onMade={setTaken}
          />
        )}
      </Modal>
    </Stack>
  )
}

function ServiceCard({ service, onEdit }: { readonly service: Service; readonly onEdit: () => void }) {
  const { id, name, address, authType, grants, health, file } = service
  const [shown, setShown] = useState(false)
  const [removing, setRemoving] = useState(false)
  const [leaveFile, setLeaveFile] = useState(false)
  const [renewing, setRenewing] = useState(false)
  const [credential, setCredential] = useState<{ credential: Credential; fresh: boolean } | null>(null)
  const check = useChange('services.check')
  const reveal = useChange('services.reveal-admin', {
    onDone: made => setCredential({ credential: made, fresh: false }),
  })
  const renew = useChange('services.regenerate-admin', {
    onDone: made => {
      setRenewing(false)
      setCredential({ credential: made, fresh: true })
    },
  })
  const remove = useChange('services.delete', { touches: ['friends', 'grants'], onDone: () => setRemoving(false) })
  const basic = authType === 'basic'
  return (
    <Paper withBorder p="lg" component="section" aria-label={name}>
      <Stack gap="sm">
        <Stack gap={2} miw={0}>
          <Group gap="xs">
            <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Text>
            {health !== null && <Pill tone={health.ok ? 'good' : 'bad'}>{health.ok ? 'Answers' : 'Trouble'}</Pill>}
            {file !== null && (file.problem !== '' || file.drift > 0) && <Pill tone="wait">File to mend</Pill>}
          </Group>
          <Anchor href={address} size="sm" target="_blank" rel="noreferrer noopener" className="exact">
            {address}
          </Anchor>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {grants === 1 ? 'One person' : `${figure(grants)} people`}
            {basic && ` · ${service.host === '' ? '' : `${service.host}:`}${service.htpasswdFile}`}
            {health !== null && ` · ${health.detail} (${ago(health.at)})`}
          </Text>
        </Stack>
        {file !== null && file.problem !== '' && <Alert color="orange">{file.problem}</Alert>}
        {file !== null && file.problem === '' && file.drift > 0 && (
          <Alert color="orange">
            {counted(file.drift, 'entry differs', 'entries differ')} from what is known here.
          </Alert>
        )}
        <Problem error={check.error ?? reveal.error} />
        <Group gap="xs">
          {basic && (
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setShown(!shown)}
              aria-expanded={shown}
              aria-label={`Entries of ${name}`}
            >
              Entries
            </Button>
          )}
          <Button
            size="compact-sm"
            variant="default"
            loading={check.isPending}
            onClick={() => check.mutate({ id })}
            aria-label={`Check now: ${name}`}
          >
            Check now
          </Button>
          {basic && (
            <>
              <Button
                size="compact-sm"
                variant="default"
                loading={reveal.isPending}
                onClick={() => reveal.mutate({ id })}
              >
                Administrators' password
              </Button>
              <Button size="compact-sm" variant="default" onClick={() => setRenewing(true)}>
                Renew it
              </Button>
            </>
          )}
          <Button size="compact-sm" variant="default" onClick={onEdit}>
            Edit
          </Button>
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => setRemoving(true)}>
            Delete
          </Button>
        </Group>
        {shown && <Entries service={service} />}
      </Stack>
      <CredentialDialog
        title={`Administrators at ${name}`}
        credential={credential?.credential ?? null}
        fresh={credential?.fresh ?? false}
        onClose={() => setCredential(null)}
      />
      <Confirm
        opened={renewing}
        title={`A new password for the administrators at ${name}?`}
        action="Make it"
        busy={renew.isPending}
        error={renew.error}
        onConfirm={() => renew.mutate({ id })}
        onClose={() => setRenewing(false)}
      >
        The present one stops at once.
      </Confirm>
      <Confirm
        opened={removing}
        title={`Delete ${name}?`}
        action="Delete"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ id, leaveFile })}
        onClose={() => setRemoving(false)}
      >
        <Stack gap="sm">
          {grants === 0
            ? 'Nobody may open it at the moment.'
            : `${grants === 1 ? 'One person' : `${figure(grants)} people`} cannot open it any more.`}
          {basic && ' Our entries leave its file; those of others stay.'}
          {basic && (
            <Switch
              label="Leave the file as it is"
              description="Where it cannot be reached any more. The entries in it go on working."
              checked={leaveFile}
              onChange={event => setLeaveFile(event.currentTarget.checked)}
            />
          )}
        </Stack>
      </Confirm>
    </Paper>
  )
}

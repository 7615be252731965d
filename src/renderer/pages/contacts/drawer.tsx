import { Alert, Button, Drawer, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { IconHandStop } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { Contact } from '../../../shared/operations/contacts.ts'
import { ApiError, useChange, useRead } from '../../api.ts'
import { Confirm } from '../../components/confirm.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { countryName } from '../../lib/countries.ts'
import { date } from '../../lib/times.ts'
import { StopDialog } from '../suppression/stop-dialog.tsx'
import { Consent } from './consent.tsx'
import { nameOf, REASONS } from './filters.ts'
import { CONSENT_FIELDS, ContactFields, consentBy, draftOf, givenBy, isSound } from './form.tsx'
import { HoursOf, Zones } from './hours.tsx'
import { MergeDialog } from './merge-dialog.tsx'
import { Timeline } from './timeline.tsx'

/** One contact beside the list. Null: none. */
export function ContactDrawer({ id, onClose }: { readonly id: number | null; readonly onClose: () => void }) {
  // What it shows stays while it slides away.
  const [shown, setShown] = useState(id)
  if (id !== null && id !== shown) setShown(id)
  const { data, error, refetch } = useRead('contacts.get', { id: shown ?? 1 }, { enabled: id !== null })
  const contact = data?.id === shown ? data : undefined
  const isGone = error instanceof ApiError && error.code === 'not_found'
  return (
    <Drawer
      opened={id !== null}
      onClose={onClose}
      position="right"
      size={500}
      title={
        <Text fw={600} lineClamp={2} dir="auto" component="span" style={{ overflowWrap: 'anywhere' }}>
          {contact ? nameOf(contact) || contact.number : 'Contact'}
        </Text>
      }
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isGone ? (
        <Text size="sm">This contact is not here any more. It was deleted or merged into another one.</Text>
      ) : (
        <Problem error={error} onRetry={() => void refetch()} />
      )}
      {!contact && !error && <Skeleton h={220} className="late" />}
      {contact && <Content key={contact.id} contact={contact} onClose={onClose} />}
    </Drawer>
  )
}

function Content({ contact, onClose }: { readonly contact: Contact; readonly onClose: () => void }) {
  const [edits, setEdits] = useState(false)
  if (edits) return <Edit contact={contact} onDone={() => setEdits(false)} />
  return (
    <Stack>
      {contact.suppressed !== null && <OptedOut contact={contact} />}
      <Tabs defaultValue="details" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="details">Details</Tabs.Tab>
          <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="details" pt="md">
          <Details contact={contact} onEdit={() => setEdits(true)} onClose={onClose} />
        </Tabs.Panel>
        <Tabs.Panel value="timeline" pt="md">
          <Timeline id={contact.id} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

function OptedOut({ contact: { number, suppressed } }: { readonly contact: Contact }) {
  const [asks, setAsks] = useState(false)
  return (
    <Alert color="red" variant="light" icon={<IconHandStop aria-hidden />} title="Gets no messages">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">This number is on the suppression list: {REASONS[suppressed!] ?? suppressed}.</Text>
        <Button size="compact-sm" variant="default" onClick={() => setAsks(true)}>
          Take it off the list
        </Button>
      </Stack>
      <StopDialog kind={asks ? 'remove' : null} number={number} onClose={() => setAsks(false)} />
    </Alert>
  )
}

function Details({
  contact,
  onEdit,
  onClose,
}: {
  readonly contact: Contact
  readonly onEdit: () => void
  readonly onClose: () => void
}) {
  const [asks, setAsks] = useState<'delete' | 'merge' | 'stop' | null>(null)
  const remove = useChange('contacts.delete', { touches: ['lists'], onDone: onClose })
  const { number, country, email, postcode, lists, tags, attributes, createdAt, updatedAt } = contact
  const close = (): void => setAsks(null)
  return (
    <Stack>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={onEdit}>
          Edit
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setAsks('merge')}>
          Merge
        </Button>
        {contact.suppressed === null && (
          <Button size="compact-sm" variant="default" onClick={() => setAsks('stop')}>
            Never text again
          </Button>
        )}
        <Button size="compact-sm" variant="default" onClick={() => setAsks('delete')}>
          Delete
        </Button>
      </Group>
      <Facts>
        <Fact name="Number">
          <span className="exact">{number}</span>
          {country !== null && ` ${countryName(country)}`}
        </Fact>
        <Fact name="E-mail address">{email}</Fact>
        <Fact name="Postcode">{postcode ?? ''}</Fact>
        <Fact name="Time zone">
          <Zones contact={contact} />
        </Fact>
        <Fact name="Allowed hours">
          <HoursOf contact={contact} />
        </Fact>
        <Fact name="Lists">{lists.join(', ')}</Fact>
        <Fact name="Tags">{tags.join(', ')}</Fact>
        {Object.entries(attributes).map(([key, value]) => (
          <Fact key={key} name={key} exact>
            {value}
          </Fact>
        ))}
        <Fact name="Consent">
          <Consent contact={contact} />
        </Fact>
        <Fact name="Added">{date(createdAt)}</Fact>
        <Fact name="Changed">{updatedAt > createdAt ? date(updatedAt) : 'never'}</Fact>
      </Facts>
      <MergeDialog contact={contact} opened={asks === 'merge'} onClose={close} />
      <StopDialog kind={asks === 'stop' ? 'add' : null} number={number} onClose={close} />
      <Confirm
        opened={asks === 'delete'}
        title={`Delete ${nameOf(contact) || number}?`}
        action="Delete"
        type="delete"
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ id: contact.id })}
        onClose={close}
      >
        Name, fields, tags and consent are gone for good. Messages and replies stay with the number, and who opted out
        stays on the suppression list.
      </Confirm>
    </Stack>
  )
}

function Facts({ children }: { readonly children: ReactNode }) {
  return (
    <dl className="facts" style={{ margin: 0 }}>
      {children}
    </dl>
  )
}

function Fact({
  name,
  exact = false,
  children,
}: {
  readonly name: string
  readonly exact?: boolean
  readonly children: ReactNode
}) {
  return (
    <div>
      <dt className={exact ? 'exact' : undefined} title={name}>
        {name}
      </dt>
      <dd>{children === '' ? '–' : children}</dd>
    </div>
  )
}

function Edit({ contact, onDone }: { readonly contact: Contact; readonly onDone: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(contact))
  const update = useChange('contacts.update', { touches: ['lists'], onDone })
  const errors = update.error instanceof ApiError ? update.error.fields : {}
  useEffect(() => {
    document.querySelector<HTMLInputElement>('[data-edit-contact] input')?.focus()
  }, [])
  return (
    <form
      data-edit-contact
      onSubmit={event => {
        event.preventDefault()
        if (!isSound(draft)) return
        const before = draftOf(contact)
        const same = CONSENT_FIELDS.every(field => before[field] === draft[field].trim())
        // Consent that nobody touched keeps who put it on record.
        update.mutate({ id: contact.id, ...givenBy(draft), ...(!same && { consent: consentBy(draft) }) })
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          <span className="exact">{contact.number}</span> – the number itself stays. Another number is another contact,
          and two can be merged.
        </Text>
        <ContactFields draft={draft} errors={errors} onChange={setDraft} />
        {Object.keys(errors).length === 0 && <Problem error={update.error} />}
        <FormButtons loading={update.isPending} disabled={!isSound(draft)} onCancel={onDone}>
          Save
        </FormButtons>
      </Stack>
    </form>
  )
}

import {
  ActionIcon,
  Autocomplete,
  Button,
  Fieldset,
  Group,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useMemo } from 'react'
import type { ConsentKind } from '../../../shared/consent.ts'
import { isAttributeKey } from '../../../shared/imports/attribute-key.ts'
import type { Contact } from '../../../shared/operations/contacts.ts'
import { useRead } from '../../api.ts'
import { KIND_CHOICES } from '../../lib/consent.ts'

/** What can be said about a contact, as it is typed. */
export interface ContactDraft {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly zone: string
  readonly postcode: string
  readonly tags: readonly string[]
  readonly lists: readonly string[]
  readonly attributes: readonly { readonly key: string; readonly value: string }[]
  readonly kind: ConsentKind
  readonly source: string
  readonly wording: string
  /** `2025-03-31`, or empty. */
  readonly day: string
  readonly proof: string
}

/** What is said of consent. */
export const CONSENT_FIELDS = ['kind', 'source', 'wording', 'day', 'proof'] as const

export const EMPTY_DRAFT: ContactDraft = {
  ...{ firstName: '', lastName: '', email: '', zone: '', postcode: '', tags: [], lists: [], attributes: [] },
  ...{ kind: 'unspecified', source: '', wording: '', day: '', proof: '' },
}

export function draftOf(contact: Contact): ContactDraft {
  const { firstName, lastName, email, zone, postcode, tags, lists, attributes, consent } = contact
  return {
    ...{ firstName, lastName, email, zone: zone ?? '', postcode: postcode ?? '', tags, lists },
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
    kind: consent?.kind ?? 'unspecified',
    proof: consent?.proof ?? '',
    source: consent?.source ?? '',
    wording: consent?.wording ?? '',
    day: consent?.at == null ? '' : new Date(consent.at).toISOString().slice(0, 10),
  }
}

/** As the hub takes it. */
export function givenBy(draft: ContactDraft) {
  const { firstName, lastName, email, zone, postcode, tags, lists } = draft
  return {
    ...{ firstName: firstName.trim(), lastName: lastName.trim(), email: email.trim() },
    postcode: postcode.trim() === '' ? null : postcode.trim(),
    ...{ zone: zone.trim() === '' ? null : zone.trim(), tags: [...tags], lists: [...lists] },
    attributes: Object.fromEntries(
      draft.attributes.flatMap(({ key, value }) => (key.trim() === '' ? [] : [[key.trim(), value]])),
    ),
  }
}

/** The consent that was typed; null where there is no source of it. */
export function consentBy({ kind, source, wording, day, proof }: ContactDraft) {
  if (source.trim() === '') return null
  const at = day === '' ? null : Date.parse(day)
  return { kind, source: source.trim(), wording: wording.trim(), at, proof: proof.trim() }
}

export function isSound(draft: ContactDraft): boolean {
  const keys = draft.attributes.map(({ key }) => key.trim()).filter(key => key !== '')
  return keys.every(isAttributeKey) && new Set(keys).size === keys.length
}

/** The fields of a contact. `errors`: what the hub said about each. */
export function ContactFields({
  draft,
  errors,
  onChange,
}: {
  readonly draft: ContactDraft
  readonly errors: Readonly<Record<string, string>>
  readonly onChange: (draft: ContactDraft) => void
}) {
  const { data: groups } = useRead('lists.list', {})
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), [])
  const set = (change: Partial<ContactDraft>): void => onChange({ ...draft, ...change })
  return (
    <Stack>
      <SimpleGrid cols={2}>
        <TextInput
          label="First name"
          value={draft.firstName}
          maxLength={200}
          onChange={event => set({ firstName: event.currentTarget.value })}
        />
        <TextInput
          label="Last name"
          value={draft.lastName}
          maxLength={200}
          onChange={event => set({ lastName: event.currentTarget.value })}
        />
      </SimpleGrid>
      <TextInput
        label="E-mail address"
        value={draft.email}
        maxLength={200}
        error={errors['email'] && 'This is not an e-mail address.'}
        onChange={event => set({ email: event.currentTarget.value })}
      />
      <SimpleGrid cols={2}>
        <TextInput
          label="Postcode"
          description="Tells the time zone"
          value={draft.postcode}
          maxLength={20}
          error={errors['postcode']}
          onChange={event => set({ postcode: event.currentTarget.value })}
        />
        <Autocomplete
          label="Time zone"
          description="Empty: by postcode and number"
          data={zones}
          limit={8}
          value={draft.zone}
          error={errors['zone']}
          onChange={zone => set({ zone })}
        />
      </SimpleGrid>
      <TagsInput
        label="Lists"
        data={groups?.lists.map(list => list.name) ?? []}
        value={[...draft.lists]}
        onChange={lists => set({ lists })}
        acceptValueOnBlur
      />
      <TagsInput
        label="Tags"
        data={groups?.tags.map(tag => tag.name) ?? []}
        value={[...draft.tags]}
        onChange={tags => set({ tags })}
        acceptValueOnBlur
      />
      <Attributes draft={draft} onChange={attributes => set({ attributes })} />
      <Fieldset legend="Consent to be texted" p="md">
        <Stack gap="sm">
          <TextInput
            label="Source"
            description="Such as “Sign-up form on our website”. Empty: none on record"
            value={draft.source}
            maxLength={200}
            onChange={event => set({ source: event.currentTarget.value })}
          />
          <Select
            label="They agreed to"
            data={KIND_CHOICES}
            value={draft.kind}
            disabled={draft.source.trim() === ''}
            allowDeselect={false}
            onChange={kind => kind && set({ kind: kind as ConsentKind })}
          />
          <Textarea
            label="Wording"
            autosize
            maxRows={5}
            maxLength={2000}
            value={draft.wording}
            disabled={draft.source.trim() === ''}
            onChange={event => set({ wording: event.currentTarget.value })}
          />
          <TextInput
            type="date"
            label="Date"
            w={180}
            value={draft.day}
            disabled={draft.source.trim() === ''}
            onChange={event => set({ day: event.currentTarget.value })}
          />
          <TextInput
            label="Proof"
            description="Where it can be looked up: a page of a signed form, an address"
            value={draft.proof}
            maxLength={500}
            disabled={draft.source.trim() === ''}
            onChange={event => set({ proof: event.currentTarget.value })}
          />
        </Stack>
      </Fieldset>
    </Stack>
  )
}

function Attributes({
  draft: { attributes },
  onChange,
}: {
  readonly draft: ContactDraft
  readonly onChange: (attributes: ContactDraft['attributes']) => void
}) {
  const keys = attributes.map(({ key }) => key.trim())
  const problemOf = (key: string): string | undefined => {
    if (key === '') return undefined
    if (!isAttributeKey(key))
      return 'Small letters, digits and _, starting with a letter; not the name of another field.'
    return keys.filter(one => one === key).length > 1 ? 'There are two of this name.' : undefined
  }
  const set = (at: number, change: Partial<ContactDraft['attributes'][number]>): void =>
    onChange(attributes.map((one, place) => (place === at ? { ...one, ...change } : one)))
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500}>
        Fields of its own
      </Text>
      {attributes.map(({ key, value }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name while they are typed.
        <Group key={at} gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            aria-label={`Name of field ${at + 1}`}
            placeholder="name"
            value={key}
            maxLength={60}
            error={problemOf(key.trim())}
            onChange={event => set(at, { key: event.currentTarget.value })}
            w={150}
          />
          <TextInput
            aria-label={`Value of ${key || `field ${at + 1}`}`}
            placeholder="value"
            value={value}
            maxLength={2000}
            onChange={event => set(at, { value: event.currentTarget.value })}
            flex={1}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Remove ${key || `field ${at + 1}`}`}
            onClick={() => onChange(attributes.filter((_, place) => place !== at))}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => onChange([...attributes, { key: '', value: '' }])}
      >
        Add a field
      </Button>
    </Stack>
  )
}

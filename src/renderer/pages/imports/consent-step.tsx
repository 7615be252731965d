import {
  Alert,
  Autocomplete,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useEffect } from 'react'
import type { ConsentKind } from '../../../shared/consent.ts'
import type { ImportMapping } from '../../../shared/imports/settings.ts'
import { useRead } from '../../api.ts'
import { SectionCard } from '../../components/section-card.tsx'
import { KIND_CHOICES } from '../../lib/consent.ts'
import type { Draft } from './draft.ts'

/** How the people on the list agreed to be texted, and where they go. */
export function ConsentStep({
  draft,
  mapping,
  proposedList,
  onChange,
}: {
  readonly draft: Draft
  readonly mapping: ImportMapping
  readonly proposedList: string
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const { data: groups } = useRead('lists.list', {})
  const { consent } = draft
  const hasColumns = Object.values(mapping.consent).some(column => column !== null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: proposed once.
  useEffect(() => {
    if (draft.list === null && proposedList !== '') onChange({ list: proposedList })
  }, [proposedList])
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Paper withBorder p="lg">
        <Stack>
          <Stack gap={4}>
            <Title order={2} size="h5">
              How did these people agree to be texted?
            </Title>
            <Text size="sm" c="dimmed">
              It is kept with each contact, and is your answer when somebody asks why they were texted.
            </Text>
          </Stack>
          {hasColumns && (
            <Alert variant="light" color="gray" icon={<IconInfoCircle aria-hidden />}>
              Columns of the list tell it too. Where a row says something, that counts.
            </Alert>
          )}
          <TextInput
            label="Source"
            description="Such as “Sign-up form on our website” or “Paper form at the fair”"
            value={consent.source}
            maxLength={200}
            onChange={event => onChange({ consent: { ...consent, source: event.currentTarget.value } })}
          />
          <Select
            label="They agreed to"
            data={KIND_CHOICES}
            value={consent.kind}
            disabled={consent.source.trim() === ''}
            allowDeselect={false}
            onChange={kind => kind && onChange({ consent: { ...consent, kind: kind as ConsentKind } })}
          />
          <Textarea
            label="Wording"
            description="What they agreed to, word for word"
            autosize
            minRows={2}
            maxRows={6}
            maxLength={2000}
            value={consent.wording}
            disabled={consent.source.trim() === ''}
            onChange={event => onChange({ consent: { ...consent, wording: event.currentTarget.value } })}
          />
          <TextInput
            type="date"
            label="Date, if it is known"
            w={200}
            value={consent.day}
            disabled={consent.source.trim() === ''}
            onChange={event => onChange({ consent: { ...consent, day: event.currentTarget.value } })}
          />
          <TextInput
            label="Proof"
            description="Where it can be looked up, such as a binder or an address. The name of the list is kept too"
            value={consent.proof}
            maxLength={500}
            disabled={consent.source.trim() === ''}
            onChange={event => onChange({ consent: { ...consent, proof: event.currentTarget.value } })}
          />
          {consent.source.trim() === '' && !hasColumns && (
            <Text size="sm" c="dimmed">
              Without it, campaigns that ask for consent leave these people out.
            </Text>
          )}
        </Stack>
      </Paper>
      <SectionCard title="Where do they go?">
        <Autocomplete
          label="List"
          description="One that is there, or a new one. Empty: none"
          maxLength={120}
          data={groups?.lists.map(list => list.name) ?? []}
          value={draft.list ?? ''}
          onChange={value => onChange({ list: value })}
        />
        <TagsInput
          label="Tags"
          description="For everybody on this list. Press Enter after each"
          data={groups?.tags.map(tag => tag.name) ?? []}
          value={[...draft.tags]}
          maxTags={50}
          onChange={tags => onChange({ tags: tags.map(tag => tag.slice(0, 120)) })}
          acceptValueOnBlur
          clearable={false}
        />
      </SectionCard>
    </SimpleGrid>
  )
}

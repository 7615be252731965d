import { MultiSelect, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { Audience } from '../../../shared/operations/contacts.ts'
import { useRead } from '../../api.ts'
import { figure } from '../../lib/times.ts'

/** Who gets it: lists, tags and words, with how many that are. */
export function AudienceFields({
  value,
  onChange,
}: {
  readonly value: Audience
  readonly onChange: (value: Audience) => void
}) {
  const { data: groups } = useRead('lists.list', {})
  const [settled] = useDebouncedValue(value, 300)
  const { data: counted } = useRead('contacts.count', settled)
  const choices = (known: readonly { name: string }[] | undefined, chosen: readonly string[]): string[] => [
    ...new Set([...(known ?? []).map(group => group.name), ...chosen]),
  ]
  const tags = (chosen: readonly string[]): string[] => choices(groups?.tags, chosen)
  const set = (change: Partial<Audience>): void => onChange({ ...value, ...change })
  return (
    <Stack>
      <MultiSelect
        label="Lists"
        placeholder={value.lists.length === 0 ? 'All contacts' : undefined}
        description="In any of these."
        data={choices(groups?.lists, value.lists)}
        value={value.lists}
        onChange={lists => set({ lists })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the lists' }}
        nothingFoundMessage="No list is called that."
      />
      <MultiSelect
        label="Tags"
        description="And with any of these."
        data={tags(value.tags)}
        value={value.tags}
        onChange={chosen => set({ tags: chosen })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the tags' }}
        nothingFoundMessage="No tag is called that."
      />
      <MultiSelect
        label="Leave out tags"
        description="Nobody with one of these."
        data={tags(value.exceptTags)}
        value={value.exceptTags}
        onChange={exceptTags => set({ exceptTags })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear the tags that are left out' }}
        nothingFoundMessage="No tag is called that."
      />
      <TextInput
        label="Words"
        description="That begin a name, e-mail address or number."
        value={value.search}
        maxLength={200}
        onChange={event => set({ search: event.currentTarget.value })}
      />
      <Text size="sm" aria-live="polite" component="div">
        {counted ? (
          <>
            <b className="figures">{figure(counted.contacts)}</b> {counted.contacts === 1 ? 'contact' : 'contacts'} in
            this audience. The review says who of them gets no message.
          </>
        ) : (
          <Skeleton h={20} w={240} />
        )}
      </Text>
    </Stack>
  )
}

import { ActionIcon, Button, Group, Indicator, MultiSelect, Pill, Popover, Stack, TextInput } from '@mantine/core'
import { IconFilter, IconSearch, IconX } from '@tabler/icons-react'
import { useRead } from '../../api.ts'
import { figure } from '../../lib/times.ts'
import { ALL, type Filters, isFiltered } from './filters.ts'
import { SegmentsMenu } from './segments-menu.tsx'

/** Search, lists, tags and saved segments. What is chosen stands below and can be taken away one by one. */
export function FilterBar({
  filters,
  onChange,
}: {
  readonly filters: Filters
  readonly onChange: (next: Filters) => void
}) {
  const { lists, tags, exceptTags, importId, search } = filters
  const chosen = lists.length + tags.length + exceptTags.length
  return (
    <Stack gap="xs">
      <Group gap="sm" wrap="nowrap">
        <TextInput
          flex={1}
          maw={420}
          aria-label="Search contacts"
          placeholder="Name, e-mail address or number"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          maxLength={200}
          onChange={event => onChange({ ...filters, search: event.currentTarget.value })}
          rightSection={
            search !== '' && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                aria-label="Clear the search"
                onClick={() => onChange({ ...filters, search: '' })}
              >
                <IconX size={14} aria-hidden />
              </ActionIcon>
            )
          }
        />
        <Indicator label={chosen} disabled={chosen === 0} size={18} color="ink">
          <Popover position="bottom-start" width={320} trapFocus>
            <Popover.Target>
              <Button variant="default" leftSection={<IconFilter size={16} aria-hidden />}>
                Filter
              </Button>
            </Popover.Target>
            <Popover.Dropdown aria-label="Filter contacts">
              <Choices filters={filters} onChange={onChange} />
            </Popover.Dropdown>
          </Popover>
        </Indicator>
        <SegmentsMenu filters={filters} onChange={onChange} />
      </Group>
      {(chosen > 0 || importId !== null) && (
        <Group gap={6}>
          {importId !== null && (
            <Chosen label={`of import ${importId}`} onRemove={() => onChange({ ...filters, importId: null })} />
          )}
          {lists.map(name => (
            <Chosen
              key={`list ${name}`}
              label={`on ${name}`}
              onRemove={() => onChange({ ...filters, lists: lists.filter(one => one !== name) })}
            />
          ))}
          {tags.map(name => (
            <Chosen
              key={`tag ${name}`}
              label={`#${name}`}
              onRemove={() => onChange({ ...filters, tags: tags.filter(one => one !== name) })}
            />
          ))}
          {exceptTags.map(name => (
            <Chosen
              key={`except ${name}`}
              label={`not #${name}`}
              onRemove={() => onChange({ ...filters, exceptTags: exceptTags.filter(one => one !== name) })}
            />
          ))}
          {isFiltered(filters) && (
            <Button size="compact-xs" variant="subtle" onClick={() => onChange(ALL)}>
              Show everybody
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}

function Chosen({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <Pill
      withRemoveButton
      onRemove={onRemove}
      maw={260}
      removeButtonProps={{ 'aria-label': `Remove the filter ${label}`, tabIndex: 0, 'aria-hidden': false }}
    >
      {label}
    </Pill>
  )
}

function Choices({ filters, onChange }: { readonly filters: Filters; readonly onChange: (next: Filters) => void }) {
  const { data } = useRead('lists.list', {})
  const names = (groups: readonly { name: string; contacts: number }[] | undefined) =>
    groups?.map(({ name, contacts }) => ({ value: name, label: `${name} (${figure(contacts)})` })) ?? []
  const shared = { searchable: true, comboboxProps: { withinPortal: false } } as const
  return (
    <Stack gap="sm">
      <MultiSelect
        label="On one of these lists"
        data={names(data?.lists)}
        value={[...filters.lists]}
        onChange={lists => onChange({ ...filters, lists })}
        nothingFoundMessage="No list is called that."
        {...shared}
      />
      <MultiSelect
        label="With one of these tags"
        data={names(data?.tags)}
        value={[...filters.tags]}
        onChange={tags => onChange({ ...filters, tags })}
        nothingFoundMessage="No tag is called that."
        {...shared}
      />
      <MultiSelect
        label="Without any of these tags"
        data={names(data?.tags)}
        value={[...filters.exceptTags]}
        onChange={exceptTags => onChange({ ...filters, exceptTags })}
        nothingFoundMessage="No tag is called that."
        {...shared}
      />
    </Stack>
  )
}

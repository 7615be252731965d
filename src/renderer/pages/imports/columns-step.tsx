import { Button, Checkbox, Group, Select, Stack, Table, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { ImportMapping, Sniffed } from '../../../shared/imports/settings.ts'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { Pill } from '../../components/pill.tsx'
import type { Draft } from './draft.ts'
import { type ColumnRole, keyOf, ROLES, renamed, roleOf, triedFirst, withRole } from './mapping.ts'

type Preview = OutputOf<'uploads.preview'>

const ENCODINGS: readonly { value: Sniffed['encoding']; label: string }[] = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'utf-8-bom', label: 'UTF-8 with mark' },
  { value: 'utf-16le', label: 'UTF-16 (LE)' },
  { value: 'utf-16be', label: 'UTF-16 (BE)' },
  { value: 'windows-1252', label: 'Windows-1252' },
]
const DELIMITERS: readonly { value: Sniffed['delimiter']; label: string }[] = [
  { value: ',', label: 'Comma ,' },
  { value: ';', label: 'Semicolon ;' },
  { value: '\t', label: 'Tab' },
  { value: '|', label: 'Bar |' },
]

/** How the list is written, and what each of its columns holds. */
export function ColumnsStep({
  draft,
  data,
  mapping,
  onChange,
}: {
  readonly draft: Draft
  readonly data: Preview
  readonly mapping: ImportMapping
  readonly onChange: (change: Partial<Draft>) => void
}) {
  // Other columns: what was chosen for the ones before means nothing any more.
  const rewrite = (format: Partial<Sniffed>) => onChange({ format: { ...draft.format, ...format }, mapping: null })
  const { sniffed, columns } = data
  return (
    <Stack gap="lg">
      <Stack gap={6}>
        <Group align="flex-end">
          <Select
            label="Encoding"
            w={170}
            data={ENCODINGS}
            value={sniffed.encoding}
            allowDeselect={false}
            onChange={value => rewrite({ encoding: value as Sniffed['encoding'] })}
          />
          <Select
            label="Separator"
            w={150}
            data={DELIMITERS}
            value={sniffed.delimiter}
            allowDeselect={false}
            onChange={value => rewrite({ delimiter: value as Sniffed['delimiter'] })}
          />
          <Checkbox
            label="The first row names the columns"
            checked={sniffed.header}
            onChange={event => rewrite({ header: event.currentTarget.checked })}
            mb={8}
          />
        </Group>
        <Text size="xs" c="dimmed">
          Recognised from the file. Correct it if the columns or letters below look wrong.
        </Text>
      </Stack>
      <Table verticalSpacing="xs" layout="fixed" aria-label="Columns of the list">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="22%">Column</Table.Th>
            <Table.Th w="26%">Examples</Table.Th>
            <Table.Th>What it holds</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map(column => (
            <ColumnRow
              key={column.name}
              column={column}
              mapping={mapping}
              onChange={next => onChange({ mapping: next })}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  )
}

function ColumnRow({
  column: { name, examples },
  mapping,
  onChange,
}: {
  readonly column: Preview['columns'][number]
  readonly mapping: ImportMapping
  readonly onChange: (mapping: ImportMapping) => void
}) {
  const role = roleOf(mapping, name)
  const place = mapping.phones.indexOf(name)
  const several = mapping.phones.length > 1
  return (
    <Table.Tr>
      <Table.Td maw={200}>
        <Text size="sm" fw={500} truncate title={name} c={role === 'nothing' ? 'dimmed' : undefined}>
          {name}
        </Text>
      </Table.Td>
      <Table.Td maw={260}>
        <Text size="sm" c="dimmed" truncate title={examples.join('\n')}>
          {examples.length === 0 ? 'nothing in the first rows' : examples.join(' · ')}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Select
            aria-label={`What ${name} holds`}
            data={ROLES as never}
            value={role}
            allowDeselect={false}
            searchable
            onChange={value => onChange(withRole(mapping, name, value as ColumnRole))}
            flex="0 1 190px"
            size="xs"
          />
          {role === 'phone' && several && place === 0 && <Pill tone="busy">tried first</Pill>}
          {role === 'phone' && several && place > 0 && (
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => onChange(triedFirst(mapping, name))}
              aria-label={`Try first: ${name}`}
            >
              Try first
            </Button>
          )}
          {role === 'postcode' && mapping.zone === null && (
            <Text size="xs" c="dimmed">
              tells the time zone
            </Text>
          )}
          {role === 'attribute' && <FieldName name={name} mapping={mapping} onChange={onChange} />}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

/** The name under which a template uses the column. */
function FieldName({
  name,
  mapping,
  onChange,
}: {
  readonly name: string
  readonly mapping: ImportMapping
  readonly onChange: (mapping: ImportMapping) => void
}) {
  const key = keyOf(mapping, name)!
  const [typed, setTyped] = useState(key)
  const next = renamed(mapping, name, typed.trim())
  return (
    <TextInput
      size="xs"
      aria-label={`Name of the field ${name} in templates`}
      value={typed}
      onChange={event => setTyped(event.currentTarget.value)}
      onBlur={() => {
        if (next) onChange(next)
        else setTyped(key)
      }}
      error={next === null}
      title={
        next === null
          ? 'Small letters, digits and _, starting with a letter; no name that is taken already.'
          : `In a template: {{ ${typed} }}`
      }
      className="exact"
      flex={1}
      miw={90}
    />
  )
}

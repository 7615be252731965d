import { Box, Checkbox, Group, Paper, Radio, SimpleGrid, Stack, Switch, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { type FlagCode, flagReasons, type RejectionCode, rejectionReasons } from '../../../shared/imports/reasons.ts'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { CountrySelect } from '../../components/country-select.tsx'
import { Pill, type Tone } from '../../components/pill.tsx'
import { figure } from '../../lib/times.ts'
import type { Draft } from './draft.ts'

type Row = OutputOf<'uploads.preview'>['rows'][number]

/** How the first rows would come in, and the choices that decide it. */
export function CheckStep({
  draft,
  data: { rows },
  country,
  busy,
  onChange,
}: {
  readonly draft: Draft
  readonly data: OutputOf<'uploads.preview'>
  /** That of the settings. */
  readonly country: string | null
  readonly busy: boolean
  readonly onChange: (change: Partial<Draft>) => void
}) {
  const [onlyOdd, setOnlyOdd] = useState(false)
  const rejected = rows.filter(row => row.rejected !== null).length
  const duplicates = rows.filter(row => row.duplicate !== null).length
  const flagged = rows.filter(row => row.flags.length > 0).length
  const shown = onlyOdd ? rows.filter(isOdd) : rows
  return (
    <Stack gap="lg">
      <Paper withBorder p="md">
        <SimpleGrid cols={{ base: 2, lg: 3 }} spacing="xl">
          <CountrySelect
            label="Numbers without + are from"
            value={draft.country ?? country}
            onChange={value => value !== null && onChange({ country: value })}
            allowDeselect={false}
          />
          <Radio.Group
            label="Numbers that are contacts already"
            value={draft.onDuplicate}
            onChange={value => onChange({ onDuplicate: value as Draft['onDuplicate'] })}
          >
            <Stack gap={6} mt={6}>
              <Radio value="skip" label="Keep the contact as it is" />
              <Radio value="update" label="Update it with the row" />
            </Stack>
          </Radio.Group>
          <Stack gap={8} mt={4}>
            <Checkbox
              label="Take landline numbers too"
              checked={draft.allowLandlines}
              onChange={event => onChange({ allowLandlines: event.currentTarget.checked })}
            />
            <Checkbox
              label="Strip signs that spreadsheets run as formulas"
              checked={draft.stripFormulas}
              onChange={event => onChange({ stripFormulas: event.currentTarget.checked })}
            />
          </Stack>
        </SimpleGrid>
      </Paper>
      <Group justify="space-between">
        <Text size="sm" aria-live="polite" aria-busy={busy} className="figures">
          Of the first {figure(rows.length)} rows <b>{figure(rows.length - rejected - duplicates)}</b> would be new
          contacts, <b>{figure(duplicates)}</b> {duplicates === 1 ? 'is a duplicate' : 'are duplicates'} and{' '}
          <b>{figure(rejected)}</b> would not be taken in
          {flagged > 0 && (
            <>
              ; <b>{figure(flagged)}</b> {flagged === 1 ? 'deserves' : 'deserve'} a look
            </>
          )}
          . The report tells it of every row.
        </Text>
        <Switch
          label="Only rows with something to say"
          checked={onlyOdd}
          onChange={event => setOnlyOdd(event.currentTarget.checked)}
        />
      </Group>
      <Table.ScrollContainer minWidth={620} maxHeight={420} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table stickyHeader layout="fixed" verticalSpacing={6} aria-label="The first rows of the list">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={56} ta="end">
                Row
              </Table.Th>
              <Table.Th w={132}>Number</Table.Th>
              <Table.Th w={130}>Name</Table.Th>
              <Table.Th>What happens</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map(row => (
              <Table.Tr key={row.row}>
                <Table.Td ta="end" className="figures">
                  {row.row}
                </Table.Td>
                <Table.Td className="exact">{row.number ?? '–'}</Table.Td>
                <Table.Td>
                  <Text size="sm" truncate dir="auto" title={row.email}>
                    {`${row.firstName} ${row.lastName}`.trim() || '–'}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Outcome row={row} updates={draft.onDuplicate === 'update'} strips={draft.stripFormulas} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {shown.length === 0 && (
          <Text size="sm" c="dimmed" ta="center" py="lg">
            {rows.length === 0 ? 'The list has no rows.' : 'Nothing to say about any of these rows.'}
          </Text>
        )}
      </Table.ScrollContainer>
    </Stack>
  )
}

function isOdd(row: Row): boolean {
  return row.rejected !== null || row.duplicate !== null || row.flags.length > 0
}

function Outcome({ row, updates, strips }: { readonly row: Row; readonly updates: boolean; readonly strips: boolean }) {
  const flags = row.flags.map(code =>
    code === 'formula' && strips
      ? 'A spreadsheet would run this text as a formula. The sign in front of it is stripped.'
      : (flagReasons[code as FlagCode] ?? code),
  )
  return (
    <Stack gap={2}>
      {row.rejected !== null ? (
        <Said tone="bad" label="not taken in" text={rejectionReasons[row.rejected as RejectionCode] ?? row.rejected} />
      ) : row.duplicate === 'duplicate_in_file' ? (
        <Said tone="quiet" label="duplicate" text="An earlier row has the same number." />
      ) : row.duplicate !== null ? (
        <Said
          tone="quiet"
          label={updates ? 'updates' : 'duplicate'}
          text={
            updates ? 'The contact is there and gets what this row says.' : 'The contact is there and stays as it is.'
          }
        />
      ) : (
        <Said tone="good" label="new" text="" />
      )}
      {flags.map(text => (
        <Said key={text} tone="wait" label="look" text={text} />
      ))}
    </Stack>
  )
}

function Said({ tone, label, text }: { readonly tone: Tone; readonly label: string; readonly text: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Box flex="none">
        <Pill tone={tone}>{label}</Pill>
      </Box>
      {text !== '' && <Text size="sm">{text}</Text>}
    </Group>
  )
}

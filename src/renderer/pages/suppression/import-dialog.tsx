import { Alert, Button, FileButton, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconFileSpreadsheet } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { IMPORT_AT_ONCE, type Stopped } from '../../../shared/operations/suppression.ts'
import { type ListedNumber, readSuppressionFile, textOfFile } from '../../../shared/suppression-file.ts'
import { call, refresh, useRead } from '../../api.ts'
import { CountrySelect } from '../../components/country-select.tsx'
import { FormButtons } from '../../components/form-buttons.tsx'
import { Problem } from '../../components/problem.tsx'
import { counted, figure } from '../../lib/times.ts'
import { stoppedText } from './stopped.ts'

/** Larger ones would take the browser's breath away; the command line has no such limit. */
const LARGEST_BYTES = 50 * 1024 * 1024

interface Result {
  readonly added: number
  readonly present: number
  readonly rejected: readonly { readonly row: number; readonly number: string; readonly message: string }[]
  readonly stopped: Stopped
}

/** Puts every number of a file on the list. */
export function ImportDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Put a list of numbers on the suppression list"
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {opened && <Form onClose={onClose} />}
    </Modal>
  )
}

function Form({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient()
  const { data: settings } = useRead('settings.get', {})
  const [file, setFile] = useState<{ name: string; numbers: ListedNumber[] } | null>(null)
  const [problem, setProblem] = useState('')
  const [country, setCountry] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const [done, setDone] = useState(0)
  const take = async (chosen: File | null): Promise<void> => {
    if (!chosen) return
    const numbers =
      chosen.size > LARGEST_BYTES ? null : readSuppressionFile(textOfFile(new Uint8Array(await chosen.arrayBuffer())))
    if (numbers === null) setProblem('This file has more than 50 MB. Split it, or use the command line.')
    else if (numbers.length === 0) setProblem('There are no numbers in this file.')
    else setProblem('')
    setFile(numbers && numbers.length > 0 ? { name: chosen.name, numbers } : null)
  }
  const send = useMutation({
    mutationFn: async (numbers: readonly ListedNumber[]): Promise<Result> => {
      const under = country ?? settings?.defaultCountry
      let result: Result = {
        added: 0,
        present: 0,
        rejected: [],
        stopped: { queued: 0, assigned: 0, accepted: 0, underway: 0 },
      }
      for (let from = 0; from < numbers.length; from += IMPORT_AT_ONCE) {
        setDone(from)
        const some = numbers.slice(from, from + IMPORT_AT_ONCE)
        const answer = await call('suppression.import', {
          numbers: some.map(one => ({ number: one.number.slice(0, 100), ...(one.note && { note: one.note }) })),
          note: note.trim(),
          ...(under && { country: under }),
        })
        result = together(result, answer, some)
      }
      return result
    },
    onSettled: () => refresh(client, ['suppression', 'contacts', 'inbox', 'campaigns', 'messages']),
  })
  if (send.data) return <Outcome result={send.data} onClose={onClose} />
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (file && note.trim() !== '') send.mutate(file.numbers)
      }}
    >
      <Stack>
        <Group wrap="nowrap">
          <FileButton
            onChange={chosen => void take(chosen)}
            accept=".csv,.tsv,.txt,text/csv,text/plain"
            inputProps={{ 'aria-label': 'The list of numbers' }}
          >
            {props => (
              <Button
                variant="default"
                flex="none"
                leftSection={<IconFileSpreadsheet size={16} aria-hidden />}
                {...props}
              >
                Choose a file
              </Button>
            )}
          </FileButton>
          <Text size="sm" c={file ? undefined : 'dimmed'} style={{ overflowWrap: 'anywhere' }}>
            {file ? `${file.name}: ${counted(file.numbers.length, 'number')}` : 'One number a line, or a CSV file'}
          </Text>
        </Group>
        {problem !== '' && (
          <Text size="sm" c="red" role="alert">
            {problem}
          </Text>
        )}
        <CountrySelect
          label="Country, where a number has no +"
          value={country ?? settings?.defaultCountry ?? null}
          onChange={setCountry}
          allowDeselect={false}
        />
        <TextInput
          label="Reason"
          description="Where the list is from. Notes in the file count more"
          value={note}
          maxLength={500}
          onChange={event => setNote(event.currentTarget.value)}
        />
        <Problem error={send.error} />
        <FormButtons loading={send.isPending} disabled={file === null || note.trim() === ''} onCancel={onClose}>
          {send.isPending ? `${figure(done)} done` : 'Put them on the list'}
        </FormButtons>
      </Stack>
    </form>
  )
}

function Outcome({ result, onClose }: { readonly result: Result; readonly onClose: () => void }) {
  const { added, present, rejected, stopped } = result
  return (
    <Stack>
      <Text size="sm" role="status">
        {counted(added, 'number was', 'numbers were')} added, {figure(present)} {present === 1 ? 'was' : 'were'} on the
        list already. {stoppedText(stopped)}
      </Text>
      {rejected.length > 0 && (
        <Alert
          color="yellow"
          variant="light"
          title={counted(rejected.length, 'row is no number', 'rows are no numbers')}
        >
          <List
            size="sm"
            style={{ maxHeight: 240, overflow: 'auto' }}
            tabIndex={0}
            aria-label="Rows that are no numbers"
          >
            {rejected.slice(0, 200).map(({ row, number, message }) => (
              <List.Item key={row}>
                Row {row}, <span className="exact">{number.slice(0, 60)}</span>: {message}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      <Group justify="flex-end">
        <Button onClick={onClose}>Close</Button>
      </Group>
    </Stack>
  )
}

function together(
  before: Result,
  answer: { added: number; present: number; rejected: readonly { at: number; message: string }[]; stopped: Stopped },
  asked: readonly ListedNumber[],
): Result {
  const { queued, assigned, accepted, underway } = answer.stopped
  return {
    added: before.added + answer.added,
    present: before.present + answer.present,
    rejected: [
      ...before.rejected,
      ...answer.rejected.map(({ at, message }) => ({ row: asked[at]!.row, number: asked[at]!.number, message })),
    ],
    stopped: {
      queued: before.stopped.queued + queued,
      assigned: before.stopped.assigned + assigned,
      accepted: before.stopped.accepted + accepted,
      underway: before.stopped.underway + underway,
    },
  }
}

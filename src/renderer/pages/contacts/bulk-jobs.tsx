import { Group, Progress, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { BulkJob } from '../../../shared/operations/contact-work.ts'
import { refresh, useRead } from '../../api.ts'
import { leftWords, offerUndo } from '../../components/undo.tsx'
import { counted, figure, percent } from '../../lib/times.ts'

/** What is being done to many contacts, and a word when it is done. */
export function BulkJobs() {
  const client = useQueryClient()
  const [polls, setPolls] = useState(false)
  const { data } = useRead('contacts.bulk-jobs', {}, polls ? { everyMs: 700 } : {})
  const running = data?.jobs.filter(job => job.state === 'running') ?? []
  if (running.length > 0 !== polls) setPolls(running.length > 0)
  const seen = useRef<ReadonlyMap<number, BulkJob['state']> | null>(null)
  useEffect(() => {
    if (!data) return
    const before = seen.current
    seen.current = new Map(data.jobs.map(job => [job.id, job.state]))
    if (!before) return
    // Small ones are done before they are seen at work.
    const ended = data.jobs.filter(job => job.state === 'done' && before.get(job.id) !== 'done')
    if (ended.length === 0) return
    for (const job of ended) offerUndo(said(job), job.changed > 0 ? job.undo : null)
    void refresh(client, ['lists'])
    void client.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[0]).startsWith('contacts.') && queryKey[0] !== 'contacts.bulk-jobs',
    })
  }, [data, client])
  useUndoWork()
  return running.map(job => (
    <Group key={job.id} gap="sm" wrap="nowrap" aria-live="off">
      <Text size="sm" className="figures" flex="none" maw="60%" truncate>
        {DOES[job.kind](job.name)}: {percent(job.share)}
      </Text>
      <Progress value={job.share * 100} animated flex={1} aria-label={DOES[job.kind](job.name)} />
    </Group>
  ))
}

/** A word when what was done to many contacts is undone. */
function useUndoWork(): void {
  const client = useQueryClient()
  const [polls, setPolls] = useState(false)
  const { data } = useRead('undo.list', {}, polls ? { everyMs: 700 } : {})
  const isUndoing = data?.undos.some(undo => undo.state === 'working') ?? false
  if (isUndoing !== polls) setPolls(isUndoing)
  const seen = useRef<ReadonlyMap<number, string> | null>(null)
  useEffect(() => {
    if (!data) return
    const before = seen.current
    seen.current = new Map(data.undos.map(undo => [undo.id, undo.state]))
    const ended = data.undos.filter(undo => undo.changed > 0 && undo.state === 'undone')
    const fresh = before ? ended.filter(undo => before.get(undo.id) !== 'undone') : []
    if (fresh.length === 0) return
    for (const undo of fresh) {
      const contacts = counted(undo.restored, 'contact')
      notifications.show({ message: [`Undone for ${contacts}.`, leftWords(undo)].join(' ').trim() })
    }
    void refresh(client, ['lists', 'contacts'])
  }, [data, client])
}

const DOES: Readonly<Record<BulkJob['kind'], (name: string) => string>> = {
  tag: name => `Putting the tag “${name}” on`,
  untag: name => `Taking the tag “${name}” off`,
  'add-to-list': name => `Adding to “${name}”`,
  'remove-from-list': name => `Removing from “${name}”`,
  delete: () => 'Deleting contacts',
}

/** What became of one, and of many. */
const DID: Readonly<Record<BulkJob['kind'], (name: string) => readonly [one: string, many: string]>> = {
  tag: name => [`now has the tag “${name}”`, `now have the tag “${name}”`],
  untag: name => [`no longer has the tag “${name}”`, `no longer have the tag “${name}”`],
  'add-to-list': name => [`was added to “${name}”`, `were added to “${name}”`],
  'remove-from-list': name => [`was removed from “${name}”`, `were removed from “${name}”`],
  delete: () => ['was deleted', 'were deleted'],
}

function said({ kind, name, contacts, changed }: BulkJob): string {
  const [one, many] = DID[kind](name)
  const others = contacts - changed
  const rest = others > 0 && kind !== 'delete' ? ` ${figure(others)} needed no change.` : ''
  return `${counted(changed, `contact ${one}`, `contacts ${many}`)}.${rest}`
}

import type { Command } from 'commander'
import type { Undo } from '../../shared/operations/undo.ts'
import { examples, type Result, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { anId } from './options.ts'
import { counted, table, when } from './print.ts'
import type { Session } from './session.ts'

export function addUndo(program: Command): void {
  const undo = program
    .command('undo')
    .description('changes of the last day that can be undone')
    .argument('[id]', 'the change to undo; left out: show them', anId)
  examples(undo, [
    ['undo', 'what can be undone'],
    ['undo 7', 'undo one of them'],
  ])
  undo.action(
    withSession<[number | undefined]>((session, [id]) => (id === undefined ? show(session) : take(session, id))),
  )
}

/** Follows a change that answers with what undoes it: how to. */
export function howToUndo(id: number | null): string {
  return id === null ? '' : ` Undo it within a day: campaign-connector undo ${id}`
}

async function show(session: Session): Promise<Result> {
  const data = await session.do('undo.list', {})
  const rows = data.undos.map(one => [one.id, when(one.at), said(one), one.by, STATES[one.state], when(one.until)])
  return { data, text: () => table(['id', 'when', 'what', 'by', 'state', 'until'], rows) }
}

async function take(session: Session, id: number): Promise<Result> {
  const { undos } = await session.do('undo.list', {})
  const found = undos.find(one => one.id === id)
  if (!found) throw new UsageError(`There is no change ${id} to undo (any more). See: campaign-connector undo`)
  const name = found.kind === 'delete-campaign' ? 'undo.campaigns' : 'undo.contacts'
  const data = await session.do(name, { id })
  const text = data.state === 'working' ? 'It is being undone in the background.' : 'Undone.'
  return { data, text: () => text }
}

const STATES: Readonly<Record<Undo['state'], string>> = { open: 'can be undone', working: 'at work', undone: 'undone' }

function said({ kind, name, changed, state, restored }: Undo): string {
  const of = state === 'undone' && changed > 0 ? `, ${restored} of them restored` : ''
  const many = `${counted(changed, 'contact')}${of}`
  switch (kind) {
    case 'tag':
      return `tag "${name}" put on ${many}`
    case 'untag':
      return `tag "${name}" taken off ${many}`
    case 'add-to-list':
      return `${many} added to "${name}"`
    case 'remove-from-list':
      return `${many} removed from "${name}"`
    case 'rename-list':
      return `list "${name}" renamed`
    case 'delete-list':
      return `list "${name}" deleted`
    case 'delete-segment':
      return `segment "${name}" deleted`
    case 'delete-campaign':
      return `draft "${name}" deleted`
  }
}

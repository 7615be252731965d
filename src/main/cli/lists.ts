import type { Command } from 'commander'
import { sure } from './ask.ts'
import { type Result, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { table } from './print.ts'
import type { Session } from './session.ts'
import { howToUndo } from './undo.ts'

export function addLists(program: Command): void {
  const lists = program.command('lists').description('lists and tags of contacts').action(withSession(show))
  lists.command('list').description('show lists and tags with their sizes').action(withSession(show))
  lists
    .command('rename <list> <name>')
    .description('rename a list, given by name or id')
    .action(
      withSession<[string, string]>(async (session, [list, name]) => {
        const { id, name: before } = await found(session, list)
        const done = await session.do('lists.rename', { id, name })
        return { data: done, text: () => `"${before}" is now "${name}".${howToUndo(done.undo)}` }
      }),
    )
  lists
    .command('delete <list>')
    .description('remove a list; its contacts stay')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[string], { yes?: boolean }>(async (session, [list], { yes }) => {
        const { id, name } = await found(session, list)
        await sure(`Delete the list "${name}"? Its contacts stay.`, yes)
        const data = await session.do('lists.delete', { id })
        return { data, text: () => `Deleted the list "${name}".${howToUndo(data.undo)}` }
      }),
    )
}

async function show(session: Session): Promise<Result> {
  const data = await session.do('lists.list', {})
  const rows = [
    ...data.lists.map(list => ['list', list.id, list.name, list.contacts]),
    ...data.tags.map(tag => ['tag', tag.id, tag.name, tag.contacts]),
  ]
  return { data, text: () => table(['kind', 'id', 'name', 'contacts'], rows) }
}

/** The id of a list that is given by name or id. @throws UsageError where there is none */
export async function listIdNamed(session: Session, list: string): Promise<number> {
  return (await found(session, list)).id
}

async function found(session: Session, list: string): Promise<{ id: number; name: string }> {
  const { lists } = await session.do('lists.list', {})
  const folded = list.toLowerCase()
  const entry =
    lists.find(candidate => candidate.name.toLowerCase() === folded) ??
    lists.find(candidate => String(candidate.id) === list)
  if (!entry) throw new UsageError(`There is no list "${list}". See: campaign-connector lists`)
  return entry
}

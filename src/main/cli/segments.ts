import type { Command } from 'commander'
import { audienceText } from '../../shared/audience-text.ts'
import type { SavedSegment } from '../../shared/operations/contact-work.ts'
import { sure } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { type AudienceOptions, audienceOf, hasAudience, withAudience } from './options.ts'
import { table, when } from './print.ts'
import type { Session } from './session.ts'
import { howToUndo } from './undo.ts'

export function addSegments(program: Command): void {
  const segments = program
    .command('segments')
    .description('choices of contacts that were saved under a name')
    .action(withSession(show))
  examples(segments, [
    ['segments', 'which ones there are, and who belongs to them'],
    ['segments save "Regulars" --list Spring --except-tag once', 'save a choice'],
    ['segments delete Regulars', 'remove it; its contacts stay'],
  ])
  segments.command('list').description('show them').action(withSession(show))
  withAudience(
    segments
      .command('save <name>')
      .description('save a choice under a name: whoever matches at the time belongs to it, also people added later'),
  ).action(
    withSession<[string], AudienceOptions>(async (session, [name], options) => {
      if (!hasAudience(options))
        throw new UsageError('Say who belongs to it; see: campaign-connector segments save --help')
      const data = await session.do('segments.create', { name, audience: audienceOf(options) })
      return { data, text: () => `Saved as "${data.name}": ${audienceText(data.audience)}.` }
    }),
  )
  segments
    .command('rename <segment> <name>')
    .description('give one, named by name or id, another name')
    .action(
      withSession<[string, string]>(async (session, [segment, name]) => {
        const { id, name: before } = await found(session, segment)
        const data = await session.do('segments.update', { id, name })
        return { data, text: () => `"${before}" is now "${data.name}".` }
      }),
    )
  segments
    .command('delete <segment>')
    .description('remove one, given by name or id; its contacts stay')
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[string], { yes?: boolean }>(async (session, [segment], { yes }) => {
        const { id, name } = await found(session, segment)
        await sure(`Delete the segment "${name}"? Its contacts stay.`, yes)
        const data = await session.do('segments.delete', { id })
        return { data, text: () => `Deleted the segment "${name}".${howToUndo(data.undo)}` }
      }),
    )
}

async function show(session: Session): Promise<Result> {
  const data = await session.do('segments.list', {})
  const rows = data.segments.map(one => [
    ...[one.id, one.name, audienceText(one.audience), one.createdBy, when(one.updatedAt)],
  ])
  return { data, text: () => table(['id', 'name', 'who', 'by', 'changed'], rows) }
}

async function found(session: Session, segment: string): Promise<SavedSegment> {
  const { segments } = await session.do('segments.list', {})
  const folded = segment.toLowerCase()
  const entry =
    segments.find(candidate => candidate.name.toLowerCase() === folded) ??
    segments.find(candidate => String(candidate.id) === segment)
  if (!entry) throw new UsageError(`There is no segment "${segment}". See: campaign-connector segments`)
  return entry
}

import type { Command } from 'commander'
import { withSession } from './command.ts'
import { EXIT } from './exit.ts'
import { aCount } from './options.ts'
import { counted, more, table, when } from './print.ts'

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('who changed what, and what was refused')
  audit
    .command('list')
    .description('show the audit log, newest first')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], { limit: number; after?: string }>(async (session, _args, { limit, after }) => {
        const page = await session.do('audit.list', { limit, ...(after && { after }) })
        const rows = page.items.map(row => [
          row.seq,
          when(row.at),
          row.by,
          row.action,
          row.subject,
          row.outcome === 'ok' ? 'ok' : `refused: ${row.code}`,
        ])
        return {
          data: page,
          text: () => table(['no.', 'time', 'who', 'what', 'of', 'outcome'], rows) + more(page.next),
        }
      }),
    )
  audit
    .command('verify')
    .description('look whether a row was changed, removed or added from outside; ends with 1 when one was')
    .action(
      withSession(async session => {
        const found = await session.do('audit.verify', {})
        const text =
          found.brokenAt === null
            ? `The audit log is whole: ${counted(found.rows, 'row')}. Its last hash is ${found.head}; note it to find a cut-off end later.`
            : `The audit log was tampered with: row ${found.brokenAt} does not follow from the rows before it.`
        return { data: found, text: () => text, exit: found.brokenAt === null ? EXIT.ok : EXIT.failed }
      }),
    )
}

import type { Command } from 'commander'
import { examples, withSession } from './command.ts'
import { aCount, compact } from './options.ts'
import { more, table, when } from './print.ts'

interface Page {
  readonly limit: number
  readonly after?: string
  readonly search?: string
}

export function addSuppression(program: Command): void {
  const suppression = program.command('suppression').description('the numbers that are never texted')
  examples(suppression, [
    ['suppression add +12025550123 --note "asked at the market stall"', 'somebody who asked by word of mouth'],
    ['suppression check +12025550123', 'whether a number is on the list'],
  ])
  suppression
    .command('list')
    .description('show the list, newest first')
    .option('--search <digits>', 'numbers that hold these digits')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], Page>(async (session, _args, { limit, after, search }) => {
        const page = await session.do('suppression.list', { limit, search: search ?? '', ...(after && { after }) })
        const rows = page.items.map(item => [
          item.number ?? '(erased)',
          item.reason,
          item.note,
          item.createdBy,
          when(item.createdAt),
        ])
        return { data: page, text: () => table(['number', 'reason', 'note', 'by', 'since'], rows) + more(page.next) }
      }),
    )
  suppression
    .command('add <number>')
    .description('never text this number again')
    .requiredOption('--note <text>', 'how it became known')
    .action(
      withSession<[string], { note: string }>(async (session, [number], { note }) => {
        const done = await session.do('suppression.add', { number: compact(number), note })
        return {
          data: done,
          text: () => (done.added ? 'Added. Nothing goes to this number any more.' : 'It was on the list already.'),
        }
      }),
    )
  suppression
    .command('remove <number>')
    .description('let a number be texted again, when the person has asked for it')
    .requiredOption('--note <text>', 'why')
    .action(
      withSession<[string], { note: string }>(async (session, [number], { note }) => {
        const done = await session.do('suppression.remove', { number: compact(number), note })
        return {
          data: done,
          text: () => (done.removed ? 'Removed. The number may be texted again.' : 'It was not on the list.'),
        }
      }),
    )
  suppression
    .command('check <number>')
    .description('whether a number is on the list')
    .action(
      withSession<[string]>(async (session, [given]) => {
        const number = compact(given)
        const found = await session.do('suppression.check', { number })
        return {
          data: { number, ...found },
          text: () => (found.suppressed ? `On the list (${found.reason}).` : 'Not on the list.'),
        }
      }),
    )
}

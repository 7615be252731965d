import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import {
  IMPORT_AT_ONCE,
  type Stopped,
  SUPPRESSION_REASONS,
  type SuppressionReason,
} from '../../shared/operations/suppression.ts'
import { readSuppressionFile, textOfFile } from '../../shared/suppression-file.ts'
import { examples, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { aCount, aCountry, compact } from './options.ts'
import { counted, more, table, when } from './print.ts'
import type { Session } from './session.ts'

interface Page {
  readonly limit: number
  readonly after?: string
  readonly search?: string
  readonly reason?: SuppressionReason
}

export function addSuppression(program: Command): void {
  const suppression = program.command('suppression').description('the numbers that are never texted')
  examples(suppression, [
    ['suppression add +12025550123 --note "asked at the market stall"', 'somebody who asked by word of mouth'],
    ['suppression check +12025550123', 'whether a number is on the list'],
    ['suppression import old-system.csv --note "from our old system"', 'numbers of people who opted out elsewhere'],
  ])
  suppression
    .command('list')
    .description('show the list, newest first')
    .option('--search <digits>', 'numbers that begin with these digits, country code first')
    .addOption(new Option('--reason <reason>', 'those that are on it for this reason').choices(SUPPRESSION_REASONS))
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], Page>(async (session, _args, { limit, after, search, reason }) => {
        const page = await session.do('suppression.list', {
          ...{ limit, search: search ?? '' },
          ...(reason && { reason }),
          ...(after && { after }),
        })
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
          text: () =>
            done.added
              ? `Added. Nothing goes to this number any more.${stoppedText(done.stopped)}`
              : 'It was on the list already.',
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
  suppression
    .command('lifted')
    .description('numbers that came off the list and why, newest first')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], Page>(async (session, _args, { limit, after }) => {
        const page = await session.do('suppression.lifts', { limit, ...(after && { after }) })
        const rows = page.items.map(item => [
          item.number ?? '(erased)',
          item.reason,
          when(item.addedAt),
          item.why,
          item.liftedBy,
          when(item.liftedAt),
        ])
        const head = ['number', 'was on it for', 'since', 'why it came off', 'by', 'at']
        return { data: page, text: () => table(head, rows) + more(page.next) }
      }),
    )
  suppression
    .command('import <file>')
    .description('put all numbers of a list on it: one a line, or a CSV file with a column of numbers')
    .requiredOption('--note <text>', 'where the list is from')
    .option('--country <cc>', 'the country of numbers without a country code', aCountry)
    .action(
      withSession<[string], { note: string; country?: string }>(async (session, [file], options) => {
        const done = await importFile(session, file, options)
        return { data: done, text: () => importText(done) }
      }),
    )
  suppression
    .command('export <file>')
    .description('write the list to a CSV file that must not exist yet')
    .action(
      withSession<[string]>(async (session, [file]) => {
        const data = await session.do('suppression.export', { path: resolve(file) })
        return { data, text: () => `Wrote ${counted(data.rows, 'number')} to ${data.path}.` }
      }),
    )
}

interface Imported {
  added: number
  present: number
  rejected: { row: number; message: string }[]
  stopped: Stopped
}

async function importFile(
  session: Session,
  file: string,
  { note, country }: { note: string; country?: string },
): Promise<Imported> {
  const listed = readSuppressionFile(textOfFile(bytesOf(file)))
  if (listed.length === 0) throw new UsageError(`There are no numbers in ${file}.`)
  const done: Imported = {
    added: 0,
    present: 0,
    rejected: [],
    stopped: { queued: 0, assigned: 0, accepted: 0, underway: 0 },
  }
  for (let from = 0; from < listed.length; from += IMPORT_AT_ONCE) {
    const some = listed.slice(from, from + IMPORT_AT_ONCE)
    const numbers = some.map(one => ({ number: one.number.slice(0, 100), ...(one.note && { note: one.note }) }))
    const answer = await session.do('suppression.import', { numbers, note, ...(country && { country }) })
    done.added += answer.added
    done.present += answer.present
    done.rejected.push(...answer.rejected.map(({ at, message }) => ({ row: some[at]!.row, message })))
    for (const key of Object.keys(done.stopped) as (keyof Stopped)[]) {
      done.stopped = { ...done.stopped, [key]: done.stopped[key] + answer.stopped[key] }
    }
  }
  return done
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error
    throw new UsageError(`The file ${file} cannot be read (${reason}).`)
  }
}

function importText({ added, present, rejected, stopped }: Imported): string {
  const lines = [
    `${counted(added, 'number')} added; ${present.toLocaleString('en-US')} ${present === 1 ? 'was' : 'were'} on the list already.${stoppedText(stopped)}`,
    ...rejected.slice(0, 20).map(({ row, message }) => `Row ${row}: ${message}`),
  ]
  if (rejected.length > 20) lines.push(`... and ${rejected.length - 20} more rows that are no numbers.`)
  return lines.join('\n')
}

/** What was taken back, as a sentence behind another one; empty when nothing was waiting. */
function stoppedText({ queued, assigned, accepted, underway }: Stopped): string {
  const parts = [
    queued > 0 && `${counted(queued, 'waiting message')} taken back`,
    assigned + accepted > 0 && `${counted(assigned + accepted, 'message')} recalled from phones`,
    underway > 0 && `${counted(underway, 'message')} already being sent`,
  ].filter(part => part !== false)
  return parts.length === 0 ? '' : ` ${parts.join(', ')}.`
}

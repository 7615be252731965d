import { resolve } from 'node:path'
import { text as askText } from '@clack/prompts'
import type { Command } from 'commander'
import type { Erasure } from '../../shared/operations/privacy.ts'
import { answered, isInteractive, TERMINAL } from './ask.ts'
import { examples, type Result, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { aCount, anId, compact } from './options.ts'
import { counted, more, table, when } from './print.ts'

export function addPerson(program: Command): void {
  const person = program.command('person').description('everything about one number: export and erase it')
  examples(person, [
    ['person export +12025550123', 'everything that is known about a number'],
    ['person export +12025550123 --file ann.json', 'the same as a file, as JSON'],
    ['person erase +12025550123 --confirm +12025550123', 'forget this person; nothing is ever sent to them again'],
  ])
  person
    .command('export <number>')
    .description('everything about a number; with --json or a file that ends in .json for programs')
    .option('--file <file>', 'write it to a file that must not exist yet')
    .action(
      withSession<[string], { file?: string }>(async (session, [given], { file }) => {
        const number = compact(given)
        if (file === undefined) {
          const data = await session.do('person.export', { number })
          return { data: data.data, text: () => data.text.trimEnd() }
        }
        const format = file.endsWith('.json') ? 'json' : 'text'
        const data = await session.do('person.save', { number, format, path: resolve(file) })
        const what = data.found
          ? 'Wrote everything about this number'
          : 'Nothing is known about this number; wrote that'
        return { data, text: () => `${what} to ${data.path}.` }
      }),
    )
  person
    .command('erase <number>')
    .description('forget a person: contact, texts, notes, and what phones keep in their journals')
    .option('--confirm <number>', 'the number once more; on a terminal it is asked for')
    .action(
      withSession<[string], { confirm?: string }>(async (session, [given], { confirm }) => {
        const number = compact(given)
        const data = await session.do('person.erase', { number, confirm: confirm ?? (await typed(number)) })
        return receipt(data)
      }),
    )
  person
    .command('receipts')
    .description('who was erased when (by whom, and which phones have confirmed), newest first')
    .option('--limit <n>', 'how many', aCount(1, 500), 50)
    .option('--after <cursor>', 'go on after the last page')
    .action(
      withSession<[], { limit: number; after?: string }>(async (session, _args, { limit, after }) => {
        const page = await session.do('person.erasures', { limit, ...(after && { after }) })
        const rows = page.items.map(item => [
          item.id,
          item.state,
          when(item.requestedAt),
          item.requestedBy,
          when(item.finishedAt),
          open(item).join(', '),
        ])
        const head = ['id', 'state', 'asked', 'by', 'done', 'phones that have not confirmed']
        return { data: page, text: () => table(head, rows) + more(page.next) }
      }),
    )
  person
    .command('receipt <id>')
    .description('the receipt of one erasure')
    .action(
      withSession<[string]>(async (session, [id]) => receipt(await session.do('person.erasure', { id: anId(id) }))),
    )
}

async function typed(number: string): Promise<string> {
  if (!isInteractive()) throw new UsageError(`Say that it is meant: --confirm ${number}`)
  const message = 'This cannot be taken back. To erase everything about this person, type the number once more'
  return answered(await askText({ message, ...TERMINAL })) ?? ''
}

function receipt(erasure: Erasure): Result {
  const { id, state, underway, finishedAt, removed, stays } = erasure
  const lines =
    state === 'waiting'
      ? [
          `Erasure ${id}: nothing is sent to the number any more. ${counted(underway, 'text')} ${underway === 1 ? 'is' : 'are'} on the way; the person is erased when that has come to its end.`,
        ]
      : [
          `Erasure ${id}, done ${when(finishedAt)}.`,
          `Erased: ${
            Object.entries(removed)
              .map(([what, rows]) => `${what} ${rows}`)
              .join(', ') || 'nothing was there'
          }.`,
        ]
  const phones = open(erasure)
  if (phones.length > 0) lines.push(`Phones that have not confirmed yet: ${phones.join(', ')}.`)
  return { data: erasure, text: () => [...lines, 'What stays:', ...stays.map(one => `- ${one}`)].join('\n') }
}

/** Phones that have not confirmed. */
function open({ phones }: Erasure): string[] {
  return phones
    .filter(phone => phone.confirmedAt === null)
    .map(phone => (phone.revoked ? `${phone.name} (revoked)` : phone.name))
}

import { resolve } from 'node:path'
import { text as askText } from '@clack/prompts'
import type { Command } from 'commander'
import { rejectionReasons } from '../../shared/imports/reasons.ts'
import type { Import } from '../../shared/operations/imports.ts'
import { ImportFileError } from '../domain/imports/file-error.ts'
import { answered, isInteractive, sure, TERMINAL } from './ask.ts'
import { examples, type GlobalOptions, type Result, withSession } from './command.ts'
import { EXIT, type ExitCode, UsageError } from './exit.ts'
import { addImportCheck } from './import-check.ts'
import { follow } from './import-follow.ts'
import { type ReadOptions, settingsOf, type TakeOptions, withReading, withTaking } from './import-options.ts'
import { aCount, anId } from './options.ts'
import { clean, counted, more, pairs, table, when } from './print.ts'
import type { Session } from './session.ts'

const IMPORT = ['<import>', 'its id', anId] as const

export function addImports(program: Command): void {
  const imports = program.command('import').description('take a list of contacts in from a CSV file')
  examples(imports, [
    ['import check people.csv --country US', 'look at a file without taking anything in'],
    ['import run people.csv --country US --list Spring --consent "sign-up sheet, March market"', 'take it in'],
    ['import run people.csv --map phone=Mobile --map phone=Home --map city=Town', 'say which column holds what'],
    ['import report 1 --out rejected.csv', 'the rows that were not taken, with the reason of each'],
    ['import undo 1', 'take the whole import back'],
  ])
  addImportCheck(imports)
  withTaking(withReading(imports.command('run <file>').description('take a file in; Ctrl-C pauses'))).action(
    withSession<[string], ReadOptions & TakeOptions & GlobalOptions>(run),
  )
  addSteps(imports)
  addLooking(imports)
}

async function run(
  session: Session,
  [file]: [string],
  options: ReadOptions & TakeOptions & GlobalOptions,
): Promise<Result> {
  const path = resolve(file)
  const consent = options.consent ?? (await askConsent(options))
  const settings = await readable(() => settingsOf(path, { ...options, ...(consent && { consent }) }))
  const { id } = await session.do('imports.start', { path, settings })
  return ended(await follow(session, id))
}

/** Importing a list is no consent to be texted, so it is asked where somebody can answer. */
async function askConsent(options: GlobalOptions): Promise<string | undefined> {
  if (options.json || !isInteractive()) return undefined
  const message = 'How did these people agree to be texted? (stays empty: no consent is recorded)'
  return (
    answered(await askText({ message, defaultValue: '', placeholder: 'sign-up sheet, March market', ...TERMINAL })) ||
    undefined
  )
}

function addSteps(imports: Command): void {
  imports
    .command('resume')
    .description('go on with an import that was paused or cut off')
    .argument(...IMPORT)
    .action(
      withSession<[number]>(async (session, [id]) => {
        const { state } = await session.do('imports.get', { id })
        // One that a crash cut off still says that it runs, while nobody runs it.
        if (state === 'running' && !session.hub) await session.do('imports.pause', { id })
        if (state !== 'running' || !session.hub) await session.do('imports.resume', { id })
        return ended(await follow(session, id))
      }),
    )
  for (const [verb, what] of [
    ['pause', 'let an import rest that runs in the hub'],
    ['cancel', 'end an import where it is; what was taken in stays'],
  ] as const) {
    imports
      .command(verb)
      .description(what)
      .argument(...IMPORT)
      .action(withSession<[number]>(async (session, [id]) => shown(await session.do(`imports.${verb}`, { id }))))
  }
  imports
    .command('undo')
    .description('take an import back; contacts that were texted or changed since are kept')
    .argument(...IMPORT)
    .option('-y, --yes', 'do not ask')
    .action(
      withSession<[number], { yes?: boolean }>(async (session, [id], { yes }) => {
        const { fileName, created } = await session.do('imports.get', { id })
        await sure(`Take back ${counted(created, 'contact')} of "${fileName}"?`, yes)
        const data = await session.do('imports.undo', { id })
        const text = `Removed ${counted(data.removed, 'contact')}, put ${data.restored.toLocaleString('en-US')} back as they were, kept ${data.kept.toLocaleString('en-US')} that were texted or changed since.`
        return { data, text: () => text }
      }),
    )
  imports
    .command('forget')
    .description('remove the record of an import; its contacts stay')
    .argument(...IMPORT)
    .action(
      withSession<[number]>(async (session, [id]) => ({
        data: await session.do('imports.forget', { id }),
        text: () => `The record of import ${id} is gone; its contacts stay.`,
      })),
    )
}

interface Page {
  readonly limit: number
  readonly after?: string
}

function addLooking(imports: Command): void {
  const paged = (command: Command) =>
    command
      .option('--limit <n>', 'how many', aCount(1, 500), 50)
      .option('--after <cursor>', 'go on after the last page')
  paged(imports.command('list').description('imports, the latest first')).action(
    withSession<[], Page>(async (session, _args, { limit, after }) => {
      const page = await session.do('imports.list', { limit, ...(after && { after }) })
      const rows = page.items.map(item => [
        item.id,
        item.fileName,
        item.state,
        item.rows,
        item.created,
        item.updated,
        item.duplicates,
        item.rejected,
        when(item.createdAt),
      ])
      const head = ['id', 'file', 'state', 'rows', 'new', 'updated', 'duplicates', 'rejected', 'time']
      return { data: page, text: () => table(head, rows) + more(page.next) }
    }),
  )
  imports
    .command('show')
    .description('one import')
    .argument(...IMPORT)
    .action(withSession<[number]>(async (session, [id]) => shown(await session.do('imports.get', { id }))))
  imports
    .command('report')
    .description('write the rejected rows, with the reason of each, to a CSV file that can be mended and imported')
    .argument(...IMPORT)
    .requiredOption('--out <file>', 'the file, which must not exist yet')
    .action(
      withSession<[number], { out: string }>(async (session, [id], { out }) => {
        const data = await session.do('imports.export-rejections', { id, path: resolve(out) })
        return { data, text: () => `Wrote ${counted(data.rows, 'row')} to ${data.path}.` }
      }),
    )
  paged(
    imports
      .command('rejections')
      .description('the rows that were not taken')
      .argument(...IMPORT),
  ).action(
    withSession<[number], Page>(async (session, [id], { limit, after }) => {
      const page = await session.do('imports.rejections', { id, limit, ...(after && { after }) })
      const rows = page.items.map(item => [item.row, item.code, item.value, item.message])
      return { data: page, text: () => table(['row', 'reason', 'value', 'what to do'], rows) + more(page.next) }
    }),
  )
  paged(
    imports
      .command('flags')
      .description('the cells that deserve a look')
      .argument(...IMPORT),
  ).action(
    withSession<[number], Page>(async (session, [id], { limit, after }) => {
      const page = await session.do('imports.flags', { id, limit, ...(after && { after }) })
      const rows = page.items.map(item => [item.row, item.column, item.code, item.value])
      return { data: page, text: () => table(['row', 'column', 'what', 'value'], rows) + more(page.next) }
    }),
  )
}

/** A file that is no list is told like every other refusal. */
async function readable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ImportFileError) throw new UsageError(error.message)
    throw error
  }
}

function ended(done: Import): Result {
  const { text } = shown(done)
  const advice = adviceOn(done)
  return { data: done, text: () => (advice === '' ? text() : `${text()}\n${advice}`), exit: exitOf(done) }
}

function exitOf(done: Import): ExitCode {
  if (done.state === 'failed') return EXIT.failed
  if (done.state !== 'completed') return EXIT.nothing
  return done.created + done.updated + done.duplicates === 0 ? EXIT.nothing : EXIT.ok
}

function adviceOn(done: Import): string {
  if (done.state === 'paused') return `Paused. Go on with: campaign-connector import resume ${done.id}`
  if (done.state !== 'completed') return ''
  const landlines = done.rejectedByCode['phone_not_mobile'] ?? 0
  const lines: string[] = []
  if (exitOf(done) === EXIT.nothing) lines.push('Nobody of this list can be texted.')
  if (landlines > 0) {
    lines.push(
      `${counted(landlines, 'number')} are landlines, which usually take no texts. To take them all the same: --allow-landlines`,
    )
  }
  if (done.rejected > 0)
    lines.push(`The rejected rows as a file: campaign-connector import report ${done.id} --out rejected.csv`)
  if (done.created > 0) lines.push(`To take it back: campaign-connector import undo ${done.id}`)
  return lines.join('\n')
}

function shown(one: Import): Result {
  const text = () => {
    const reasons = Object.entries(one.rejectedByCode).map(([code, rows]) => [
      code,
      rows,
      rejectionReasons[code as keyof typeof rejectionReasons] ?? '',
    ])
    const head = pairs([
      ['import', one.id],
      ['file', one.fileName],
      ['state', one.error === '' ? one.state : `${one.state}: ${clean(one.error)}`],
      ['rows', one.rows],
      ['new', one.created],
      ['updated', one.updated],
      ['duplicates', one.duplicates],
      ['rejected', one.rejected],
      ['flagged', one.flagged],
      ['began', when(one.createdAt)],
      ['ended', when(one.finishedAt)],
    ])
    return reasons.length === 0 ? head : `${head}\n${table(['reason', 'rows', 'what to do'], reasons)}`
  }
  return { data: one, text }
}

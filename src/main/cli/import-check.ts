import { resolve } from 'node:path'
import type { Command } from 'commander'
import { Refusal } from '../../shared/errors.ts'
import { ImportFileError } from '../domain/imports/file-error.ts'
import { type CheckReport, checkFile } from '../services/imports/check.ts'
import { type Result, withConfig } from './command.ts'
import { EXIT } from './exit.ts'
import { type ReadOptions, settingsOf, withReading } from './import-options.ts'
import { interruptible } from './interrupt.ts'
import { counted, pairs, table } from './print.ts'
import { ProgressBar } from './progress.ts'

/** How many rows of each kind a person is shown; --json has them all. */
const SHOWN = 20

export function addImportCheck(imports: Command): void {
  withReading(
    imports
      .command('check <file>')
      .description('look at a file without a database: its format, columns, rejected and flagged rows'),
  ).action(
    withConfig<[string], ReadOptions>(async (_config, [file], options): Promise<Result> => {
      const path = resolve(file)
      const report = await check(path, options)
      return { data: report, text: () => reportText(report), exit: report.accepted === 0 ? EXIT.nothing : EXIT.ok }
    }),
  )
}

async function check(path: string, options: ReadOptions): Promise<CheckReport> {
  const bar = new ProgressBar()
  try {
    const settings = await settingsOf(path, options)
    return await interruptible(signal =>
      checkFile(path, settings, {
        signal,
        onProgress: (done, size) => bar.show(size === 0 ? 1 : done / size, 'checked'),
      }),
    )
  } catch (error) {
    if (error instanceof ImportFileError) throw new Refusal('file_refused', error.message)
    throw error
  } finally {
    bar.end()
  }
}

function reportText(report: CheckReport): string {
  const { mapping, rejected, flagged } = report
  const columns: [string, string][] = [
    ['phone', mapping.phones.join(', then ') || 'no column found: name it with --map phone=COLUMN'],
    ...[
      ['first name', mapping.firstName] as const,
      ['last name', mapping.lastName] as const,
      ['full name', mapping.fullName] as const,
      ['e-mail', mapping.email] as const,
      ['country', mapping.country] as const,
      ['zone', mapping.zone] as const,
      ['postcode', mapping.postcode] as const,
      ['tags', mapping.tags] as const,
      ['agreed, yes or no', mapping.consent.given] as const,
      ['wants no texts', mapping.consent.refused] as const,
      ['agreed to what', mapping.consent.kind] as const,
      ['source of consent', mapping.consent.source] as const,
      ['wording of consent', mapping.consent.wording] as const,
      ['time of consent', mapping.consent.at] as const,
    ].flatMap(([name, column]) => (column === null ? [] : [[name, column] as [string, string]])),
    ...Object.entries(mapping.attributes),
  ]
  const names: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' }
  const parts = [
    `${report.encoding}, line ends ${report.lineEnd}, separated by ${names[report.delimiter]}, ${report.header ? 'with' : 'without'} a header`,
    pairs(columns),
    `${counted(report.rows, 'row')}: ${report.accepted.toLocaleString('en-US')} accepted, ${counted(report.duplicates, 'duplicate')}, ${rejected.length.toLocaleString('en-US')} rejected`,
  ]
  if (rejected.length > 0) {
    const rows = rejected.slice(0, SHOWN).map(one => [one.row, one.code, one.value, one.message])
    parts.push(table(['row', 'reason', 'value', 'what to do'], rows), ...beyond(rejected.length))
  }
  if (flagged.length > 0) {
    const rows = flagged.slice(0, SHOWN).map(one => [one.row, one.column, one.code, one.value, one.message])
    parts.push(table(['row', 'column', 'flag', 'value', 'what to do'], rows), ...beyond(flagged.length))
  }
  return parts.join('\n')
}

function beyond(rows: number): string[] {
  return rows > SHOWN ? [`and ${counted(rows - SHOWN, 'more', 'more')}; --json shows all`] : []
}

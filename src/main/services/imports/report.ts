import { setImmediate } from 'node:timers/promises'
import type { CsvCell } from '../../../shared/csv.ts'
import { flagReasons, rejectionReasons } from '../../../shared/imports/reasons.ts'
import type { InputOf, OutputOf } from '../../../shared/operations/index.ts'
import type { Reader } from '../../db/database.ts'
import { type ImportRow, listFlags, listRejections, type RejectionRow } from '../../db/imports.ts'
import { writeCsvFile } from '../csv-file.ts'
import { badCursor, idCursor, nextCursor } from '../cursor.ts'
import { type ImportPlan, REPORT_COLUMNS } from './plan.ts'

export function rejectionsOf(db: Reader, { id, limit, after }: InputOf<'imports.rejections'>) {
  const rows = listRejections(db, id, idCursor(after, 0), limit)
  const items = rows.map(row => ({ row: row.row, code: row.code, message: sentenceOf(row), value: row.value }))
  return { items, next: nextCursor(rows, limit, row => row.row) }
}

export function flagsOf(db: Reader, { id, limit, after }: InputOf<'imports.flags'>): OutputOf<'imports.flags'> {
  const rows = listFlags(db, id, flagCursor(after), limit)
  const items = rows.map(({ row, field, code, value }) => ({
    row,
    column: field,
    code,
    message: SENTENCES[code] ?? '',
    value,
  }))
  return { items, next: nextCursor(rows, limit, ({ row, field, code }) => JSON.stringify([row, code, field])) }
}

/** Rejected rows that are read at a time; other work gets its turn in between. */
const PAGE = 500

/** Writes the rejected rows as they were, with the reasons behind them, so that they can be mended and imported. */
export async function exportRejections(
  db: Reader,
  row: ImportRow,
  path: string,
): Promise<OutputOf<'imports.export-rejections'>> {
  const { columns } = JSON.parse(row.settings) as ImportPlan
  async function* rows(): AsyncGenerator<CsvCell[]> {
    for (let after = 0; ; ) {
      const page = listRejections(db, row.id, after, PAGE)
      for (const rejection of page) {
        const cells = JSON.parse(rejection.cells) as string[]
        // Cells that are too many are what was wrong with the row: they are shown, in columns without a name.
        const filled = [...cells, ...columns.slice(cells.length).map(() => '')]
        yield [
          ...filled.slice(0, columns.length),
          rejection.row,
          rejection.code,
          sentenceOf(rejection),
          ...filled.slice(columns.length),
        ]
      }
      if (page.length < PAGE) return
      after = page.at(-1)!.row
      await setImmediate()
    }
  }
  return writeCsvFile(path, [...columns, ...REPORT_COLUMNS], rows())
}

const SENTENCES: Readonly<Record<string, string>> = { ...rejectionReasons, ...flagReasons }

function sentenceOf({ code, message }: RejectionRow): string {
  return message || (SENTENCES[code] ?? '')
}

function flagCursor(after: string | undefined): { row: number; field: string; code: string } {
  if (after === undefined) return { row: 0, field: '', code: '' }
  try {
    const [row, code, field] = JSON.parse(after) as unknown[]
    if (Number.isInteger(row) && typeof code === 'string' && typeof field === 'string') {
      return { row: row as number, field, code }
    }
  } catch {
    // Refused below.
  }
  throw badCursor()
}

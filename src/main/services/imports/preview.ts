import { type ImportSettings, importOptionsSchema } from '../../../shared/imports/settings.ts'
import type { InputOf, OutputOf } from '../../../shared/operations/index.ts'
import { contactByNumber } from '../../db/contacts.ts'
import type { Reader } from '../../db/database.ts'
import { suppressionOf } from '../../db/suppression.ts'
import { ImportFileError } from '../../domain/imports/file-error.ts'
import type { NumberHash } from '../ports.ts'
import { ImportReader } from './import-reader.ts'
import { fileRefused, inspectList } from './plan.ts'
import type { ImportBatch } from './read.ts'

type PreviewRow = OutputOf<'imports.preview'>['rows'][number]

/** Rows from which the examples of a column are taken, and how many are shown. */
const EXAMPLES = 3

/** Looks at the head of a file: its format, the proposed mapping, and how the first rows would be taken in. */
export async function previewImport(
  parts: { db: Reader; numberHash: NumberHash; workerUrl?: URL },
  input: InputOf<'imports.preview'>,
): Promise<OutputOf<'imports.preview'>> {
  const { columns, settings, sample } = await inspectList(input.path, settingsOf(input.settings))
  const reader = new ImportReader(input.path, settings, {
    batchRows: input.rows,
    ...(parts.workerUrl ? { workerUrl: parts.workerUrl } : {}),
  })
  try {
    const batch = await reader.next()
    return {
      sniffed: settings.format,
      columns: columns.map((name, index) => ({ name, examples: examplesOf(sample, index) })),
      mapping: settings.mapping,
      rows: batch ? rowsOf(batch, parts) : [],
    }
  } catch (error) {
    throw error instanceof ImportFileError ? fileRefused(error.code) : error
  } finally {
    await reader.close()
  }
}

function settingsOf({ format, mapping, options }: InputOf<'imports.preview'>['settings']): ImportSettings {
  return {
    ...(format ? { format } : {}),
    ...(mapping ? { mapping } : {}),
    options: options ?? importOptionsSchema.parse({}),
  }
}

function examplesOf(sample: readonly (readonly string[])[], column: number): string[] {
  return sample
    .map(cells => (cells[column] ?? '').trim())
    .filter((text, index, all) => text !== '' && all.indexOf(text) === index)
    .slice(0, EXAMPLES)
}

function rowsOf(batch: ImportBatch, parts: { db: Reader; numberHash: NumberHash }): PreviewRow[] {
  const { db, numberHash } = parts
  const numbers = new Set<string>()
  const taken = batch.candidates.map((candidate): PreviewRow => {
    const { row, number, firstName, lastName, email } = candidate
    const again = numbers.has(number)
    numbers.add(number)
    const suppressed = suppressionOf(db, number, numberHash.of(number)) !== undefined
    const duplicate = again ? 'duplicate_in_file' : contactByNumber(db, number) ? 'duplicate_contact' : null
    return {
      ...{ row, number, firstName, lastName, email },
      rejected: suppressed ? 'suppressed' : null,
      duplicate: suppressed ? null : duplicate,
      flags: [...new Set(candidate.flags.map(flag => flag.code))],
    }
  })
  const rejected = batch.rejections.map(
    ({ row, code, flags }): PreviewRow => ({
      ...{ row, number: null, firstName: '', lastName: '', email: '' },
      rejected: code,
      duplicate: null,
      flags: [...new Set(flags.map(flag => flag.code))],
    }),
  )
  return [...taken, ...rejected].sort((one, other) => one.row - other.row)
}

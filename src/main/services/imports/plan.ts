import { stat } from 'node:fs/promises'
import { Refusal } from '../../../shared/errors.ts'
import { type FileRefusalCode, fileRefusals } from '../../../shared/imports/reasons.ts'
import type { ImportMapping, ImportSettings, ReadSettings } from '../../../shared/imports/settings.ts'
import { ImportFileError } from '../../domain/imports/file-error.ts'
import { type Inspection, inspectFile } from './inspect.ts'

/** What an import was started with: nothing is left open. Stored as JSON. */
export interface ImportPlan extends ReadSettings {
  /** Unique names of the file's columns. */
  readonly columns: readonly string[]
}

/** Columns that the file of rejected rows has behind those of the list. */
export const REPORT_COLUMNS = ['import_row', 'import_reason', 'import_explanation'] as const

/** Looks at a file as an import would take it. @throws Refusal that says what the file is */
export async function inspectList(path: string, settings: ImportSettings): Promise<Inspection> {
  try {
    const inspection = await inspectFile(path, settings)
    if (settings.mapping) return inspection
    return { ...inspection, settings: { ...inspection.settings, mapping: withoutReport(inspection.settings.mapping) } }
  } catch (error) {
    throw error instanceof ImportFileError ? fileRefused(error.code) : error
  }
}

/** Size in bytes and time of the last change (ms UTC): what tells that a file is still the one that it was. */
export interface FileStamp {
  readonly fileSize: number
  readonly fileChangedAt: number
}

/** Null: there is no such file. */
export async function stampOf(path: string): Promise<FileStamp | null> {
  const status = await stat(path).catch(() => null)
  return status?.isFile() ? { fileSize: status.size, fileChangedAt: Math.floor(status.mtimeMs) } : null
}

/** Why an import of this file cannot go on; null: it can. */
export async function changeOf(path: string, before: FileStamp): Promise<string | null> {
  const now = await stampOf(path)
  if (now === null) return FILE_GONE
  return now.fileSize === before.fileSize && now.fileChangedAt === before.fileChangedAt ? null : FILE_CHANGED
}

export const FILE_GONE =
  'The file is not there any more. Put it back where it was and resume, or undo this import and start a new one.'
export const FILE_CHANGED =
  'The file was changed after the import began, so its rows may have moved. Undo this import and start a new one with the file as it is now.'

export function fileRefused(code: FileRefusalCode): Refusal {
  return new Refusal('file_refused', fileRefusals[code], { path: fileRefusals[code] })
}

/** A mended file of rejected rows still has the reasons in it: they are no attributes of people. */
function withoutReport(mapping: ImportMapping): ImportMapping {
  const report = new Set<string>(REPORT_COLUMNS)
  const attributes = Object.entries(mapping.attributes).filter(([, column]) => !report.has(column))
  return { ...mapping, attributes: Object.fromEntries(attributes) }
}

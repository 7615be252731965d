import { type FileHandle, open, stat } from 'node:fs/promises'
import { fileRefusals } from '../../../shared/imports/reasons.ts'
import type { ImportSettings, ReadSettings } from '../../../shared/imports/settings.ts'
import { countryFrom } from '../../domain/imports/country.ts'
import { ImportFileError } from '../../domain/imports/file-error.ts'
import { columnNames } from '../../domain/imports/header.ts'
import { proposeMapping } from '../../domain/imports/mapping.ts'
import { SNIFF_BYTES, sniff } from '../../domain/imports/sniff.ts'

/** What the first bytes of a file tell about it. */
export interface Inspection {
  /** Unique names of the columns, in order. */
  readonly columns: readonly string[]
  /** The settings that were handed in, with what was left open sniffed and proposed. */
  readonly settings: ReadSettings
  /** Some rows as they are, without the header. */
  readonly sample: readonly (readonly string[])[]
  /** Bytes. */
  readonly fileSize: number
}

/**
 * Looks at the head of a file: how it is written, which columns it has, and what they seem to hold.
 * @throws ImportFileError when it is not a list, or cannot be opened
 */
export async function inspectFile(path: string, settings: ImportSettings): Promise<Inspection> {
  const { head, fileSize } = await readHead(path)
  const sniffed = sniff(head, head.length === fileSize, known(settings.format))
  if (!sniffed.ok) throw new ImportFileError(sniffed.code)
  const { format } = sniffed
  const columns = columnNames(sniffed.sample, format.header)
  const sample = format.header ? sniffed.sample.slice(1) : sniffed.sample
  const { options } = settings
  const country = options.defaultCountry === null ? null : countryFrom(options.defaultCountry)
  const mapping = settings.mapping ?? proposeMapping(columns, sample, format.header, country)
  return { columns, settings: { format, mapping, options }, sample, fileSize }
}

/** Turns what the file system says into a sentence about the file. */
export function asFileError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code
  if (code === undefined || error instanceof ImportFileError || Object.hasOwn(fileRefusals, code)) return error
  if (code === 'ENOENT' || code === 'ENOTDIR') return new ImportFileError('file_missing', { cause: error })
  if (code === 'EISDIR') return new ImportFileError('file_folder', { cause: error })
  return /^E[A-Z]+$/.test(code) ? new ImportFileError('file_unreadable', { cause: error }) : error
}

async function readHead(path: string): Promise<{ head: Uint8Array; fileSize: number }> {
  try {
    const status = await stat(path)
    if (status.isDirectory()) throw new ImportFileError('file_folder')
    // Pipes and devices cannot be read twice: once to look, once to import.
    if (!status.isFile()) throw new ImportFileError('file_unreadable')
    const head = await withFile(path, file => readFully(file, Math.min(SNIFF_BYTES, status.size)))
    return { head, fileSize: status.size }
  } catch (error) {
    throw asFileError(error)
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

async function readFully(file: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(size)
  let length = 0
  while (length < size) {
    const { bytesRead } = await file.read(bytes, length, size - length, length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return bytes.subarray(0, length)
}

function known(format: ImportSettings['format']) {
  return Object.fromEntries(Object.entries(format ?? {}).filter(([, value]) => value !== undefined))
}

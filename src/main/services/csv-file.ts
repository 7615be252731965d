import { open, unlink } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type CsvCell, csvByteOrderMark, csvLine } from '../../shared/csv.ts'
import { Refusal } from '../../shared/errors.ts'

/** Text that is written at once. */
const CHUNK = 65_536

/**
 * Writes a CSV file row by row, readable by its owner only, and never over a file that is there. What was written is
 * removed when something goes wrong. Returns the whole path and the number of rows, without the header.
 * @throws Refusal
 */
export async function writeCsvFile(
  path: string,
  header: readonly string[],
  rows: AsyncIterable<readonly CsvCell[]>,
): Promise<{ path: string; rows: number }> {
  const whole = resolve(path)
  const file = await open(whole, 'wx', 0o600).catch(error => {
    throw fileRefusal(error, whole)
  })
  try {
    // `writeFile` goes on until all is written; `write` leaves a part out, without an error, where a disk gets full.
    let text = csvByteOrderMark + csvLine(header)
    let count = 0
    for await (const row of rows) {
      text += csvLine(row)
      count += 1
      if (text.length < CHUNK) continue
      await file.writeFile(text)
      text = ''
    }
    await file.writeFile(text)
    await file.sync()
    await file.close()
    return { path: whole, rows: count }
  } catch (error) {
    await file.close().catch(() => {})
    await unlink(whole).catch(() => {})
    throw fileRefusal(error, whole)
  }
}

/** What the file system says about a file that is written, as a refusal where it is one. */
export function fileRefusal(error: unknown, path: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EEXIST':
      return new Refusal('exists_already', `${path} is there already. Choose another name: no file is replaced.`)
    case 'ENOENT':
    case 'ENOTDIR':
      return new Refusal('invalid_input', `The folder of ${path} does not exist. Make it first, or choose another one.`)
    case 'EACCES':
    case 'EPERM':
    case 'EISDIR':
      return new Refusal('invalid_input', `${path} cannot be written. Choose another folder.`)
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EIO':
    case 'EROFS':
      return new Refusal('storage_failed', `The disk of ${path} is full or cannot be written. The file was not kept.`)
    default:
      return error
  }
}

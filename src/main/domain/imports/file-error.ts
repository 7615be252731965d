import { type FileRefusalCode, fileRefusals } from '../../../shared/imports/reasons.ts'

/** A file that cannot be read as a list. `message` is the sentence for the operator, `code` the stable code. */
export class ImportFileError extends Error {
  readonly code: FileRefusalCode

  constructor(code: FileRefusalCode, options?: ErrorOptions) {
    super(fileRefusals[code], options)
    this.name = 'ImportFileError'
    this.code = code
  }
}

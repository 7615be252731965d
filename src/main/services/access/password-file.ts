/** An htpasswd file, on this computer or another. */
export interface PasswordFile {
  /** Its text; null where there is none. Throws FileProblem. */
  read(): Promise<string | null>
  /**
   * Puts `next` in its place in one step, mode and owner kept; null removes it. Throws FileChanged where the file is no
   * more what was read, and FileProblem.
   */
  replace(next: string | null, expected: string | null): Promise<void>
}

/** Somebody else has written the file since it was read. Read it again and start over. */
export class FileChanged extends Error {
  constructor(file: string) {
    super(`${file} was changed by somebody else meanwhile.`)
    this.name = 'FileChanged'
  }
}

/** Why a file cannot be read or written, in a sentence for an administrator. */
export class FileProblem extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'FileProblem'
  }
}

/** An htpasswd file with a user name for every inhabitant of a small town has less. In bytes. */
export const LARGEST_FILE = 4 * 1024 * 1024

/** UTF-8 where it is, else one character a byte, so that the bytes of others survive. */
export function decodeFile(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes)
  const text = buffer.toString('utf8')
  return Buffer.from(text, 'utf8').equals(buffer) ? text : buffer.toString('latin1')
}

/** Back to the bytes that `before` was decoded from; what is added by us is ASCII. */
export function encodeFile(text: string, before: string | null, beforeBytes: Uint8Array | null): Buffer {
  const wasLatin1 = before !== null && beforeBytes !== null && !Buffer.from(before, 'utf8').equals(beforeBytes)
  return Buffer.from(text, wasLatin1 ? 'latin1' : 'utf8')
}

import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

/** Longest line that a client may send, in bytes: a template of 5,000 characters and a long list of names fit many times. */
export const MAX_REQUEST_BYTES = 1024 * 1024

export const requestSchema = z.strictObject({ id: z.int().min(0), operation: z.string().max(100), input: z.unknown() })

const hubFileSchema = z.strictObject({ pid: z.int(), socket: z.string().min(1) })
export type HubFile = z.infer<typeof hubFileSchema>

/** Longest path of a Unix socket in bytes, with its end: 104 on macOS and BSD, 108 on Linux. */
const LONGEST_PATH = 103

/**
 * Where the hub of a data folder listens: a socket in that folder, which only its owner can enter. Where the path would
 * be too long for a socket, in a folder of the same kind below the system's temporary one; on Windows a named pipe.
 */
export function socketAddress(
  folder: string,
  platform: NodeJS.Platform = process.platform,
  temporary = tmpdir(),
): string {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  if (platform === 'win32') return `\\\\.\\pipe\\campaign-connector-${name}`
  const path = join(folder, 'hub.sock')
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path
  return join(temporary, `campaign-connector-${process.getuid?.() ?? 0}`, `${name}.sock`)
}

/** Makes the folder of a socket outside the data folder. Throws when somebody else made it: they could listen there. */
export function ownFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (!isOwn(path))
    throw new Error(`${path} belongs to somebody else, so the hub cannot listen there. Remove it, or set TMPDIR.`)
  chmodSync(path, 0o700)
}

/** Whether a folder is this user's alone, and no link to another place. */
export function isOwn(path: string): boolean {
  const found = lstatSync(path)
  return found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid())
}

export function writeHubFile(folder: string, hub: HubFile): void {
  writeFileSync(join(folder, 'hub.json'), JSON.stringify(hub), { mode: 0o600 })
}

export function removeHubFile(folder: string): void {
  rmSync(join(folder, 'hub.json'), { force: true })
}

/** The hub that has said it runs on this folder; null when none has. It may have ended without a word. */
export function readHubFile(folder: string): HubFile | null {
  try {
    return hubFileSchema.parse(JSON.parse(readFileSync(join(folder, 'hub.json'), 'utf8')))
  } catch {
    return null
  }
}

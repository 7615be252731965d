import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refusal } from '../../shared/errors.ts'
import { lockFolder } from '../db/lock.ts'

/** What lies where in a data folder. */
export interface FolderPaths {
  readonly root: string
  readonly database: string
  /** Holds the key that wraps the data key; see vault.ts. */
  readonly keyFile: string
  readonly backups: string
  /** Databases that a restore has replaced. */
  readonly replaced: string
  readonly log: string
  /** Lists that came in over the network. */
  readonly uploads: string
}

export function folderPaths(root: string): FolderPaths {
  return {
    root,
    database: join(root, 'hub.sqlite'),
    keyFile: join(root, 'data.key'),
    backups: join(root, 'backups'),
    replaced: join(root, 'replaced'),
    log: join(root, 'hub.log'),
    uploads: join(root, 'uploads'),
  }
}

/**
 * Makes the folder, closes it to others, and keeps it for this process. `purpose` is told to whoever comes second.
 * Throws Refusal locked with a sentence that names the folder and the process that has it, and invalid_input for a folder
 * of other things. Returns what releases it.
 */
export function holdFolder(root: string, purpose: string): () => void {
  refuseForeign(root)
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const holderFile = join(root, 'holder.json')
  const release = lockFolder(root)
  if (!release) throw new Refusal('locked', heldBy(root, holderFile))
  chmodSync(root, 0o700)
  writeFileSync(holderFile, JSON.stringify({ pid: process.pid, purpose }), { mode: 0o600 })
  return () => {
    rmSync(holderFile, { force: true })
    release()
  }
}

/** Files of ours that come before all others, or stay when the others are gone. */
const MARKS = ['hub.sqlite', 'lock.sqlite', 'data.key', 'hub.json']

/** A folder with other things in it is somebody else's: it must not be closed to them or filled with our files. */
function refuseForeign(root: string): void {
  if (!existsSync(root) || MARKS.some(mark => existsSync(join(root, mark)))) return
  const others = readdirSync(root).filter(name => !name.startsWith('.') && name !== 'lost+found')
  if (others.length === 0) return
  throw new Refusal(
    'invalid_input',
    `The folder ${root} holds other things (${others[0]}), so it is not used for data. Name an empty or a new one.`,
  )
}

function heldBy(root: string, holderFile: string): string {
  const advice = 'Stop it first, or name another folder with --data-dir.'
  try {
    const { pid, purpose } = JSON.parse(readFileSync(holderFile, 'utf8')) as { pid: number; purpose: string }
    return `The data folder ${root} is in use by process ${pid} (${purpose}). ${advice}`
  } catch {
    return `The data folder ${root} is in use by another process. ${advice}`
  }
}

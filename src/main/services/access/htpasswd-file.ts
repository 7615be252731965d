import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeFile, encodeFile, FileChanged, FileProblem, LARGEST_FILE, type PasswordFile } from './password-file.ts'

/** How often somebody else's lock is tried, and how long is waited between, in ms: five seconds in all. */
const TRIES = 250
const PAUSE_MS = 20
/** Hashes only; the workers of the proxy run as another user and have to read them. */
const NEW_FILE_MODE = 0o644

/** A file on this computer. A symbolic link stays one: what it points to is written. */
export function localFile(path: string): PasswordFile {
  return {
    read: async () => (await readBytes(path))?.text ?? null,
    replace: async (next, expected) => {
      const target = await targetOf(path)
      const release = await lock(target)
      try {
        const before = await readBytes(target)
        if ((before?.text ?? null) !== expected) throw new FileChanged(path)
        if (next === null) await rm(target, { force: true })
        else await swap(target, encodeFile(next, before?.text ?? null, before?.bytes ?? null))
        await syncFolder(dirname(target))
      } catch (error) {
        throw asProblem(error, path)
      } finally {
        await release()
      }
    },
  }
}

async function readBytes(path: string): Promise<{ bytes: Buffer; text: string } | null> {
  try {
    const state = await stat(path)
    if (!state.isFile()) throw new FileProblem(`${path} is no file.`)
    if (state.size > LARGEST_FILE) throw new FileProblem(`${path} is larger than an htpasswd file can be.`)
    const bytes = await readFile(path)
    return { bytes, text: decodeFile(bytes) }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw asProblem(error, path)
  }
}

/** What is written: the end of the symbolic links, or the path itself where nothing is yet. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw asProblem(error, path)
    const folder = await realpath(dirname(path)).catch(reason => {
      throw asProblem(reason, dirname(path))
    })
    return join(folder, basename(path))
  }
}

/** A new file beside the old one takes its name in one step: who reads sees all of the one or all of the other. */
async function swap(target: string, bytes: Buffer): Promise<void> {
  const old = await stat(target).catch(() => null)
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`
  let file: FileHandle | undefined
  try {
    file = await open(temporary, 'wx', 0o600)
    await file.writeFile(bytes)
    const own = await file.stat()
    if (old && (old.uid !== own.uid || old.gid !== own.gid)) await file.chown(old.uid, old.gid)
    await file.chmod(old ? old.mode & 0o7777 : NEW_FILE_MODE)
    await file.sync()
    await file.close()
    file = undefined
    await rename(temporary, target)
  } catch (error) {
    await file?.close().catch(() => {})
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

/** The new name survives a loss of power only when the folder is synced, too. Not every file system can. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => null)
  await handle?.sync().catch(() => {})
  await handle?.close()
}

/** A lock file beside it, for other programs of ours that write the same file. Returns what releases it. */
async function lock(target: string): Promise<() => Promise<void>> {
  const path = `${target}.lock`
  for (let tries = 1; ; tries += 1) {
    try {
      const file = await open(path, 'wx', 0o644)
      await file.writeFile(`${process.pid}\n`)
      await file.close()
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw asProblem(error, target)
    }
    if (await isForgotten(path)) await rm(path, { force: true })
    else if (tries >= TRIES) {
      throw new FileProblem(`Another program writes ${target}. If none does, remove ${path}.`)
    } else await sleep(PAUSE_MS)
  }
}

/** The process that made it is gone. What two of them could still do at once is seen by the comparison before the swap. */
async function isForgotten(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8').catch(() => ''))
  return Number.isInteger(pid) && pid > 0 && !runs(pid)
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function asProblem(error: unknown, path: string): Error {
  if (error instanceof FileProblem || error instanceof FileChanged) return error
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new FileProblem(`The folder of ${path} does not exist.`)
  if (code === 'EPERM' && (syscall === 'fchown' || syscall === 'chown')) {
    return new FileProblem(
      `${path} belongs to another user or group, which cannot be kept. Give it to the user who runs this, with the group of the proxy.`,
    )
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new FileProblem(`${path} cannot be read or written: the user who runs this may not (file and folder).`)
  }
  return new FileProblem(`${path} cannot be read or written: ${error instanceof Error ? error.message : String(error)}`)
}

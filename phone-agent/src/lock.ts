import { createHash } from 'node:crypto'
import { realpathSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { errorCode } from './files.ts'

/** A held lock. Nobody else can have it as long as this process lives, however it ends. */
export interface Lock {
  release(): Promise<void>
}

/** Somebody else holds the lock. */
export class Locked extends Error {}

/**
 * Takes the lock of a folder for this process.
 * @throws Locked with a sentence that says who holds it.
 */
export async function takeLock(folder: string, pid = process.pid): Promise<Lock> {
  const name = lockName(folder)
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.end(`${pid}\n`)
  })
  try {
    await listen(server, name)
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error
    const holder = await holderOf(name)
    if (holder === null && !isAbstract(name)) {
      // A socket file of a process that is gone.
      rmSync(name, { force: true })
      return takeLock(folder, pid)
    }
    const who = holder ? ` (process ${holder})` : ''
    throw new Locked(`Another agent is running on this folder${who}. Two would send twice. End that one first.`)
  }
  server.unref()
  return { release: () => new Promise(resolve => server.close(() => resolve())) }
}

/** On Linux and Android a name in the kernel, which disappears with the process; elsewhere a socket file. */
function lockName(folder: string): string {
  const real = realpathSync(folder)
  if (process.platform !== 'linux' && process.platform !== 'android') return join(real, 'lock.sock')
  return `\0campaign-connector-agent-${createHash('sha256').update(real).digest('hex').slice(0, 32)}`
}

function isAbstract(name: string): boolean {
  return name.startsWith('\0')
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** The process id that the holder tells; null when nobody answers. */
function holderOf(name: string): Promise<string | null> {
  return new Promise(resolve => {
    let said = ''
    const socket: Socket = connect(name)
    socket.setTimeout(2000, () => socket.destroy())
    socket.on('data', data => {
      said += String(data)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(/^\d+$/.test(said.trim()) ? said.trim() : null))
  })
}

import { execFileSync } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { percentile } from './numbers.ts'

/** What a figure was measured on. Ratios within one run can be compared between machines, seconds cannot. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGB: number
  readonly system: string
  readonly node: string
  readonly sqlite: string
  /** The file system that databases were on, and what one small synced write on it takes, in ms (median). */
  readonly disk: string
  readonly syncMs: number
  /** How busy the machine was before: runnable processes in the last minute. Above 0.5 something else was running. */
  readonly loadBefore: number
}

/** @param folder where the databases of the run are */
export function describeMachine(folder: string): Machine {
  const processors = cpus()
  const sqlite = new BetterSqlite(':memory:')
  const version = sqlite.prepare('SELECT sqlite_version()').pluck().get() as string
  sqlite.close()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    sqlite: version,
    disk: fileSystem(folder),
    syncMs: syncMs(folder),
    loadBefore: Math.round(loadavg()[0]! * 100) / 100,
  }
}

/** Version of the program `sqlite3`; null when it is not installed. */
export function sqliteTool(): string | null {
  try {
    return execFileSync('sqlite3', ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(
      ' ',
    )[0]!
  } catch {
    return null
  }
}

const MAGIC: Readonly<Record<number, string>> = {
  16914836: 'tmpfs',
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlayfs',
}

function fileSystem(folder: string): string {
  try {
    return readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map(line => line.split(' '))
      .filter(([, at]) => at !== undefined && (folder === at || folder.startsWith(at.endsWith('/') ? at : `${at}/`)))
      .sort(([, one], [, other]) => other!.length - one!.length)[0]![2]!
  } catch {
    const { type: magic } = statfsSync(folder)
    return MAGIC[magic] ?? `0x${magic.toString(16)}`
  }
}

function syncMs(folder: string): number {
  const path = join(folder, 'sync-probe')
  const file = openSync(path, 'w')
  const took: number[] = []
  const page = Buffer.alloc(4096, 1)
  for (let turn = 0; turn < 40; turn += 1) {
    const began = performance.now()
    writeSync(file, page, 0, page.length, turn * page.length)
    fdatasyncSync(file)
    took.push(performance.now() - began)
  }
  closeSync(file)
  rmSync(path)
  return percentile(took, 50)
}

import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Database } from '../../src/main/db/database.ts'
import { openDatabase } from '../../src/main/db/open.ts'
import { appendAudit } from '../../src/main/services/audit.ts'
import { THIS_WORKSTATION } from '../../src/main/services/auth/source.ts'
import { type FolderPaths, folderPaths } from '../../src/main/services/folder.ts'
import type { Caller } from '../../src/main/services/operations/caller.ts'
import type { ChangeContext } from '../../src/main/services/operations/dispatch.ts'
import type { Clock, Disk, Log, Randomness } from '../../src/main/services/ports.ts'

const cleanups: (() => void)[] = []

afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) cleanup()
})

/** An empty folder that goes away after the test. */
export function temporaryFolder(name = 'folder'): string {
  const folder = mkdtempSync(join(tmpdir(), `cc-${name}-`))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A clock that the test moves. Starts at noon UTC of 14 January 2026. */
export class TestClock implements Clock {
  time = Date.parse('2026-01-14T12:00:00Z')
  now(): number {
    return this.time
  }
  mono(): number {
    return this.time
  }
}

/** Bytes that differ from call to call and are the same in every run. */
export function testRandom(seed = 'seed'): Randomness {
  let calls = 0
  return {
    bytes: length => {
      calls += 1
      const blocks: Uint8Array[] = []
      for (let at = 0; at < length; at += 32)
        blocks.push(createHash('sha256').update(`${seed} ${calls} ${at}`).digest())
      return Buffer.concat(blocks).subarray(0, length)
    },
  }
}

/** A disk with as much room as the test says. */
export class TestDisk implements Disk {
  free = 1024 ** 4
  async freeBytes(): Promise<number> {
    return this.free
  }
}

export const QUIET: Log = { info() {}, warn() {}, error() {} }

/** A data folder with a database that is closed after the test, unless the test has closed it. */
export function dataFolder(root = temporaryFolder('data')): {
  paths: FolderPaths
  db: Database
  clock: TestClock
  random: Randomness
  disk: TestDisk
  log: Log
} {
  const paths = folderPaths(root)
  const db = openDatabase(paths.database)
  cleanups.push(() => db.connection.open && db.close())
  return { paths, db, clock: new TestClock(), random: testRandom(root), disk: new TestDisk(), log: QUIET }
}

/** The context of a change as the dispatcher makes it: transaction and audit row. */
export function changeContext(
  db: Database,
  action = 'test',
  caller: Caller = { kind: 'local', role: 'admin' },
): ChangeContext {
  return {
    caller,
    actor: 'local',
    source: THIS_WORKSTATION,
    commit: work =>
      db.write(tx => {
        const subjects: string[] = []
        const done = work(tx, (kind, id) => subjects.push(`${kind}:${id}`))
        appendAudit(tx, { at: 0, actor: 'local', action, subject: subjects.join(' '), outcome: 'ok', code: '' })
        return done
      }),
  }
}

/** Runs after the test, last registered first. */
export function afterThisTest(cleanup: () => void): void {
  cleanups.push(cleanup)
}

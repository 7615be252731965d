import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeWhole } from '../../phone-agent/src/files.ts'
import { openPreferences } from '../../src/main/desktop/preferences.ts'
import { writeCsvFile } from '../../src/main/services/csv-file.ts'
import { canMount } from './harness/rig.ts'

const mounts = canMount()
const LEFT_OUT = mounts ? '' : ' (left out: this user may not mount a small disk, run the tests as root)'

let disk: string

beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'cc-small-'))
  if (mounts) spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', disk])
})
afterEach(() => {
  if (mounts) spawnSync('umount', [disk])
  rmSync(disk, { recursive: true, force: true })
})

/** Leaves room for a part of the next file: its first pages go in without an error. */
function almostFill(): void {
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(16_384))
}

it.runIf(mounts)(`what the window remembers is the old or the new on a disk that gets full${LEFT_OUT}`, () => {
  const failures: unknown[] = []
  const preferences = openPreferences(disk, error => failures.push(error))
  expect(preferences.set('sealedSession', 'a'.repeat(6_000))).toBe(true)
  almostFill()
  expect(preferences.set('sealedSession', 'b'.repeat(12_000))).toBe(false)
  expect(failures).toHaveLength(1)
  expect(readdirSync(disk).sort()).toEqual(['ballast', 'window.json'])
  expect(openPreferences(disk, () => {}).get('sealedSession')).toBe('a'.repeat(6_000))
})

it.runIf(mounts)(`a file of the agent is the old or the new on a disk that gets full${LEFT_OUT}`, () => {
  const file = join(disk, 'config.json')
  writeWhole(file, 'a'.repeat(6_000))
  almostFill()
  expect(() => writeWhole(file, 'b'.repeat(12_000))).toThrow(/ENOSPC/)
  expect(readFileSync(file, 'utf8')).toBe('a'.repeat(6_000))
})

it.runIf(mounts)(`an export that a disk cannot hold is refused, and leaves no part of itself${LEFT_OUT}`, async () => {
  almostFill()
  async function* rows() {
    for (let row = 0; row < 200; row += 1) yield ['x'.repeat(100)]
  }
  await expect(writeCsvFile(join(disk, 'export.csv'), ['Text'], rows())).rejects.toThrow(/space|full/i)
  expect(readdirSync(disk)).toEqual(['ballast'])
})

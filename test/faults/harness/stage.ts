import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { makeCopy, type Programs } from './copy.ts'
import { Rig } from './rig.ts'

/** Makes the programs once for the tests of a file. Returns what makes a rig of them, which is closed after the test. */
export function stage(limitMs: number): () => Promise<Rig> {
  let folder: string
  let programs: Programs
  let rig: Rig | null = null
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cc-stage-'))
    programs = makeCopy(join(folder, 'copy'), null)
  }, limitMs)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  afterEach(async () => {
    await rig?.close()
    rig = null
  }, limitMs)
  return async () => {
    rig = await Rig.create(programs)
    return rig
  }
}

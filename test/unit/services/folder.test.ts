import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { holdFolder } from '../../../src/main/services/folder.ts'
import { temporaryFolder } from '../../support/folder.ts'

describe('holding a data folder', () => {
  it('makes it for its owner alone, and closes one that is empty', () => {
    const root = join(temporaryFolder(), 'new')
    holdFolder(root, 'test')()
    expect(statSync(root).mode & 0o777).toBe(0o700)
    const empty = join(temporaryFolder(), 'empty')
    mkdirSync(join(empty, 'lost+found'), { recursive: true })
    chmodSync(empty, 0o755)
    holdFolder(empty, 'test')()
    expect(statSync(empty).mode & 0o777).toBe(0o700)
  })

  it('leaves a folder with other things in it alone', () => {
    const root = temporaryFolder()
    writeFileSync(join(root, 'thesis.txt'), 'words')
    chmodSync(root, 0o755)
    expect(() => holdFolder(root, 'test')).toThrow(/thesis\.txt.*Name an empty or a new one/)
    expect(readdirSync(root)).toEqual(['thesis.txt'])
    expect(statSync(root).mode & 0o777).toBe(0o755)
  })

  it('lets one at a time in, says who has it, and gives it back', () => {
    const root = temporaryFolder()
    const release = holdFolder(root, 'import run')
    expect(() => holdFolder(root, 'serve')).toThrow(
      expect.objectContaining({
        code: 'locked',
        message: expect.stringContaining(`process ${process.pid} (import run)`),
      }),
    )
    release()
    expect(existsSync(join(root, 'holder.json'))).toBe(false)
    holdFolder(root, 'serve')()
  })
})

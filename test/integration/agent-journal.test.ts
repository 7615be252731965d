import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { Journal, JournalFull } from '../../phone-agent/src/journal.ts'
import { temporary } from './agent-support/setup.ts'

const APPEND = fileURLToPath(new URL('./agent-support/append.ts', import.meta.url))

it('a journal whose process is killed in the middle of writing has every line that was reported', async () => {
  const dir = join(temporary(), 'journal')
  let reported = 0
  for (let round = 0; round < 8; round++) {
    const child = spawn(process.execPath, [APPEND, dir, ...(round === 0 ? ['fresh'] : [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let text = ''
    const started = new Promise<void>(resolve => {
      child.stdout.on('data', data => {
        text += String(data)
        if (text.split('\n').length > 5 + round * 3) resolve()
      })
    })
    await started
    const ended = new Promise(resolve => child.once('close', resolve))
    child.kill('SIGKILL')
    await ended
    reported = Number(
      text
        .trim()
        .split('\n')
        .filter(line => /^\d+$/.test(line))
        .at(-1),
    )
    let count = 0
    const journal = Journal.open(dir, {
      now: () => 0,
      onLine: line => {
        if (line.entry) expect(line.seq).toBe(++count)
      },
    })
    expect(journal.lastSeq).toBe(count)
    expect(journal.lastSeq).toBeGreaterThanOrEqual(reported)
    await journal.close()
  }
})

/** A small file system of its own; null where this machine does not let us have one. */
function smallDisk(): string | null {
  const dir = temporary()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', dir], { stdio: 'ignore' })
  } catch {
    return null
  }
  onTestFinished(() => void execFileSync('umount', ['-l', dir]))
  return dir
}

it('a journal on a full disk refuses lines, and goes on when there is room', async context => {
  const disk = smallDisk()
  if (!disk) {
    context.skip()
    return
  }
  const dir = join(disk, 'journal')
  const options = { now: () => 0, onLine: () => {}, segmentBytes: 1_000_000 }
  const journal = Journal.create(dir, options)
  const line = { entry: { type: 'denied', id: 'm', assignment: 1 } } as const
  await journal.append([line])
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(60 * 1024))
  let written = 1
  for (;;) {
    try {
      await journal.append(Array.from({ length: 20 }, () => line))
      written += 20
    } catch (error) {
      expect(error).toBeInstanceOf(JournalFull)
      break
    }
  }
  expect(written).toBeGreaterThan(20)
  await expect(journal.append(Array.from({ length: 20 }, () => line))).rejects.toThrow('no free storage')
  writeFileSync(join(disk, 'ballast'), '')
  await journal.append(Array.from({ length: 20 }, () => line))
  expect(journal.lastSeq).toBe(written + 20)
  await journal.close()
  const again = Journal.open(dir, options)
  expect(again.lastSeq).toBe(written + 20)
  await again.close()
})

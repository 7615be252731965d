import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { csv, Desk, newYork } from './kit.ts'

let desk: Desk

beforeEach(() => {
  desk = new Desk()
})
afterEach(() => desk.remove())

/** Rows in no order, with duplicates near and far, and with what is rejected and flagged. */
function manyRows(count: number): string[] {
  return Array.from({ length: count }, (_, row) => {
    if (row % 97 === 0) return `Nobody,${row},`
    const note = row % 89 === 0 ? '=1+1' : `row ${row}`
    return `Name${row},${newYork((row * 7919) % (count - Math.floor(count / 50)))},${note}`
  })
}

/** Lets the import come to a place where so many rows are stored. */
async function until(rows: number, id: number): Promise<void> {
  while ((await desk.ask('imports.get', { id })).rows < rows) await new Promise(resolve => setImmediate(resolve))
}

describe('an import that a crash cut off', () => {
  const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url))

  async function run(folder: string, file: string, after: number): Promise<string | null> {
    mkdirSync(folder, { recursive: true })
    const child = spawn(process.execPath, [CHILD, folder, file, String(after)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    return signal
  }

  it('goes on where it was, wherever that is, and ends like one that was never cut off', async () => {
    // More than one window of rows, so that it is killed in the first, in a later one, and between them.
    const file = desk.file('a.csv', csv('Name,Phone,Note', manyRows(26_000)))
    expect(await run(join(desk.folder, 'whole'), file, 0)).toBeNull()
    const folder = join(desk.folder, 'cut')
    for (const after of [1, 7, 150, 250]) expect(await run(folder, file, after)).toBe('SIGKILL')
    expect(await run(folder, file, 0)).toBeNull()

    const whole = new Desk(join(desk.folder, 'whole'))
    const cut = new Desk(folder)
    try {
      expect(whole.everything()).toMatchObject({ imports: [{ state: 'completed', rows: 26_000 }] })
      expect(cut.everything()).toEqual(whole.everything())
    } finally {
      await whole.close()
      await cut.close()
    }
  })

  it('stays paused where it was paused', async () => {
    const { id } = await desk.start(desk.file('a.csv', csv('Name,Phone,Note', manyRows(3000))))
    await until(500, id)
    await desk.ask('imports.pause', { id })
    await desk.restart()
    const paused = await desk.ended(id)
    expect(paused.state).toBe('paused')
    expect(paused.rows).toBeLessThan(3000)
    await desk.ask('imports.resume', { id })
    expect(await desk.ended(id)).toMatchObject({ state: 'completed', rows: 3000 })
  })

  it('goes on by itself after a restart of the hub in the middle', async () => {
    const { id } = await desk.start(desk.file('a.csv', csv('Name,Phone,Note', manyRows(3000))))
    await until(500, id)
    await desk.restart()
    expect(await desk.ended(id)).toMatchObject({ state: 'completed', rows: 3000 })
    expect((await desk.ask('contacts.count', {})).contacts).toBe((await desk.ask('imports.get', { id })).created)
    expect(await desk.found('name2900')).toHaveLength(1)
  })

  it('fails with a sentence when the file is another by then, and when it is gone, and keeps what it took in', async () => {
    const file = desk.file('a.csv', csv('Name,Phone,Note', manyRows(3000)))
    const { id } = await desk.start(file)
    await until(500, id)
    await desk.ask('imports.pause', { id })
    await desk.ended(id)
    renameSync(file, `${file}.away`)
    expect((await desk.refusal('imports.resume', { id })).message).toContain('not there any more')
    desk.db.write(tx => tx.run("UPDATE imports SET state = 'running'"))
    await desk.restart()
    const gone = await desk.ended(id)
    expect(gone).toMatchObject({ state: 'failed', error: expect.stringContaining('not there any more') })
    expect(gone.created).toBeGreaterThan(0)
    writeFileSync(file, csv('Name,Phone,Note', manyRows(2999)))
    expect((await desk.refusal('imports.resume', { id })).message).toContain('was changed')
    rmSync(file)
    renameSync(`${file}.away`, file)
    await desk.ask('imports.resume', { id })
    expect(await desk.ended(id)).toMatchObject({ state: 'completed', rows: 3000 })
  })

  it('fails when the file is written to while it is read', async () => {
    const file = desk.file('a.csv', csv('Name,Phone,Note', manyRows(3000)))
    const { id } = await desk.start(file)
    await until(200, id)
    utimesSync(file, new Date(), new Date(Date.now() + 60_000))
    expect(await desk.ended(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('was changed') })
  })
})

describe('pausing and cancelling', () => {
  it('stop between rows, and say in one sentence what cannot be done', async () => {
    const { id } = await desk.start(desk.file('a.csv', csv('Name,Phone,Note', manyRows(3000))))
    await until(300, id)
    expect((await desk.refusal('imports.resume', { id })).message).toContain('This import is running.')
    expect((await desk.refusal('imports.undo', { id })).message).toContain('once it is completed')
    expect((await desk.refusal('imports.forget', { id })).code).toBe('conflict')
    const cancelled = await desk.ask('imports.cancel', { id })
    expect(cancelled).toMatchObject({ state: 'cancelled', finishedAt: desk.now })
    const { rows, created } = await desk.ended(id)
    expect(rows).toBe(cancelled.rows)
    expect((await desk.ask('contacts.count', {})).contacts).toBe(created)
    expect((await desk.refusal('imports.pause', { id })).message).toContain('This import is cancelled.')
    expect((await desk.refusal('imports.resume', { id })).code).toBe('conflict')
    expect((await desk.refusal('imports.pause', { id: 99 })).code).toBe('not_found')
  })

  it('let the next import begin', async () => {
    const one = await desk.start(desk.file('a.csv', csv('Name,Phone,Note', manyRows(3000))))
    const two = await desk.start(desk.file('b.csv', csv('Name,Phone', [`Ana,${newYork(9_000)}`])))
    await until(200, one.id)
    expect((await desk.ask('imports.get', { id: two.id })).rows).toBe(0)
    await desk.ask('imports.pause', { id: one.id })
    expect(await desk.ended(two.id)).toMatchObject({ state: 'completed', rows: 1 })
    expect((await desk.ask('imports.get', { id: one.id })).state).toBe('paused')
  })

  it('leave people found that were taken in by then', async () => {
    const { id } = await desk.start(desk.file('a.csv', csv('Name,Phone,Note', manyRows(3000))))
    await until(300, id)
    await desk.ask('imports.cancel', { id })
    await desk.imports.idle()
    await desk.background.idle()
    const { created } = await desk.ask('imports.get', { id })
    expect((await desk.ask('contacts.count', { search: '1212' })).contacts).toBe(created)
  })
})

describe('a full disk', () => {
  it('stops the import with a sentence and nothing half, and resuming finishes it', async () => {
    const { id } = await desk.start(desk.file('a.csv', csv('Name,Phone,Note', manyRows(3000))))
    await until(200, id)
    const pages = desk.db.connection.pragma('page_count', { simple: true }) as number
    desk.db.connection.pragma(`max_page_count = ${pages + 5}`)
    const failed = await desk.ended(id)
    expect(failed).toMatchObject({ state: 'failed', error: expect.stringContaining('Make room') })
    expect((await desk.ask('contacts.count', {})).contacts).toBe(failed.created)
    expect(failed.created + failed.duplicates + failed.rejected).toBe(failed.rows)
    desk.db.connection.pragma('max_page_count = 1000000')
    await desk.ask('imports.resume', { id })
    expect(await desk.ended(id)).toMatchObject({ state: 'completed', rows: 3000, error: '' })
  })
})

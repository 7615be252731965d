import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ImportFileError } from '../../../src/main/domain/imports/file-error.ts'
import { ImportReader } from '../../../src/main/services/imports/import-reader.ts'
import { inspectFile } from '../../../src/main/services/imports/inspect.ts'
import { type ImportBatch, readBatches } from '../../../src/main/services/imports/read.ts'
import { importSettingsSchema, type ReadSettings } from '../../../src/shared/imports/settings.ts'

const SETTINGS = importSettingsSchema.parse({ options: { defaultCountry: 'US' } })
const ROWS = 20_000
let folder = ''
let large = ''
let settings: ReadSettings

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imports-'))
  large = join(folder, 'large.csv')
  const lines = Array.from({ length: ROWS }, (_, index) => {
    const note = index % 7 === 0 ? '"two\nlines"' : 'x'
    return `Ann${index},${index % 100 === 99 ? 'none' : `202-${200 + (index % 700)}-${1000 + (index % 9000)}`},${note}`
  })
  await writeFile(large, `name,phone,note\n${lines.join('\n')}\n`)
  settings = (await inspectFile(large, SETTINGS)).settings
})

afterAll(async () => {
  await rm(folder, { recursive: true })
})

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function collect(batches: AsyncIterable<ImportBatch>): Promise<ImportBatch[]> {
  const all: ImportBatch[] = []
  for await (const batch of batches) all.push(batch)
  return all
}

const rowsOf = (batches: readonly ImportBatch[]) => [
  ...batches.flatMap(batch => batch.candidates).map(one => `${one.row} ${one.number} ${one.firstName}`),
  ...batches.flatMap(batch => batch.rejections).map(one => `${one.row} ${one.code}`),
]

describe('readBatches', () => {
  it('gives every row once, in batches, with the progress', async () => {
    const batches = await collect(readBatches(large, settings, { batchRows: 300 }))
    const rows = batches.flatMap(batch => [...batch.candidates, ...batch.rejections].map(one => one.row))
    expect([...rows].sort((one, other) => one - other)).toEqual(Array.from({ length: ROWS }, (_, index) => index + 2))
    for (const [index, batch] of batches.entries()) {
      expect(batch.candidates.length + batch.rejections.length).toBeLessThanOrEqual(300)
      expect(batch.bytesRead).toBeGreaterThanOrEqual(batches[index - 1]?.bytesRead ?? 0)
    }
    const { fileSize } = await inspectFile(large, SETTINGS)
    expect(batches.at(-1)).toMatchObject({ bytesRead: fileSize, rowsSeen: ROWS, lastRow: ROWS + 1 })
  })

  it('goes on behind the last row of a batch as if it had not stopped', async () => {
    const whole = await collect(readBatches(large, settings, { batchRows: 700 }))
    const rest = await collect(readBatches(large, settings, { batchRows: 700, afterRow: whole[4]?.lastRow ?? 0 }))
    expect(rowsOf(rest)).toEqual(rowsOf(whole.slice(5)))
  })

  it('goes on in a list without header too', async () => {
    const path = await file('bare.csv', 'Ann,202-555-0123\nBo,202-555-0124\nCy,202-555-0125\n')
    const { settings: bare } = await inspectFile(path, SETTINGS)
    expect(bare.format.header).toBe(false)
    expect(rowsOf(await collect(readBatches(path, bare)))).toHaveLength(3)
    expect(rowsOf(await collect(readBatches(path, bare, { afterRow: 1 })))).toEqual([
      '2 +12025550124 Bo',
      '3 +12025550125 Cy',
    ])
  })

  it('stops when it is told to', async () => {
    const abort = new AbortController()
    const seen: number[] = []
    const reading = (async (): Promise<void> => {
      for await (const batch of readBatches(large, settings, { batchRows: 100, signal: abort.signal })) {
        seen.push(batch.lastRow)
        abort.abort()
      }
    })()
    await expect(reading).rejects.toThrow(/abort/i)
    expect(seen).toHaveLength(1)
  })

  it('repairs bytes that are not UTF-8 far behind the part that was sniffed', async () => {
    const head = Buffer.from(`name,phone\n${'Ann,202-555-0123\n'.repeat(30_000)}`)
    const path = await file(
      'late.csv',
      Buffer.concat([head, Buffer.from('René,202-555-0124\nZoé,202-555-0125\n', 'latin1')]),
    )
    const { settings: late } = await inspectFile(path, SETTINGS)
    expect(late.format.encoding).toBe('utf-8')
    const last = (await collect(readBatches(path, late))).flatMap(batch => batch.candidates).slice(-2)
    expect(last.map(one => [one.row, one.firstName, one.flags[0]?.code])).toEqual([
      [30_002, 'René', 'text_repaired'],
      [30_003, 'Zoé', 'text_repaired'],
    ])
  })

  it('composes the text of a row that two pieces of the file share', async () => {
    const chunk = 262_144
    const head = 'name,phone\n'
    const row = 'Ann,202-555-0123\n'
    const filler = row.repeat(Math.floor((chunk - head.length - 20) / row.length))
    const cutRow = `Zoe\u0308${' '.repeat(chunk - head.length - filler.length - 5)},202-555-0124\n`
    const path = await file('cut.csv', head + filler + cutRow + row.repeat(10))
    const batches = await collect(readBatches(path, (await inspectFile(path, SETTINGS)).settings))
    const zoe = batches.flatMap(batch => batch.candidates).find(one => one.number === '+12025550124')
    expect(zoe?.firstName).toBe('Zo\u00EB')
  })

  it('reports a zero byte behind the part that was sniffed', async () => {
    const path = await file('zero.csv', `name,phone\n${'Ann,202-555-0123\n'.repeat(30_000)}B\0o,202-555-0124\n`)
    const batches = await collect(readBatches(path, (await inspectFile(path, SETTINGS)).settings))
    expect(batches.flatMap(batch => batch.rejections)).toMatchObject([{ row: 30_002, code: 'row_malformed' }])
  })

  it.each([
    ['file_missing', (): string => join(folder, 'nothing.csv')],
    ['file_folder', (): string => folder],
    ['file_unreadable', (): string => '/dev/null'],
  ] as const)('says %s', async (code, path) => {
    await expect(inspectFile(path(), SETTINGS)).rejects.toMatchObject({ code })
    await expect(collect(readBatches(path(), settings))).rejects.toMatchObject({ code })
  })

  it('refuses a file whose columns are not the ones of the mapping', async () => {
    const path = await file('other.csv', 'naam,phone\nAnn,202-555-0123\n')
    await expect(collect(readBatches(path, settings))).rejects.toMatchObject({ code: 'columns_changed' })
  })
})

describe('ImportReader', () => {
  it('gives the same batches from its own thread', async () => {
    const reader = new ImportReader(large, settings, { batchRows: 400 })
    const batches = await collect(reader)
    await reader.close()
    expect(batches).toEqual(await collect(readBatches(large, settings, { batchRows: 400 })))
  })

  it('goes on behind a row', async () => {
    const reader = new ImportReader(large, settings, { afterRow: ROWS - 1 })
    expect(rowsOf(await collect(reader))).toHaveLength(2)
    await reader.close()
  })

  it('asks for no more than two batches ahead, so that a slow reader does not fill the memory', async () => {
    // A worker that answers late, and tells how many batches were asked for until then.
    const source = `
      import { parentPort } from 'node:worker_threads'
      let asked = 0
      parentPort.on('message', () => {
        asked += 1
        setTimeout(() => parentPort.postMessage({ type: 'part', part: { rowsSeen: asked } }), 50)
      })`
    const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(source)}`)
    const reader = new ImportReader(large, settings, { workerUrl })
    expect((await reader.next())?.rowsSeen).toBe(2)
    await reader.next()
    expect((await reader.next())?.rowsSeen).toBeLessThanOrEqual(4)
    await reader.close()
  })

  it('stops at once when it is closed', async () => {
    const reader = new ImportReader(large, settings, { batchRows: 10 })
    expect((await reader.next())?.lastRow).toBe(11)
    await reader.close()
    await expect(reader.next()).rejects.toThrow(/stopped/)
  })

  it('says what is wrong with the file', async () => {
    const path = await file('picture.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    const reader = new ImportReader(path, settings)
    const failure = await reader.next().catch(error => error)
    expect(failure).toBeInstanceOf(ImportFileError)
    expect(failure).toMatchObject({ code: 'file_png', message: expect.stringContaining('picture') })
    await reader.close()
  })

  it('says when the worker itself cannot be started', async () => {
    const reader = new ImportReader(large, settings, { workerUrl: new URL('file:///nowhere/worker.js') })
    await expect(reader.next()).rejects.toThrow()
    await reader.close()
  })
})

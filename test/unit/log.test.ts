import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLog, redact } from '../../src/main/log.ts'
import { temporaryFolder } from '../support/folder.ts'

describe('the log', () => {
  it('is readable by its owner only and says when, what and how it ended', () => {
    const file = join(temporaryFolder(), 'hub.log')
    const log = createLog({ file })
    log.info('the hub runs', { pid: 7 })
    log.error('it failed', Object.assign(new Error('no room'), { code: 'ENOSPC' }), { id: 3 })
    log.close()
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toMatchObject([
      { msg: 'the hub runs', pid: 7, level: 30 },
      { msg: 'it failed', id: 3, level: 50, error: { message: 'no room', code: 'ENOSPC' } },
    ])
    expect(lines[0]!['time']).toMatch(/^\d{4}-\d\d-\d\dT/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('never holds a number, a text or a secret', () => {
    const file = join(temporaryFolder(), 'hub.log')
    const log = createLog({ file })
    const person = {
      number: '+12025550123',
      body: 'see you at noon',
      password: 'hunter2',
      nested: [{ text: 'see you', id: 4 }],
    }
    log.warn('odd', { ...person, reason: 'text to +44 7400 123456 failed, 2025550199 too' })
    log.error('failed', new Error('UNIQUE: +12025550123'), person)
    log.close()
    const written = readFileSync(file, 'utf8')
    for (const secret of ['2025550123', '7400', '2025550199', 'noon', 'hunter2', 'see you'])
      expect(written).not.toContain(secret)
    expect(written).toContain('"id":4')
    expect(written).toContain('[number]')
  })

  it('leaves times, counts and short figures as they are', () => {
    expect(redact({ at: 1_768_392_000_000, rows: 1_000_000, message: 'row 500 of 1000' })).toEqual({
      at: 1_768_392_000_000,
      rows: 1_000_000,
      message: 'row 500 of 1000',
    })
    expect(redact({ hash: new Uint8Array(3) })).toEqual({ hash: '[bytes]' })
  })

  it('puts a large file aside at the start', () => {
    const file = join(temporaryFolder(), 'hub.log')
    writeFileSync(file, 'old\n')
    truncateSync(file, 6 * 1024 * 1024)
    const log = createLog({ file })
    log.info('new')
    log.close()
    expect(statSync(file).size).toBeLessThan(1000)
    expect(statSync(`${file}.1`).size).toBe(6 * 1024 * 1024)
  })
})

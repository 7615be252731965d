import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../../src/main/db/open.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { type Finished, runProgram } from '../../support/hub.ts'

/** The program over one folder. */
function world() {
  const folder = temporaryFolder('auth-cli')
  const run = (args: string[], given: { input?: string; env?: Record<string, string> } = {}) =>
    runProgram(args, { folder, ...given })
  const peek = <T>(work: (db: ReturnType<typeof openDatabase>) => T): T => {
    const db = openDatabase(join(folder, 'hub.sqlite'))
    try {
      return work(db)
    } finally {
      db.close()
    }
  }
  return { run, peek }
}

const json = <T>({ stdout }: Finished): T => JSON.parse(stdout) as T

describe('the commands about accounts', () => {
  it('list and end sessions, show the history, and lift locks', async () => {
    const { run, peek } = world()
    expect((await run(['users', 'create', 'anna', '--password-stdin'], { input: 'a good long one' })).code).toBe(0)
    peek(db =>
      db.write(tx => {
        const session = `INSERT INTO sessions (user_id, token_hash, ip, user_agent, created_at, last_seen_at, expires_at)
          VALUES (1, ?, '192.0.2.1', 'Firefox', 1, 1, 9e15)`
        tx.run(session, Buffer.alloc(32, 1))
        tx.run(session, Buffer.alloc(32, 2))
        tx.run(
          "INSERT INTO lockouts (kind, subject, failures, last_at, locked_at, locked_until) VALUES ('account', 'user:1', '[1]', ?, ?, 9e15)",
          Date.now(),
          Date.now(),
        )
        tx.run("INSERT INTO logins (at, username, ip, outcome) VALUES (1, '', '192.0.2.9', 'unknown_user')")
      }),
    )
    expect((await run(['sessions', 'list', '--user', 'ANNA'])).stdout).toContain('Firefox')
    expect((await run(['sessions', 'revoke', '1'])).code).toBe(0)
    expect((await run(['sessions', 'revoke', '1'])).code).toBe(1)
    expect(json(await run(['sessions', 'revoke-all', '--user', 'anna', '--json']))).toEqual({ ended: 1 })
    const locked = await run(['lockouts', 'list'])
    expect(locked.stdout).toContain('anna')
    expect((await run(['lockouts', 'lift', 'Anna'])).stdout).toContain('Lifted 1 lock')
    expect((await run(['lockouts', 'list'])).stdout).toContain('Nothing is locked')
    expect((await run(['lockouts', 'lift', 'anna'])).code).toBe(2)
    expect((await run(['logins', 'list'])).stdout).toContain('no such user')
  })

  it('make, rotate and revoke API keys, and tell what should be done', async () => {
    const { run } = world()
    const made = json<{ key: string }>(await run(['keys', 'create', 'News', '--role', 'user', '--no-expiry', '--json']))
    expect(made.key).toMatch(/^cc_user_/)
    const list = await run(['keys', 'list'])
    expect(list.stdout).toContain('never expires')
    expect(list.stdout).not.toContain(made.key)
    const rotated = await run(['keys', 'rotate', 'news', '--grace', '90m', '--days', '30', '--json'])
    const { details } = json<{ details: { rotatedAt: number; previousUntil: number; expiresAt: number } }>(rotated)
    expect(details.previousUntil - details.rotatedAt).toBe(90 * 60_000)
    expect(details.expiresAt - details.rotatedAt).toBe(30 * 24 * 3_600_000)
    expect((await run(['keys', 'rotate', 'news', '--grace', 'soon'])).code).toBe(2)
    expect((await run(['keys', 'create', 'Other'])).code).toBe(2)
    expect((await run(['keys', 'create', 'Other', '--role', 'user', '--days', '5', '--no-expiry'])).code).toBe(2)
    expect((await run(['keys', 'revoke', 'News'])).code).toBe(0)
    expect((await run(['keys', 'revoke', 'News'])).code).toBe(2)
    expect((await run(['keys', 'list', '--revoked'])).stdout).toContain('revoked')
    const generated = [await run(['keys', 'generate']), await run(['keys', 'generate'])].map(({ stdout }) => stdout)
    for (const key of generated) expect(key).toMatch(/^[0-9a-f]{64}\n$/)
    expect(generated[0]).not.toBe(generated[1])
  })

  it('refuse what is guessable, with the reason, and tell that a key of the environment is none', async () => {
    const { run } = world()
    const env = { ADMIN_API_KEY: 'secret' }
    const refused = await run(['users', 'create', 'bob', '--password-stdin'], { input: 'qwertzuiop', env })
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('easy to guess')
    expect(refused.stderr).toContain('ADMIN_API_KEY is not used')
    expect(refused.stderr + refused.stdout).not.toContain('qwertzuiop')
    expect(json(await run(['users', 'list', '--json']))).toEqual({ users: [] })
  })
})

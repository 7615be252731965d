import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../../src/main/db/open.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Finished, interruptedProgram, runProgram, startHub } from '../support/hub.ts'

let folder: string

beforeEach(() => {
  folder = join(temporaryFolder('cli'), 'data')
})

const run = (args: string[], given: { input?: string; env?: Record<string, string> } = {}) =>
  runProgram(args, { folder, ...given })

/** The one document on standard output. */
function json<T = Record<string, unknown>>(finished: Finished): T {
  return JSON.parse(finished.stdout) as T
}

const LIST = `name,phone,email,town
Ann,+1 202-555-0101,ann@example.org,Dover
Bob,(202) 555-0102,bob@example.org,Salem
Ann again,2025550101,,Dover
Nobody,,x@example.org,
=1+1,+1 202 555 0103,not an address,York
Far,12,,
`

function listFile(text: string | Buffer = LIST): string {
  const path = join(temporaryFolder('lists'), 'people.csv')
  writeFileSync(path, text)
  return path
}

describe('import', () => {
  it('check looks at a file without making a data folder', async () => {
    const finished = await run(['import', 'check', listFile(), '--country', 'US', '--json'])
    expect(finished).toMatchObject({ code: 0, stderr: '' })
    const report = json<{
      rows: number
      accepted: number
      duplicates: number
      rejected: { row: number; code: string }[]
    }>(finished)
    expect(report).toMatchObject({
      encoding: 'utf-8',
      lineEnd: 'LF',
      delimiter: ',',
      header: true,
      rows: 6,
      accepted: 3,
      duplicates: 1,
    })
    expect(report.rejected).toEqual([
      expect.objectContaining({ row: 5, code: 'phone_missing' }),
      expect.objectContaining({ row: 7, code: 'phone_invalid' }),
    ])
    expect(report.rows).toBe(report.accepted + report.duplicates + report.rejected.length)
    expect(existsSync(folder)).toBe(false)
  })

  it('check says what a file is that is no list, and ends with 3 when nothing in one is usable', async () => {
    const picture = listFile(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'))
    const refused = await run(['import', 'check', picture, '--json'])
    expect(refused.code).toBe(1)
    expect(json(refused)).toMatchObject({ error: { code: 'file_refused' } })
    expect(refused.stderr).not.toBe('')
    expect((await run(['import', 'check', listFile('phone\n12\n'), '--country', 'US'])).code).toBe(3)
  })

  it('runs without a hub to its end, reports what was not taken, and can be undone', async () => {
    const args = ['import', 'run', listFile(), '--country', 'US', '--list', 'Spring', '--consent', 'market', '--json']
    const done = await run(args)
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(json(done)).toMatchObject({ state: 'completed', rows: 6, created: 3, duplicates: 1, rejected: 2 })
    const contacts = json<{ items: { number: string; lists: string[]; consent: { source: string } }[] }>(
      await run(['contacts', 'list', '--list', 'Spring', '--json']),
    )
    expect(contacts.items.map(item => item.number).sort()).toEqual(['+12025550101', '+12025550102', '+12025550103'])
    expect(contacts.items[0]).toMatchObject({ lists: ['Spring'], consent: { source: 'market' } })
    const out = join(temporaryFolder('out'), 'rejected.csv')
    expect(json(await run(['import', 'report', '1', '--out', out, '--json']))).toMatchObject({ rows: 2, path: out })
    expect(readFileSync(out, 'utf8')).toContain('phone_missing')
    expect(json(await run(['import', 'undo', '1', '--json']))).toEqual({ removed: 3, restored: 0, kept: 0 })
    expect(json(await run(['contacts', 'count', '--json']))).toEqual({ contacts: 0 })
  })

  it('takes the columns that it is told, and says which ones there are', async () => {
    const path = listFile('Wer,Mobil,Privat,Ort,Art\nAnn,,+12025550101,Dover,Werbung\nBen,,+12025550102,Dover,gold\n')
    const map = [
      '--map',
      'phone=Mobil',
      '--map',
      'phone=Privat',
      '--map',
      'first_name=Wer',
      '--map',
      'city=Ort',
      '--map',
      'consent_kind=Art',
      '--json',
    ]
    const report = json<{ mapping: object; rejected: object[] }>(
      await run(['import', 'check', path, '--country', 'US', ...map]),
    )
    expect(report.mapping).toMatchObject({ phones: ['Mobil', 'Privat'], firstName: 'Wer', attributes: { city: 'Ort' } })
    expect(report).toMatchObject({ mapping: { consent: { kind: 'Art' } }, accepted: 1 })
    expect(report.rejected).toMatchObject([{ row: 3, code: 'consent_kind_unknown', value: 'gold' }])
    const wrong = await run(['import', 'check', path, '--map', 'phone=Mobile'])
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain('Wer, Mobil, Privat, Ort, Art')
  })

  it('is paused by Ctrl-C, cut off by a kill, and goes on to the end without a row lost or twice', async () => {
    const rows = 60_000
    const lines = Array.from({ length: rows }, (_, at) => `Person ${at},+1202${String(2_000_000 + at)}`)
    const path = listFile(`name,phone\n${lines.join('\n')}\n`)
    await run(['status'])
    const taken = () => {
      const db = openDatabase(join(folder, 'hub.sqlite'), { readonly: true })
      try {
        return db.get<{ rows: number }>('SELECT rows FROM imports')?.rows ?? 0
      } finally {
        db.close()
      }
    }
    const args = ['import', 'run', path, '--country', 'US', '--data-dir', folder]
    const paused = await interruptedProgram(args, { folder, ready: () => taken() > 1000, signal: 'SIGINT' })
    expect(paused.code).toBe(3)
    expect(paused.stdout).toContain('import resume 1')
    const before = taken()
    expect(before).toBeLessThan(rows)
    expect(json(await run(['import', 'show', '1', '--json']))).toMatchObject({ state: 'paused' })
    const resume = ['import', 'resume', '1', '--data-dir', folder]
    const killed = await interruptedProgram(resume, { folder, ready: () => taken() > before + 1000, signal: 'SIGKILL' })
    expect(killed.code).toBeNull()
    const done = await run(['import', 'resume', '1', '--json'])
    expect(done.code).toBe(0)
    expect(json(done)).toMatchObject({ state: 'completed', rows, created: rows, duplicates: 0, rejected: 0 })
    expect(json(await run(['contacts', 'count', '--json']))).toEqual({ contacts: rows })
  })

  it('ends with 3 and an advice when nobody of a list can be texted', async () => {
    const finished = await run(['import', 'run', listFile('name,phone\nTown hall,020 7946 0018\n'), '--country', 'GB'])
    expect(finished.code).toBe(3)
    expect(finished.stdout).toContain('--allow-landlines')
  })
})

describe('segments', () => {
  it('are saved, shown, renamed and deleted, and the deletion says how to undo it', async () => {
    const refused = await run(['segments', 'save', 'Nobody'])
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Say who belongs to it')])
    expect((await run(['segments', 'save', 'Regulars', '--list', 'Spring', '--except-tag', 'once'])).code).toBe(0)
    expect((await run(['segments', 'rename', 'regulars', 'Friends'])).stdout).toContain('"Regulars" is now "Friends"')
    expect((await run(['segments'])).stdout).toContain('Friends\tcontacts in Spring, not tagged once')
    const deleted = await run(['segments', 'delete', 'Friends', '--yes'])
    const undo = /Undo it within a day: campaign-connector (undo \d+)/.exec(deleted.stdout)![1]!
    expect(json(await run(['segments', '--json']))).toEqual({ segments: [] })
    expect((await run(undo.split(' '))).stdout).toContain('Undone.')
    expect(json(await run(['segments', '--json']))).toMatchObject({ segments: [{ name: 'Friends' }] })
  })
})

describe('users', () => {
  it('are made with a password from standard input or the environment, which nobody sees', async () => {
    const anna = await run(['users', 'create', 'anna', '--role', 'admin', '--password-stdin', '--json'], {
      input: 'a good long one\n',
    })
    expect(anna.code).toBe(0)
    expect(json(anna)).toMatchObject({ username: 'anna', role: 'admin' })
    const bob = await run(['users', 'create', 'bob'], { env: { CAMPAIGN_CONNECTOR_PASSWORD: 'another good one' } })
    expect(bob.code).toBe(0)
    for (const { stdout, stderr } of [anna, bob]) expect(stdout + stderr).not.toMatch(/good|argon2/)
    const { users } = json<{ users: { username: string; role: string }[] }>(await run(['users', 'list', '--json']))
    expect(users).toMatchObject([
      { username: 'anna', role: 'admin' },
      { username: 'bob', role: 'user' },
    ])
    expect((await run(['users', 'deactivate', 'anna'])).code).toBe(1)
    expect((await run(['users', 'update', 'BOB', '--role', 'admin'])).code).toBe(0)
    expect((await run(['users', 'deactivate', 'anna'])).code).toBe(0)
    expect((await run(['users', 'set-password', 'bob', '--password-stdin'], { input: 'password1' })).code).toBe(2)
    expect((await run(['users', 'set-password', 'bob', '--password-stdin'], { input: 'yet another one' })).code).toBe(0)
    expect((await run(['users', 'delete', 'anna'])).code).toBe(0)
    const audit = json<{ items: { action: string; outcome: string; subject: string }[] }>(
      await run(['audit', 'list', '--json']),
    )
    expect(audit.items.map(row => `${row.action} ${row.outcome}`).reverse()).toEqual([
      'users.create ok',
      'users.create ok',
      'users.update refused',
      'users.update ok',
      'users.update ok',
      'users.set-password refused',
      'users.set-password ok',
      'users.delete ok',
    ])
  })

  it('need a password that can be read without a terminal, and are a menu only on one', async () => {
    const create = await run(['users', 'create', 'anna'])
    expect(create.code).toBe(2)
    expect(create.stderr).toContain('--password-stdin')
    expect((await run(['users'])).code).toBe(2)
  })
})

describe('the audit log', () => {
  it('is verified, and a change from outside is found', async () => {
    await run(['settings', 'set', 'organisation', 'Acme'])
    await run(['settings', 'set', 'organisation', 'Zenith'])
    const whole = await run(['audit', 'verify', '--json'])
    expect(whole.code).toBe(0)
    expect(json(whole)).toMatchObject({ rows: 2, brokenAt: null })
    const db = openDatabase(join(folder, 'hub.sqlite'))
    db.connection.exec("DROP TRIGGER audit_never_changes; UPDATE audit SET actor = 'user:1' WHERE seq = 1")
    db.close()
    const broken = await run(['audit', 'verify', '--json'])
    expect(broken.code).toBe(1)
    expect(json(broken)).toMatchObject({ brokenAt: 1 })
  })
})

describe('backups', () => {
  it('are made, listed, verified and restored, with who said stop since', async () => {
    await run(['contacts', 'add', '+12025550101', '--first-name', 'Ann'])
    const made = json<{ path: string }>(await run(['backup', 'create', '--json']))
    await run(['contacts', 'add', '+12025550102'])
    await run(['suppression', 'add', '+1 202 555 0103', '--note', 'asked'])
    expect(json<{ backups: unknown[] }>(await run(['backup', 'list', '--json'])).backups).toHaveLength(1)
    expect(json(await run(['backup', 'verify', made.path, '--json']))).toMatchObject({ ok: true, contacts: 1 })
    const restored = await run(['backup', 'restore', made.path, '--json'])
    expect(restored.code).toBe(0)
    expect(json(restored)).toMatchObject({ contacts: 1, suppressionsMerged: 1, keyProblem: null })
    expect(json(await run(['contacts', 'count', '--json']))).toEqual({ contacts: 1 })
    expect(json(await run(['suppression', 'check', '+12025550103', '--json']))).toMatchObject({ suppressed: true })
    expect(json(await run(['audit', 'verify', '--json']))).toMatchObject({ brokenAt: null })
    expect((await run(['backup', 'verify', listFile()])).code).toBe(1)
    expect((await run(['backup', 'restore', listFile()])).code).toBe(1)
  })

  it('wait for the hub to be stopped', async () => {
    const made = json<{ path: string }>(await run(['backup', 'create', '--json']))
    const hub = await startHub(folder)
    const refused = await run(['backup', 'restore', made.path])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(String(hub.child.pid))
    await hub.stop()
  })

  it('move to another computer with a passphrase', async () => {
    await run(['contacts', 'add', '+12025550101'])
    const path = join(temporaryFolder('stick'), 'copy.sqlite')
    const secret = { input: 'correct horse\n' }
    expect((await run(['backup', 'create', '--to', path, '--passphrase-stdin'], secret)).code).toBe(0)
    const other = join(temporaryFolder('cli'), 'other')
    const wrong = await runProgram(['backup', 'restore', path, '--passphrase-stdin'], {
      folder: other,
      input: 'wrong horse',
    })
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('does not fit') })
    const right = await runProgram(['backup', 'restore', path, '--passphrase-stdin'], { folder: other, ...secret })
    expect(right.code).toBe(0)
    expect((await runProgram(['contacts', 'count', '--json'], { folder: other })).stdout).toBe('{"contacts":1}\n')
  })
})

describe('the data key', () => {
  it('comes back by its passphrase', async () => {
    await run(['status'])
    expect((await run(['key', 'passphrase', '--passphrase-stdin'], { input: 'correct horse\n' })).code).toBe(0)
    rmSync(join(folder, 'data.key'))
    expect((await run(['doctor', '--json'])).code).toBe(1)
    expect((await run(['key', 'restore', '--passphrase-stdin'], { input: 'correct horse\n' })).code).toBe(0)
    const doctor = await run(['doctor', '--json'])
    expect(json<{ findings: { check: string; ok: boolean }[] }>(doctor).findings).toContainEqual(
      expect.objectContaining({ check: 'data key', ok: true }),
    )
    expect(doctor.code).toBe(0)
  })
})

describe('settings', () => {
  it('are read and set by name, and a wrong value is explained', async () => {
    expect(json(await run(['settings', 'get', 'limits', '--json']))).toMatchObject({ recipientsPerMonth: 250 })
    expect((await run(['settings', 'set', 'hours', '9:00-20:30'])).code).toBe(0)
    expect((await run(['settings', 'set', 'backups.keep', '3'])).code).toBe(0)
    expect((await run(['settings', 'set', 'texts.help', 'Call us. Reply STOP to stop.'])).code).toBe(0)
    const all = json(await run(['settings', 'get', '--json']))
    expect(all).toMatchObject({
      hours: { from: 540, to: 1230 },
      backups: { keep: 3, daily: true },
      texts: { help: 'Call us. Reply STOP to stop.' },
    })
    expect(await run(['settings', 'set', 'backups.keep', 'many'])).toMatchObject({ code: 2 })
    expect(await run(['settings', 'set', 'no.such', '1'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('settings get'),
    })
  })
})

describe('what needs a hub', () => {
  it('says so and ends with 4', async () => {
    const pair = await run(['phones', 'pair', '--json'])
    expect(pair.code).toBe(4)
    expect(json(pair)).toMatchObject({ error: { code: 'hub_needed', message: expect.stringContaining('serve') } })
    expect((await run(['phones', 'rotate-key', '1'])).code).toBe(4)
    expect((await run(['campaigns', 'progress', '1', '--follow'])).code).toBe(4)
  })
})

describe('phones', () => {
  it('have limits and names that are changed by themselves', async () => {
    await run(['status'])
    const db = openDatabase(join(folder, 'hub.sqlite'))
    db.write(tx => {
      tx.run("INSERT INTO phones (name, key_hash, journal, paired_at) VALUES ('Desk', x'01', 'J', 1)")
      tx.run('INSERT INTO sims (phone_id, slot) VALUES (1, 0)')
    })
    db.close()
    const limits = await run([
      'phones',
      'limits',
      '1',
      '--window',
      '20/60s',
      '--month',
      'none',
      '--pause',
      '1-2',
      '--disable',
      '--json',
    ])
    expect(json(limits)).toMatchObject({
      sims: [
        {
          enabled: false,
          limits: { windows: [{ segments: 20, windowMs: 60_000 }], recipientsPerMonth: null, pauseMs: [1000, 2000] },
        },
      ],
    })
    const month = await run(['phones', 'limits', '1', '--month', '100', '--enable', '--json'])
    expect(json(month)).toMatchObject({
      sims: [{ enabled: true, limits: { windows: [{ segments: 20 }], recipientsPerMonth: 100 } }],
    })
    expect(json(await run(['phones', 'limits', '1', '--default', '--json']))).toMatchObject({
      sims: [{ limits: null }],
    })
    expect(json(await run(['phones', 'rename', '1', 'Window', '--json']))).toMatchObject({ name: 'Window' })
    expect((await run(['phones', 'limits', '1'])).code).toBe(2)
    expect((await run(['phones', 'revoke', '1'])).code).toBe(0)
    expect(json(await run(['phones', 'list', '--json']))).toEqual({ phones: [] })
  })
})

describe('campaigns', () => {
  it('are drafted, previewed, reviewed and kept from starting without a phone', async () => {
    await run(['contacts', 'add', '+12025550101', '--first-name', 'Ann', '--list', 'Spring'])
    const template = 'Hi {{ first_name }}, we open at 9. Reply STOP to opt out.'
    const made = json<{ id: number }>(
      await run([
        'campaigns',
        'create',
        '--name',
        'Spring',
        '--template',
        template,
        '--list',
        'Spring',
        '--hours',
        '9-20',
        '--json',
      ]),
    )
    const preview = json<{ previews: { text: string; segments: number }[] }>(
      await run(['campaigns', 'preview', String(made.id), '--json']),
    )
    expect(preview.previews).toMatchObject([{ text: 'Hi Ann, we open at 9. Reply STOP to opt out.', segments: 1 }])
    const unknown = await run(['campaigns', 'preview', '--template', 'Hi {{ nickname }}', '--json'])
    expect(unknown.code).toBe(1)
    expect(json(unknown)).toMatchObject({ unknownFields: ['nickname'] })
    const review = await run(['campaigns', 'review', '1', '--json'])
    expect(review.code).toBe(1)
    expect(json(review)).toMatchObject({ audience: 1, startable: false })
    const start = await run(['campaigns', 'start', '1', '--json'])
    expect(start.code).toBe(1)
    expect(json(start)).toMatchObject({ error: { code: 'review_failed' } })
    expect(json(await run(['campaigns', 'update', '1', '--days', 'mon-fri', '--json']))).toMatchObject({
      hours: { from: 540, to: 1200, days: [1, 2, 3, 4, 5] },
    })
    expect((await run(['campaigns', 'delete', '1'])).code).toBe(0)
    expect(json<{ items: unknown[] }>(await run(['campaigns', 'list', '--json'])).items).toEqual([])
  })
})

describe('campaigns with several texts', () => {
  it('are drafted with variants and follow-ups, and their results compared', async () => {
    const made = await run([
      ...['campaigns', 'create', '--name', 'Two', '--variant', 'A=50:Hi', '--variant', 'B=50:Hello there'],
      ...['--step', 'no-reply 3d: Did you see it?', '--goal', 'few-opt-outs'],
    ])
    expect(made.stdout).toMatch(/^B \(50%\) +Hello there$/m)
    expect(made.stdout).toMatch(/^step 1 +3 days without a reply: Did you see it\?$/m)
    expect((await run(['campaigns', 'preview', '1', '--variant', 'b'])).stdout).toContain('Hello there')
    const results = await run(['campaigns', 'results', '1'])
    expect(results.stdout).toContain('First text: Too few to say: each variant needs about five opt-outs or more.')
    expect(results.stdout).toContain('Follow-up 1: 3 days without a reply.')
  })
})

describe('the command line itself', () => {
  it('ends with 2 for what it does not understand, and names it', async () => {
    expect(await run(['nosuch'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("unknown command 'nosuch'"),
    })
    expect(await run(['contacts', 'list', '--nosuch'])).toMatchObject({ code: 2 })
    const value = await run(['contacts', 'list', '--limit', 'many', '--json'])
    expect(value.code).toBe(2)
    expect(json(value)).toMatchObject({ error: { code: 'usage', message: expect.stringContaining('whole number') } })
    expect(existsSync(folder)).toBe(false)
  })

  it('teaches: every command has help with what it does, and the main ones have examples and exit codes', async () => {
    const help = await run(['--help'])
    expect(help.code).toBe(0)
    for (const word of ['Exit codes', 'First steps', 'import check', 'serve']) expect(help.stdout).toContain(word)
    const commands = [...help.stdout.matchAll(/^ {2}([a-z]+) /gm)].map(match => match[1]!)
    expect(commands.length).toBeGreaterThan(12)
    expect((await run(['import', '--help'])).stdout).toContain('Examples:')
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('waits for another command that has the folder', async () => {
    await run(['status'])
    const all = await Promise.all(['one', 'two', 'three'].map(name => run(['settings', 'set', 'organisation', name])))
    expect(all.map(finished => finished.code)).toEqual([0, 0, 0])
  })

  it('goes through the hub while one runs, and both see the same', async () => {
    const hub = await startHub(folder)
    expect((await run(['contacts', 'add', '+12025550101', '--first-name', 'Ann'])).code).toBe(0)
    expect((await run(['import', 'run', listFile(), '--country', 'US', '--json'])).code).toBe(0)
    const shown = json<{ firstName: string }>(await run(['contacts', 'show', '+1 202 555 0101', '--json']))
    expect(shown.firstName).toBe('Ann')
    await hub.stop()
    expect(json(await run(['contacts', 'count', '--json']))).toEqual({ contacts: 3 })
    expect(readdirSync(folder)).not.toContain('hub.sock')
  })
})

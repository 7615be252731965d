import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { runCli } from '../../../src/main/cli/program.ts'
import { insertInbound } from '../../../src/main/db/inbound.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { touchThread } from '../../../src/main/db/threads.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { openTestApp } from '../../support/hub.ts'

const ANN = '+12125550001'

afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

describe('campaign-connector inbox', () => {
  it('works through replies', async () => {
    const folder = temporaryFolder('inbox')
    await (await openTestApp({ folder })).close()
    const db = openDatabase(join(folder, 'hub.sqlite'))
    db.write(tx => {
      tx.run("INSERT INTO phones (id, name, key_hash, journal, paired_at) VALUES (1, 'Phone', x'01', 'J', 1)")
      tx.run(
        "INSERT INTO users (id, username, role, password_hash, created_at, updated_at) VALUES (3, 'eve', 'user', 'x', 1, 1)",
      )
      const threadId = touchThread(tx, { number: ANN, contactId: null, at: Date.now(), text: 'Parking?', unreadBy: 1 })
      insertInbound(tx, {
        ...{
          threadId,
          phoneId: 1,
          store: 'S',
          rowId: 1,
          sender: ANN,
          body: 'Is there parking?',
          bodyHash: Buffer.alloc(1),
        },
        ...{ receivedAt: Date.now(), storedAt: Date.now(), intent: 'none', campaignId: null },
      })
    })
    db.close()

    const out = vi.spyOn(process.stdout, 'write')
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    let said = ''
    out.mockImplementation(chunk => {
      said += String(chunk)
      return true
    })
    const run = async (...args: string[]): Promise<string> => {
      said = ''
      const code = await runCli(['--data-dir', folder, 'inbox', ...args], '0')
      process.exitCode = undefined
      expect(code, `${args.join(' ')}: ${err.mock.calls.join(' ')}`).toBe(0)
      return said
    }
    expect(await run('assign', '1', 'Eve')).toMatch(/The thread is open, and user 3 has it/)
    expect(await run('snooze', '1', '+2h')).toMatch(/snoozed until \d{4}-/)
    expect(await run('threads', '--state', 'open')).not.toContain(ANN)
    expect(await run('threads', '--assigned', 'eve')).toContain(ANN)
    expect(await run('unsnooze', '1')).toMatch(/open/)
    expect(await run('close', '1')).toMatch(/closed/)
    expect(await run('reopen', '1')).toMatch(/open/)
    expect(await run('note', '1', '@eve please')).toBe('Note 1 is kept.\n')
    expect(await run('edit-note', '1', '@eve never mind')).toBe('Note 1 is changed.\n')
    expect(await run('saved', 'add', 'Hours', 'Hi {{ first_name | default: "there" }}')).toMatch(/Saved reply 1/)
    expect(await run('saved', 'show', '1', '1')).toMatch(/Hi there {2}\(1 segment, GSM-7\)/)
    expect(await run('saved', 'list')).toContain('Hours')
    expect(await run('saved', 'delete', '1')).toMatch(/deleted/)
    expect(await run('search', 'park', '--kind', 'in')).toContain('Is there parking?')
    expect(await run('search', 'never')).toContain('@eve never mind')
    expect(await run('show', '1')).toMatch(/# @eve never mind {2}\(note 1 by Command line\)/)
    expect(await run('delete-note', '1')).toMatch(/deleted/)
    expect(await run('people')).toContain('eve')
    expect(await run('rules', 'set', 'eve', '--any-reply', 'no', '--quiet', '22:00-7:00')).toMatch(
      /quiet hours +22:00-7:00/,
    )
    expect(await run('rules', 'show', 'EVE')).toMatch(/every reply +no/)
    expect(await run('counts')).toMatch(/1 open, 0 snoozed, 0 closed/)

    const refused = async (...args: string[]) => {
      err.mockClear()
      expect(await runCli(['--data-dir', folder, 'inbox', ...args], '0')).not.toBe(0)
      process.exitCode = undefined
      return err.mock.calls.join(' ')
    }
    expect(await refused('assign', '1', 'nobody')).toMatch(/no user "nobody" who can sign in/)
    expect(await refused('snooze', '1', 'soon')).toMatch(/Give a time such as/)
    expect(await refused('rules', 'set', 'eve', '--quiet', '9:00-9:00')).toMatch(/Give hours such as/)
  })
})

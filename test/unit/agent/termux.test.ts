import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreUnreadable } from '../../../phone-agent/src/rows.ts'
import { runCommand } from '../../../phone-agent/src/spawn.ts'
import { termuxPhone } from '../../../phone-agent/src/termux.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'termux-'))
  mkdirSync(join(dir, 'libexec'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function command(name: string, script: string): void {
  writeFileSync(join(dir, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(dir, name), 0o700)
}

const env = () => ({ PATH: `${dir}:/usr/bin:/bin`, PREFIX: dir })
const phone = () => termuxPhone(env())
const send = (number = '+15555550101', body = 'Hi') => phone().send(1, number, body, () => {})

describe('termux-sms-send', () => {
  it('gets the number and the slot as arguments, and the body as it is on its input', async () => {
    command('termux-sms-send', `printf '%s|' "$@" > '${dir}/args'; cat > '${dir}/body'`)
    const body = 'Hello \\n "quoted" $(touch /tmp/x) `id`\n2nd line — café'
    expect(await send('+15555550101', body)).toEqual({ kind: 'empty' })
    expect(readFileSync(join(dir, 'args'), 'utf8')).toBe('-n|+15555550101|-s|1|')
    expect(readFileSync(join(dir, 'body'), 'utf8')).toBe(body)
  })

  it('never runs for what is no number', async () => {
    command('termux-sms-send', `touch '${dir}/ran'`)
    for (const number of ['', '12', '+1 555', '5550101;id', '555,556', '$(id)', '-n', '+', '1234567890123456']) {
      expect(await send(number)).toMatchObject({ kind: 'refused', reason: 'bad_number' })
    }
    expect(existsSync(join(dir, 'ran'))).toBe(false)
  })

  it('refuses by what it prints, whatever its exit code', async () => {
    const cases = [
      [`echo '{"error": "Please grant the following permission(s): SEND_SMS"}'`, 'permission'],
      [`echo 'termux-sms-send: illegal option -x'; exit 1`, 'bad_argument'],
      [`echo 'java.lang.IllegalArgumentException: Invalid destinationAddress'`, 'bad_number'],
      [`echo 'java.lang.IllegalStateException: app is in background'`, 'command_error'],
      [`echo '/x/libexec/termux-api: not found' >&2; exit 127`, 'command_missing'],
    ] as const
    for (const [script, reason] of cases) {
      command('termux-sms-send', script)
      expect(await send()).toMatchObject({ kind: 'refused', reason })
    }
    command('termux-sms-send', cases[0][0])
    expect(await send()).toMatchObject({ detail: 'Please grant the following permission(s): SEND_SMS' })
  })

  it('that is not installed refuses', async () => {
    expect(await send()).toMatchObject({ kind: 'refused', reason: 'command_missing' })
  })

  it('proves nothing by a warning on stderr, or by being killed', async () => {
    command('termux-sms-send', `echo 'WARNING: linker: unused DT entry' >&2`)
    expect(await send()).toEqual({ kind: 'unknown', timeout: false })
    command('termux-sms-send', 'kill -9 $$')
    expect(await send()).toEqual({ kind: 'unknown', timeout: false })
    command('termux-sms-send', 'exit 3')
    expect(await send()).toEqual({ kind: 'unknown', timeout: false })
  })

  it('may end without reading its input', async () => {
    command('termux-sms-send', 'exec <&-')
    expect(await send('+15555550101', 'x'.repeat(200_000))).toEqual({ kind: 'empty' })
  })
})

describe('a command that hangs', () => {
  it('is ended with everything it has started', async () => {
    command('hangs', `sleep 600 & echo $! > '${dir}/child'; wait`)
    const finished = await runCommand('hangs', [], { env: env(), limitMs: 300 })
    expect(finished).toMatchObject({ timedOut: true, code: null })
    const child = Number(readFileSync(join(dir, 'child'), 'utf8'))
    await expect
      .poll(() => {
        try {
          process.kill(child, 0)
          // A killed process that nobody has waited for is still in the table.
          return /^State:\s+Z/m.test(readFileSync(`/proc/${child}/status`, 'utf8')) ? 'gone' : 'there'
        } catch {
          return 'gone'
        }
      })
      .toBe('gone')
  })

  it('does not hold its caller even if something keeps its output open', async () => {
    command('hangs', 'setsid sleep 5 & sleep 600')
    const finished = await runCommand('hangs', [], { env: env(), limitMs: 200 })
    expect(finished.timedOut).toBe(true)
  })
})

describe('termux-sms-list', () => {
  const row = `[{"type":"inbox","address":"+1","received":"2026-01-01 00:00:00","body":"a","_id":1}]`

  function version(text: string): void {
    command('libexec/termux-api', `[ "$1" = --version ] && echo '${text}'`)
  }

  it('is asked by id and with a selection where the package is new enough', async () => {
    version('0.59.1')
    command('termux-sms-list', `printf '%s|' "$@" > '${dir}/args'; echo '${row}'`)
    const rows = await phone().list({ type: 'inbox', limit: 5, offset: 10, selection: '_id > 3' })
    expect(rows).toMatchObject([{ id: 1, body: 'a' }])
    expect(readFileSync(join(dir, 'args'), 'utf8')).toBe(
      '-t|inbox|-l|5|-o|10|--message-sort-order=_id DESC|--message-selection=_id > 3|',
    )
    expect(await phone().canSelect()).toBe(true)
  })

  it('is asked with the old options only where it is not', async () => {
    version('0.58.0')
    command('termux-sms-list', `printf '%s|' "$@" > '${dir}/args'; echo '${row}'`)
    await phone().list({ type: 'all', limit: 5 })
    expect(readFileSync(join(dir, 'args'), 'utf8')).toBe('-t|all|-l|5|-o|0|')
    expect(await phone().canSelect()).toBe(false)
  })

  it('says why it cannot be read', async () => {
    version('0.59.1')
    await expect(phone().list({ type: 'all', limit: 1 })).rejects.toThrow('ENOENT')
    command('termux-sms-list', `echo '{"error": "Please grant READ_SMS"}'`)
    await expect(phone().list({ type: 'all', limit: 1 })).rejects.toThrow('Please grant READ_SMS')
    command('termux-sms-list', 'true')
    await expect(phone().list({ type: 'all', limit: 1 })).rejects.toThrow(StoreUnreadable)
  })
})

describe('the other commands', () => {
  it('tell what they can, and nothing where they fail', async () => {
    command('termux-battery-status', `echo '{"percentage": 42, "plugged": "UNPLUGGED"}'`)
    command('getprop', 'echo Europe/Berlin')
    command('termux-telephony-deviceinfo', `echo '{"phone_count": 2, "sim_country_iso": "de", "sim_state": "ready"}'`)
    expect(await phone().battery()).toEqual({ percent: 42, plugged: false })
    expect(await phone().property('persist.sys.timezone')).toBe('Europe/Berlin')
    expect(await phone().device()).toEqual({ slots: 2, carrier: null, country: 'DE', simState: 'ready' })
    expect(await phone().setting('sms_outgoing_check_max_count')).toBeNull()
    expect(await phone().missing()).toEqual(expect.arrayContaining(['termux-sms-send', 'termux-wake-lock']))
    command('termux-battery-status', 'echo oops')
    command('termux-telephony-deviceinfo', `echo '{"error": "Please grant READ_PHONE_STATE"}'`)
    expect(await phone().battery()).toBeNull()
    expect(await phone().device()).toEqual({ slots: null, carrier: null, country: null, simState: null })
  })
})

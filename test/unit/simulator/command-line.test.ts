import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openPhone } from '../../../phone-agent/simulator/phone.ts'

const MAIN = new URL('../../../phone-agent/simulator/main.ts', import.meta.url).pathname
let dir = ''

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'sim-')), 'phone')
})

afterEach(() => rmSync(join(dir, '..'), { recursive: true, force: true }))

function sim(...words: string[]) {
  const ended = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, 'sim', dir, ...words])
  return { code: ended.status, stdout: String(ended.stdout), stderr: String(ended.stderr) }
}

function lines(...words: string[]): unknown[] {
  const { stdout, stderr } = sim(...words)
  expect(stderr).toBe('')
  return stdout
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
}

test('everything a test needs can be done from another process', () => {
  expect(lines('create', '{"sims":[{"number":"+447700900001","country":"gb"}],"faults":{"gate":null}}')).toEqual([])
  lines('receive', '+447700900123', '--hello', '--late', '0')
  lines('receive', '+447700900124', 'later', '--in=3600000', '--id', 'late')
  lines('owner-texts', '+447700900123', '-1 day')
  expect(lines('rows')).toMatchObject([
    { body: '--hello', type: 1 },
    { body: '-1 day', type: 2 },
  ])
  expect(lines('pending')).toMatchObject([{ body: 'later' }])
  lines('pass-time', '1000')
  expect(lines('arrivals')).toMatchObject([{ from: '+447700900123', kind: 'received' }])
  expect(lines('radio')).toMatchObject([{ by: 'owner', to: '+447700900123' }])
  expect(lines('delete', 'newest')).toEqual([{ deleted: 2 }])
  expect(lines('delete', '1')).toEqual([true])
  expect(lines('swap-sim', '0', '--number', '+447700900002')).toMatchObject([{ subId: 2, number: '+447700900002' }])
  lines('clock', '-60000')
  lines('zone', 'Europe/London')
  lines('revoke', 'SEND_SMS', 'android.permission.READ_SMS')
  lines('grant', 'READ_SMS')
  lines('faults', '{"silentLoss":{"share":0.5}}')
  lines('configure', '{"people":{"replyShare":1}}')
  expect(lines('show')).toMatchObject([
    {
      clockOffsetMs: -60000,
      zone: 'Europe/London',
      denied: ['SEND_SMS'],
      faults: { silentLoss: { share: 0.5 } },
      people: { replyShare: 1 },
      gate: { waiting: 0 },
    },
  ])
  expect(lines('people')).toEqual([])
  expect(lines('dialogs', 'allow')).toEqual([])
  lines('factory-reset')
  lines('remove-sim', '0')
  const phone = openPhone(dir)
  expect(phone.rows()).toEqual([])
  expect(phone.config().sims).toEqual([])
  phone.close()
})

test('help, and a sentence for what is wrong', () => {
  expect(sim('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('factory-reset') })
  expect(sim('rows')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no simulated phone in') })
  sim('create')
  expect(sim('explode')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no verb "explode".') })
  expect(sim('receive', '+1')).toMatchObject({ code: 1, stderr: expect.stringContaining('BODY is missing.') })
  expect(sim('receive', '+1', 'x', '--soon', '5').stderr).toContain('"--soon" is too much.')
  expect(sim('faults', '{oops').stderr).toBe('This is no JSON: {oops\n')
  expect(sim('faults', '{"oops":true}').stderr).toContain('There is no fault "oops"')
  expect(sim('clock', 'soon').stderr).toBe('"soon" is no whole number.\n')
  expect(sim('dialogs', 'maybe').stderr).toBe('Say allow or deny, not "maybe".\n')
  expect(sim('create').stderr).toContain('There is a phone in')
})

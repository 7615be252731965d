import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { DIALLED, type RefusalReason } from '../../src/shared/phone-protocol.ts'
import { faultPoint } from './faults.ts'
import type { DeviceInfo, PhoneCommands, SendResult, SmsQuery } from './phone-commands.ts'
import { parseRows, type SmsRow, StoreUnreadable } from './rows.ts'
import { type Finished, runCommand } from './spawn.ts'
import { clip } from './text.ts'

/** Time limit of termux-sms-send, in ms: a cold start alone takes several seconds. */
const SEND_LIMIT_MS = 30_000
const LIST_LIMIT_MS = 60_000
const OTHER_LIMIT_MS = 15_000

/** What a phone needs for `run`; the rest only makes it more comfortable. */
const NEEDED = ['termux-sms-send', 'termux-sms-list']
const USEFUL = ['termux-telephony-deviceinfo', 'termux-battery-status', 'termux-notification', 'termux-wake-lock']

/** The phone that this process runs on, through the commands of Termux. `env` needs PATH, and PREFIX as Termux sets it. */
export function termuxPhone(env: Readonly<Record<string, string | undefined>>): PhoneCommands {
  const run = (name: string, args: readonly string[], limitMs = OTHER_LIMIT_MS, input?: string): Promise<Finished> =>
    runCommand(name, args, { env, limitMs, ...(input !== undefined && { input }) })
  const json = async (name: string): Promise<Record<string, unknown>> => {
    const { stdout } = await run(name, [])
    try {
      const parsed: unknown = JSON.parse(stdout)
      return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
    } catch {
      return {}
    }
  }
  const line = async (name: string, args: readonly string[]): Promise<string | null> => {
    const { code, stdout } = await run(name, args)
    return code === 0 && stdout.trim() !== '' ? stdout.trim() : null
  }
  const packageVersion = async (): Promise<string | null> => {
    const found = await line(env['PREFIX'] ? join(env['PREFIX'], 'libexec', 'termux-api') : 'termux-api', ['--version'])
    return found && (/\d+\.\d+[\d.]*/.exec(found)?.[0] ?? null)
  }
  let selects = false
  const canSelect = async (): Promise<boolean> => {
    selects ||= isSelecting(await packageVersion())
    return selects
  }

  return {
    packageVersion,
    canSelect,
    async send(slot, number, body, started) {
      // The command is a shell script that expands the number unquoted.
      if (!DIALLED.test(number)) return { kind: 'refused', reason: 'bad_number', detail: 'not a number to dial' }
      const finished = await runCommand('termux-sms-send', ['-n', number, '-s', String(slot)], {
        env,
        limitMs: SEND_LIMIT_MS,
        input: body,
        onStart: () => {
          faultPoint('during-send')
          started()
        },
      })
      return sendResult(finished)
    },
    async list(query) {
      const finished = await run('termux-sms-list', listArguments(query, await canSelect()), LIST_LIMIT_MS)
      return listResult(finished, query)
    },
    property: name => line('getprop', [name]),
    async device() {
      return deviceInfo(await json('termux-telephony-deviceinfo'))
    },
    async battery() {
      const { percentage, plugged } = await json('termux-battery-status')
      if (typeof percentage !== 'number') return null
      const percent = Math.min(100, Math.max(0, percentage))
      return { percent, plugged: typeof plugged === 'string' && plugged !== 'UNPLUGGED' }
    },
    setting: name => line('settings', ['get', 'global', name]),
    async wakeLock(on) {
      await run(on ? 'termux-wake-lock' : 'termux-wake-unlock', [])
    },
    async notify(text) {
      if (text === null) await run('termux-notification-remove', [NOTIFICATION])
      else await run('termux-notification', notificationArguments(text))
    },
    async missing() {
      return [...NEEDED, ...USEFUL].filter(name => !isOnPath(name, env['PATH'] ?? ''))
    },
  }
}

/** Whether the agent cannot work without a command. */
export function isNeeded(command: string): boolean {
  return NEEDED.includes(command)
}

const NOTIFICATION = 'campaign-connector'

function notificationArguments(text: string): string[] {
  return ['--id', NOTIFICATION, '--ongoing', '--alert-once', '--title', 'Campaign Connector', '--content', text]
}

/** Version 0.59 brought the selection. */
function isSelecting(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  return major > 0 || minor >= 59
}

function listArguments(query: SmsQuery, canSelect: boolean): string[] {
  const args = ['-t', query.type, '-l', String(query.limit), '-o', String(query.offset ?? 0)]
  if (!canSelect) return args
  // By id: the order by date, which is the default, would hide what came while the phone's clock was wrong.
  args.push('--message-sort-order=_id DESC')
  if (query.selection) args.push(`--message-selection=${query.selection}`)
  return args
}

function listResult(finished: Finished, query: SmsQuery): SmsRow[] {
  if (finished.notStarted) throw new StoreUnreadable(`termux-sms-list could not be started (${finished.notStarted}).`)
  if (finished.timedOut) throw new StoreUnreadable('termux-sms-list hung and was ended.')
  const rows = parseRows(finished.stdout || finished.stderr)
  return query.type === 'all' ? rows : rows.filter(row => row.type === query.type)
}

/**
 * What the command prints means that the text was not handed over; the exit code means nothing. Words on stderr that are
 * no known error (a warning of the linker, for example) prove neither that it was nor that it was not.
 */
function sendResult(finished: Finished): SendResult {
  if (finished.notStarted) {
    const reason = finished.notStarted === 'ENOENT' ? 'command_missing' : 'command_error'
    return { kind: 'refused', reason, detail: `termux-sms-send could not be started (${finished.notStarted})` }
  }
  if (finished.timedOut) return { kind: 'unknown', timeout: true }
  const stdout = finished.stdout.trim()
  const stderr = finished.stderr.trim()
  const printed = stdout || stderr
  if (printed === '') return finished.code === 0 ? { kind: 'empty' } : { kind: 'unknown', timeout: false }
  const reason = reasonOf(printed)
  if (stdout === '' && reason === 'command_error') return { kind: 'unknown', timeout: false }
  return { kind: 'refused', reason, detail: clip(errorIn(printed), 500) }
}

function reasonOf(printed: string): RefusalReason {
  if (/permission|SecurityException/i.test(printed)) return 'permission'
  if (/not found|No such file/i.test(printed)) return 'command_missing'
  if (/destinationAddress|recipient/i.test(printed)) return 'bad_number'
  if (/illegal option|usage:|message body|bad argument/i.test(printed)) return 'bad_argument'
  return 'command_error'
}

/** The sentence in an error object of the Termux:API app, or what was printed. */
function errorIn(printed: string): string {
  try {
    const { error } = JSON.parse(printed) as { error?: unknown }
    if (typeof error === 'string') return error
  } catch {
    // It is no JSON, then it is shown as it is.
  }
  return printed
}

function deviceInfo(found: Record<string, unknown>): DeviceInfo {
  const text = (key: string): string | null => {
    const value = found[key]
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
  }
  const country = (text('sim_country_iso') ?? text('network_country_iso'))?.toUpperCase() ?? null
  const slots = found['phone_count']
  return {
    slots: typeof slots === 'number' && slots >= 1 ? Math.min(4, Math.floor(slots)) : null,
    carrier: clip(text('sim_operator_name') ?? text('network_operator_name') ?? '', 100) || null,
    country: country && /^[A-Z]{2}$/.test(country) ? country : null,
    simState: text('sim_state'),
  }
}

function isOnPath(name: string, path: string): boolean {
  return path.split(delimiter).some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

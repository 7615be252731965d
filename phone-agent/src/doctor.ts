import { randomBytes } from 'node:crypto'
import { existsSync, statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DoctorFinding } from '../../src/shared/phone-protocol.ts'
import type { Config, Environment, Folder } from './config.ts'
import { errorText } from './files.ts'
import { numbersOf } from './numbers.ts'
import type { PhoneCommands } from './phone-commands.ts'
import { findProof, type ProofRow } from './proof.ts'
import { identityOf, StoreUnreadable } from './rows.ts'
import { servicePaths } from './service.ts'
import { isNeeded } from './termux.ts'
import { clip, twinKey } from './text.ts'
import { connectionSentence, connectTrusted, requestOver } from './tls.ts'

/** A text to the phone's own number, which shows whether sending and its proof work. */
export interface SelfTest {
  readonly slot: number
  readonly number: string
  /** Called before the text is sent, so that it counts against the limits of the lane. */
  readonly count: (number: string) => Promise<void>
}

export interface DoctorParts {
  readonly commands: PhoneCommands
  readonly environment: Environment
  readonly folder: Folder
  readonly config: Config | null
  readonly selfTest: SelfTest | null
  readonly sleep?: (ms: number) => Promise<unknown>
}

/** How long the row of the self-test may take, and how long it must last, in ms. */
const SELF_TEST_MS = 60_000
const LASTING_MS = 5500

/** Checks everything that a phone needs, and says for each thing how to mend it. */
export async function runDoctor(parts: DoctorParts): Promise<DoctorFinding[]> {
  const { commands } = parts
  const findings: DoctorFinding[] = [nodeVersion(), await installed(commands), await packageAge(commands)]
  const readable = await storeReadable(commands)
  findings.push(readable)
  if (readable.ok) findings.push(await selection(commands))
  findings.push(
    await sim(commands),
    await gate(commands),
    await phantomProcesses(commands),
    await battery(commands),
    advice(
      'battery_exemption',
      'Whether Android lets Termux and Termux:API run while the screen is off cannot be seen from here.',
      'In Settings > Apps > Termux > Battery choose "Unrestricted", and the same for Termux:API.',
    ),
    advice(
      'rcs',
      'Whether RCS chats are on cannot be seen from here. Replies that come by RCS never reach the agent.',
      'In Google Messages open Settings > RCS chats, and turn it off.',
    ),
    storage(parts.folder),
    service(parts.environment),
  )
  if (parts.config) findings.push(...(await hub(parts.config)))
  findings.push(await selfTest(parts))
  return findings.map(one => ({ ...one, message: clip(one.message, 500), fix: one.fix && clip(one.fix, 1000) }))
}

function ok(check: string, message: string): DoctorFinding {
  return { check, ok: true, message, fix: null }
}

function bad(check: string, message: string, fix: string): DoctorFinding {
  return { check, ok: false, message, fix }
}

/** Something that only a person can look up. */
function advice(check: string, message: string, fix: string): DoctorFinding {
  return { check, ok: true, message, fix }
}

function nodeVersion(): DoctorFinding {
  const [major = 0] = process.versions.node.split('.').map(Number)
  if (major >= 22) return ok('node', `Node ${process.versions.node}.`)
  return bad('node', `Node ${process.versions.node} is too old; 22 is the oldest that works.`, 'pkg install nodejs-lts')
}

async function installed(commands: PhoneCommands): Promise<DoctorFinding> {
  const missing = await commands.missing()
  if (missing.length === 0) return ok('commands', 'The commands of Termux:API are installed.')
  const message = `Not found: ${missing.join(', ')}.`
  const fix =
    'pkg install termux-api, and install the app Termux:API from the same source as Termux (F-Droid or GitHub).'
  return missing.some(isNeeded) ? bad('commands', message, fix) : advice('commands', message, fix)
}

async function packageAge(commands: PhoneCommands): Promise<DoctorFinding> {
  const version = await commands.packageVersion()
  if (await commands.canSelect()) return ok('package', `Package termux-api ${version}.`)
  return bad(
    'package',
    `The package termux-api ${version ?? '(version unknown)'} cannot show who wrote a text, so nothing can be proved.`,
    'pkg upgrade termux-api (0.59 or newer)',
  )
}

async function storeReadable(commands: PhoneCommands): Promise<DoctorFinding> {
  try {
    await commands.list({ type: 'all', limit: 1 })
    return ok('read_texts', 'The texts on the phone can be read.')
  } catch (error) {
    return bad(
      'read_texts',
      `The texts on the phone cannot be read: ${errorText(error)}`,
      'Grant Termux:API the permissions SMS and Contacts. If they are grey: Settings > Apps > Termux:API > menu > "Allow ' +
        'restricted settings". By adb: adb shell pm grant com.termux.api android.permission.READ_SMS (and READ_CONTACTS).',
    )
  }
}

async function selection(commands: PhoneCommands): Promise<DoctorFinding> {
  if (!(await commands.canSelect()))
    return bad('app', 'The rows of the SMS store cannot be told apart.', 'See "package".')
  try {
    const some = await commands.list({ type: 'all', limit: 1 })
    const none = some.length > 0 ? await commands.list({ type: 'all', limit: 1, selection: '_id < 0' }) : []
    if (none.length === 0) return ok('app', 'The app Termux:API shows who wrote a text.')
  } catch (error) {
    if (!(error instanceof StoreUnreadable)) throw error
  }
  return bad('app', 'The app Termux:API is too old to show who wrote a text.', 'Update the app Termux:API.')
}

async function sim(commands: PhoneCommands): Promise<DoctorFinding> {
  const { slots, carrier, country, simState } = await commands.device()
  if (simState === null && carrier === null) {
    return bad(
      'sim',
      'Android does not say which SIM there is. Without that permission a text is lost without a word.',
      'Grant Termux:API the permission Phone: adb shell pm grant com.termux.api android.permission.READ_PHONE_STATE',
    )
  }
  if (simState !== null && simState !== 'ready') {
    return bad('sim', `The SIM is not ready (${simState}).`, 'Insert the SIM, enter its PIN, and wait for the network.')
  }
  const many = slots && slots > 1 ? ` The phone has ${slots} slots.` : ''
  return ok('sim', `SIM of ${carrier ?? 'an unnamed carrier'}, ${country ?? 'country unknown'}.${many}`)
}

async function gate(commands: PhoneCommands): Promise<DoctorFinding> {
  const count = await commands.setting('sms_outgoing_check_max_count')
  const interval = await commands.setting('sms_outgoing_check_interval_ms')
  const fix =
    'To raise it: adb shell settings put global sms_outgoing_check_max_count 100, adb shell settings put global ' +
    'sms_outgoing_check_interval_ms 60000, then restart the phone. Set the limits of the lane below it.'
  if (count === null) return advice('sms_gate', "Android's limit for texts of an app cannot be read from here.", fix)
  const most = /^\d+$/.test(count) ? count : "Android's own number (30 on most phones)"
  const ms =
    interval && /^\d+$/.test(interval) ? `${Number(interval) / 1000} s` : "Android's own time (a minute on most)"
  return advice('sms_gate', `Above ${most} segments in ${ms} Android asks for each text, and nothing leaves.`, fix)
}

async function phantomProcesses(commands: PhoneCommands): Promise<DoctorFinding> {
  const sdk = Number(await commands.property('ro.build.version.sdk'))
  if (sdk > 0 && sdk < 31)
    return ok('phantom_processes', 'This Android does not end processes of apps by their number.')
  const value = await commands.setting('settings_enable_monitor_phantom_procs')
  if (value === 'false') return ok('phantom_processes', 'Android does not end processes of Termux by their number.')
  const fix = 'adb shell settings put global settings_enable_monitor_phantom_procs false'
  const message = 'Android may end the agent when apps run more than 32 processes.'
  return value === null ? advice('phantom_processes', message, fix) : bad('phantom_processes', message, fix)
}

async function battery(commands: PhoneCommands): Promise<DoctorFinding> {
  const found = await commands.battery()
  if (!found) return advice('battery', 'The battery cannot be read.', 'Install the app Termux:API.')
  if (found.percent >= 20 || found.plugged) return ok('battery', `Battery ${Math.round(found.percent)} %.`)
  return bad('battery', `The battery is at ${Math.round(found.percent)} % and not charging.`, 'Plug the phone in.')
}

function storage(folder: Folder): DoctorFinding {
  if (!existsSync(folder.path)) return ok('storage', 'Not paired yet, so nothing is stored.')
  const { bavail, bsize } = statfsSync(folder.path)
  const free = Math.floor((bavail * bsize) / 1_048_576)
  if (free >= 50) return ok('storage', `${free} MB free.`)
  return bad('storage', `Only ${free} MB are free. Without storage nothing is sent.`, 'Free some space on the phone.')
}

function service(environment: Environment): DoctorFinding {
  const paths = servicePaths(environment)
  const missing = [paths.run, paths.boot].filter(path => !existsSync(path))
  if (missing.length === 0) return ok('service', 'The agent starts by itself when the phone does.')
  return advice('service', 'The agent does not start by itself when the phone does.', 'Run: install-service')
}

async function hub(config: Config): Promise<DoctorFinding[]> {
  const findings: DoctorFinding[] = []
  const problems: string[] = []
  for (const address of config.addresses) {
    try {
      const before = Date.now()
      const socket = await connectTrusted(address, config)
      const { date } = await requestOver(socket, address, '/', null)
      findings.push(ok('hub', `The hub answers at ${address}.`), clock(date, before))
      return findings
    } catch (error) {
      problems.push(connectionSentence(address, error))
    }
  }
  return [
    bad(
      'hub',
      problems.join(' ') || 'No address of the hub is known.',
      'Start the hub, open its phone link to this network, or connect by USB with: adb reverse tcp:PORT tcp:PORT',
    ),
  ]
}

function clock(date: number | null, before: number): DoctorFinding {
  if (date === null)
    return advice('clock', 'The hub did not tell its time.', 'Set date and time of the phone to automatic.')
  // The hub tells whole seconds, of some moment during the call.
  const off = before > date + 1000 ? before - date - 1000 : Math.max(0, date - Date.now())
  if (off < 60_000) return ok('clock', "The phone's clock agrees with the hub's.")
  return bad(
    'clock',
    `The phone's clock is off by ${Math.round(off / 1000)} s from the hub's.`,
    'Set date and time of the phone to automatic.',
  )
}

async function selfTest(parts: DoctorParts): Promise<DoctorFinding> {
  const { commands, config } = parts
  const test = parts.selfTest
  if (!test) {
    return advice(
      'self_test',
      'No text was sent, so nothing shows that texts leave this phone and can be proved.',
      'Run: doctor --number OWN-NUMBER (one text to yourself)',
    )
  }
  const name = `SIM ${test.slot + 1}`
  const numbers = numbersOf(config?.country ?? (await commands.device()).country)
  const number = numbers.canonical(test.number)
  const body = `Campaign Connector self-test ${randomBytes(4).toString('hex')}`
  try {
    const canSelect = await commands.canSelect()
    const before = await commands.list({ type: 'all', limit: 10 })
    const zone = (await commands.property('persist.sys.timezone')) ?? 'UTC'
    const baseline = {
      max: before.reduce((most, row) => Math.max(most, row.id), 0),
      rows: before.map(row => [row.id, identityOf(row, zone)] as const),
    }
    await test.count(number)
    const result = await commands.send(test.slot, test.number, body, () => {})
    if (result.kind === 'refused') {
      return bad('self_test', `${name}: termux-sms-send refused: ${result.detail}`, refusalFix(result.reason))
    }
    if (!canSelect) return bad('self_test', `${name}: a text was sent, but nothing can prove it.`, 'See "package".')
    const claimant = { id: 'self', number, key: twinKey(number, body), body, baseline }
    const isThere = async (): Promise<boolean> => {
      const found = await commands.list({ type: 'sent', limit: 50, selection: "creator == 'com.termux.api'" })
      const rows: ProofRow[] = found.map(row => {
        const canonical = numbers.canonical(row.address)
        return {
          id: row.id,
          number: canonical,
          key: twinKey(canonical, row.body),
          body: row.body,
          identity: identityOf(row, zone),
          lasting: true,
        }
      })
      return findProof([claimant], rows, () => false).get('self')?.kind === 'proved'
    }
    const wait = parts.sleep ?? (ms => sleep(ms))
    for (let waited = 0; waited < SELF_TEST_MS; waited += 2000) {
      await wait(2000)
      if (!(await isThere())) continue
      await wait(LASTING_MS)
      if (await isThere()) return ok('self_test', `${name}: a text to the own number was sent and proved.`)
      break
    }
    return bad(
      'self_test',
      `${name}: no lasting row of the text came up in the SMS store, so it failed, or this phone cannot prove what it sends.`,
      'Look whether the text arrived. If it did, update Termux:API. If not: check the SIM and its credit, airplane mode, ' +
        'the permissions SMS and Phone of Termux:API, and whether a dialog waits on the screen.',
    )
  } catch (error) {
    return bad('self_test', `${name}: ${errorText(error)}`, 'Mend what is wrong above, then run doctor again.')
  }
}

function refusalFix(reason: string): string {
  if (reason === 'permission') {
    return (
      'Grant Termux:API the permission SMS. If it is grey: Settings > Apps > Termux:API > menu > "Allow restricted ' +
      'settings". By adb: adb shell pm grant com.termux.api android.permission.SEND_SMS'
    )
  }
  if (reason === 'command_missing') return 'pkg install termux-api'
  return 'Open the app Termux:API once, and look at the notifications of the phone.'
}

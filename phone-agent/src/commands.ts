import { execPath } from 'node:process'
import { createInterface } from 'node:readline/promises'
import { pathToFileURL } from 'node:url'
import { DIALLED, type DoctorFinding } from '../../src/shared/phone-protocol.ts'
import { Agent } from './agent.ts'
import { systemClock } from './clock.ts'
import { type Config, type Environment, type Folder, readConfig, removeConfig, writeConfig } from './config.ts'
import { askControl, type ControlRequest, serveControl } from './control.ts'
import { runDoctor } from './doctor.ts'
import { makeFolder } from './files.ts'
import { hasJournal } from './journal.ts'
import { Locked, takeLock } from './lock.ts'
import { type Log, lineLog } from './log.ts'
import { openCore, setAside } from './open.ts'
import { pair } from './pair.ts'
import type { PhoneCommands } from './phone-commands.ts'
import { installService, removeService } from './service.ts'
import { type RunningStatus, readStatus, statusLines } from './status.ts'
import { termuxPhone } from './termux.ts'
import { AGENT_VERSION } from './version.ts'

/** Exit codes: everything is well, something is not, the command line is wrong. */
export const FINE = 0
export const PROBLEM = 1
export const USAGE = 2

/** The command line is wrong; the sentence says how it should be. */
export class UsageError extends Error {}

/** A command line, read. */
export interface Call {
  readonly options: { readonly [name: string]: string | boolean | undefined }
  readonly rest: readonly string[]
  readonly environment: Environment
  readonly folder: Folder
}

export async function pairCommand(call: Call): Promise<number> {
  const [link, ...more] = call.rest
  if (!link || more.length > 0) {
    throw new UsageError(`Give the pairing link, in quotes: pair 'campaign-connector://pair?...'`)
  }
  const slots = slotsOf(call)
  const { folder } = call
  const before = readConfig(folder)
  if (before) throw new Error(`This phone is paired already, as "${before.name}". Run "unpair" first.`)
  makeFolder(folder.path)
  const lock = await takeLock(folder.path)
  try {
    const name = typeof call.options.name === 'string' ? call.options.name : null
    const parts = { folder, commands: await phoneOf(call), clock: systemClock, log: logOf(false), name, slots }
    const config = await pair(link, parts)
    return say(
      `Paired as "${config.name}". Start the agent with "run", or let it start by itself with "install-service".`,
    )
  } finally {
    await lock.release()
  }
}

export async function runAgent(call: Call): Promise<number> {
  const { environment, folder } = call
  const config = pairedConfig(folder)
  const lock = await takeLock(folder.path)
  const log = logOf(call.options['json-log'] === true)
  const commands = await phoneOf(call)
  const agent = await Agent.start({ folder, config, environment, commands, log })
  const control = await serveControl(folder.socket, request => answer(agent, request))
  log('info', 'started', `Agent ${AGENT_VERSION} runs in ${folder.path} (process ${process.pid}).`)
  void commands.wakeLock(true)
  const bar = setInterval(() => void commands.notify(barLine(agent)), 60_000)
  void commands.notify(barLine(agent))
  const signal = await new Promise<string>(resolve => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => resolve(name))
  })
  log('info', 'stopping', `The agent ends (${signal}).`)
  clearInterval(bar)
  control?.close()
  await agent.stop()
  await Promise.race([Promise.all([commands.notify(null), commands.wakeLock(false)]), pause(2000)])
  await lock.release()
  log('info', 'stopped', 'The agent has ended.')
  return FINE
}

async function answer(agent: Agent, request: ControlRequest): Promise<unknown> {
  if (request.command === 'status') return agent.status()
  if (request.command === 'rotate-key') return agent.rotateKey()
  if (request.command === 'resume-lane') return agent.resumeLane(request.slot ?? 0)
  return agent.doctor(request.slot ?? 0, request.number ?? null)
}

function barLine(agent: Agent): string {
  const { link, queued, phone } = agent.status()
  const halted = phone.lanes.filter(lane => lane.halt !== null && lane.halt !== 'gate' && lane.halt !== 'sim_missing')
  if (!link.connected) return 'Not connected with the hub'
  if (halted.length > 0) return `Halted (${halted[0]!.halt}). Run "status" for more`
  return queued > 0 ? `Sending, ${queued} waiting` : 'Connected, nothing to send'
}

export async function showStatus({ folder, options }: Call): Promise<number> {
  const config = readConfig(folder)
  const told = await askControl(folder.socket, { command: 'status' }, 5000).catch(() => null)
  const status = told?.ok ? (told.result as RunningStatus) : readStatus(folder.status)
  const isRunning = (await holderOf(folder)) !== null
  if (options.json) {
    console.log(JSON.stringify({ paired: config !== null, running: isRunning, name: config?.name ?? null, status }))
  } else if (!config) {
    console.log('This phone is not paired. Run "pair" with the link that the hub shows under "Pair a phone".')
  } else {
    console.log(`Paired as "${config.name}" with the hub at ${config.addresses.join(', ')}.`)
    if (!isRunning) console.log('The agent does not run. Start it with "run".')
    else if (status) console.log(statusLines(status, Date.now()).join('\n'))
  }
  const well = config !== null && isRunning && status?.link.connected === true
  return well ? FINE : PROBLEM
}

export async function doctor(call: Call): Promise<number> {
  const { folder, options } = call
  const slot = slotOf(call)
  const config = readConfig(folder)
  const number = typeof options.number === 'string' ? options.number : (config?.numbers[slot] ?? null)
  if (number !== null && !DIALLED.test(number)) {
    throw new UsageError('Give the own number as digits with an optional + in front, such as +15555550100.')
  }
  const agreed =
    number === null || options.yes === true || (await asks(`Send one text to ${number} (your own number)?`))
  const own = agreed ? number : null
  let findings: DoctorFinding[]
  const running = await askControl(folder.socket, { command: 'doctor', slot, number: own }, 240_000)
  if (running) {
    if (!running.ok) throw new Error(running.message)
    findings = running.result as DoctorFinding[]
  } else {
    findings = await doctorAlone(call, config, slot, own)
  }
  if (options.json) console.log(JSON.stringify(findings))
  else for (const one of findings) console.log(findingLine(one))
  return findings.every(one => one.ok) ? FINE : PROBLEM
}

/** Without a running agent the self-test is counted in the journal here, under the lock. */
async function doctorAlone(
  call: Call,
  config: Config | null,
  slot: number,
  number: string | null,
): Promise<DoctorFinding[]> {
  const { folder, environment } = call
  const commands = await phoneOf(call)
  const parts = { commands, environment, folder, config }
  if (number === null) return runDoctor({ ...parts, selfTest: null })
  if (!config || !hasJournal(folder.journal)) {
    return runDoctor({ ...parts, selfTest: { slot, number, count: () => Promise.resolve() } })
  }
  const lock = await takeLock(folder.path)
  const core = await openCore({ folder, config, commands, clock: systemClock, log: logOf(false), random: Math.random })
  try {
    const count = (to: string): Promise<void> =>
      core.record([{ note: { type: 'uses', list: [[slot, core.hubNow(), 1, to]] } }])
    const findings = await runDoctor({ ...parts, selfTest: { slot, number, count } })
    const passed = findings.some(one => one.check === 'self_test' && one.ok)
    writeConfig(folder, {
      ...config,
      numbers: { ...config.numbers, [slot]: number },
      tested: { ...config.tested, [slot]: passed },
    })
    return findings
  } finally {
    await core.journal.close()
    await lock.release()
  }
}

function findingLine({ ok, check, message, fix }: DoctorFinding): string {
  const mark = !ok ? 'WRONG' : fix ? 'look ' : 'fine '
  return `${mark}  ${check}: ${message}${fix ? `\n       ${fix}` : ''}`
}

export async function rotateKey(call: Call): Promise<number> {
  const { folder, environment } = call
  const config = pairedConfig(folder)
  const running = await askControl(folder.socket, { command: 'rotate-key' }, 60_000)
  if (running) {
    if (!running.ok) throw new Error(running.message)
    return say('The phone has a new key.')
  }
  const lock = await takeLock(folder.path)
  const commands = await phoneOf(call)
  const agent = await Agent.start({ folder, config, environment, commands, log: () => {} })
  try {
    await agent.rotateKey()
    return say('The phone has a new key.')
  } finally {
    await agent.stop()
    await lock.release()
  }
}

export async function resumeLane(call: Call): Promise<number> {
  const slot = slotOf(call)
  pairedConfig(call.folder)
  const running = await askControl(call.folder.socket, { command: 'resume-lane', slot }, 30_000)
  if (!running) throw new Error('The agent does not run. Start it with "run", then resume the lane.')
  if (!running.ok) throw new Error(running.message)
  return say(`SIM ${slot + 1} goes on.`)
}

export async function unpair(call: Call): Promise<number> {
  const { folder, options } = call
  makeFolder(folder.path)
  const lock = await takeLock(folder.path)
  try {
    if (options.forget) {
      const question = 'Forget what this phone has sent? The hub will count its open messages as unknown.'
      if (options.yes !== true && !(await asks(question))) return say('Nothing was changed.')
      if (hasJournal(folder.journal)) setAside(folder, Date.now())
    }
    removeConfig(folder)
    return say('This phone is no longer paired. Revoke it in the hub too, so that its key is worth nothing.')
  } finally {
    await lock.release()
  }
}

export async function service({ environment, folder, options }: Call): Promise<number> {
  if (options.remove) {
    removeService(environment)
    return say('The agent no longer starts by itself.')
  }
  pairedConfig(folder)
  const program = process.argv[1] ?? ''
  return say((await installService(environment, folder, program, execPath)).join('\n'))
}

function pairedConfig(folder: Folder): Config {
  const config = readConfig(folder)
  if (config) return config
  throw new Error('This phone is not paired. Run "pair" with the link that the hub shows under "Pair a phone".')
}

/** Who runs an agent on the folder: a sentence, or null. */
async function holderOf(folder: Folder): Promise<string | null> {
  try {
    makeFolder(folder.path)
    await (await takeLock(folder.path)).release()
    return null
  } catch (error) {
    if (error instanceof Locked) return error.message
    throw error
  }
}

/** This phone; a test or benchmark can put a module in its place whose default export makes the commands. */
async function phoneOf({ options, environment }: Call): Promise<PhoneCommands> {
  const module = options['phone-module']
  if (typeof module !== 'string') return termuxPhone(environment.all)
  const { default: make } = (await import(pathToFileURL(module).href)) as { default: () => PhoneCommands }
  return make()
}

function slotsOf({ options }: Call): number[] | null {
  if (typeof options.slots !== 'string') return null
  const slots = options.slots.split(',').map(Number)
  if (slots.length > 0 && slots.every(slot => Number.isInteger(slot) && slot >= 0 && slot <= 3))
    return [...new Set(slots)]
  throw new UsageError('Give the slots that hold a SIM, counted from 0, as in --slots 0,1.')
}

function slotOf({ options }: Call): number {
  const slot = typeof options.slot === 'string' ? Number(options.slot) : 0
  if (Number.isInteger(slot) && slot >= 0 && slot <= 3) return slot
  throw new UsageError('Give the slot of the SIM, counted from 0, as in --slot 1.')
}

function logOf(json: boolean): Log {
  return lineLog(line => console.log(line), { json, now: () => Date.now() })
}

async function asks(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const said = await terminal.question(`${question} [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(said.trim())
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms).unref())
}

export function say(text: string): number {
  console.log(text)
  return FINE
}

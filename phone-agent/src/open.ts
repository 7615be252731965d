import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from './clock.ts'
import type { Config, Folder } from './config.ts'
import { Core } from './core.ts'
import { errorCode, syncFolder, writeWhole } from './files.ts'
import { hasJournal, Journal } from './journal.ts'
import type { JournalFiles } from './journal-files.ts'
import type { CarriedPhase, Line, NewLine } from './journal-lines.ts'
import { JournalDamaged } from './journal-segments.ts'
import type { Log } from './log.ts'
import { type Numbers, numbersOf } from './numbers.ts'
import type { PhoneCommands } from './phone-commands.ts'
import { AgentState } from './state.ts'

export interface OpenOptions {
  readonly folder: Folder
  readonly config: Config
  readonly commands: PhoneCommands
  readonly clock: Clock
  readonly log: Log
  readonly random: () => number
  readonly files?: JournalFiles
}

/**
 * Opens the journal of a paired phone, and what follows from it.
 * @throws JournalDamaged with a sentence.
 */
export async function openCore(options: OpenOptions): Promise<Core> {
  const { folder, config, commands, clock, log, random, files } = options
  if (!hasJournal(folder.journal)) {
    throw new JournalDamaged(
      `The journal in ${folder.journal} is gone, so nobody knows what was sent. Run "unpair", and pair this phone again.`,
    )
  }
  const numbers = numbersOf(config.country)
  const { state, journal } = openJournal(folder, numbers, clock, files)
  await journal.append([{ note: { type: 'start', boot: bootName(), up: clock.up() } }])
  return new Core({ clock, state, journal, commands, numbers, log, random, pairedAt: config.pairedAt })
}

/** The journal that a pairing is to go on with. */
export interface PairingJournal {
  readonly identity: string
  /** Makes it the phone's journal. @returns when this hub and phone were first paired, ms by the phone's clock. */
  commit(): number
}

/**
 * Prepares the journal for a pairing. With the hub that it had before a phone goes on with its journal as long as that is
 * whole; otherwise it begins a new one, which keeps what the phone has used of its limits and, for the same hub, which
 * messages it must refuse. Nothing is changed before `commit`.
 */
export async function journalForPairing(
  folder: Folder,
  country: string | null,
  clock: Clock,
  pin: string,
): Promise<PairingJournal> {
  const now = clock.wall()
  let carried: NewLine[] = []
  let before: HubMark | null = null
  if (hasJournal(folder.journal)) {
    before = readMark(folder)
    const { state, journal } = openJournal(folder, numbersOf(country), clock)
    await journal.close()
    const pairedAt = before?.pin === pin ? before.pairedAt : null
    if (pairedAt !== null && journal.firstSeq === 1) return { identity: journal.identity, commit: () => pairedAt }
    carried = carryOver(state, pairedAt !== null)
  }
  const staged = `${folder.journal}-new`
  rmSync(staged, { recursive: true, force: true })
  const journal = Journal.create(staged, { now: () => clock.wall(), onLine: () => {} })
  await journal.append(carried)
  await journal.close()
  const pairedAt = before?.pin === pin ? before.pairedAt : now
  writeWhole(join(staged, MARK), `${JSON.stringify({ pin, pairedAt })}\n`)
  return {
    identity: journal.identity,
    commit: () => {
      if (existsSync(folder.journal)) setAside(folder, now)
      renameSync(staged, folder.journal)
      syncFolder(folder.path)
      return pairedAt
    },
  }
}

/** Puts the journal out of the way. Nobody will know any more what it says. */
export function setAside(folder: Folder, now: number): void {
  const name = `${folder.journal}-until-${new Date(now)
    .toISOString()
    .replace(/[^0-9]/g, '')
    .slice(0, 14)}`
  renameSync(folder.journal, name)
  syncFolder(folder.path)
}

/** What still matters of lines whose file is removed: the messages they speak of, and the facts that were noted in them. */
export function carriedNotes(state: AgentState, lines: readonly Line[]): NewLine[] {
  const ids = new Set<string>()
  for (const line of lines) {
    if (line.note?.type === 'carried') for (const [id] of line.note.messages) ids.add(id)
    else if (line.entry && 'id' in line.entry) ids.add(line.entry.id)
  }
  const { store, maxId } = state.inbound
  const notes = [...messagesOf(state, ids), ...lanesOf(state)]
  return store === '' ? notes : [...notes, { note: { type: 'store', store, max: maxId, rows: [] } }]
}

function messagesOf(state: AgentState, ids: Iterable<string>): NewLine[] {
  const messages: [string, number, CarriedPhase, number][] = []
  for (const id of ids) {
    const message = state.messages.get(id)
    if (!message || message.phase === 'accepted') continue
    const { assignment, phase, attempted } = message
    messages.push([id, assignment, phase === 'attempting' || phase === 'handed_over' ? 'unknown' : phase, attempted])
  }
  const notes: NewLine[] = []
  for (let i = 0; i === 0 || i < messages.length; i += 1000) {
    notes.push({ note: { type: 'carried', epoch: state.epoch, messages: messages.slice(i, i + 1000) } })
  }
  return notes
}

function lanesOf(state: AgentState): NewLine[] {
  const notes: NewLine[] = []
  for (const slot of state.slots()) {
    const { subId, swapped } = state.lane(slot)
    if (subId !== null) notes.push({ note: { type: 'sim', slot, subId } })
    if (swapped) notes.push({ note: { type: 'sim-swapped', slot } })
  }
  return notes
}

function carryOver(state: AgentState, sameHub: boolean): NewLine[] {
  const notes: NewLine[] = [...(sameHub ? messagesOf(state, state.messages.keys()) : []), ...lanesOf(state)]
  const list = state.slots().flatMap(slot =>
    state
      .lane(slot)
      .use.recent()
      .map(use => [slot, ...use] as const),
  )
  for (let i = 0; i < list.length; i += 1000) notes.push({ note: { type: 'uses', list: list.slice(i, i + 1000) } })
  return notes
}

function openJournal(folder: Folder, numbers: Numbers, clock: Clock, files?: JournalFiles) {
  const state = new AgentState(number => numbers.canonical(number))
  const journal = Journal.open(folder.journal, {
    now: () => clock.wall(),
    onLine: line => state.apply(line),
    ...(files && { files }),
  })
  return { state, journal }
}

/** File in the journal's folder that names the hub it is for. */
const MARK = 'hub.json'

interface HubMark {
  readonly pin: string
  readonly pairedAt: number
}

function readMark(folder: Folder): HubMark | null {
  try {
    const { pin, pairedAt } = JSON.parse(readFileSync(join(folder.journal, MARK), 'utf8')) as Partial<HubMark>
    return typeof pin === 'string' && typeof pairedAt === 'number' ? { pin, pairedAt } : null
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || error instanceof SyntaxError) return null
    throw error
  }
}

/** The kernel's name for this start of the phone; null where Android keeps it to itself. */
export function bootName(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || null
  } catch {
    return null
  }
}

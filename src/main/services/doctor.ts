import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DoctorFinding } from '../../shared/phone-protocol.ts'
import { runChore } from '../db/chores.ts'
import { epochOf } from '../db/meta.ts'
import { pragmaFaults } from '../db/open.ts'
import { allPhones, type PhoneRow } from '../db/phones.ts'
import { accessFindings } from './access/doctor.ts'
import { verifyAudit } from './audit.ts'
import { authFindings } from './auth/doctor.ts'
import { listBackups } from './backups.ts'
import { agentFindings, clockFinding } from './doctor-clock.ts'
import { doorFindings } from './doctor-doors.ts'
import { fine, wrong } from './doctor-finding.ts'
import type { SystemParts } from './system.ts'
import { webhookFindings } from './webhooks/doctor.ts'

const DAY_MS = 24 * 3_600_000
/** Below this there is no room for a backup beside the database and its log. */
const LEAST_FREE_BYTES = 500 * 1024 * 1024
/** Files that are named; after the first few commands a person does the rest at once. */
const MOST_PATHS = 10

/** Everything that is known to go wrong with a data folder and its phones, each with its fix. */
export async function doctorFindings(parts: SystemParts): Promise<DoctorFinding[]> {
  return [
    ...permissions(parts),
    keyFinding(parts),
    await diskFinding(parts),
    await databaseFinding(parts),
    pragmaFinding(parts),
    auditFinding(parts),
    ...(await authFindings(parts)),
    backupFinding(parts),
    clockFinding(parts),
    ...doorFindings(parts),
    ...webhookFindings(parts.db),
    ...accessFindings(parts),
    ...phoneFindings(parts),
    ...agentFindings(parts),
  ]
}

function permissions({ paths }: SystemParts): DoctorFinding[] {
  // Windows has no such bits: there the folder of the user keeps others out.
  if (process.platform === 'win32') return []
  const check = 'permissions'
  const owner = process.getuid?.()
  const found = filesOf(paths.root).map(path => ({ path, state: lstatSync(path, { throwIfNoEntry: false }) }))
  const open = found.filter(({ state }) => state && !state.isSymbolicLink() && (state.mode & 0o077) !== 0)
  const foreign = found.filter(({ state }) => state && state.uid !== owner)
  if (open.length + foreign.length === 0) return [fine(check, 'The data folder can be opened by its owner only.')]
  const findings = [
    ...open.map(({ path, state }) =>
      wrong(check, `${path} can be opened by others.`, `chmod ${state!.isDirectory() ? 700 : 600} ${path}`),
    ),
    ...foreign.map(({ path }) =>
      wrong(check, `${path} belongs to another user than the one who runs this.`, `sudo chown ${owner} ${path}`),
    ),
  ]
  return findings.slice(0, MOST_PATHS)
}

/** The folder, then everything in it, folders before what is in them. */
function filesOf(root: string): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  return [root, ...names.map(name => join(root, name))]
}

function keyFinding({ vault, paths }: SystemParts): DoctorFinding {
  if (vault.problem === null) return fine('data key', 'The data key opens.')
  return wrong('data key', vault.problem, `Put ${paths.keyFile} back, or: campaign-connector key restore`)
}

async function diskFinding({ paths, disk }: SystemParts): Promise<DoctorFinding> {
  const free = await disk.freeBytes(paths.root)
  const needed = Math.max(LEAST_FREE_BYTES, 2 * statSync(paths.database).size)
  const room = `${megabytes(free)} MB are free where the data folder lies`
  if (free >= needed) return fine('disk space', `${room}.`)
  return wrong(
    'disk space',
    `${room}; a backup needs ${megabytes(needed)} MB.`,
    'Remove files or move the folder to a larger disk.',
  )
}

async function databaseFinding({ paths }: SystemParts): Promise<DoctorFinding> {
  const restore =
    'Stop the hub, keep a copy of the folder, and restore a backup: campaign-connector backup restore FILE'
  try {
    const faults = await runChore('quick-check', { path: paths.database })
    if (faults.length === 0) return fine('database', 'The pages of the database are sound.')
    return wrong('database', `The database is damaged: ${faults.slice(0, 3).join('; ')}`, restore)
  } catch (error) {
    return wrong('database', `The database cannot be read: ${error instanceof Error ? error.message : ''}`, restore)
  }
}

function pragmaFinding({ db }: SystemParts): DoctorFinding {
  const faults = pragmaFaults(db)
  if (faults.length === 0) return fine('durability', 'Every commit is synced to the disk, and references are enforced.')
  return wrong(
    'durability',
    `The database runs with ${faults.join(', ')}.`,
    'Move the data folder to a local disk and restart the hub.',
  )
}

function auditFinding({ db }: SystemParts): DoctorFinding {
  const { rows, brokenAt } = verifyAudit(db)
  if (brokenAt === null) return fine('audit log', `All ${rows} rows of the audit log fit together.`)
  return wrong(
    'audit log',
    `Row ${brokenAt} of the audit log was changed, removed or added from outside.`,
    'Find out who had access to the data folder, and compare with a backup: campaign-connector audit verify',
  )
}

function backupFinding({ db, paths, clock, settings }: SystemParts): DoctorFinding {
  const newest = listBackups(paths)[0]
  const create = 'campaign-connector backup create'
  if (!newest) {
    const young = clock.now() - epochOf(db) < 2 * DAY_MS
    if (young) return fine('backups', 'There is no backup yet. A hub makes one each day.')
    return wrong('backups', 'There is no backup.', create)
  }
  const days = Math.floor((clock.now() - newest.createdAt) / DAY_MS)
  const age = days < 1 ? 'less than a day' : days === 1 ? 'a day' : `${days} days`
  if (days < 2) return fine('backups', `The newest backup is ${age} old.`)
  const daily = settings.current().backups.daily
    ? 'Leave the hub running, or'
    : 'campaign-connector settings set backups.daily true, or'
  return wrong('backups', `The newest backup is ${age} old.`, `${daily}: ${create}`)
}

function phoneFindings({ db, serving, isConnected }: SystemParts): DoctorFinding[] {
  return allPhones(db, false).map(phone => phoneFinding(phone, !serving || isConnected(phone.id)))
}

function phoneFinding(phone: PhoneRow, connected: boolean): DoctorFinding {
  const check = `phone ${phone.id}`
  const name = phone.name
  if (phone.journalProblem !== null) {
    return wrong(
      check,
      `${name} is refused: its memory of what it sent is ${phone.journalProblem === 'journal_changed' ? 'another one' : 'older than it was'}.`,
      `If you have reinstalled it: campaign-connector phones accept-journal ${phone.id}`,
    )
  }
  if (phone.replayNeeded === 1) {
    return wrong(
      check,
      `A backup was restored, and ${name} has not yet told what it sent since.`,
      `Connect it, or: campaign-connector phones write-off ${phone.id}`,
    )
  }
  if (!connected)
    return wrong(check, `${name} is not connected.`, 'Start the agent in Termux: campaign-connector-agent run')
  if (phone.canProve === 0) {
    return wrong(check, `${name} cannot prove what it sends.`, `See why: campaign-connector phones doctor ${phone.id}`)
  }
  return fine(check, `${name} is in order.`)
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024)
}

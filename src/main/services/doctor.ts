import { existsSync, statfsSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import type { DoctorFinding } from '../../shared/phone-protocol.ts'
import { runChore } from '../db/chores.ts'
import { epochOf } from '../db/meta.ts'
import { pragmaFaults } from '../db/open.ts'
import { allPhones, type PhoneRow } from '../db/phones.ts'
import { verifyAudit } from './audit.ts'
import { listBackups } from './backups.ts'
import type { SystemParts } from './system.ts'

const DAY_MS = 24 * 3_600_000
/** Below this there is no room for a backup beside the database and its log. */
const LEAST_FREE_BYTES = 500 * 1024 * 1024

/** Everything that is known to go wrong with a data folder and its phones, each with its fix. */
export async function doctorFindings(parts: SystemParts): Promise<DoctorFinding[]> {
  return [
    ...permissions(parts),
    keyFinding(parts),
    diskFinding(parts),
    await databaseFinding(parts),
    pragmaFinding(parts),
    auditFinding(parts),
    backupFinding(parts),
    linkFinding(parts),
    ...phoneFindings(parts),
  ]
}

function permissions({ paths }: SystemParts): DoctorFinding[] {
  // Windows has no such bits: there the folder of the user keeps others out.
  if (process.platform === 'win32') return []
  const open = [paths.root, paths.database, paths.keyFile, paths.backups, paths.replaced, paths.log]
    .filter(path => existsSync(path))
    .filter(path => (statSync(path).mode & 0o077) !== 0)
  if (open.length === 0) return [fine('permissions', 'The data folder can be opened by its owner only.')]
  return open.map(path =>
    wrong(
      'permissions',
      `${path} can be opened by others.`,
      `chmod ${statSync(path).isDirectory() ? 700 : 600} ${path}`,
    ),
  )
}

function keyFinding({ vault, paths }: SystemParts): DoctorFinding {
  if (vault.problem === null) return fine('data key', 'The data key opens.')
  return wrong('data key', vault.problem, `Put ${paths.keyFile} back, or: campaign-connector key restore`)
}

function diskFinding({ paths }: SystemParts): DoctorFinding {
  const { bavail, bsize } = statfsSync(paths.root)
  const free = bavail * bsize
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

function linkFinding({ serving, link, settings }: SystemParts): DoctorFinding {
  const state = link()
  if (!serving) return fine('phone link', 'No hub runs on this folder, so nothing listens and nothing is sent.')
  if (!state) {
    return wrong(
      'phone link',
      `The phone link does not listen on ${settings.current().linkHost}:${settings.current().linkPort}.`,
      'Mend the data key if it is closed; else choose a free port (campaign-connector settings set linkPort 8444) and restart the hub.',
    )
  }
  const where = state.listening.join(', ')
  const opened = state.listening.some(address => !isLoopback(address))
  return fine(
    'phone link',
    opened
      ? `It listens on ${where}: phones of the network can reach it.`
      : `It listens on ${where}, for this computer only.`,
  )
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

function isLoopback(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function fine(check: string, message: string): DoctorFinding {
  return { check, ok: true, message: message.slice(0, 500), fix: null }
}

function wrong(check: string, message: string, fix: string): DoctorFinding {
  return { check, ok: false, message: message.slice(0, 500), fix: fix.slice(0, 1000) }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024)
}

import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { Refusal } from '../../shared/errors.ts'
import { CAMPAIGN_STATES } from '../../shared/operations/campaigns.ts'
import { RESET_CONFIRMATION } from '../../shared/operations/database.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { MESSAGE_STATES } from '../../shared/operations/messages.ts'
import { TWIN_WAIT_MS } from '../../shared/phone-protocol.ts'
import type { Database, Reader } from '../db/database.ts'
import { schemaVersion } from '../db/migrate.ts'
import {
  changeStamp,
  emptyTables,
  phonesWithMessages,
  runningCampaignIds,
  withoutForeignKeys,
  workingImportIds,
} from '../db/reset.ts'
import {
  campaignsByState,
  countInbound,
  countLists,
  countPhones,
  countRows,
  countUnread,
  databaseBytes,
  messagesByState,
} from '../db/stats.ts'
import { passwordOnceMore } from './auth/once-more.ts'
import type { Auth } from './auth/service.ts'
import { type BackupParts, backupBeforeReset } from './backups.ts'
import type { ChangeContext, HandlersFor } from './operations/dispatch.ts'
import type { Happenings } from './ports.ts'

export interface DatabaseParts extends BackupParts {
  readonly happenings: Happenings
  readonly auth: Pick<Auth, 'checkPassword'>
}

/** How often the backup is made anew when something changes while it is made. */
const TRIES = 3

/** What is in the database, and emptying it. */
export function databaseHandlers(parts: DatabaseParts): HandlersFor<'system.stats' | 'system.reset'> {
  return {
    'system.stats': () => stats(parts.db),
    'system.reset': async ({ confirm, password }, context) => {
      if (confirm !== RESET_CONFIRMATION) {
        const message = `Type exactly: ${RESET_CONFIRMATION}`
        throw new Refusal('invalid_input', message, { confirm: message })
      }
      await passwordOnceMore(parts.auth, context, password)
      refuseWhileBusy(parts.db)
      for (let left = TRIES; left > 0; left -= 1) {
        const done = await tryReset(parts, context)
        if (done) return done
      }
      throw new Refusal(
        'unavailable',
        'Something was changed each time while the backup was made. Wait until nobody works with it, then try again.',
      )
    },
  }
}

/** Null: something came in that the backup does not hold, and so nothing was removed. */
async function tryReset(parts: DatabaseParts, context: ChangeContext): Promise<OutputOf<'system.reset'> | null> {
  const { db, clock, happenings } = parts
  const stamp = changeStamp(db)
  const backup = await backupBeforeReset(parts)
  const removed = withoutForeignKeys(db, () => {
    if (changeStamp(db) !== stamp) return null
    refuseWhileBusy(db)
    return context.commit((tx, about) => {
      about('backup', backup.createdAt)
      const counts = {
        contacts: countRows(tx, 'contacts'),
        imports: countRows(tx, 'imports'),
        campaigns: countRows(tx, 'campaigns'),
        messages: countRows(tx, 'messages'),
        threads: countRows(tx, 'threads'),
      }
      emptyTables(tx, clock.now(), clock.now() - TWIN_WAIT_MS)
      return counts
    })
  })
  if (!removed) {
    rmSync(backup.path)
    return null
  }
  happenings.tell({ type: 'work' })
  const { path, bytes, createdAt } = backup
  return { backup: { name: basename(path), bytes, createdAt }, removed }
}

/** A message that a phone holds could still leave, and nobody would know any more that it did. */
function refuseWhileBusy(db: Reader): void {
  const campaigns = runningCampaignIds(db)
  if (campaigns.length > 0) {
    throw new Refusal(
      'conflict',
      `Campaigns are running (${campaigns.slice(0, 10).join(', ')}). Cancel them first: campaign-connector campaigns cancel ${campaigns[0]}`,
    )
  }
  const imports = workingImportIds(db)
  if (imports.length > 0) {
    throw new Refusal('conflict', `Import ${imports[0]} is at work. Wait until it is done, or cancel it.`)
  }
  const [phone] = phonesWithMessages(db)
  if (phone) {
    throw new Refusal(
      'conflict',
      `${phone.name} still holds ${phone.messages} messages or looks for their proof. Connect it and wait until it has given them back; if it is gone for good, revoke it: campaign-connector phones revoke ${phone.id}`,
    )
  }
}

function stats(db: Database): OutputOf<'system.stats'> {
  return {
    schema: schemaVersion(db),
    bytes: databaseBytes(db),
    users: countRows(db, 'users'),
    phones: countPhones(db),
    contacts: countRows(db, 'contacts'),
    lists: countLists(db),
    imports: countRows(db, 'imports'),
    suppressions: countRows(db, 'suppressions'),
    threads: countRows(db, 'threads'),
    unreadThreads: countUnread(db),
    inbound: countInbound(db),
    campaigns: byState(CAMPAIGN_STATES, campaignsByState(db)),
    messages: byState(MESSAGE_STATES, messagesByState(db)),
  }
}

function byState<State extends string>(
  states: readonly State[],
  counted: readonly { state: State; n: number }[],
): Record<State, number> {
  const counts = Object.fromEntries(states.map(state => [state, 0])) as Record<State, number>
  for (const { state, n } of counted) counts[state] = n
  return counts
}

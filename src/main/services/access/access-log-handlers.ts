import type { AccessSource } from '../../../shared/operations/services.ts'
import { listVisits, type SourceRow } from '../../db/access-log.ts'
import { serviceById } from '../../db/access-services.ts'
import { personById } from '../../db/people.ts'
import { lockedFor } from '../../domain/lockout.ts'
import { idCursor, nextCursor } from '../cursor.ts'
import type { HandlersFor } from '../operations/dispatch.ts'
import type { AccessLogs } from './access-log.ts'
import { askFail2ban, type Bans } from './bans.ts'
import type { AccessParts } from './parts.ts'

type Names = 'services.visits' | 'services.bans' | 'services.lift-ban'

export function accessLogHandlers(parts: AccessParts, logs: AccessLogs, bans: Bans): HandlersFor<Names> {
  const { db, clock } = parts
  const shown = (source: SourceRow): AccessSource => {
    const { id, address, failures, lastAt, lockedUntil, total } = source
    const banned = lockedFor(source, clock.now()) > 0
    return { id, address, failures: failures.length, total, lastAt, bannedUntil: banned ? lockedUntil : null }
  }
  return {
    'services.visits': ({ serviceId = null, personId = null, limit, after }) => {
      const rows = listVisits(db, { serviceId, personId }, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      const items = rows.map(row => ({
        ...row,
        service: serviceById(db, row.serviceId)?.name ?? '',
        person: row.personId === null ? null : (personById(db, row.personId)?.name ?? null),
      }))
      return { items, next: nextCursor(rows, limit, row => row.id) }
    },
    'services.bans': async () => {
      const fail2ban = await askFail2ban()
      return {
        fail2ban: { state: fail2ban.state, banned: [...fail2ban.banned] },
        sources: bans.recent().map(shown),
        problem: bans.problem,
        logs: logs.states(),
      }
    },
    'services.lift-ban': ({ id }, { commit }) => {
      commit((tx, about) => {
        about('source', id)
        bans.lift(tx, id)
      })
      bans.publish()
      return { done: true as const }
    },
  }
}

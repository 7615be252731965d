import type { DoctorFinding } from '../../../shared/phone-protocol.ts'
import type { Reader } from '../../db/database.ts'
import { allWebhooks, countDeliveries, type WebhookRow } from '../../db/webhooks.ts'
import { fine, wrong } from '../doctor-finding.ts'

const COUNTED = 1_000

/** What is known to go wrong with webhooks. */
export function webhookFindings(db: Reader): DoctorFinding[] {
  return allWebhooks(db).map(webhook => finding(db, webhook))
}

function finding(db: Reader, { id, name, active, failingSince, lastError }: WebhookRow): DoctorFinding {
  const check = `webhook ${id}`
  const count = (state: 'given_up' | 'before_restore') => {
    const n = countDeliveries(db, id, state, COUNTED)
    return n === COUNTED ? `${COUNTED} or more` : String(n)
  }
  if (failingSince !== null) {
    return wrong(check, `${name} fails: ${lastError}`, `Mend the target, then: campaign-connector webhooks test ${id}`)
  }
  const [givenUp, held] = [count('given_up'), count('before_restore')]
  if (givenUp !== '0') {
    const fix = `Send them again: campaign-connector webhooks replay ${id} --all given_up`
    return wrong(check, `${name}: ${givenUp} deliveries were given up after two days.`, fix)
  }
  if (held !== '0') {
    return wrong(
      check,
      `${name}: ${held} deliveries waited in the backup that was restored; they may have been sent since.`,
      `Send them again if that does no harm: campaign-connector webhooks replay ${id} --all before_restore`,
    )
  }
  return fine(check, `${name} is ${active ? 'in order' : 'switched off'}.`)
}

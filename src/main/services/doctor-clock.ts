import type { DoctorFinding } from '../../shared/phone-protocol.ts'
import { listAudit } from '../db/audit.ts'
import { epochOf } from '../db/meta.ts'
import { allPhones, type PhoneRow } from '../db/phones.ts'
import { fine, wrong } from './doctor-finding.ts'
import type { SystemParts } from './system.ts'

/** So much clocks may differ, in ms. Allowed hours and the answers to STOP depend on them by minutes. */
const TOLERATED_MS = 2 * 60_000

/** The clock of this computer against what was written before, and against those of the phones. */
export function clockFinding({ db, clock }: SystemParts): DoctorFinding {
  const check = 'clock'
  const now = clock.now()
  const phones = allPhones(db, false)
  const last = Math.max(
    epochOf(db),
    listAudit(db, Number.MAX_SAFE_INTEGER, 1)[0]?.at ?? 0,
    ...phones.map(phone => phone.lastSeenAt ?? 0),
  )
  if (last - now > TOLERATED_MS) {
    return wrong(
      check,
      `This computer's clock is ${Math.round((last - now) / 60_000)} minutes behind the last thing that the database has a time of.`,
      'Set it by the network (timedatectl set-ntp true), then restart the hub. Until then allowed hours are wrong.',
    )
  }
  const off = phones.filter(phone => clockOf(phone) === false).map(phone => phone.name)
  if (off.length > 0) {
    return wrong(
      check,
      `The clock of ${off.join(', ')} and that of this computer do not agree.`,
      'See which of them is wrong, and set it to automatic; then: campaign-connector phones doctor ID',
    )
  }
  const agreeing = phones.filter(phone => clockOf(phone) === true).length
  const others =
    agreeing === 0 ? '' : ` and agrees with ${agreeing === 1 ? 'that of a phone' : `those of ${agreeing} phones`}`
  return fine(check, `This computer's clock goes on from the last time in the database${others}.`)
}

/** The version of a phone's agent against that of the agent that comes with this hub, which is the hub's own. */
export function agentFindings({ db, version }: SystemParts): DoctorFinding[] {
  return allPhones(db, false)
    .filter(phone => phone.agentVersion !== '' && phone.agentVersion !== version)
    .map(({ id, name, agentVersion }) => {
      const check = `agent of phone ${id}`
      const message = `${name} runs agent ${agentVersion}; this hub comes with ${version}.`
      if (older(agentVersion, version)) {
        return wrong(check, message, 'Fetch the agent anew on the phone: "Update" in docs/phone-setup.md says how.')
      }
      return wrong(check, message, 'Update this hub: an older one may not understand what the agent says.')
    })
}

/** What the phone's own doctor said of its clock last; null: nothing. */
function clockOf(phone: PhoneRow): boolean | null {
  const findings = JSON.parse(phone.findings) as DoctorFinding[]
  return findings.find(finding => finding.check === 'clock')?.ok ?? null
}

/** Compares versions by their numbers. What is no version is older than all. */
function older(one: string, other: string): boolean {
  const parts = (version: string) => (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number)
  const [left, right] = [parts(one), parts(other)]
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const [a = 0, b = 0] = [left[at], right[at]]
    if (a !== b) return a < b
  }
  return one < other
}

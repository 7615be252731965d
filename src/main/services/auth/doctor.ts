import { Refusal } from '../../../shared/errors.ts'
import type { DoctorFinding } from '../../../shared/phone-protocol.ts'
import { listApiKeys } from '../../db/api-keys.ts'
import type { Database } from '../../db/database.ts'
import { listLockouts } from '../../db/lockouts.ts'
import { listUsers, type UserRow } from '../../db/users.ts'
import type { Passwords } from '../passwords.ts'
import type { Clock } from '../ports.ts'
import type { SettingsView } from '../settings.ts'
import { environmentKeySince } from './environment-keys.ts'
import type { EnvironmentKey } from './key-ring.ts'
import { keyReminder, OLD_MS } from './keys.ts'

interface Parts {
  readonly db: Database
  readonly clock: Clock
  readonly settings: SettingsView
  readonly passwords: Passwords
  readonly environmentKeys: readonly EnvironmentKey[]
}

const DAY_MS = 24 * 3_600_000
/** Each of them takes a hash for each administrator. */
const MOST_ADMINS = 5
const SHOWN = 5

/** What is known to go wrong with accounts, keys and locks. */
export async function authFindings(parts: Parts): Promise<DoctorFinding[]> {
  return [await administrators(parts), ...passwordsOfTheirOwn(parts), ...locks(parts), ...keys(parts)]
}

async function administrators({ db, settings, passwords }: Parts): Promise<DoctorFinding> {
  const check = 'administrators'
  const users = listUsers(db)
  const admins = users.filter(user => user.role === 'admin' && user.active === 1)
  if (users.length === 0) return fine(check, 'There is no user yet: campaign-connector users create NAME --role admin')
  if (admins.length === 0) {
    return wrong(
      check,
      'There is no active administrator, so nobody can manage users and phones in the window or the web.',
      'campaign-connector users create NAME --role admin, or: campaign-connector users update NAME --role admin',
    )
  }
  const weak: string[] = []
  try {
    for (const admin of admins.slice(0, MOST_ADMINS)) {
      if (await isGuessed(admin, settings.current().organisation, passwords)) weak.push(admin.username)
    }
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'too_many') throw error
    return wrong(
      check,
      'So many sign-ins are waiting that the passwords of administrators could not be looked at.',
      'See from where they come: campaign-connector logins list; then run this again.',
    )
  }
  if (weak.length > 0) {
    return wrong(
      check,
      `The password of ${weak.join(', ')} is the first that an attacker tries.`,
      weak.map(name => `campaign-connector users set-password ${name}`).join('; '),
    )
  }
  return fine(check, `${admins.length === 1 ? 'One administrator' : `${admins.length} administrators`} can sign in.`)
}

/** Such passwords cannot be chosen here; a database that was changed from outside may have them. */
async function isGuessed(user: UserRow, organisation: string, passwords: Passwords): Promise<boolean> {
  const name = user.username.toLowerCase()
  const guesses = [name, `${name}123`, 'admin123', 'password', 'changeme', organisation.toLowerCase()]
  for (const guess of new Set(guesses.filter(text => text !== ''))) {
    if (await passwords.verify(user.password_hash, guess)) return true
  }
  return false
}

function passwordsOfTheirOwn({ db }: Parts): DoctorFinding[] {
  const waiting = listUsers(db).filter(user => user.active === 1 && user.must_change_password === 1)
  if (waiting.length === 0) return []
  return [
    wrong(
      'one-time passwords',
      `${names(waiting.map(user => user.username))} never chose a password of their own: whoever gave it to them knows it.`,
      'Let them sign in and choose one, or: campaign-connector users deactivate NAME',
    ),
  ]
}

function locks({ db, clock }: Parts): DoctorFinding[] {
  const check = 'locks'
  const locked = listLockouts(db, clock.now(), false, Number.MAX_SAFE_INTEGER, 100)
  if (locked.length === 0) return [fine(check, 'No account and no address is locked.')]
  const users = new Map(listUsers(db).map(user => [`user:${user.id}`, user.username]))
  const accounts = locked.filter(row => row.kind === 'account').map(row => users.get(row.subject))
  const known = accounts.filter(name => name !== undefined)
  const others = locked.length - known.length
  const what = [
    ...(known.length > 0 ? [`the ${known.length === 1 ? 'account' : 'accounts'} ${names(known)}`] : []),
    ...(others > 0 ? [`${others} ${others === 1 ? 'address or unknown name' : 'addresses and unknown names'}`] : []),
  ]
  return [
    wrong(
      check,
      `Locked after too many failures: ${what.join(', ')}.`,
      'See from where: campaign-connector logins list; then: campaign-connector lockouts lift NAME',
    ),
  ]
}

function keys({ db, clock, environmentKeys }: Parts): DoctorFinding[] {
  const now = clock.now()
  const stored = listApiKeys(db, false)
  const reminders = stored.flatMap(key => {
    const reminder = keyReminder(key, now)
    return reminder === null
      ? []
      : [wrong(`key ${key.name}`, reminder, `campaign-connector keys rotate "${key.name}" --days 90`)]
  })
  for (const key of environmentKeys) {
    const variable = `${key.role.toUpperCase()}_API_KEY`
    const age = now - (environmentKeySince(db, key) ?? now)
    if (age < OLD_MS) continue
    const fix = `Put another one there (campaign-connector keys generate), tell the scripts, and restart the hub.`
    const message = `The key of ${variable} is ${Math.floor(age / DAY_MS)} days old, and never expires by itself.`
    reminders.push(wrong(`key ${variable}`, message, fix))
  }
  const unused = stored.filter(key => now - (key.lastUsedAt ?? key.createdAt) > 90 * DAY_MS).map(key => key.name)
  const count = stored.length + environmentKeys.length
  if (reminders.length > 0 || count === 0) return reminders
  const note = unused.length === 0 ? '' : ` Not used for 90 days: ${names(unused)}.`
  return [fine('keys', `${count === 1 ? 'The API key is' : `All ${count} API keys are`} in order.${note}`)]
}

function names(list: readonly string[]): string {
  const shown = list.slice(0, SHOWN).join(', ')
  return list.length > SHOWN ? `${shown} and ${list.length - SHOWN} more` : shown
}

function fine(check: string, message: string): DoctorFinding {
  return { check: check.slice(0, 60), ok: true, message: message.slice(0, 500), fix: null }
}

function wrong(check: string, message: string, fix: string): DoctorFinding {
  return { check: check.slice(0, 60), ok: false, message: message.slice(0, 500), fix: fix.slice(0, 1000) }
}

import { Refusal } from '../../shared/errors.ts'
import type { Database, Reader } from '../db/database.ts'
import { notificationRulesOf, storeNotificationRules } from '../db/notification-rules.ts'
import { listUsers, type UserRow, userById } from '../db/users.ts'
import { TOLD_OF_EVERYTHING } from '../domain/notification-rules.ts'
import { foldUsername } from '../domain/passwords.ts'
import type { Caller } from './operations/caller.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock } from './ports.ts'

type RuleOperations = 'account.notification-rules' | 'account.set-notification-rules'

/** Of what each user wants to be told. One's own rules, except that the hub's owner at the command line may name a user. */
export function notificationRuleHandlers(parts: { db: Database; clock: Clock }): HandlersFor<RuleOperations> {
  const { db, clock } = parts
  const rulesOf = (reader: Reader, user: UserRow) => notificationRulesOf(reader, user.id) ?? TOLD_OF_EVERYTHING
  return {
    'account.notification-rules': ({ username }, { caller }) => rulesOf(db, userMeant(db, username, caller)),

    'account.set-notification-rules': ({ username, ...given }, { caller, commit }) =>
      commit((tx, about) => {
        const user = userMeant(tx, username, caller)
        about('user', user.id)
        const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
        const rules = { ...rulesOf(tx, user), ...changes }
        storeNotificationRules(tx, user.id, rules, clock.now())
        return rules
      }),
  }
}

function userMeant(db: Reader, username: string | undefined, caller: Caller): UserRow {
  if (caller.kind === 'user') {
    const own = userById(db, caller.id)
    if (own && (username === undefined || userNamed(db, username)?.id === own.id)) return own
    throw new Refusal('forbidden', 'Everybody chooses for themselves of what they are told.')
  }
  if (caller.kind !== 'local') {
    throw new Refusal('conflict', 'Only users are told of replies. An API key has no notification rules: sign in.')
  }
  if (username === undefined) {
    throw new Refusal('invalid_input', 'Say whose rules are meant: name a user.', { username: 'the name of a user' })
  }
  const named = userNamed(db, username)
  if (!named) throw new Refusal('not_found', `There is no user "${username}".`)
  return named
}

function userNamed(db: Reader, username: string): UserRow | undefined {
  return listUsers(db).find(user => foldUsername(user.username) === foldUsername(username))
}

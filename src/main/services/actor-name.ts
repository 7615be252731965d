import { apiKeyById } from '../db/api-keys.ts'
import type { Reader } from '../db/database.ts'
import { keywordRuleById } from '../db/keyword-rules.ts'
import { personById } from '../db/people.ts'
import { phoneById } from '../db/phones.ts'
import { userById } from '../db/users.ts'

/** Who did something, as people know them: the name of a user, key, phone, person or rule that is still there. */
export function nameOf(db: Reader, actor: string): string {
  const [kind, id] = actor.split(':')
  if (kind === 'local') return 'Command line'
  if (kind === 'system') return 'The hub itself'
  if (kind === 'anonymous') return 'Not signed in'
  if (actor === 'key:environment') return 'API key of the environment'
  return named(db, kind, Number(id)) ?? actor
}

function named(db: Reader, kind: string | undefined, id: number): string | undefined {
  const of = (what: string, name: string | undefined): string | undefined => name && `${what} ${name}`
  switch (kind) {
    case 'user': {
      const user = userById(db, id)
      return user && (user.full_name || user.username)
    }
    case 'key':
      return of('API key', apiKeyById(db, id)?.name)
    case 'phone':
      return of('Phone', phoneById(db, id)?.name)
    case 'person':
      return of('Person', personById(db, id)?.name)
    case 'rule':
      return of('Rule', keywordRuleById(db, id)?.name)
    default:
      return undefined
  }
}

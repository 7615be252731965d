import type { Reader } from '../db/database.ts'
import { userById } from '../db/users.ts'

/** Who did something, as people know them: `local`, a key, or the name of a user who is still there. */
export function nameOf(db: Reader, actor: string): string {
  const user = /^user:(\d+)$/.exec(actor)
  const row = user ? userById(db, Number(user[1])) : undefined
  return row ? row.full_name || row.username : actor
}

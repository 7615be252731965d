import type { FilePlace } from './access-services.ts'
import type { Reader, Writer } from './database.ts'

/** A change of a file that is under way, or was when the hub died. */
export interface IntentRow {
  readonly id: number
  readonly place: FilePlace
  /** Whether there was a file. */
  readonly existed: boolean
  /** How its entries stood, by user name; null: there was none. */
  readonly before: ReadonlyMap<string, string | null>
}

interface Stored {
  id: number
  host: string
  file: string
  reload: string | null
  existed: number
  before: string
}

const COLUMNS = 'id, host, file, reload, existed, before'

export function allIntents(db: Reader): IntentRow[] {
  return db.all<Stored>(`SELECT ${COLUMNS} FROM access_intents ORDER BY id`).map(rowOf)
}

export function intentsOfFile(db: Reader, { host, file }: FilePlace): IntentRow[] {
  return db
    .all<Stored>(`SELECT ${COLUMNS} FROM access_intents WHERE host = ? AND file = ? ORDER BY id`, host, file)
    .map(rowOf)
}

export function insertIntent(db: Writer, intent: Omit<IntentRow, 'id'>, at: number): number {
  const { place, existed, before } = intent
  return db.run(
    'INSERT INTO access_intents (host, file, reload, existed, before, at) VALUES (?, ?, ?, ?, ?, ?)',
    place.host,
    place.file,
    place.reload ? JSON.stringify(place.reload) : null,
    existed ? 1 : 0,
    JSON.stringify([...before]),
    at,
  ).id
}

export function deleteIntent(db: Writer, id: number): void {
  db.run('DELETE FROM access_intents WHERE id = ?', id)
}

function rowOf({ id, host, file, reload, existed, before }: Stored): IntentRow {
  return {
    id,
    place: { host, file, reload: reload === null ? null : (JSON.parse(reload) as string[]) },
    existed: existed === 1,
    before: new Map(JSON.parse(before) as [string, string | null][]),
  }
}

import type { Reader, Writer } from './database.ts'

/** What the administrator has chosen, by key. Values that cannot be read as JSON cannot be stored. */
export function storedSettings(db: Reader): Record<string, unknown> {
  const rows = db.all<{ key: string; value: string }>('SELECT key, value FROM settings')
  return Object.fromEntries(rows.map(row => [row.key, JSON.parse(row.value) as unknown]))
}

export function storeSetting(db: Writer, key: string, value: unknown, at: number): void {
  db.run(
    `INSERT INTO settings (key, value, updated_at) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
    key,
    JSON.stringify(value),
    at,
  )
}

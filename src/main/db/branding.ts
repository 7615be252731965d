import type { Reader, Writer } from './database.ts'

/** The picture that the organisation is known by. `tag` changes with its bytes. */
export interface LogoRow {
  readonly type: string
  readonly width: number
  readonly height: number
  readonly tag: string
  readonly size: number
  readonly updatedAt: number
}

export function storedLogo(db: Reader): LogoRow | undefined {
  return db.get(
    'SELECT type, width, height, tag, length(bytes) AS size, updated_at AS updatedAt FROM logo WHERE id = 1',
  )
}

/** The picture itself, which is only read where it is shown. */
export function logoBytes(db: Reader): Uint8Array | undefined {
  return db.get<{ bytes: Uint8Array }>('SELECT bytes FROM logo WHERE id = 1')?.bytes
}

export function storeLogo(
  db: Writer,
  logo: Omit<LogoRow, 'size' | 'updatedAt'> & { readonly bytes: Uint8Array },
  at: number,
): void {
  db.run(
    `INSERT INTO logo (id, type, width, height, tag, bytes, updated_at) VALUES (1, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET type = excluded.type, width = excluded.width, height = excluded.height,
       tag = excluded.tag, bytes = excluded.bytes, updated_at = excluded.updated_at`,
    logo.type,
    logo.width,
    logo.height,
    logo.tag,
    logo.bytes,
    at,
  )
}

export function removeLogo(db: Writer): void {
  db.run('DELETE FROM logo')
}

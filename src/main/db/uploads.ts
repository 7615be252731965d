import type { Upload } from '../../shared/operations/uploads.ts'
import type { Reader, Writer } from './database.ts'

const UPLOAD = `SELECT id, file_name AS fileName, bytes, import_id AS importId, created_by AS createdBy, created_at AS createdAt
  FROM uploads`

export function uploadById(db: Reader, id: string): Upload | undefined {
  return db.get(`${UPLOAD} WHERE id = ?`, id)
}

export function listUploads(db: Reader): Upload[] {
  return db.all(`${UPLOAD} ORDER BY created_at, id`)
}

export function insertUpload(db: Writer, upload: Upload): void {
  db.run(
    'INSERT INTO uploads (id, file_name, bytes, import_id, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    upload.id,
    upload.fileName,
    upload.bytes,
    upload.importId,
    upload.createdBy,
    upload.createdAt,
  )
}

export function giveUploadTo(db: Writer, id: string, importId: number): void {
  db.run('UPDATE uploads SET import_id = ? WHERE id = ?', importId, id)
}

export function deleteUpload(db: Writer, id: string): void {
  db.run('DELETE FROM uploads WHERE id = ?', id)
}

/** Those whose import has ended for good, and those that nobody used and that came before `unusedSince`. */
export function uploadsDone(db: Reader, unusedSince: number): string[] {
  return db
    .all<{ id: string }>(
      `SELECT u.id FROM uploads u LEFT JOIN imports i ON i.id = u.import_id
         WHERE i.state IN ('completed', 'cancelled', 'undone', 'forgotten') OR (i.id IS NULL AND u.created_at < ?)`,
      unusedSince,
    )
    .map(row => row.id)
}

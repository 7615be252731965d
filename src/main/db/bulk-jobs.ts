import type { BulkAction } from '../../shared/operations/contact-work.ts'
import type { Reader, Writer } from './database.ts'

export interface BulkJobRow {
  readonly id: number
  readonly kind: BulkAction['kind']
  readonly name: string
  /** The list or tag; null where none is meant. */
  readonly groupId: number | null
  /** JSON of a BulkSelection. */
  readonly selection: string
  /** The last contact done, and the last one that is meant. */
  readonly afterId: number
  readonly untilId: number
  readonly contacts: number
  readonly changed: number
  readonly createdBy: string
  readonly createdAt: number
  readonly finishedAt: number | null
}

export function insertBulkJob(
  db: Writer,
  job: Pick<BulkJobRow, 'kind' | 'name' | 'groupId' | 'selection' | 'untilId' | 'createdBy' | 'createdAt'>,
): number {
  return db.run(
    `INSERT INTO bulk_jobs (kind, name, group_id, selection, until_id, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    job.kind,
    job.name,
    job.groupId,
    job.selection,
    job.untilId,
    job.createdBy,
    job.createdAt,
  ).id
}

export function bulkJobById(db: Reader, id: number): BulkJobRow | undefined {
  return db.get(`${JOB} WHERE id = ?`, id)
}

/** The oldest that is not finished. */
export function bulkJobToDo(db: Reader): BulkJobRow | undefined {
  return db.get(`${JOB} WHERE finished_at IS NULL ORDER BY id LIMIT 1`)
}

/** Newest first. */
export function listBulkJobs(db: Reader, limit: number): BulkJobRow[] {
  return db.all(`${JOB} ORDER BY id DESC LIMIT ?`, limit)
}

/** Notes how far a job is. `finishedAt`: null while there is more. */
export function moveBulkJob(
  db: Writer,
  id: number,
  to: Pick<BulkJobRow, 'afterId' | 'contacts' | 'changed' | 'finishedAt'>,
): void {
  db.run(
    'UPDATE bulk_jobs SET after_id = ?, contacts = ?, changed = ?, finished_at = ? WHERE id = ?',
    to.afterId,
    to.contacts,
    to.changed,
    to.finishedAt,
    id,
  )
}

/** Keeps the newest ones, and those that can be undone. */
export function forgetBulkJobs(db: Writer, keep: number): void {
  db.run(
    `DELETE FROM bulk_jobs WHERE finished_at IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM undos u WHERE u.kind = bulk_jobs.kind AND u.subject = bulk_jobs.id)
       AND id <= (SELECT coalesce(max(id), 0) FROM bulk_jobs) - ?`,
    keep,
  )
}

const JOB = `SELECT id, kind, name, group_id AS groupId, selection, after_id AS afterId, until_id AS untilId, contacts, changed,
  created_by AS createdBy, created_at AS createdAt, finished_at AS finishedAt FROM bulk_jobs`

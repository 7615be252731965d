import type { Migration } from '../migrate.ts'

/** Nothing pauses a campaign but a person, whom the audit log names; a phone that has to stop says so itself. */
export const pauseReason: Migration = {
  number: 14,
  name: 'pause-reason',
  sql: 'ALTER TABLE campaigns DROP COLUMN pause_reason',
}

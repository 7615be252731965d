import type { Migration } from '../migrate.ts'

/** A membership that anybody changes is none any more that an undo may change. */
const voided = (members: string, key: string, kinds: string): string =>
  (['INSERT', 'DELETE'] as const)
    .map(event => {
      const row = event === 'INSERT' ? 'new' : 'old'
      return `
CREATE TRIGGER ${members}_${event === 'INSERT' ? 'entered' : 'left'} AFTER ${event} ON ${members}
WHEN EXISTS (SELECT 1 FROM bulk_changes) BEGIN
  DELETE FROM bulk_changes WHERE contact_id = ${row}.contact_id
    AND job_id IN (SELECT id FROM bulk_jobs WHERE group_id = ${row}.${key} AND kind IN (${kinds}));
END;`
    })
    .join('')

/** What can be undone for a day. */
export const undo: Migration = {
  number: 8,
  name: 'undo',
  sql: /* sql */ `
-- Changes that can be undone for a day.
CREATE TABLE undos (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('tag', 'untag', 'add-to-list', 'remove-from-list', 'rename-list', 'delete-list',
    'delete-segment', 'delete-campaign')),
  -- The id of the bulk action, list, segment or campaign.
  subject INTEGER NOT NULL,
  -- What it was called.
  name TEXT NOT NULL,
  -- What an undo needs besides: the row as it was, or the name after a change.
  before TEXT NOT NULL CHECK (json_valid(before)),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'undoing', 'undone')),
  -- Contacts that were restored.
  restored INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX undos_by_time ON undos (created_at);
CREATE INDEX undos_of_subject ON undos (kind, subject);

-- Contacts for which a bulk action made a difference, as long as nobody has changed it since: the triggers below remove what
-- an undo must leave alone.
CREATE TABLE bulk_changes (
  job_id INTEGER NOT NULL REFERENCES bulk_jobs (id),
  contact_id INTEGER NOT NULL,
  PRIMARY KEY (job_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_changes_of_contact ON bulk_changes (contact_id, job_id);
${voided('list_members', 'list_id', "'add-to-list', 'remove-from-list'")}
${voided('contact_tags', 'tag_id', "'tag', 'untag'")}
`,
}

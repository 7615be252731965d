import type { Migration } from '../migrate.ts'

/** Kinds and proof of consent, what a campaign requires of it, and why numbers came off the suppression list. */
export const rights: Migration = {
  number: 5,
  name: 'rights',
  sql: /* sql */ `
ALTER TABLE consents ADD COLUMN kind TEXT NOT NULL DEFAULT 'unspecified'
  CHECK (kind IN ('unspecified', 'informational', 'marketing'));
-- Where it can be looked up: a page of a signed form, an address, a reference.
ALTER TABLE consents ADD COLUMN proof TEXT NOT NULL DEFAULT '';
-- The name of the list that it came with; it stays when the import is forgotten.
ALTER TABLE consents ADD COLUMN import_file TEXT;
-- The text by which it was given, and the keyword in it.
ALTER TABLE consents ADD COLUMN inbound_id INTEGER REFERENCES inbound (id) ON DELETE SET NULL;
ALTER TABLE consents ADD COLUMN keyword TEXT;
-- Of one contact alone. Null: it came with a list, and everybody on it shares it.
ALTER TABLE consents ADD COLUMN contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL;
-- When it was taken back or gave way to another one.
ALTER TABLE consents ADD COLUMN ended_at INTEGER;
ALTER TABLE consents ADD COLUMN ended_by TEXT;
CREATE INDEX consents_of_contact ON consents (contact_id, id) WHERE contact_id IS NOT NULL;
CREATE INDEX consents_of_text ON consents (inbound_id) WHERE inbound_id IS NOT NULL;
UPDATE consents SET contact_id = owner.id FROM (
    SELECT consent_id, min(id) AS id FROM contacts WHERE consent_id IS NOT NULL GROUP BY consent_id HAVING count(*) = 1
  ) owner WHERE owner.consent_id = consents.id AND consents.import_id IS NULL;
UPDATE consents SET import_file = (SELECT file_name FROM imports WHERE id = import_id) WHERE import_id IS NOT NULL;
-- What was recorded for one contact goes with it. The row stays: to delete it, SQLite would look through all contacts.
CREATE TRIGGER consents_forgotten BEFORE DELETE ON contacts BEGIN
  UPDATE consents SET source = '', wording = '', proof = '', keyword = NULL, inbound_id = NULL, given_at = NULL
    WHERE contact_id = old.id;
END;

-- With require_consent: of which kind. Null: any.
ALTER TABLE campaigns ADD COLUMN consent_kind TEXT CHECK (consent_kind IN ('informational', 'marketing'));

-- Numbers that came off the suppression list, and why they may be texted again.
CREATE TABLE suppression_lifts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Null once the person is erased.
  number TEXT,
  number_hash BLOB NOT NULL,
  -- Why, since when and by whom it was on the list.
  reason TEXT NOT NULL,
  note TEXT NOT NULL,
  added_by TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  why TEXT NOT NULL,
  lifted_by TEXT NOT NULL,
  lifted_at INTEGER NOT NULL
) STRICT;
CREATE INDEX suppression_lifts_of_number ON suppression_lifts (number) WHERE number IS NOT NULL;
CREATE INDEX suppression_lifts_of_hash ON suppression_lifts (number_hash);
CREATE INDEX suppressions_by_reason ON suppressions (reason, id);
`,
}

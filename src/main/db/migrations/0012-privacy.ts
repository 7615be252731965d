import type { Migration } from '../migrate.ts'

/** People who were erased, phones that have not confirmed it yet, and texts that were removed by their age. */
export const privacy: Migration = {
  number: 12,
  name: 'privacy',
  sql: /* sql */ `
CREATE TABLE erasures (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- The same after a restore, and what phones know it by.
  uid TEXT NOT NULL UNIQUE,
  -- Only while texts that are on their way are waited for.
  number TEXT,
  number_hash BLOB NOT NULL,
  -- By which phones find the number in their journals; under a key of its own.
  phone_hash BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'done')),
  -- How many rows of what were erased.
  removed TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(removed)),
  requested_by TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  finished_at INTEGER,
  CHECK ((state = 'done') = (number IS NULL) AND (state = 'done') = (finished_at IS NOT NULL))
) STRICT;
CREATE INDEX erasures_waiting ON erasures (id) WHERE state = 'waiting';
CREATE INDEX erasures_of_hash ON erasures (number_hash);

-- Phones whose journals may name the person. Null: it has not confirmed that it names them no more.
CREATE TABLE erasure_phones (
  erasure_id INTEGER NOT NULL REFERENCES erasures (id) ON DELETE CASCADE,
  phone_id INTEGER NOT NULL REFERENCES phones (id),
  confirmed_at INTEGER,
  PRIMARY KEY (erasure_id, phone_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasures_of_phone ON erasure_phones (phone_id) WHERE confirmed_at IS NULL;

CREATE INDEX suppressions_of_text ON suppressions (inbound_id) WHERE inbound_id IS NOT NULL;

-- When the text was removed by its age.
ALTER TABLE messages ADD COLUMN text_removed_at INTEGER;
ALTER TABLE inbound ADD COLUMN text_removed_at INTEGER;
`,
}

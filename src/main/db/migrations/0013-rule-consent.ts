import type { Migration } from '../migrate.ts'

/** Rules that record consent, and what became of the confirmation of an opt-out. Both tables are made anew for their checks. */
export const ruleConsent: Migration = {
  number: 13,
  name: 'rule-consent',
  sql: /* sql */ `
CREATE TABLE keyword_rules_new (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- They are tried in this order, and the first one that fits acts.
  place INTEGER NOT NULL,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 120),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  phrases TEXT NOT NULL
    CHECK (json_valid(phrases) AND json_type(phrases) = 'array' AND json_array_length(phrases) BETWEEN 1 AND 50),
  fits TEXT NOT NULL CHECK (fits IN ('whole', 'begins', 'within')),
  -- What it does; empty: not that. The answer is a template, list and tag are names.
  answer TEXT NOT NULL DEFAULT '' CHECK (length(answer) <= 1600),
  tag TEXT NOT NULL DEFAULT '' CHECK (length(tag) <= 120),
  list TEXT NOT NULL DEFAULT '' CHECK (length(list) <= 120),
  notify INTEGER NOT NULL DEFAULT 0 CHECK (notify IN (0, 1)),
  -- The consent that a text with these words gives; null: none.
  consent_kind TEXT CHECK (consent_kind IN ('informational', 'marketing')),
  -- What people agree to by it.
  consent_wording TEXT NOT NULL DEFAULT '' CHECK (length(consent_wording) <= 2000),
  -- So long it does not answer the same person again.
  wait_minutes INTEGER NOT NULL DEFAULT 0 CHECK (wait_minutes BETWEEN 0 AND 43200),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK (answer <> '' OR tag <> '' OR list <> '' OR notify = 1 OR consent_kind IS NOT NULL),
  CHECK ((consent_kind IS NULL) = (consent_wording = '')),
  -- 'do not join' has the word, too.
  CHECK (consent_kind IS NULL OR fits = 'whole')
) STRICT;
INSERT INTO keyword_rules_new (id, place, name, active, phrases, fits, answer, tag, list, notify, wait_minutes, created_by,
    created_at, updated_at)
  SELECT id, place, name, active, phrases, fits, answer, tag, list, notify, wait_minutes, created_by, created_at, updated_at
    FROM keyword_rules;
-- No id comes twice, since the audit log names rules by it.
DELETE FROM sqlite_sequence WHERE name = 'keyword_rules_new';
INSERT INTO sqlite_sequence (name, seq) SELECT 'keyword_rules_new', seq FROM sqlite_sequence WHERE name = 'keyword_rules';

-- What was done by itself because of a text, or was held back: once for each text.
CREATE TABLE automatic_actions_new (
  inbound_id INTEGER PRIMARY KEY REFERENCES inbound (id) ON DELETE CASCADE,
  cause TEXT NOT NULL CHECK (cause IN ('rule', 'stop', 'start', 'help')),
  rule_id INTEGER REFERENCES keyword_rules_new (id) ON DELETE SET NULL,
  -- As it was called then.
  rule_name TEXT NOT NULL DEFAULT '',
  answer TEXT NOT NULL CHECK (answer IN ('none', 'queued', 'held')),
  held_for TEXT NOT NULL DEFAULT ''
    CHECK (held_for IN ('', 'opted_out', 'automatic', 'repeated', 'too_often', 'robot', 'rule_wait', 'late', 'template')),
  tag TEXT NOT NULL DEFAULT '',
  list TEXT NOT NULL DEFAULT '',
  -- Of which kind a consent was recorded; null: none.
  consent TEXT CHECK (consent IN ('informational', 'marketing')),
  notified INTEGER NOT NULL DEFAULT 0 CHECK (notified IN (0, 1)),
  at INTEGER NOT NULL,
  CHECK ((answer = 'held') = (held_for <> '')),
  CHECK (cause = 'rule' OR (rule_id IS NULL AND tag = '' AND list = '' AND consent IS NULL AND notified = 0))
) STRICT;
INSERT INTO automatic_actions_new (inbound_id, cause, rule_id, rule_name, answer, held_for, tag, list, notified, at)
  SELECT inbound_id, cause, rule_id, rule_name, answer, held_for, tag, list, notified, at FROM automatic_actions;

DROP TABLE automatic_actions;
DROP TABLE keyword_rules;
ALTER TABLE keyword_rules_new RENAME TO keyword_rules;
ALTER TABLE automatic_actions_new RENAME TO automatic_actions;
CREATE INDEX automatic_actions_held ON automatic_actions (inbound_id) WHERE answer = 'held';
CREATE INDEX automatic_actions_of_rule ON automatic_actions (rule_id) WHERE rule_id IS NOT NULL;
`,
}

import type { Migration } from '../migrate.ts'

/** Rules that answer a text by its words, tag, add to a list or tell somebody, and what came of each text. */
export const keywordRules: Migration = {
  number: 11,
  name: 'keyword-rules',
  sql: /* sql */ `
CREATE TABLE keyword_rules (
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
  -- So long it does not answer the same person again.
  wait_minutes INTEGER NOT NULL DEFAULT 0 CHECK (wait_minutes BETWEEN 0 AND 43200),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK (answer <> '' OR tag <> '' OR list <> '' OR notify = 1)
) STRICT;

-- What was done by itself because of a text, or was held back: once for each text.
CREATE TABLE automatic_actions (
  inbound_id INTEGER PRIMARY KEY REFERENCES inbound (id) ON DELETE CASCADE,
  cause TEXT NOT NULL CHECK (cause IN ('rule', 'start', 'help')),
  rule_id INTEGER REFERENCES keyword_rules (id) ON DELETE SET NULL,
  -- As it was called then.
  rule_name TEXT NOT NULL DEFAULT '',
  answer TEXT NOT NULL CHECK (answer IN ('none', 'queued', 'held')),
  held_for TEXT NOT NULL DEFAULT ''
    CHECK (held_for IN ('', 'opted_out', 'automatic', 'repeated', 'too_often', 'robot', 'rule_wait', 'late', 'template')),
  tag TEXT NOT NULL DEFAULT '',
  list TEXT NOT NULL DEFAULT '',
  notified INTEGER NOT NULL DEFAULT 0 CHECK (notified IN (0, 1)),
  at INTEGER NOT NULL,
  CHECK ((answer = 'held') = (held_for <> '')),
  CHECK (cause = 'rule' OR (rule_id IS NULL AND tag = '' AND list = '' AND notified = 0))
) STRICT;
CREATE INDEX automatic_actions_held ON automatic_actions (inbound_id) WHERE answer = 'held';
CREATE INDEX automatic_actions_of_rule ON automatic_actions (rule_id) WHERE rule_id IS NOT NULL;
`,
}

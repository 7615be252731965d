import type { Migration } from '../migrate.ts'

/** Opt-out words of the operator, for everybody or for the people of one list, and why a text was read as it was. */
export const optOutWords: Migration = {
  number: 10,
  name: 'opt-out-words',
  sql: /* sql */ `
CREATE TABLE opt_out_words (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Null: for everybody.
  list_id INTEGER REFERENCES lists (id) ON DELETE CASCADE,
  phrase TEXT NOT NULL CHECK (length(phrase) BETWEEN 1 AND 80),
  -- stop: at once. review: held until a person decides. ignore: no opt-out, though it is built in.
  act TEXT NOT NULL CHECK (act IN ('stop', 'review', 'ignore')),
  -- whole: as the whole text. within: anywhere in it.
  place TEXT NOT NULL CHECK (place IN ('whole', 'within')),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK (act <> 'ignore' OR place = 'whole')
) STRICT;
CREATE UNIQUE INDEX opt_out_words_once ON opt_out_words (coalesce(list_id, 0), phrase COLLATE NOCASE);
CREATE INDEX opt_out_words_of_list ON opt_out_words (list_id);

-- Words that stood among the settings before.
INSERT OR IGNORE INTO opt_out_words (phrase, act, place, created_by, created_at)
  SELECT trim(w.value), 'stop', 'whole', 'local', s.updated_at FROM settings s, json_each(s.value) w
    WHERE s.key = 'extraStopWords' AND w.type = 'text' AND length(trim(w.value)) BETWEEN 1 AND 80;
DELETE FROM settings WHERE key = 'extraStopWords';

-- Why a text was read as it was, by which kind of rule and by which of its words; both are empty where it asks for nothing.
ALTER TABLE inbound ADD COLUMN intent_reason TEXT NOT NULL DEFAULT ''
  CHECK (intent_reason IN ('', 'keyword', 'own', 'wording', 'sentence', 'mistyped', 'sign', 'short'));
ALTER TABLE inbound ADD COLUMN intent_match TEXT NOT NULL DEFAULT '';
`,
}

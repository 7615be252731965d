import type { Migration } from '../migrate.ts'

/**
 * When a text was said, as the ids of `said` have it: the second (since 1970 UTC) in the upper bits and the place within it
 * in the lower 20, so that the order of the ids is the order of time and a span of time is a span of ids.
 */
const place = (ms: string): string => `coalesce(
    (SELECT max(id) + 1 FROM said WHERE id >= (${ms} / 1000) << 20 AND id < (${ms} / 1000 + 1) << 20), (${ms} / 1000) << 20)`

/**
 * What the index holds of a text: its words, and marks for what it can be narrowed by. Marks begin with a letter of the
 * private use area, which is taken out of the words, so that nobody's words are taken for a mark.
 */
const words = (body: string): string => `replace(${body}, char(57344), ' ') || ' ' || char(57344) || s.kind
    || coalesce(' ' || char(57344) || 'c' || s.campaign_id, '') || coalesce(' ' || char(57344) || 'p' || s.phone_id, '')`

/** Takes the words of a text out of the index, if they are in it. `where` finds the row of `said`. */
const forget = (body: string, where: string): string => `
  INSERT INTO said_words (said_words, rowid, words) SELECT 'delete', s.id, ${words(body)} FROM said s
    WHERE ${where} AND NOT EXISTS (SELECT 1 FROM said_waiting w WHERE w.id = s.id);
  DELETE FROM said_waiting WHERE id IN (SELECT s.id FROM said s WHERE ${where});`

const PHONE_OF_LANE = '(SELECT phone_id FROM sims WHERE id = new.sim_id)'

/** The same for texts that came in and for notes, which both are known by a row id. */
const keptByRow = (table: 'inbound' | 'thread_notes', kind: 'in' | 'note', values: string, at: string): string => `
CREATE TRIGGER ${table}_said AFTER INSERT ON ${table} WHEN new.body <> '' BEGIN
  INSERT INTO said (id, kind, row_id, campaign_id, phone_id) VALUES (${place(at)}, '${kind}', new.id, ${values});
  INSERT INTO said_waiting SELECT s.id FROM said s WHERE s.row_id = new.id AND s.kind = '${kind}';
END;
CREATE TRIGGER ${table}_said_otherwise AFTER UPDATE OF body ON ${table} WHEN new.body <> old.body BEGIN
  ${forget('old.body', `s.row_id = old.id AND s.kind = '${kind}'`)}
  DELETE FROM said WHERE row_id = old.id AND kind = '${kind}' AND new.body = '';
  INSERT INTO said (id, kind, row_id, campaign_id, phone_id)
    SELECT ${place(at)}, '${kind}', new.id, ${values}
    WHERE new.body <> '' AND NOT EXISTS (SELECT 1 FROM said s WHERE s.row_id = new.id AND s.kind = '${kind}');
  INSERT INTO said_waiting SELECT s.id FROM said s WHERE s.row_id = new.id AND s.kind = '${kind}';
END;
CREATE TRIGGER ${table}_unsaid AFTER DELETE ON ${table} BEGIN
  ${forget('old.body', `s.row_id = old.id AND s.kind = '${kind}'`)}
  DELETE FROM said WHERE row_id = old.id AND kind = '${kind}';
END;`

/** Working through replies: who has a thread, what is put off or closed, mentions, and a search over all that was said. */
export const talks: Migration = {
  number: 3,
  name: 'talks',
  sql: /* sql */ `
ALTER TABLE threads ADD COLUMN state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'snoozed', 'closed'));
ALTER TABLE threads ADD COLUMN snoozed_until INTEGER CHECK ((snoozed_until IS NOT NULL) = (state = 'snoozed'));
-- When it came back by itself, which puts it on top again.
ALTER TABLE threads ADD COLUMN woken_at INTEGER;
-- Null: nobody has it.
ALTER TABLE threads ADD COLUMN assigned_to INTEGER REFERENCES users (id) ON DELETE SET NULL;
-- By what lists are ordered.
ALTER TABLE threads ADD COLUMN moved_at INTEGER GENERATED ALWAYS AS (max(last_at, coalesce(woken_at, 0))) VIRTUAL;
DROP INDEX threads_by_time;
DROP INDEX threads_unread;
CREATE INDEX threads_by_time ON threads (moved_at DESC, id DESC);
CREATE INDEX threads_unread ON threads (moved_at DESC, id DESC, unread) WHERE unread > 0;
CREATE INDEX threads_by_state ON threads (state, moved_at DESC, id DESC);
CREATE INDEX threads_by_assignee ON threads (assigned_to, state, moved_at DESC, id DESC);
CREATE INDEX threads_assigned ON threads (assigned_to, moved_at DESC, id DESC) WHERE assigned_to IS NOT NULL;
CREATE INDEX threads_snoozed ON threads (snoozed_until) WHERE snoozed_until IS NOT NULL;

-- How many threads there are, by who has them (0: nobody) and state, so that no count walks over them.
CREATE TABLE thread_counts (
  assigned_to INTEGER NOT NULL,
  state TEXT NOT NULL,
  threads INTEGER NOT NULL CHECK (threads >= 0),
  PRIMARY KEY (assigned_to, state)
) STRICT, WITHOUT ROWID;
INSERT INTO thread_counts SELECT 0, state, count(*) FROM threads GROUP BY state;
CREATE TRIGGER threads_counted AFTER INSERT ON threads BEGIN
  INSERT INTO thread_counts VALUES (coalesce(new.assigned_to, 0), new.state, 1)
    ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER threads_recounted AFTER UPDATE OF assigned_to, state ON threads
WHEN new.assigned_to IS NOT old.assigned_to OR new.state <> old.state BEGIN
  UPDATE thread_counts SET threads = threads - 1
    WHERE assigned_to = coalesce(old.assigned_to, 0) AND state = old.state;
  INSERT INTO thread_counts VALUES (coalesce(new.assigned_to, 0), new.state, 1)
    ON CONFLICT DO UPDATE SET threads = threads + 1;
END;
CREATE TRIGGER threads_uncounted AFTER DELETE ON threads BEGIN
  UPDATE thread_counts SET threads = threads - 1
    WHERE assigned_to = coalesce(old.assigned_to, 0) AND state = old.state;
END;

ALTER TABLE thread_notes ADD COLUMN edited_at INTEGER;

-- Whom a note calls by @name, until they have seen it.
CREATE TABLE note_mentions (
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  note_id INTEGER NOT NULL REFERENCES thread_notes (id) ON DELETE CASCADE,
  seen_at INTEGER,
  PRIMARY KEY (user_id, note_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_of_note ON note_mentions (note_id);
CREATE INDEX mentions_unseen ON note_mentions (user_id, note_id) WHERE seen_at IS NULL;

-- Of what each user wants to be told. Who is not here is told of everything.
CREATE TABLE notification_rules (
  user_id INTEGER PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  any_reply INTEGER NOT NULL CHECK (any_reply IN (0, 1)),
  assigned_replies INTEGER NOT NULL CHECK (assigned_replies IN (0, 1)),
  mentions INTEGER NOT NULL CHECK (mentions IN (0, 1)),
  likely_opt_outs INTEGER NOT NULL CHECK (likely_opt_outs IN (0, 1)),
  -- Minutes since midnight where the person sits; from 22:00 to 7:00 goes over midnight. Null: no quiet hours.
  quiet_from INTEGER CHECK (quiet_from BETWEEN 0 AND 1439),
  quiet_to INTEGER CHECK (quiet_to BETWEEN 0 AND 1439),
  updated_at INTEGER NOT NULL,
  CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
) STRICT;

-- Every text that can be searched for: those that came in, those that went out or wait, and notes. The triggers below keep
-- it; db/said.ts takes the words of those that are waiting into the index.
CREATE TABLE said (
  -- Time and place within it, so that ids are in the order of time.
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('in', 'out', 'note')),
  -- The id of the text that came in, or of the note.
  row_id INTEGER,
  message_id TEXT,
  campaign_id INTEGER,
  -- The phone that took it in, or that it goes through.
  phone_id INTEGER,
  CHECK ((kind = 'out') = (message_id IS NOT NULL) AND (kind = 'out') = (row_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX said_of_row ON said (row_id, kind) WHERE row_id IS NOT NULL;
CREATE UNIQUE INDEX said_of_message ON said (message_id) WHERE message_id IS NOT NULL;
CREATE TABLE said_waiting (
  id INTEGER PRIMARY KEY
) STRICT;
-- Of what was there before the search was: the row before which nothing is in it yet. Kinds that are done are not here.
CREATE TABLE said_history (
  kind TEXT PRIMARY KEY CHECK (kind IN ('in', 'out', 'note')),
  before_row INTEGER,
  before_message TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO said_history SELECT 'in', max(id) + 1, NULL FROM inbound HAVING max(id) IS NOT NULL;
INSERT INTO said_history SELECT 'out', NULL, max(id) || '~' FROM messages HAVING max(id) IS NOT NULL;
INSERT INTO said_history SELECT 'note', max(id) + 1, NULL FROM thread_notes HAVING max(id) IS NOT NULL;

-- It holds no copies of the texts; what is taken out of it is overwritten (secure-delete). Words of two and three letters
-- in front are kept together, since people type the beginnings of words. Merging is done in small steps as for contacts.
CREATE VIRTUAL TABLE said_words USING fts5 (
  words, content = '', columnsize = 0, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO said_words (said_words, rank) VALUES ('secure-delete', 1);
INSERT INTO said_words (said_words, rank) VALUES ('automerge', 0);
INSERT INTO said_words (said_words, rank) VALUES ('usermerge', 16);
INSERT INTO said_words (said_words, rank) VALUES ('crisismerge', 1000);

-- What the index is told of each text.
CREATE VIEW said_texts AS SELECT s.id, ${words('coalesce(i.body, m.body, n.body)')} AS words FROM said s
  LEFT JOIN inbound i ON s.kind = 'in' AND i.id = s.row_id
  LEFT JOIN messages m ON m.id = s.message_id
  LEFT JOIN thread_notes n ON s.kind = 'note' AND n.id = s.row_id;
${keptByRow('inbound', 'in', 'new.campaign_id, new.phone_id', 'new.stored_at')}
${keptByRow('thread_notes', 'note', 'NULL, NULL', 'new.created_at')}
CREATE TRIGGER messages_said AFTER INSERT ON messages WHEN new.body <> '' BEGIN
  INSERT INTO said (id, kind, message_id, campaign_id, phone_id)
    VALUES (${place('coalesce(new.assigned_at, new.created_at)')}, 'out', new.id, new.campaign_id, ${PHONE_OF_LANE});
  INSERT INTO said_waiting SELECT s.id FROM said s WHERE s.message_id = new.id;
END;
-- Most get their text when they are given to a phone.
CREATE TRIGGER messages_said_later AFTER UPDATE OF body ON messages WHEN coalesce(old.body, '') = '' AND new.body <> '' BEGIN
  INSERT INTO said (id, kind, message_id, campaign_id, phone_id)
    VALUES (${place('coalesce(new.assigned_at, new.created_at)')}, 'out', new.id, new.campaign_id, ${PHONE_OF_LANE});
  INSERT INTO said_waiting SELECT s.id FROM said s WHERE s.message_id = new.id;
END;
CREATE TRIGGER messages_said_otherwise AFTER UPDATE OF body, sim_id ON messages
WHEN old.body <> '' AND (new.body IS NOT old.body OR new.sim_id IS NOT old.sim_id) BEGIN
  ${forget('old.body', 's.message_id = old.id')}
  DELETE FROM said WHERE message_id = old.id AND coalesce(new.body, '') = '';
  UPDATE said SET phone_id = ${PHONE_OF_LANE} WHERE message_id = old.id;
  INSERT INTO said_waiting SELECT s.id FROM said s WHERE s.message_id = old.id;
END;
CREATE TRIGGER messages_unsaid AFTER DELETE ON messages WHEN old.body <> '' BEGIN
  ${forget('old.body', 's.message_id = old.id')}
  DELETE FROM said WHERE message_id = old.id;
END;
`,
}

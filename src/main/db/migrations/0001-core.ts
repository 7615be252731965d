import type { Migration } from '../migrate.ts'

/** Everything the main job needs: accounts, contacts, imports, phones, campaigns, messages, replies, suppression, audit. */
export const core: Migration = {
  number: 1,
  name: 'core',
  sql: /* sql */ `
-- What the installation is: its epoch, which a restore raises, and its identity.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Choices of the administrator, one JSON value each.
CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value)),
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The data key, wrapped once for each way to open it.
CREATE TABLE key_slots (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL UNIQUE CHECK (kind IN ('keychain', 'passphrase', 'keyfile')),
  parameters TEXT NOT NULL CHECK (json_valid(parameters)),
  wrapped BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Secrets that must be read back, sealed under the data key.
CREATE TABLE secrets (
  name TEXT PRIMARY KEY,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  username TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (length(username) BETWEEN 1 AND 64),
  full_name TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  role TEXT NOT NULL CHECK (role IN ('admin', 'user')),
  password_hash TEXT NOT NULL,
  must_change_password INTEGER NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1)),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- Who is signed in. Ended ones are removed; the login history stays.
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- SHA-256 of the token, which only the browser or the window has.
  token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  -- Null: the window on this workstation.
  ip TEXT,
  user_agent TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  -- Written once a minute at most.
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user_id, last_seen_at);
CREATE INDEX sessions_expiring ON sessions (expires_at);
CREATE INDEX sessions_by_start ON sessions (created_at);

-- Login history: the last 180 days, 10,000 rows at most.
CREATE TABLE logins (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  user_id INTEGER REFERENCES users (id) ON DELETE SET NULL,
  -- As it was then; empty where no user has the name, since people type passwords there.
  username TEXT NOT NULL,
  ip TEXT,
  user_agent TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL
    CHECK (outcome IN ('ok', 'wrong_password', 'unknown_user', 'not_active', 'locked', 'password_check_failed'))
) STRICT;
CREATE INDEX logins_by_time ON logins (at);
CREATE INDEX logins_of_user ON logins (user_id, id) WHERE user_id IS NOT NULL;

-- Failed attempts that still count, by account and by source, and the locks that they led to.
CREATE TABLE lockouts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- key_source: wrong API keys from there, which keep nobody from signing in.
  kind TEXT NOT NULL CHECK (kind IN ('account', 'source', 'key_source')),
  -- user:3, name: and a keyed hash where no user has the name, an IPv4 address or an IPv6 network of 64 bits.
  subject TEXT NOT NULL,
  -- When they were, oldest first.
  failures TEXT NOT NULL CHECK (json_valid(failures)),
  -- The last failure, or the last attempt during a lock, which is written once a minute at most.
  last_at INTEGER NOT NULL,
  locked_at INTEGER,
  locked_until INTEGER,
  UNIQUE (kind, subject),
  CHECK ((locked_at IS NULL) = (locked_until IS NULL))
) STRICT;
CREATE INDEX lockouts_by_time ON lockouts (last_at);

-- Keys of scripts. Revoked ones stay, so that the audit log can name them.
CREATE TABLE api_keys (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL COLLATE NOCASE,
  role TEXT NOT NULL CHECK (role IN ('admin', 'user', 'termux')),
  -- The beginning of the key, by which it is found and known in lists.
  prefix TEXT NOT NULL,
  -- SHA-256 of the whole key.
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  -- The key before the last rotation, valid until then.
  previous_prefix TEXT,
  previous_hash BLOB UNIQUE CHECK (previous_hash IS NULL OR length(previous_hash) = 32),
  previous_until INTEGER,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  -- Since when it is this key.
  rotated_at INTEGER NOT NULL,
  expires_at INTEGER,
  -- Written once a minute at most.
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE UNIQUE INDEX api_keys_by_name ON api_keys (name) WHERE revoked_at IS NULL;
CREATE INDEX api_keys_by_prefix ON api_keys (prefix);
CREATE INDEX api_keys_by_previous ON api_keys (previous_prefix) WHERE previous_prefix IS NOT NULL;

-- Every change and every refused attempt. Each row's hash covers the row and the hash before it.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL DEFAULT '',
  outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'refused')),
  code TEXT NOT NULL DEFAULT '',
  previous BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE phones (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  key_hash BLOB NOT NULL UNIQUE,
  -- A key that was handed out in a rotation and not yet used; the older one is valid until then.
  next_key_hash BLOB UNIQUE,
  journal TEXT NOT NULL,
  acked_seq INTEGER NOT NULL DEFAULT 0,
  acked_hash TEXT NOT NULL DEFAULT '',
  -- Why its connection is refused until an admin decides.
  journal_problem TEXT CHECK (journal_problem IN ('journal_changed', 'journal_rolled_back')),
  -- The journal that asked to be let in instead.
  offered_journal TEXT,
  -- 1 from a restore until it has told everything it did since the backup, or is written off.
  replay_needed INTEGER NOT NULL DEFAULT 0 CHECK (replay_needed IN (0, 1)),
  country TEXT,
  agent_version TEXT NOT NULL DEFAULT '',
  can_prove INTEGER NOT NULL DEFAULT 0 CHECK (can_prove IN (0, 1)),
  status TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(status)),
  findings TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(findings)),
  paired_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  revoked_at INTEGER,
  -- Whether it is known to be there, and since when (null: since the pairing); a hub that is off says nothing about it.
  reach TEXT NOT NULL DEFAULT 'online' CHECK (reach IN ('online', 'offline')),
  reach_at INTEGER
) STRICT;

-- A lane: one SIM of one phone.
CREATE TABLE sims (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  phone_id INTEGER NOT NULL REFERENCES phones (id),
  slot INTEGER NOT NULL CHECK (slot BETWEEN 0 AND 3),
  carrier TEXT,
  country TEXT,
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  limits TEXT CHECK (limits IS NULL OR json_valid(limits)),
  UNIQUE (phone_id, slot)
) STRICT;

CREATE TABLE imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file_name TEXT NOT NULL,
  path TEXT NOT NULL,
  file_size INTEGER NOT NULL,
  file_changed_at INTEGER NOT NULL,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  -- undoing and forgotten: work in the background that the next start goes on with.
  state TEXT NOT NULL
    CHECK (state IN ('running', 'paused', 'completed', 'cancelled', 'failed', 'undoing', 'undone', 'forgotten')),
  -- The row of the spreadsheet up to which everything is stored: where a resumed import goes on.
  done_row INTEGER NOT NULL DEFAULT 0,
  -- Rows are stored in windows, each in the order of its numbers. Of the window at work: its last row (null: not known
  -- yet), and the last number and row that are stored.
  window_end INTEGER,
  window_number TEXT NOT NULL DEFAULT '',
  window_row INTEGER NOT NULL DEFAULT 0,
  bytes_read INTEGER NOT NULL DEFAULT 0,
  rows INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  flagged INTEGER NOT NULL DEFAULT 0,
  rejected_by_code TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(rejected_by_code)),
  -- Undo goes over the contacts it made (1), then over those that were there (2), by id.
  undo_phase INTEGER NOT NULL DEFAULT 0,
  undo_after INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0,
  restored INTEGER NOT NULL DEFAULT 0,
  kept INTEGER NOT NULL DEFAULT 0,
  error TEXT NOT NULL DEFAULT '',
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

-- Rows that were not taken in, with the cells as they were, for the report.
CREATE TABLE import_rejections (
  import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  row INTEGER NOT NULL,
  code TEXT NOT NULL,
  -- Empty: the sentence that stands for the code.
  message TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL,
  cells TEXT NOT NULL CHECK (json_valid(cells)),
  PRIMARY KEY (import_id, row)
) STRICT, WITHOUT ROWID;

-- Cells that deserve a look: formulas, odd e-mail addresses, unknown zones. The first duplicates too.
CREATE TABLE import_flags (
  import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  row INTEGER NOT NULL,
  field TEXT NOT NULL,
  code TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (import_id, row, field, code)
) STRICT, WITHOUT ROWID;

-- Contacts that were there before an import touched them, for undo.
CREATE TABLE import_changes (
  import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL,
  -- What it was, and its version after the change. Null: it only came to lists or tags.
  before TEXT CHECK (before IS NULL OR json_valid(before)),
  after_version INTEGER NOT NULL,
  PRIMARY KEY (import_id, contact_id)
) STRICT, WITHOUT ROWID;

-- One row for each source, wording and time of consent; contacts point to theirs.
CREATE TABLE consents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  wording TEXT NOT NULL,
  given_at INTEGER,
  recorded_by TEXT NOT NULL,
  recorded_at INTEGER NOT NULL,
  import_id INTEGER REFERENCES imports (id) ON DELETE SET NULL
) STRICT;
CREATE INDEX consents_of_import ON consents (import_id, source, wording, given_at);

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number TEXT NOT NULL UNIQUE CHECK (number GLOB '+[1-9]*'),
  country TEXT,
  first_name TEXT NOT NULL DEFAULT '',
  last_name TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  zone TEXT,
  attributes TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(attributes)),
  consent_id INTEGER REFERENCES consents (id),
  import_id INTEGER REFERENCES imports (id) ON DELETE SET NULL,
  -- The lane that texted them first; they keep it.
  sim_id INTEGER REFERENCES sims (id),
  -- Goes up with each change, so that undo of an import sees what was changed since.
  version INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX contacts_of_import ON contacts (import_id, id);
-- Words of names, e-mail address and number; db/contact-search.ts keeps it in step. Only row ids are asked of it, so it
-- holds no copies, sizes or positions. Merging its parts is done in small steps there instead of in one go by a writer.
CREATE VIRTUAL TABLE contacts_search USING fts5 (
  words, content = '', columnsize = 0, detail = none, prefix = '1 2 3', tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO contacts_search (contacts_search, rank) VALUES ('automerge', 0);
INSERT INTO contacts_search (contacts_search, rank) VALUES ('usermerge', 16);
INSERT INTO contacts_search (contacts_search, rank) VALUES ('crisismerge', 1000);
-- Contacts with an id above this are not in it yet.
CREATE TABLE contacts_search_state (
  indexed_to INTEGER NOT NULL
) STRICT;
INSERT INTO contacts_search_state VALUES (0);

-- How many contacts have a value for each field that a template may use.
CREATE TABLE contact_fields (
  name TEXT PRIMARY KEY,
  contacts INTEGER NOT NULL CHECK (contacts >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE lists (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- Null: deleted, and its members are being removed in the background.
  name TEXT UNIQUE COLLATE NOCASE,
  -- Kept by db/lists.ts, as that of tags.
  contacts INTEGER NOT NULL DEFAULT 0 CHECK (contacts >= 0),
  -- The import that made it.
  import_id INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE list_members (
  list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  import_id INTEGER,
  PRIMARY KEY (list_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX lists_of_contact ON list_members (contact_id);

CREATE TABLE tags (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  contacts INTEGER NOT NULL DEFAULT 0 CHECK (contacts >= 0),
  import_id INTEGER
) STRICT;
CREATE TABLE contact_tags (
  tag_id INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
  import_id INTEGER,
  PRIMARY KEY (tag_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_of_contact ON contact_tags (contact_id);

-- Audiences that were given a name.
CREATE TABLE segments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  audience TEXT NOT NULL CHECK (json_valid(audience)),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- What is done to many contacts at once, step by step in the background.
CREATE TABLE bulk_jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('tag', 'untag', 'add-to-list', 'remove-from-list', 'delete')),
  -- Of the list or tag, as it was called, and its id.
  name TEXT NOT NULL,
  group_id INTEGER,
  selection TEXT NOT NULL CHECK (json_valid(selection)),
  -- The last contact done, and the last one that is meant.
  after_id INTEGER NOT NULL DEFAULT 0,
  until_id INTEGER NOT NULL,
  contacts INTEGER NOT NULL DEFAULT 0,
  changed INTEGER NOT NULL DEFAULT 0,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;

CREATE TABLE campaigns (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  template TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'draft'
    CHECK (state IN ('draft', 'scheduled', 'running', 'paused', 'completed', 'cancelled')),
  pause_reason TEXT NOT NULL DEFAULT '',
  audience TEXT NOT NULL CHECK (json_valid(audience)),
  hours TEXT NOT NULL CHECK (json_valid(hours)),
  -- Ids of the lanes that may send it; null: every lane that is enabled.
  sims TEXT CHECK (sims IS NULL OR json_valid(sims)),
  -- 1: an admin has agreed to send through phones that cannot prove a send.
  allow_unproven INTEGER NOT NULL DEFAULT 0 CHECK (allow_unproven IN (0, 1)),
  require_consent INTEGER NOT NULL DEFAULT 0 CHECK (require_consent IN (0, 1)),
  scheduled_at INTEGER,
  expires_at INTEGER,
  -- While messages are being made from the audience: the last contact done. Null: all are made.
  filling_after INTEGER,
  -- While waiting messages are fitted to changed hours, lanes or expiry: the last message done. Null: all fit.
  fitting_after TEXT,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER
) STRICT;
CREATE INDEX campaigns_by_state ON campaigns (state, scheduled_at, id);

-- Who was left out at the start, and why.
CREATE TABLE campaign_left_out (
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  contact_id INTEGER NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (campaign_id, contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign_left_out_counts (
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  code TEXT NOT NULL,
  contacts INTEGER NOT NULL CHECK (contacts >= 0),
  PRIMARY KEY (campaign_id, code)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER left_out_counted AFTER INSERT ON campaign_left_out BEGIN
  INSERT INTO campaign_left_out_counts VALUES (new.campaign_id, new.code, 1)
    ON CONFLICT DO UPDATE SET contacts = contacts + 1;
END;
CREATE TRIGGER left_out_uncounted AFTER DELETE ON campaign_left_out BEGIN
  UPDATE campaign_left_out_counts SET contacts = contacts - 1 WHERE campaign_id = old.campaign_id AND code = old.code;
END;

-- Kept by triggers, so that progress never needs a count over the messages.
CREATE TABLE campaign_counts (
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  messages INTEGER NOT NULL CHECK (messages >= 0),
  segments INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE threads (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- E.164, or the sender as the phone shows it where it is no number.
  number TEXT NOT NULL UNIQUE,
  contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
  unread INTEGER NOT NULL DEFAULT 0 CHECK (unread >= 0),
  last_at INTEGER NOT NULL,
  last_text TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX threads_by_time ON threads (last_at DESC, id DESC);
CREATE INDEX threads_unread ON threads (last_at DESC, id DESC, unread) WHERE unread > 0;
CREATE INDEX threads_of_contact ON threads (contact_id);

-- By what people find a thread again.
CREATE TABLE thread_tags (
  thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  name TEXT NOT NULL COLLATE NOCASE,
  PRIMARY KEY (thread_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_tags_by_name ON thread_tags (name, thread_id);

-- What people of the hub note about a thread; never sent.
CREATE TABLE thread_notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  body TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_of_thread ON thread_notes (thread_id, id);

-- Saved texts for replies.
CREATE TABLE reply_templates (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  body TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- Texts that came in. A text is known by phone, row, time, sender and body; two identical texts are two rows of the store.
-- The store's own identity is no part of it: an agent that lost its memory names the same store anew.
CREATE TABLE inbound (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  thread_id INTEGER NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  phone_id INTEGER NOT NULL REFERENCES phones (id),
  store TEXT NOT NULL,
  row_id INTEGER NOT NULL,
  sender TEXT NOT NULL,
  body TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  stored_at INTEGER NOT NULL,
  intent TEXT NOT NULL CHECK (intent IN ('none', 'stop', 'stop_likely', 'start', 'help')),
  -- The campaign whose message this answers, if there is one.
  campaign_id INTEGER REFERENCES campaigns (id) ON DELETE SET NULL,
  -- In this order, since the same row may come from a phone that was paired anew.
  UNIQUE (row_id, sender, body_hash, received_at, phone_id)
) STRICT;
CREATE INDEX inbound_of_thread ON inbound (thread_id, received_at, id);
CREATE INDEX inbound_of_campaign ON inbound (campaign_id) WHERE campaign_id IS NOT NULL;

-- All texts that came in, by what they meant.
CREATE TABLE inbound_counts (
  intent TEXT PRIMARY KEY,
  texts INTEGER NOT NULL CHECK (texts >= 0)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER inbound_counted AFTER INSERT ON inbound BEGIN
  INSERT INTO inbound_counts VALUES (new.intent, 1) ON CONFLICT DO UPDATE SET texts = texts + 1;
END;
CREATE TRIGGER inbound_recounted AFTER UPDATE OF intent ON inbound WHEN new.intent <> old.intent BEGIN
  UPDATE inbound_counts SET texts = texts - 1 WHERE intent = old.intent;
  INSERT INTO inbound_counts VALUES (new.intent, 1) ON CONFLICT DO UPDATE SET texts = texts + 1;
END;
CREATE TRIGGER inbound_uncounted AFTER DELETE ON inbound BEGIN
  UPDATE inbound_counts SET texts = texts - 1 WHERE intent = old.intent;
END;

-- The same of the answers to each campaign, so that progress never needs a count over the texts.
CREATE TABLE campaign_answers (
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  intent TEXT NOT NULL,
  texts INTEGER NOT NULL CHECK (texts >= 0),
  PRIMARY KEY (campaign_id, intent)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER answers_counted AFTER INSERT ON inbound WHEN new.campaign_id IS NOT NULL BEGIN
  INSERT INTO campaign_answers VALUES (new.campaign_id, new.intent, 1) ON CONFLICT DO UPDATE SET texts = texts + 1;
END;
CREATE TRIGGER answers_recounted AFTER UPDATE OF intent, campaign_id ON inbound
WHEN new.intent IS NOT old.intent OR new.campaign_id IS NOT old.campaign_id BEGIN
  UPDATE campaign_answers SET texts = texts - 1 WHERE campaign_id = old.campaign_id AND intent = old.intent;
  INSERT INTO campaign_answers SELECT new.campaign_id, new.intent, 1 WHERE new.campaign_id IS NOT NULL
    ON CONFLICT DO UPDATE SET texts = texts + 1;
END;
CREATE TRIGGER answers_uncounted AFTER DELETE ON inbound WHEN old.campaign_id IS NOT NULL BEGIN
  UPDATE campaign_answers SET texts = texts - 1 WHERE campaign_id = old.campaign_id AND intent = old.intent;
END;

CREATE TABLE messages (
  -- Fixed at creation, the same after a restore; ids made later sort later.
  id TEXT PRIMARY KEY,
  -- direct: a text to one number that a person or a script ordered by itself.
  kind TEXT NOT NULL CHECK (kind IN ('confirmation', 'answer', 'reply', 'test', 'direct', 'campaign')),
  campaign_id INTEGER REFERENCES campaigns (id),
  contact_id INTEGER REFERENCES contacts (id) ON DELETE SET NULL,
  number TEXT NOT NULL CHECK (number GLOB '+[1-9]*'),
  state TEXT NOT NULL CHECK (state IN ('queued', 'assigned', 'accepted', 'attempting', 'handed_over', 'sent', 'unknown',
    'suppressed', 'expired', 'cancelled', 'failed')),
  reason TEXT NOT NULL DEFAULT '',
  -- What becomes of it once the agent says that it was not attempted. Null: nobody wants it back.
  recall TEXT CHECK (recall IN ('queued', 'suppressed', 'expired', 'cancelled')),
  -- Rendered once, at the first assignment. Null also where only a phone knows it, after a restore.
  body TEXT,
  body_hash BLOB,
  segments INTEGER NOT NULL DEFAULT 0,
  -- Candidate zones of the recipient, separated by a space.
  zones TEXT NOT NULL DEFAULT '',
  -- The lane it waits for, then the lane that has it.
  sim_id INTEGER REFERENCES sims (id),
  -- 1: only this lane may send it (the recipient knows its number).
  pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
  assignment INTEGER NOT NULL DEFAULT 0,
  not_after INTEGER,
  due_at INTEGER NOT NULL,
  expires_at INTEGER,
  refusals INTEGER NOT NULL DEFAULT 0,
  row_id INTEGER,
  -- What the phone's store showed when no proof was found.
  evidence TEXT NOT NULL DEFAULT '',
  -- The message this one repeats, by an operator's decision.
  repeats TEXT REFERENCES messages (id),
  -- The text that caused a confirmation or an answer, which therefore exists once.
  cause_id INTEGER REFERENCES inbound (id),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  assigned_at INTEGER,
  attempted_at INTEGER,
  settled_at INTEGER,
  CHECK ((kind = 'campaign') = (campaign_id IS NOT NULL)),
  CHECK (state NOT IN ('assigned', 'accepted', 'attempting', 'handed_over') OR sim_id IS NOT NULL),
  CHECK (state <> 'assigned' OR (body IS NOT NULL AND body <> ''))
) STRICT;
CREATE UNIQUE INDEX messages_once_per_campaign ON messages (campaign_id, number)
  WHERE campaign_id IS NOT NULL AND repeats IS NULL;
CREATE UNIQUE INDEX messages_once_per_cause ON messages (cause_id, kind) WHERE cause_id IS NOT NULL;
-- Scripts can order thousands of direct texts: they are no part of the queue of replies, which must not wait for them.
CREATE INDEX messages_queue ON messages (campaign_id, pinned, sim_id, due_at) WHERE state = 'queued' AND kind <> 'direct';
CREATE INDEX messages_queue_direct ON messages (pinned, sim_id, due_at) WHERE state = 'queued' AND kind = 'direct';
CREATE INDEX messages_with_phones ON messages (sim_id, state, segments)
  WHERE state IN ('assigned', 'accepted', 'attempting', 'handed_over');
CREATE INDEX messages_recalled ON messages (sim_id) WHERE recall IS NOT NULL;
CREATE INDEX messages_unknown ON messages (campaign_id, reason, id) WHERE state = 'unknown';
CREATE INDEX messages_expiring ON messages (expires_at)
  WHERE expires_at IS NOT NULL AND state IN ('queued', 'assigned', 'accepted');
CREATE INDEX messages_of_number ON messages (number, created_at);
CREATE INDEX messages_of_campaign ON messages (campaign_id, state, id);
CREATE INDEX messages_of_contact ON messages (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX messages_repeating ON messages (repeats) WHERE repeats IS NOT NULL;

CREATE TRIGGER messages_counted AFTER INSERT ON messages WHEN new.campaign_id IS NOT NULL BEGIN
  INSERT INTO campaign_counts VALUES (new.campaign_id, new.state, 1, new.segments)
    ON CONFLICT DO UPDATE SET messages = messages + 1, segments = segments + excluded.segments;
END;
CREATE TRIGGER messages_recounted AFTER UPDATE OF state, segments ON messages
WHEN new.campaign_id IS NOT NULL AND (new.state <> old.state OR new.segments <> old.segments) BEGIN
  UPDATE campaign_counts SET messages = messages - 1, segments = segments - old.segments
    WHERE campaign_id = old.campaign_id AND state = old.state;
  INSERT INTO campaign_counts VALUES (new.campaign_id, new.state, 1, new.segments)
    ON CONFLICT DO UPDATE SET messages = messages + 1, segments = segments + excluded.segments;
END;
CREATE TRIGGER messages_uncounted AFTER DELETE ON messages WHEN old.campaign_id IS NOT NULL BEGIN
  UPDATE campaign_counts SET messages = messages - 1, segments = segments - old.segments
    WHERE campaign_id = old.campaign_id AND state = old.state;
END;

-- Numbers that said stop. Once the person is erased only the keyed hash stays.
CREATE TABLE suppressions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number TEXT UNIQUE,
  number_hash BLOB NOT NULL UNIQUE,
  reason TEXT NOT NULL CHECK (reason IN ('stop', 'wording', 'likely', 'manual', 'import', 'erased')),
  note TEXT NOT NULL DEFAULT '',
  inbound_id INTEGER REFERENCES inbound (id) ON DELETE SET NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
-- Likely ones wait for a word of a person.
CREATE INDEX suppressions_likely ON suppressions (id) WHERE reason = 'likely';

-- What was answered to a caller who handed in an Idempotency-Key, so that the same request is not done twice. Two days long.
CREATE TABLE idempotency (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  -- SHA-256 of the operation and its input.
  request BLOB NOT NULL,
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency (created_at);

-- Lists that came in over the network and lie in the folder of uploads under their id until their import has ended.
CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  file_name TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  -- The import that reads it; null: none yet.
  import_id INTEGER UNIQUE REFERENCES imports (id) ON DELETE SET NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a phone has accepted and nobody wants from it, after a restore or with an old journal that was let in: it is
-- recalled until the phone says what became of it.
CREATE TABLE strays (
  phone_id INTEGER NOT NULL REFERENCES phones (id),
  message_id TEXT NOT NULL,
  assignment INTEGER NOT NULL,
  PRIMARY KEY (phone_id, message_id)
) STRICT, WITHOUT ROWID;

-- Attempts that only a phone knows of, found after a restore. They block the same number and body.
CREATE TABLE foreign_attempts (
  message_id TEXT NOT NULL,
  phone_id INTEGER NOT NULL REFERENCES phones (id),
  assignment INTEGER NOT NULL,
  number TEXT NOT NULL,
  body_hash BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('attempting', 'handed_over', 'sent', 'unknown', 'refused')),
  attempted_at INTEGER NOT NULL,
  -- An assignment goes to one phone, which may come back as another one when it is paired anew.
  PRIMARY KEY (message_id, assignment)
) STRICT, WITHOUT ROWID;
CREATE INDEX foreign_attempts_of_number ON foreign_attempts (number);

-- Addresses that are told of what happens. What each asks for are columns: the triggers below ask at every message.
CREATE TABLE webhooks (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  inbound_text INTEGER NOT NULL DEFAULT 0 CHECK (inbound_text IN (0, 1)),
  message_state INTEGER NOT NULL DEFAULT 0 CHECK (message_state IN (0, 1)),
  campaign_state INTEGER NOT NULL DEFAULT 0 CHECK (campaign_state IN (0, 1)),
  phone_reach INTEGER NOT NULL DEFAULT 0 CHECK (phone_reach IN (0, 1)),
  -- 1: deleted, and its deliveries are being removed in the background.
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  -- Failed attempts in a row, since when, and until when it is left alone.
  failures INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER,
  rests_until INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '',
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- What a webhook is told, one row each, stored by triggers in the transaction of what it tells of. Numbers and texts are
-- not in it: they are read when it is sent, so that who is erased is erased here too.
CREATE TABLE webhook_deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- How the receiver knows it again. Random, since a restore gives row ids a second time.
  uid TEXT NOT NULL UNIQUE DEFAULT ('whd_' || lower(hex(randomblob(16)))),
  webhook_id INTEGER NOT NULL REFERENCES webhooks (id),
  event TEXT NOT NULL
    CHECK (event IN ('test', 'inbound.text', 'message.state', 'campaign.state', 'phone.offline', 'phone.online')),
  -- The id of the text, message, campaign or phone.
  subject TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
  -- When it happened, and when it was stored (again, at a replay).
  at INTEGER NOT NULL,
  queued_at INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000 AS INTEGER)),
  -- before_restore: it waited in a backup that was restored, so that it may have been sent since.
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given_up', 'before_restore')),
  attempts INTEGER NOT NULL DEFAULT 0,
  first_attempt_at INTEGER,
  last_attempt_at INTEGER,
  -- Not before.
  next_at INTEGER NOT NULL DEFAULT 0,
  -- What the target answered last; null: nothing.
  status INTEGER,
  error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (webhook_id, next_at, id) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (webhook_id, state, id);
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (webhook_id, id);

CREATE TRIGGER inbound_told AFTER INSERT ON inbound
WHEN EXISTS (SELECT 1 FROM webhooks WHERE inbound_text = 1 AND active = 1) BEGIN
  INSERT INTO webhook_deliveries (webhook_id, event, subject, at)
    SELECT id, 'inbound.text', new.id, new.received_at FROM webhooks WHERE inbound_text = 1 AND active = 1;
END;
CREATE TRIGGER messages_told AFTER UPDATE OF state ON messages
WHEN new.state <> old.state AND new.state IN ('sent', 'unknown', 'suppressed', 'expired', 'cancelled', 'failed')
  AND EXISTS (SELECT 1 FROM webhooks WHERE message_state = 1 AND active = 1) BEGIN
  INSERT INTO webhook_deliveries (webhook_id, event, subject, detail, at)
    SELECT id, 'message.state', new.id, json_object('state', new.state, 'reason', new.reason),
      coalesce(new.settled_at, new.created_at) FROM webhooks WHERE message_state = 1 AND active = 1;
END;
CREATE TRIGGER campaigns_told AFTER UPDATE OF state ON campaigns
WHEN new.state <> old.state AND EXISTS (SELECT 1 FROM webhooks WHERE campaign_state = 1 AND active = 1) BEGIN
  INSERT INTO webhook_deliveries (webhook_id, event, subject, detail, at)
    SELECT id, 'campaign.state', new.id, json_object('state', new.state, 'before', old.state), new.updated_at
      FROM webhooks WHERE campaign_state = 1 AND active = 1;
END;
CREATE TRIGGER phones_told AFTER UPDATE OF reach ON phones
WHEN new.reach <> old.reach AND EXISTS (SELECT 1 FROM webhooks WHERE phone_reach = 1 AND active = 1) BEGIN
  INSERT INTO webhook_deliveries (webhook_id, event, subject, at)
    SELECT id, 'phone.' || new.reach, new.id, new.reach_at FROM webhooks WHERE phone_reach = 1 AND active = 1;
END;
`,
}

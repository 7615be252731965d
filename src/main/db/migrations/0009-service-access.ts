import type { Migration } from '../migrate.ts'

export const serviceAccess: Migration = {
  number: 9,
  name: 'service-access',
  sql: `
-- People who use services behind the proxy. They are no users of this application.
CREATE TABLE people (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  note TEXT NOT NULL DEFAULT '',
  -- SHA-256 of the token in their private link; null: there is none.
  link_hash BLOB UNIQUE CHECK (link_hash IS NULL OR length(link_hash) = 32),
  link_made_at INTEGER CHECK ((link_made_at IS NULL) = (link_hash IS NULL)),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE access_services (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
  -- The name under which the proxy serves it, such as wiki.
  subdomain TEXT NOT NULL UNIQUE COLLATE NOCASE,
  address TEXT NOT NULL,
  auth_type TEXT NOT NULL CHECK (auth_type IN ('none', 'basic')),
  -- Where ssh goes for file and reload; empty: this computer.
  host TEXT NOT NULL DEFAULT '',
  file TEXT,
  -- The arguments of the command that makes the proxy read the file again; null: none is needed.
  reload TEXT CHECK (reload IS NULL OR json_type(reload) = 'array'),
  -- A new credential ends after so many days, with a warning so many days before; null: never.
  expiry_days INTEGER CHECK (expiry_days BETWEEN 1 AND 3650),
  warn_days INTEGER NOT NULL DEFAULT 7 CHECK (warn_days BETWEEN 0 AND 365),
  -- The access log of the proxy, on this computer; several services may share one. Null: none is read.
  log_file TEXT,
  -- Whether the personal page may hand the credential over in the address, and let a person make a new password.
  hand_over INTEGER NOT NULL DEFAULT 0 CHECK (hand_over IN (0, 1)),
  self_renewal INTEGER NOT NULL DEFAULT 0 CHECK (self_renewal IN (0, 1)),
  -- The credential of the administrators, which stays in the file.
  admin_username TEXT,
  admin_hash TEXT,
  -- What the last request to the address and the last look at the file have found.
  health_at INTEGER,
  health_ok INTEGER CHECK (health_ok IN (0, 1)),
  health_detail TEXT NOT NULL DEFAULT '',
  looked_at INTEGER,
  drift INTEGER NOT NULL DEFAULT 0,
  file_problem TEXT NOT NULL DEFAULT '',
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CHECK ((auth_type = 'basic') = (file IS NOT NULL)),
  CHECK ((file IS NULL) = (admin_username IS NULL) AND (file IS NULL) = (admin_hash IS NULL)),
  UNIQUE (host, file)
) STRICT;

-- Who may open what, and by which credential. The password itself is a sealed secret.
CREATE TABLE grants (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id INTEGER NOT NULL REFERENCES people (id),
  service_id INTEGER NOT NULL REFERENCES access_services (id),
  -- Null for a service that asks for nothing.
  username TEXT,
  -- As it stands in the file.
  hash TEXT,
  -- 0: taken over from the file, so that nobody here knows the password.
  known INTEGER NOT NULL DEFAULT 1 CHECK (known IN (0, 1)),
  -- expired: out of the file until a new password is made.
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'expired')),
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  renewed_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_access_at INTEGER,
  CHECK ((username IS NULL) = (hash IS NULL)),
  UNIQUE (person_id, service_id)
) STRICT;
CREATE UNIQUE INDEX grants_of_service ON grants (service_id, username);
CREATE INDEX grants_that_expire ON grants (expires_at) WHERE expires_at IS NOT NULL AND state = 'active';

-- A change of a file that is under way: how its entries stood before. The row goes in the transaction of the change, so
-- one that is found later is of a change that never was, and the file is put back.
CREATE TABLE access_intents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  host TEXT NOT NULL,
  file TEXT NOT NULL,
  reload TEXT,
  existed INTEGER NOT NULL CHECK (existed IN (0, 1)),
  -- Pairs of user name and hash; a hash of null: there was no such entry.
  before TEXT NOT NULL CHECK (json_type(before) = 'array'),
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX access_intents_of_file ON access_intents (host, file);

-- How far each log was read, stored with what was read.
CREATE TABLE access_logs (
  file TEXT PRIMARY KEY,
  inode INTEGER NOT NULL,
  offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who used which service, a stretch of time from one address each. No paths: what people read is nobody's business.
CREATE TABLE access_visits (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  service_id INTEGER NOT NULL REFERENCES access_services (id) ON DELETE CASCADE,
  username TEXT NOT NULL,
  -- Whose credential it was then; null: nobody's. Goes with the person.
  person_id INTEGER REFERENCES people (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  requests INTEGER NOT NULL CHECK (requests > 0)
) STRICT;
CREATE INDEX access_visits_of_name ON access_visits (service_id, username, address, last_at);
CREATE INDEX access_visits_of_service ON access_visits (service_id, id);
CREATE INDEX access_visits_of_person ON access_visits (person_id, id);
CREATE INDEX access_visits_by_time ON access_visits (last_at);

-- Addresses whose credentials were refused: what the built-in counter of failures knows. No user names: people type
-- passwords there.
CREATE TABLE access_sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  -- An IPv4 address, or the /64 network of an IPv6 address.
  address TEXT NOT NULL UNIQUE,
  -- Times of the failures that still count.
  failures TEXT NOT NULL CHECK (json_type(failures) = 'array'),
  last_at INTEGER NOT NULL,
  locked_at INTEGER,
  locked_until INTEGER,
  total INTEGER NOT NULL,
  CHECK ((locked_at IS NULL) = (locked_until IS NULL))
) STRICT;
CREATE INDEX access_sources_by_time ON access_sources (last_at);
CREATE INDEX access_sources_banned ON access_sources (locked_until) WHERE locked_until IS NOT NULL;
`,
}

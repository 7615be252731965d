import type { Migration } from '../migrate.ts'

export const accessLog: Migration = {
  number: 3,
  name: 'access-log',
  sql: `
-- The access log of the proxy, on this computer; several services may share one. Null: none is read.
ALTER TABLE access_services ADD COLUMN log_file TEXT;

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

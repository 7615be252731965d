import type { Migration } from '../migrate.ts'

/** The organisation's logo, which stands beside its name where people sign in. */
export const logo: Migration = {
  number: 2,
  name: 'logo',
  sql: /* sql */ `
-- One row, or none. Checked by its content before it is stored.
CREATE TABLE logo (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  type TEXT NOT NULL CHECK (type IN ('image/png', 'image/jpeg', 'image/webp')),
  width INTEGER NOT NULL CHECK (width BETWEEN 16 AND 1024),
  height INTEGER NOT NULL CHECK (height BETWEEN 16 AND 1024),
  -- Of its bytes, so that a browser knows when it is another one.
  tag TEXT NOT NULL,
  bytes BLOB NOT NULL CHECK (length(bytes) <= 131072),
  updated_at INTEGER NOT NULL
) STRICT;
`,
}

import type { Migration } from '../migrate.ts'

export const personalPage: Migration = {
  number: 4,
  name: 'personal-page',
  sql: `
-- SHA-256 of the token in a person's private link; null: there is none.
ALTER TABLE people ADD COLUMN link_hash BLOB CHECK (link_hash IS NULL OR length(link_hash) = 32);
ALTER TABLE people ADD COLUMN link_made_at INTEGER CHECK ((link_made_at IS NULL) = (link_hash IS NULL));
CREATE UNIQUE INDEX people_by_link ON people (link_hash) WHERE link_hash IS NOT NULL;

-- Whether the personal page may hand the credential over in the address, and let a person make a new password.
ALTER TABLE access_services ADD COLUMN hand_over INTEGER NOT NULL DEFAULT 0 CHECK (hand_over IN (0, 1));
ALTER TABLE access_services ADD COLUMN self_renewal INTEGER NOT NULL DEFAULT 0 CHECK (self_renewal IN (0, 1));
`,
}

import type { Migration } from '../migrate.ts'

/** Where the zone of a contact comes from, and their postcode, which tells one too. */
export const postcodes: Migration = {
  number: 6,
  name: 'postcodes',
  sql: /* sql */ `
-- In capitals; which country it is of is told by the number.
ALTER TABLE contacts ADD COLUMN postcode TEXT;
-- 1: a person or a script has set the zone; 0: the column of a list.
ALTER TABLE contacts ADD COLUMN zone_by_hand INTEGER NOT NULL DEFAULT 0 CHECK (zone_by_hand IN (0, 1));
UPDATE contacts SET zone_by_hand = 1 WHERE zone IS NOT NULL AND import_id IS NULL;

-- Until now it was an attribute like any other. How many contacts have one is counted under the same name.
UPDATE contacts SET postcode = upper(trim(attributes ->> '$.postcode')), attributes = json_remove(attributes, '$.postcode')
  WHERE attributes ->> '$.postcode' <> '';
UPDATE imports SET settings = json_remove(json_set(settings, '$.mapping.postcode', settings ->> '$.mapping.attributes.postcode'),
  '$.mapping.attributes.postcode') WHERE settings ->> '$.mapping.attributes.postcode' IS NOT NULL;
`,
}

import type { Migration } from '../migrate.ts'

const SETTLED = "'sent', 'unknown', 'suppressed', 'expired', 'cancelled', 'failed'"

/** When something became of a message: its attempt, or where there was none, its end. Known of every settled message. */
const at = (row: string): string => `coalesce(${row}.attempted_at, ${row}.settled_at, ${row}.created_at)`
const QUARTER = 900_000
const DAY = 86_400_000

/** The rows of one message in both tables, with `+ 1` or `- 1`. */
const outcomes = (row: string, sign: '+' | '-'): string =>
  [
    ['outcome_quarters', QUARTER],
    ['outcome_days', DAY],
  ]
    .map(([table, span]) =>
      sign === '+'
        ? `INSERT INTO ${table} SELECT ${at(row)} - ${at(row)} % ${span}, ${row}.campaign_id IS NOT NULL,
    coalesce(${row}.sim_id, 0), ${row}.state, ${row}.reason, 1, ${row}.segments WHERE ${row}.state IN (${SETTLED})
    ON CONFLICT DO UPDATE SET messages = messages + 1, segments = segments + excluded.segments;`
        : `UPDATE ${table} SET messages = messages - 1, segments = segments - ${row}.segments
    WHERE ${row}.state IN (${SETTLED}) AND at = ${at(row)} - ${at(row)} % ${span}
      AND campaign = (${row}.campaign_id IS NOT NULL) AND sim_id = coalesce(${row}.sim_id, 0)
      AND state = ${row}.state AND reason = ${row}.reason;`,
    )
    .join('\n  ')

const answers = (row: string, sign: '+' | '-'): string =>
  [
    ['answer_quarters', QUARTER],
    ['answer_days', DAY],
  ]
    .map(([table, span]) =>
      sign === '+'
        ? `INSERT INTO ${table} VALUES (${row}.received_at - ${row}.received_at % ${span}, ${row}.campaign_id IS NOT NULL,
    ${row}.phone_id, ${row}.intent, 1) ON CONFLICT DO UPDATE SET texts = texts + 1;`
        : `UPDATE ${table} SET texts = texts - 1 WHERE at = ${row}.received_at - ${row}.received_at % ${span}
    AND campaign = (${row}.campaign_id IS NOT NULL) AND phone_id = ${row}.phone_id AND intent = ${row}.intent;`,
    )
    .join('\n  ')

const outcomeTable = (name: string): string => `
CREATE TABLE ${name} (
  -- Its beginning.
  at INTEGER NOT NULL,
  -- 1: of campaigns.
  campaign INTEGER NOT NULL CHECK (campaign IN (0, 1)),
  -- The lane; 0: no lane ever had it.
  sim_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  messages INTEGER NOT NULL CHECK (messages >= 0),
  segments INTEGER NOT NULL,
  PRIMARY KEY (at, campaign, sim_id, state, reason)
) STRICT, WITHOUT ROWID;`

const answerTable = (name: string): string => `
CREATE TABLE ${name} (
  at INTEGER NOT NULL,
  -- 1: answers to campaigns.
  campaign INTEGER NOT NULL CHECK (campaign IN (0, 1)),
  phone_id INTEGER NOT NULL,
  intent TEXT NOT NULL,
  texts INTEGER NOT NULL CHECK (texts >= 0),
  PRIMARY KEY (at, campaign, phone_id, intent)
) STRICT, WITHOUT ROWID;`

const filled = (table: string, span: number): string => `
INSERT INTO ${table} SELECT ${at('m')} - ${at('m')} % ${span}, m.campaign_id IS NOT NULL, coalesce(m.sim_id, 0), m.state,
  m.reason, count(*), sum(m.segments) FROM messages m WHERE m.state IN (${SETTLED}) GROUP BY 1, 2, 3, 4, 5;`

const answersFilled = (table: string, span: number): string => `
INSERT INTO ${table} SELECT i.received_at - i.received_at % ${span}, i.campaign_id IS NOT NULL, i.phone_id, i.intent, count(*)
  FROM inbound i GROUP BY 1, 2, 3, 4;`

/**
 * What became of messages and what came in, by time: sums that reports read instead of the messages. A quarter of an hour
 * fits the days of every zone; the days of UTC shorten long periods.
 */
export const outcomeSums: Migration = {
  number: 2,
  name: 'outcome-sums',
  sql: /* sql */ `
-- What became of messages in each quarter of an hour, by the time of the attempt or, without one, of the end. Kept by
-- triggers, as the three below, so that reports never need a count over the messages.
${outcomeTable('outcome_quarters').trim()}

-- The same for each day of UTC.
${outcomeTable('outcome_days').trim()}

-- Texts that came in in each quarter of an hour, by what they meant.
${answerTable('answer_quarters').trim()}

-- The same for each day of UTC.
${answerTable('answer_days').trim()}
${filled('outcome_quarters', QUARTER)}
${filled('outcome_days', DAY)}
${answersFilled('answer_quarters', QUARTER)}
${answersFilled('answer_days', DAY)}

CREATE TRIGGER outcomes_summed AFTER INSERT ON messages WHEN new.state IN (${SETTLED}) BEGIN
  ${outcomes('new', '+')}
END;
CREATE TRIGGER outcomes_moved AFTER UPDATE OF state, reason, segments, sim_id, attempted_at, settled_at ON messages
WHEN (old.state IN (${SETTLED}) OR new.state IN (${SETTLED}))
  AND (new.state <> old.state OR new.reason <> old.reason OR new.segments <> old.segments OR new.sim_id IS NOT old.sim_id
    OR ${at('new')} <> ${at('old')}) BEGIN
  ${outcomes('old', '-')}
  ${outcomes('new', '+')}
END;
CREATE TRIGGER outcomes_unsummed AFTER DELETE ON messages WHEN old.state IN (${SETTLED}) BEGIN
  ${outcomes('old', '-')}
END;

CREATE TRIGGER texts_summed AFTER INSERT ON inbound BEGIN
  ${answers('new', '+')}
END;
CREATE TRIGGER texts_moved AFTER UPDATE OF intent, campaign_id ON inbound
WHEN new.intent <> old.intent OR new.campaign_id IS NOT old.campaign_id BEGIN
  ${answers('old', '-')}
  ${answers('new', '+')}
END;
CREATE TRIGGER texts_unsummed AFTER DELETE ON inbound BEGIN
  ${answers('old', '-')}
END;
`,
}

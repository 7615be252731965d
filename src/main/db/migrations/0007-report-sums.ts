import type { Migration } from '../migrate.ts'

/** A quarter of an hour and a day of UTC, in ms. */
const SPANS = [900_000, 86_400_000]

/** A table of sums: its key besides span and time, and its columns with what a row of `row` adds to each. */
interface Sums {
  readonly table: string
  readonly key: Readonly<Record<string, (row: string) => string>>
  readonly columns: Readonly<Record<string, (row: string) => string>>
  /** Which rows count. */
  readonly counts: (row: string) => string
  /** When, as an expression. */
  readonly at: (row: string) => string
}

const ofCampaign = (row: string): string => `${row}.campaign_id IS NOT NULL`
/** By comparing: for a list of values SQLite would build a table each time. */
const isIn =
  (...states: readonly string[]) =>
  (row: string): string =>
    `(${states.map(state => `${row}.state = '${state}'`).join(' OR ')})`
const both =
  (...parts: readonly ((row: string) => string)[]) =>
  (row: string): string =>
    `(${parts.map(part => part(row)).join(' AND ')})`
const sent = isIn('sent')
const segments = (counts: (row: string) => string) => (row: string) => `iif(${counts(row)}, ${row}.segments, 0)`

/** When something became of a message: its attempt, or where there was none, its end. Known of every settled message. */
const messageAt = (row: string): string => `coalesce(${row}.attempted_at, ${row}.settled_at, ${row}.created_at)`

const OUTCOMES: Sums = {
  table: 'outcome_sums',
  key: {},
  columns: {
    sent: both(ofCampaign, sent),
    segments: segments(both(ofCampaign, sent)),
    unknown: both(ofCampaign, isIn('unknown')),
    failed: both(ofCampaign, isIn('failed')),
    not_sent: both(ofCampaign, isIn('suppressed', 'expired', 'cancelled')),
    other_sent: row => `(${row}.campaign_id IS NULL AND ${sent(row)})`,
  },
  counts: isIn('sent', 'unknown', 'suppressed', 'expired', 'cancelled', 'failed'),
  at: messageAt,
}
const LANES: Sums = {
  table: 'lane_sums',
  key: { sim_id: row => `${row}.sim_id` },
  columns: {
    sent,
    campaign_sent: both(ofCampaign, sent),
    segments: segments(sent),
    unknown: isIn('unknown'),
    failed: isIn('failed'),
  },
  counts: both(row => `${row}.sim_id IS NOT NULL`, isIn('sent', 'unknown', 'failed')),
  at: messageAt,
}
const REASONS: Sums = {
  table: 'reason_sums',
  key: { state: row => `${row}.state`, reason: row => `${row}.reason` },
  columns: { messages: () => '1', campaign_messages: ofCampaign },
  counts: isIn('unknown', 'suppressed', 'expired', 'cancelled', 'failed'),
  at: messageAt,
}
const ANSWERS: Sums = {
  table: 'answer_sums',
  key: { phone_id: row => `${row}.phone_id` },
  columns: { replies: () => '1', opt_outs: row => `${row}.intent = 'stop'` },
  counts: ofCampaign,
  at: row => `${row}.received_at`,
}
const OF_MESSAGES = [OUTCOMES, LANES, REASONS]
const MESSAGE_COLUMNS = 'state, reason, segments, sim_id, attempted_at, settled_at'
const MESSAGE_DIFFERS = `new.state <> old.state OR new.reason <> old.reason OR new.segments <> old.segments
  OR new.sim_id IS NOT old.sim_id OR ${messageAt('new')} <> ${messageAt('old')}`

function added({ table, key, columns, at }: Sums, row: string): string {
  const values = [...Object.values(key), ...Object.values(columns)].map(value => value(row))
  const sets = Object.keys(columns).map(name => `${name} = ${name} + excluded.${name}`)
  return SPANS.map(
    span => `INSERT INTO ${table} VALUES (${span}, ${at(row)} - ${at(row)} % ${span}, ${values.join(', ')})
    ON CONFLICT DO UPDATE SET ${sets.join(', ')};`,
  ).join('\n  ')
}

function taken({ table, key, columns, at }: Sums, row: string): string {
  const sets = Object.entries(columns).map(([name, value]) => `${name} = ${name} - (${value(row)})`)
  const keys = Object.entries(key).map(([name, value]) => ` AND ${name} = ${value(row)}`)
  return SPANS.map(
    span => `UPDATE ${table} SET ${sets.join(', ')}
    WHERE span = ${span} AND at = ${at(row)} - ${at(row)} % ${span}${keys.join('')};`,
  ).join('\n  ')
}

/**
 * Keeps a table in step with its source. One trigger for each way in which a row begins or ends to count: a message that was
 * just sent, which is what happens a million times, costs no more than what it adds.
 */
function triggers(sums: Sums, source: string, changing: string, differs: string): string {
  const { table, counts } = sums
  const [was, is] = [counts('old'), counts('new')]
  const updated = `AFTER UPDATE OF ${changing} ON ${source}`
  return `
CREATE TRIGGER ${table}_made AFTER INSERT ON ${source} WHEN ${is} BEGIN
  ${added(sums, 'new')}
END;
CREATE TRIGGER ${table}_entered ${updated} WHEN NOT (${was}) AND ${is} BEGIN
  ${added(sums, 'new')}
END;
CREATE TRIGGER ${table}_left ${updated} WHEN ${was} AND NOT (${is}) BEGIN
  ${taken(sums, 'old')}
END;
CREATE TRIGGER ${table}_moved ${updated} WHEN ${was} AND ${is} AND (${differs}) BEGIN
  ${taken(sums, 'old')}
  ${added(sums, 'new')}
END;
CREATE TRIGGER ${table}_removed AFTER DELETE ON ${source} WHEN ${was} BEGIN
  ${taken(sums, 'old')}
END;`
}

function filled({ table, key, columns, counts, at }: Sums, from: string): string {
  const keys = Object.values(key).map(value => value('r'))
  const values = [...keys, ...Object.values(columns).map(value => `sum(${value('r')})`)]
  const places = [1, 2, ...keys.map((_, place) => place + 3)]
  return SPANS.map(
    span => `INSERT INTO ${table} SELECT ${span}, ${at('r')} - ${at('r')} % ${span}, ${values.join(', ')}
  FROM ${from} r WHERE ${counts('r')} GROUP BY ${places.join(', ')};`,
  ).join('\n')
}

/**
 * What became of messages and how people answered, by time: sums that reports read instead of the messages. A quarter of an
 * hour fits the days of every zone; the days of UTC shorten long periods.
 */
export const reportSums: Migration = {
  number: 7,
  name: 'report-sums',
  sql: /* sql */ `
-- What became of messages by time, which is that of the attempt or, without one, of the end. Kept by triggers, as the three
-- below, so that reports never need a count over the messages.
CREATE TABLE outcome_sums (
  -- Milliseconds that a row stands for: a quarter of an hour, or a day of UTC.
  span INTEGER NOT NULL CHECK (span IN (${SPANS.join(', ')})),
  -- Its beginning.
  at INTEGER NOT NULL,
  -- These of campaigns alone.
  sent INTEGER NOT NULL CHECK (sent >= 0),
  segments INTEGER NOT NULL,
  unknown INTEGER NOT NULL CHECK (unknown >= 0),
  failed INTEGER NOT NULL CHECK (failed >= 0),
  not_sent INTEGER NOT NULL CHECK (not_sent >= 0),
  -- Sent texts of no campaign.
  other_sent INTEGER NOT NULL CHECK (other_sent >= 0),
  PRIMARY KEY (span, at)
) STRICT, WITHOUT ROWID;

-- What lanes attempted, of campaigns and all else.
CREATE TABLE lane_sums (
  span INTEGER NOT NULL CHECK (span IN (${SPANS.join(', ')})),
  at INTEGER NOT NULL,
  sim_id INTEGER NOT NULL,
  sent INTEGER NOT NULL CHECK (sent >= 0),
  campaign_sent INTEGER NOT NULL CHECK (campaign_sent >= 0),
  segments INTEGER NOT NULL,
  unknown INTEGER NOT NULL CHECK (unknown >= 0),
  failed INTEGER NOT NULL CHECK (failed >= 0),
  PRIMARY KEY (span, at, sim_id)
) STRICT, WITHOUT ROWID;

-- Why messages were not sent.
CREATE TABLE reason_sums (
  span INTEGER NOT NULL CHECK (span IN (${SPANS.join(', ')})),
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  messages INTEGER NOT NULL CHECK (messages >= 0),
  campaign_messages INTEGER NOT NULL CHECK (campaign_messages >= 0),
  PRIMARY KEY (span, at, state, reason)
) STRICT, WITHOUT ROWID;

-- Answers to campaigns, by the phone that they came in on.
CREATE TABLE answer_sums (
  span INTEGER NOT NULL CHECK (span IN (${SPANS.join(', ')})),
  at INTEGER NOT NULL,
  phone_id INTEGER NOT NULL,
  replies INTEGER NOT NULL CHECK (replies >= 0),
  opt_outs INTEGER NOT NULL CHECK (opt_outs >= 0),
  PRIMARY KEY (span, at, phone_id)
) STRICT, WITHOUT ROWID;

${OF_MESSAGES.map(sums => filled(sums, 'messages')).join('\n')}
${filled(ANSWERS, 'inbound')}

${OF_MESSAGES.map(sums => triggers(sums, 'messages', MESSAGE_COLUMNS, MESSAGE_DIFFERS)).join('\n')}
${triggers(ANSWERS, 'inbound', 'intent, campaign_id', 'new.intent <> old.intent')}
`,
}

import type { Migration } from '../migrate.ts'

/** Follow-ups and variants of campaigns, and who answered which text. */
export const steps: Migration = {
  number: 4,
  name: 'steps',
  sql: /* sql */ `
-- First texts with their shares; empty: the template is the only one.
ALTER TABLE campaigns ADD COLUMN variants TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(variants));
-- Follow-ups, step 1 first.
ALTER TABLE campaigns ADD COLUMN steps TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(steps));
ALTER TABLE campaigns ADD COLUMN goal TEXT NOT NULL DEFAULT 'replies' CHECK (goal IN ('replies', 'few_opt_outs'));
ALTER TABLE campaigns ADD COLUMN wait_days INTEGER NOT NULL DEFAULT 14 CHECK (wait_days BETWEEN 1 AND 90);
-- When its last text left, of campaigns with steps: how long it waits for replies and tags counts from there.
ALTER TABLE campaigns ADD COLUMN last_text_at INTEGER;

-- 0: a first text; else the follow-up.
ALTER TABLE messages ADD COLUMN step INTEGER NOT NULL DEFAULT 0 CHECK (step >= 0);
-- The place of the first text among the variants.
ALTER TABLE messages ADD COLUMN variant INTEGER NOT NULL DEFAULT 0 CHECK (variant >= 0);
-- When the person first answered, and when they first asked to stop, on the text after which they did.
ALTER TABLE messages ADD COLUMN answered_at INTEGER;
ALTER TABLE messages ADD COLUMN stopped_at INTEGER;

DROP INDEX messages_once_per_campaign;
CREATE UNIQUE INDEX messages_once_per_step ON messages (campaign_id, number, step)
  WHERE campaign_id IS NOT NULL AND repeats IS NULL;

-- When the tag was set.
ALTER TABLE thread_tags ADD COLUMN at INTEGER NOT NULL DEFAULT 0;

-- Whose follow-ups have to be looked at (again), by their first text.
CREATE TABLE follow_up_work (
  message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX follow_up_work_of_campaign ON follow_up_work (campaign_id);

CREATE TRIGGER follow_up_after_text AFTER UPDATE OF state ON messages
WHEN new.state IN ('sent', 'unknown') AND new.state <> old.state AND new.campaign_id IS NOT NULL
  AND (SELECT steps <> '[]' FROM campaigns WHERE id = new.campaign_id) BEGIN
  UPDATE campaigns SET last_text_at = max(coalesce(last_text_at, 0), coalesce(new.attempted_at, new.settled_at, 0))
    WHERE id = new.campaign_id;
  INSERT OR IGNORE INTO follow_up_work SELECT id, campaign_id FROM messages
    WHERE campaign_id = new.campaign_id AND number = new.number AND step = 0 AND repeats IS NULL;
END;

UPDATE messages SET answered_at = a.at FROM (
    SELECT i.campaign_id, t.number, min(i.received_at) AS at FROM inbound i JOIN threads t ON t.id = i.thread_id
      WHERE i.campaign_id IS NOT NULL AND i.intent NOT IN ('stop', 'stop_likely') GROUP BY i.campaign_id, t.number) a
  WHERE messages.campaign_id = a.campaign_id AND messages.number = a.number AND messages.attempted_at IS NOT NULL
    AND messages.repeats IS NULL;
UPDATE messages SET stopped_at = a.at FROM (
    SELECT i.campaign_id, t.number, min(i.received_at) AS at FROM inbound i JOIN threads t ON t.id = i.thread_id
      WHERE i.campaign_id IS NOT NULL AND i.intent = 'stop' GROUP BY i.campaign_id, t.number) a
  WHERE messages.campaign_id = a.campaign_id AND messages.number = a.number AND messages.attempted_at IS NOT NULL
    AND messages.repeats IS NULL;

-- Texts that left, by step and variant, and on how many of them people answered or asked to stop. Kept by triggers.
CREATE TABLE campaign_step_counts (
  campaign_id INTEGER NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  variant INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sent', 'unknown')),
  messages INTEGER NOT NULL CHECK (messages >= 0),
  answered INTEGER NOT NULL CHECK (answered >= 0),
  stopped INTEGER NOT NULL CHECK (stopped >= 0),
  PRIMARY KEY (campaign_id, step, variant, state)
) STRICT, WITHOUT ROWID;
INSERT INTO campaign_step_counts
  SELECT campaign_id, step, variant, state, count(*), count(answered_at), count(stopped_at) FROM messages
    WHERE campaign_id IS NOT NULL AND state IN ('sent', 'unknown') GROUP BY campaign_id, step, variant, state;

CREATE TRIGGER steps_counted AFTER INSERT ON messages
WHEN new.campaign_id IS NOT NULL AND new.state IN ('sent', 'unknown') BEGIN
  INSERT INTO campaign_step_counts VALUES (new.campaign_id, new.step, new.variant, new.state, 1,
    new.answered_at IS NOT NULL, new.stopped_at IS NOT NULL)
    ON CONFLICT DO UPDATE SET messages = messages + 1, answered = answered + excluded.answered,
      stopped = stopped + excluded.stopped;
END;
CREATE TRIGGER steps_recounted AFTER UPDATE OF state, answered_at, stopped_at ON messages
WHEN new.campaign_id IS NOT NULL AND (old.state IN ('sent', 'unknown') OR new.state IN ('sent', 'unknown'))
  AND (new.state <> old.state OR (new.answered_at IS NULL) <> (old.answered_at IS NULL)
    OR (new.stopped_at IS NULL) <> (old.stopped_at IS NULL)) BEGIN
  UPDATE campaign_step_counts SET messages = messages - 1, answered = answered - (old.answered_at IS NOT NULL),
      stopped = stopped - (old.stopped_at IS NOT NULL)
    WHERE campaign_id = old.campaign_id AND step = old.step AND variant = old.variant AND state = old.state;
  INSERT INTO campaign_step_counts SELECT new.campaign_id, new.step, new.variant, new.state, 1,
      new.answered_at IS NOT NULL, new.stopped_at IS NOT NULL WHERE new.state IN ('sent', 'unknown')
    ON CONFLICT DO UPDATE SET messages = messages + 1, answered = answered + excluded.answered,
      stopped = stopped + excluded.stopped;
END;
CREATE TRIGGER steps_uncounted AFTER DELETE ON messages
WHEN old.campaign_id IS NOT NULL AND old.state IN ('sent', 'unknown') BEGIN
  UPDATE campaign_step_counts SET messages = messages - 1, answered = answered - (old.answered_at IS NOT NULL),
      stopped = stopped - (old.stopped_at IS NOT NULL)
    WHERE campaign_id = old.campaign_id AND step = old.step AND variant = old.variant AND state = old.state;
END;
`,
}

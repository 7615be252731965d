import BetterSqlite from 'better-sqlite3'

export interface PhoneSeen {
  readonly id: number
  readonly journal: string
  readonly ackedSeq: number
  readonly problem: string | null
  readonly replay: number
  readonly revoked: number | null
}

export interface CampaignSeen {
  readonly id: number
  readonly name: string
  readonly state: string
  readonly filled: boolean
  readonly counts: Readonly<Record<string, number>>
}

/** Looks into the hub's database from outside, without ever writing to it. */
export class Watcher {
  readonly #path: string
  #db: BetterSqlite.Database | null = null
  #isAway = false

  constructor(path: string) {
    this.#path = path
  }

  close(): void {
    this.#db?.close()
    this.#db = null
  }

  /** Sees nothing while `work` puts another file in the place of the database. */
  async away(work: () => Promise<void>): Promise<void> {
    this.close()
    this.#isAway = true
    try {
      await work()
    } finally {
      this.#isAway = false
    }
  }

  campaigns(): CampaignSeen[] | null {
    return this.#read(db => {
      const rows = db
        .prepare('SELECT id, name, state, filling_after IS NULL AS filled FROM campaigns ORDER BY id')
        .all() as {
        id: number
        name: string
        state: string
        filled: number
      }[]
      const counts = db.prepare('SELECT campaign_id AS id, state, messages FROM campaign_counts').all() as {
        id: number
        state: string
        messages: number
      }[]
      return rows.map(row => ({
        ...row,
        filled: row.filled === 1,
        counts: Object.fromEntries(
          counts.filter(count => count.id === row.id).map(count => [count.state, count.messages]),
        ),
      }))
    })
  }

  phones(): PhoneSeen[] | null {
    return this.#read(
      db =>
        db
          .prepare(
            `SELECT id, journal, acked_seq AS ackedSeq, journal_problem AS problem, replay_needed AS replay, revoked_at AS revoked
               FROM phones ORDER BY id`,
          )
          .all() as PhoneSeen[],
    )
  }

  suppressed(): Set<string> | null {
    const rows = this.#read(
      db => db.prepare('SELECT number FROM suppressions WHERE number IS NOT NULL').all() as { number: string }[],
    )
    return rows && new Set(rows.map(row => row.number))
  }

  /** How many messages are in each state, of all kinds. */
  states(): Record<string, number> | null {
    const rows = this.#read(
      db =>
        db.prepare('SELECT state, count(*) AS n FROM messages GROUP BY state').all() as { state: string; n: number }[],
    )
    return rows && Object.fromEntries(rows.map(row => [row.state, row.n]))
  }

  /** Queued messages that do not wait for an earlier one with the same number and body. */
  waiting(): number | null {
    const row = this.#read(
      db =>
        db
          .prepare(
            `SELECT count(*) AS n FROM messages m WHERE m.state IN ('assigned', 'accepted', 'attempting', 'handed_over')
               OR (m.state = 'queued' AND NOT ${WAITS_FOR_A_TWIN})`,
          )
          .get() as { n: number },
    )
    return row?.n ?? null
  }

  /** How many messages of a campaign (by id) are still to be attempted and wait for nothing of their own. */
  ahead(campaignId: number): number | null {
    const row = this.#read(
      db =>
        db
          .prepare(
            `SELECT count(*) AS n FROM messages m WHERE m.campaign_id = ? AND (m.state IN ('assigned', 'accepted')
               OR (m.state = 'queued' AND NOT ${WAITS_FOR_A_TWIN}))`,
          )
          .get(campaignId) as { n: number },
    )
    return row?.n ?? null
  }

  /** Numbers of messages in one of these states, at most so many. */
  numbersIn(states: readonly string[], limit: number): string[] {
    const list = states.map(state => `'${state}'`).join(', ')
    const rows = this.#read(
      db =>
        db
          .prepare(
            `SELECT DISTINCT number FROM messages WHERE state IN (${list}) AND kind = 'campaign' ORDER BY id LIMIT ?`,
          )
          .all(limit) as { number: string }[],
    )
    return rows?.map(row => row.number) ?? []
  }

  /** One message of each of these numbers that is on its way, with its text and lane. */
  textTo(number: string): { body: string; phoneId: number; slot: number } | null {
    return (
      this.#read(
        db =>
          db
            .prepare(
              `SELECT m.body, s.phone_id AS phoneId, s.slot FROM messages m JOIN sims s ON s.id = m.sim_id
                 WHERE m.number = ? AND m.state IN ('assigned', 'accepted', 'attempting', 'handed_over') LIMIT 1`,
            )
            .get(number) as { body: string; phoneId: number; slot: number } | undefined,
      ) ?? null
    )
  }

  /** What the hub knows of messages and attempts to a number, by id. Null: nobody can look at the moment. */
  messagesTo(number: string): { id: string; body: string | null; bodyHash: string | null }[] | null {
    return this.#read(
      db =>
        db
          .prepare(
            `SELECT id, body, lower(hex(body_hash)) AS bodyHash FROM messages WHERE number = :number
               UNION ALL SELECT message_id, NULL, lower(hex(body_hash)) FROM foreign_attempts WHERE number = :number`,
          )
          .all({ number }) as { id: string; body: string | null; bodyHash: string | null }[],
    )
  }

  /** Erasures that the hub has not finished, or that a phone in use has not confirmed. */
  erasuresOpen(): number | null {
    const row = this.#read(
      db =>
        db
          .prepare(
            `SELECT (SELECT count(*) FROM erasures WHERE state = 'waiting') + (SELECT count(*) FROM erasure_phones e
               JOIN phones p ON p.id = e.phone_id WHERE e.confirmed_at IS NULL AND p.revoked_at IS NULL) AS n`,
          )
          .get() as { n: number },
    )
    return row?.n ?? null
  }

  inboundCount(): number | null {
    const row = this.#read(db => db.prepare('SELECT count(*) AS n FROM inbound').get() as { n: number })
    return row?.n ?? null
  }

  #read<T>(work: (db: BetterSqlite.Database) => T): T | null {
    if (this.#isAway) return null
    try {
      this.#db ??= new BetterSqlite(this.#path, { readonly: true, fileMustExist: true, timeout: 2000 })
      return work(this.#db)
    } catch {
      this.close()
      return null
    }
  }
}

/** A message that has to wait, since an earlier one with its number and body has no proof. */
export const WAITS_FOR_A_TWIN = `(EXISTS (SELECT 1 FROM messages t WHERE t.number = m.number AND t.id <> m.id AND t.state = 'unknown'
  AND (t.body_hash = m.body_hash OR m.body_hash IS NULL)) OR EXISTS (SELECT 1 FROM foreign_attempts f
  WHERE f.number = m.number AND f.state <> 'refused' AND (f.body_hash = m.body_hash OR m.body_hash IS NULL)))`

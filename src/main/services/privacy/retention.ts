import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Removes, type Retention, retentionSchema } from '../../../shared/operations/privacy.ts'
import type { Database, Writer } from '../../db/database.ts'
import { metaValue, setMetaValue } from '../../db/meta.ts'
import {
  forgetOldLines,
  type Old,
  oldDeliveries,
  oldMessageTexts,
  oldReplies,
  oldReports,
  oldSignIns,
  type Part,
} from '../../db/retention.ts'
import { storedSettings, storeSetting } from '../../db/settings.ts'
import { appendAudit } from '../audit.ts'
import type { HandlersFor } from '../operations/dispatch.ts'
import type { Clock } from '../ports.ts'

const DAY_MS = 86_400_000
/** Rows that one step looks at. */
const ROWS = 1000
const KEY = 'retention'
const RAN = 'retention_ran_at'

const NOTHING: Removes = { messages: 0, replies: 0, signIns: 0, deliveries: 0, importReports: 0 }
const OFF: Retention = { messages: null, replies: null, logs: null }

/**
 * Removes what is older than an administrator lets it become, once a day and in small steps. Facts stay: that a message was
 * sent, when and with what outcome; opt-outs, consent, and the audit log.
 */
export class RetentionRules {
  readonly #db: Database
  readonly #clock: Clock
  #running: Generator<Removes, Removes> | null = null

  constructor(parts: { readonly db: Database; readonly clock: Clock }) {
    this.#db = parts.db
    this.#clock = parts.clock
  }

  /** A step of background work. Returns whether there is more to do. */
  step(): boolean {
    if (!this.#running) {
      const rules = this.#rules()
      if (Object.values(rules).every(days => days === null) || !this.#isDue()) return false
      this.#running = sweep(this.#db, rules, this.#clock.now(), true)
    }
    const { done, value } = this.#running.next()
    if (!done) return true
    this.#running = null
    this.#db.write(tx => {
      const at = this.#clock.now()
      setMetaValue(tx, RAN, String(at))
      if (Object.values(value).every(rows => rows === 0)) return
      appendAudit(tx, {
        at,
        actor: 'system',
        action: 'retention.run',
        subject: subjectOf(value),
        outcome: 'ok',
        code: '',
      })
    })
    return false
  }

  handlers(): HandlersFor<'retention.get' | 'retention.set' | 'retention.preview' | 'retention.run'> {
    const db = this.#db
    return {
      'retention.get': () => this.#rules(),
      'retention.set': (rules, { commit }) => {
        commit((tx, about) => {
          about('setting', KEY)
          storeSetting(tx, KEY, rules, this.#clock.now())
          // Looked at anew with the next look, not only tomorrow.
          setMetaValue(tx, RAN, '0')
        })
        this.#running = null
        return rules
      },
      'retention.preview': async rules => ({ removes: await whole(sweep(db, rules, this.#clock.now(), false)) }),
      'retention.run': async (_input, { commit }) => {
        commit((tx, about) => {
          about('setting', KEY)
          setMetaValue(tx, RAN, String(this.#clock.now()))
        })
        this.#running = null
        return { removed: await whole(sweep(db, this.#rules(), this.#clock.now(), true)) }
      },
    }
  }

  #rules(): Retention {
    const parsed = retentionSchema.safeParse(storedSettings(this.#db)[KEY])
    return parsed.success ? parsed.data : OFF
  }

  #isDue(): boolean {
    const ran = Number(metaValue(this.#db, RAN) ?? 0)
    // A clock that was set back must not stop it.
    return Math.abs(this.#clock.now() - ran) >= DAY_MS
  }
}

/** One step for each `next`, in a transaction of its own. With `removes` false everything is only counted. */
function* sweep(db: Database, rules: Retention, now: number, removes: boolean): Generator<Removes, Removes> {
  const found = { ...NOTHING }
  const old = (days: number): Old => ({ before: now - days * DAY_MS, at: removes ? now : null })
  function* over<Place>(kind: keyof Removes, begin: Place, look: (tx: Writer, after: Place) => Part<Place>) {
    for (let place: Place | null = begin; place !== null; ) {
      const from: Place = place
      const part: Part<Place> = db.write(tx => look(tx, from))
      found[kind] += part.rows
      place = part.next
      yield found
    }
  }
  const { messages, replies, logs } = rules
  if (messages !== null) yield* over('messages', '', (tx, after) => oldMessageTexts(tx, old(messages), after, ROWS))
  if (replies !== null) yield* over('replies', 0, (tx, after) => oldReplies(tx, old(replies), after, ROWS))
  const lines = [messages, replies].filter(days => days !== null)
  if (removes && lines.length > 0) {
    const { before } = old(Math.min(...lines))
    for (let place: number | null = 0; place !== null; ) {
      const from: number = place
      place = db.write(tx => forgetOldLines(tx, before, from, ROWS)).next
      yield found
    }
  }
  if (logs !== null) {
    yield* over('signIns', 0, (tx, after) => oldSignIns(tx, old(logs), after, ROWS))
    yield* over('deliveries', 0, (tx, after) => oldDeliveries(tx, old(logs), after, ROWS))
    yield* over('importReports', 0, (tx, after) => oldReports(tx, old(logs), after, ROWS))
  }
  return found
}

async function whole(work: Generator<Removes, Removes>): Promise<Removes> {
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    await nextTurn()
  }
}

/** Such as `messages:12 replies:3`. */
function subjectOf(removed: Removes): string {
  return Object.entries(removed)
    .filter(([, rows]) => rows > 0)
    .map(([what, rows]) => `${what}:${rows}`)
    .join(' ')
}

import type { RequirableKind } from '../../shared/consent.ts'
import { type HeldFor, LOOP_REASONS } from '../domain/auto-answers.ts'
import type { Reader, Writer } from './database.ts'

/** What was done by itself because of a text, or was held back. */
export interface AutomaticAction {
  readonly inboundId: number
  readonly cause: 'rule' | 'stop' | 'start' | 'help'
  readonly ruleId: number | null
  /** As the rule was called then; empty for STOP, START and HELP. */
  readonly ruleName: string
  readonly answer: 'none' | 'queued' | 'held'
  /** Why the answer was held back; empty: it was not. */
  readonly heldFor: HeldFor | ''
  /** What the contact was tagged with and put onto; empty: nothing. */
  readonly tag: string
  readonly list: string
  /** Of which kind a consent was recorded; null: none. */
  readonly consent: RequirableKind | null
  readonly notified: boolean
  readonly at: number
}

type Stored = Omit<AutomaticAction, 'notified'> & { readonly notified: number }

const ACTIONS = `SELECT a.inbound_id AS inboundId, a.cause, a.rule_id AS ruleId, a.rule_name AS ruleName, a.answer,
  a.held_for AS heldFor, a.tag, a.list, a.consent, a.notified, a.at FROM automatic_actions a`

export function insertAutomaticAction(db: Writer, action: AutomaticAction): void {
  db.run(
    `INSERT INTO automatic_actions (inbound_id, cause, rule_id, rule_name, answer, held_for, tag, list, consent, notified, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    action.inboundId,
    action.cause,
    action.ruleId,
    action.ruleName,
    action.answer,
    action.heldFor,
    action.tag,
    action.list,
    action.consent,
    action.notified ? 1 : 0,
    action.at,
  )
}

/** What these texts have caused, by their ids. */
export function automaticActionsOf(db: Reader, inboundIds: readonly number[]): Map<number, AutomaticAction> {
  const rows = db.all<Stored>(
    `${ACTIONS.replace('FROM automatic_actions a', 'FROM json_each(?) j CROSS JOIN automatic_actions a ON a.inbound_id = j.value')}`,
    JSON.stringify(inboundIds),
  )
  return new Map(rows.map(row => [row.inboundId, { ...row, notified: row.notified === 1 }]))
}

/** An action with the talk that it belongs to. */
export interface ListedAction extends AutomaticAction {
  readonly threadId: number
  readonly number: string
  readonly body: string
}

/** The newest first, those of texts with an id below `before`; `held`: only those whose answer was held back. */
export function listAutomaticActions(db: Reader, held: boolean, before: number, limit: number): ListedAction[] {
  const rows = db.all<Stored & { threadId: number; number: string; body: string }>(
    `${ACTIONS.replace(' FROM', ', i.thread_id AS threadId, i.sender AS number, i.body FROM')}
       JOIN inbound i ON i.id = a.inbound_id WHERE a.inbound_id < ? ${held ? "AND a.answer = 'held'" : ''}
       ORDER BY a.inbound_id DESC LIMIT ?`,
    before,
    limit,
  )
  return rows.map(row => ({ ...row, notified: row.notified === 1 }))
}

/** When a number got automatic answers since then. */
export function answersSince(db: Reader, number: string, since: number): number[] {
  return db
    .all<{ at: number }>(
      "SELECT created_at AS at FROM messages WHERE number = ? AND created_at > ? AND kind IN ('answer', 'confirmation')",
      number,
      since,
    )
    .map(row => row.at)
}

/** When a person of the hub answered a number last, since then; null: nobody did. */
export function repliedSince(db: Reader, number: string, since: number): number | null {
  return db.get<{ at: number | null }>(
    "SELECT max(created_at) AS at FROM messages WHERE number = ? AND created_at > ? AND kind = 'reply'",
    number,
    since,
  )!.at
}

/** The texts of a thread that the hub took in since then, without one of them. The newest 200. */
export function textsSince(db: Reader, threadId: number, since: number, without: number): string[] {
  return db
    .all<{ body: string }>(
      `SELECT body FROM (SELECT id, body, stored_at FROM inbound WHERE thread_id = ? ORDER BY received_at DESC, id DESC LIMIT 200)
         WHERE stored_at > ? AND id <> ?`,
      threadId,
      since,
      without,
    )
    .map(row => row.body)
}

const LOOPS = LOOP_REASONS.map(reason => `'${reason}'`).join(', ')

/** When an answer of a thread was held back last for what looked like a loop; null: not among the newest 200 texts. */
export function loopedAt(db: Reader, threadId: number): number | null {
  return db.get<{ at: number | null }>(
    `SELECT max(a.at) AS at FROM (SELECT id FROM inbound WHERE thread_id = ? ORDER BY received_at DESC, id DESC LIMIT 200) i
       JOIN automatic_actions a ON a.inbound_id = i.id AND a.held_for IN (${LOOPS})`,
    threadId,
  )!.at
}

/** When a rule answered a thread last; null: not among the newest 200 texts. */
export function ruleAnsweredAt(db: Reader, threadId: number, ruleId: number): number | null {
  return db.get<{ at: number | null }>(
    `SELECT max(a.at) AS at FROM (SELECT id FROM inbound WHERE thread_id = ? ORDER BY received_at DESC, id DESC LIMIT 200) i
       JOIN automatic_actions a ON a.inbound_id = i.id AND a.rule_id = ? AND a.answer = 'queued'`,
    threadId,
    ruleId,
  )!.at
}

import type { DatabaseSync } from 'node:sqlite'

/** One row of the SMS store as it truly is, hidden ones included. */
export interface TrueRow {
  id: number
  threadId: number
  address: string
  body: string
  /** By the phone's clock, in milliseconds. */
  date: number
  /** At this moment: 1 received, 2 sent, 5 failed. */
  type: 1 | 2 | 5
  creator: string | null
  subId: number
  /** Whether an app that is not the default SMS app sees it at this moment. */
  visible: boolean
  /** `seq` in the radio log, for rows of texts that left. */
  seq: number | null
}

/** A text that has truly arrived at the phone. It stays in this list whatever happens to its row. */
export interface Arrival {
  /** Real time, in milliseconds. */
  at: number
  from: string
  body: string
  subId: number
  /** `received` by hand of a test, `own` from itself, or what a person meant: `answer`, `stop`, `wording`, `help`, `start`. */
  kind: string
  /** Id of its row when it was written. */
  messageId: number
}

/** Something that has not come yet. */
export interface Pending {
  /** Real time, in milliseconds. */
  due: number
  type: 1 | 2
  address: string
  body: string
  /** As in `Arrival`; null for rows of texts that left. */
  kind: string | null
}

/** A person who was texted. */
export interface PersonSeen {
  number: string
  texts: number
  answers: number
  stopped: boolean
}

/** What the phone's screen shows. */
export interface Notification {
  id: string
  at: number
  title: string
  content: string
  ongoing: boolean
  alertOnce: boolean
}

/** A question on the phone's screen that nobody has answered yet. */
export interface Dialog {
  at: number
  reason: 'too many texts' | 'short code'
  to: string
  body: string
}

export function readRows(db: DatabaseSync, now: number): TrueRow[] {
  const rows = db.prepare('SELECT * FROM messages ORDER BY _id').all()
  return rows.map(row => {
    const failed = row.fails_at !== null && Number(row.fails_at) <= now
    return {
      id: Number(row._id),
      threadId: Number(row.thread_id),
      address: String(row.address),
      body: String(row.body),
      date: Number(row.date),
      type: failed ? 5 : (Number(row.type) as 1 | 2),
      creator: row.creator === null ? null : String(row.creator),
      subId: Number(row.sub_id),
      visible: !failed && Number(row.visible_from) <= now,
      seq: row.seq === null ? null : Number(row.seq),
    }
  })
}

export function readArrivals(db: DatabaseSync): Arrival[] {
  const rows = db.prepare('SELECT * FROM arrivals ORDER BY id').all()
  return rows.map(row => ({
    at: Number(row.at),
    from: String(row.address),
    body: String(row.body),
    subId: Number(row.sub_id),
    kind: String(row.kind),
    messageId: Number(row.message_id),
  }))
}

export function readPending(db: DatabaseSync): Pending[] {
  const rows = db.prepare('SELECT * FROM pending ORDER BY due, id').all()
  return rows.map(row => ({
    due: Number(row.due),
    type: Number(row.type) as 1 | 2,
    address: String(row.address),
    body: String(row.body),
    kind: row.kind === null ? null : String(row.kind),
  }))
}

export function readPeople(db: DatabaseSync): PersonSeen[] {
  const rows = db.prepare('SELECT * FROM people ORDER BY number').all()
  return rows.map(row => ({
    number: String(row.number),
    texts: Number(row.texts),
    answers: Number(row.answers),
    stopped: row.stopped === 1,
  }))
}

export function readNotifications(db: DatabaseSync): Notification[] {
  const rows = db.prepare('SELECT * FROM notifications ORDER BY at, id').all()
  return rows.map(row => ({
    id: String(row.id),
    at: Number(row.at),
    title: String(row.title),
    content: String(row.content),
    ongoing: row.ongoing === 1,
    alertOnce: row.alert_once === 1,
  }))
}

export function readDialogs(db: DatabaseSync): Dialog[] {
  const rows = db.prepare('SELECT * FROM dialogs ORDER BY id').all()
  return rows.map(row => {
    const { to, body } = JSON.parse(String(row.message)) as { to: string; body: string }
    return { at: Number(row.at), reason: row.reason as Dialog['reason'], to, body }
  })
}

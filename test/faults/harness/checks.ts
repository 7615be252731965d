import BetterSqlite from 'better-sqlite3'
import { sentToErased } from './checks-erased.ts'
import type { Records, Span } from './records.ts'
import { PHONES } from './schedule.ts'
import { type Call, folded, type HubMessage, type Left, plain, sha256, type Truth } from './truth.ts'

/** What must never happen, each kind with a counter of its own in the result. */
export const VIOLATIONS = [
  'sentTwice',
  'lost',
  'falseStatus',
  'unknownNeedless',
  'afterStop',
  'afterRecall',
  'withoutLease',
  'inboundLost',
  'inboundTwice',
  'broken',
] as const
export type ViolationKind = (typeof VIOLATIONS)[number]

export interface Violation {
  readonly kind: ViolationKind
  /** How many messages or texts it is about. */
  readonly count: number
  readonly what: string
  readonly number?: string
  readonly messages?: readonly string[]
}

const LEASE_MS = 30_000
/** From the agent's last look at its rules to the start of the command that notes its own time, on a busy computer. */
const SLACK_MS = 1_500
/** A row that shows so soon after its text left was there long before anybody could give it up. */
const PROMPT_MS = 3_000
/** Late rows are looked for once a minute, and twice. */
const LATE_LOOK_MS = 66_000
/** From the reading of the store before an attempt to the moment at which its text leaves, at most. */
const RESET_MS = 3_000
const ENDS: ReadonlySet<string> = new Set(['sent', 'unknown', 'suppressed', 'expired', 'cancelled', 'failed'])
const MEMORY_GONE: ReadonlySet<string> = new Set(['journal_lost', 'journal_rolled_back', 'phone_revoked'])

/** Everything that the texts which left, and the ones which arrived, say against the hub's database. */
export function findViolations(truth: Truth, records: Records, calmAt: number): Violation[] {
  return [
    ...checkMessages(truth, records, calmAt),
    ...checkLost(truth, records),
    ...checkStops(truth, records),
    ...checkErasedPeople(truth, records),
    ...checkRecalls(truth, records),
    ...checkLeases(truth),
    ...checkInbound(truth, records),
    ...checkWitness(truth),
    ...records.broken.map(what => ({ kind: 'broken' as const, count: 1, what })),
  ]
}

interface Group {
  readonly number: string
  readonly body: string
  readonly left: Left[]
  readonly messages: HubMessage[]
  /** States of attempts that only a phone knows of. */
  readonly foreign: string[]
}

/** Messages and texts by number and body: what a phone itself could not tell apart is one group. */
function groupsOf(truth: Truth): Group[] {
  const bodies = bodiesByHash(truth)
  const groups = new Map<string, Group>()
  const group = (number: string, body: string): Group => {
    const key = `${plain(number)} ${body}`
    const known = groups.get(key)
    if (known) return known
    const made: Group = { number, body, left: [], messages: [], foreign: [] }
    groups.set(key, made)
    return made
  }
  for (const line of truth.left) group(line.to, folded(line.body)).left.push(line)
  for (const message of truth.messages) {
    const body = message.body ? folded(message.body) : message.bodyHash ? bodies.get(message.bodyHash) : undefined
    // One that was never rendered was never given to a phone.
    group(message.number, body ?? `never rendered: ${message.id}`).messages.push(message)
  }
  for (const attempt of truth.foreign) {
    const body = bodies.get(attempt.bodyHash)
    if (body !== undefined) group(attempt.number, body).foreign.push(attempt.state)
  }
  return [...groups.values()]
}

/** How often a text may go to a number at most: once for each campaign that says it, once for each text it answers. */
function mostOf({ number, body }: Group, truth: Truth, records: Records): number {
  const { campaigns, textTo, knows } = records.workload
  const same = plain(number)
  const known = knows(number) ? campaigns.filter(one => folded(textTo(one.name, number)) === body).length : 0
  const kinds = ANSWERED[Object.entries(truth.texts).find(([, text]) => folded(text) === body)?.[0] ?? '']
  if (kinds === undefined) return known
  return truth.arrivals.filter(one => plain(one.from) === same && kinds.includes(one.kind)).length
}

/** What kind of text each of the hub's own texts answers. Those that the run itself lets come in all say STOP. */
const ANSWERED: Readonly<Record<string, readonly string[]>> = {
  stop: ['stop', 'wording', 'received'],
  start: ['start'],
  help: ['help'],
}

function checkMessages(truth: Truth, records: Records, calmAt: number): Violation[] {
  const found: Violation[] = []
  for (const group of groupsOf(truth)) {
    const { number, body, left, messages, foreign } = group
    const sent = messages.filter(one => one.state === 'sent').length + foreign.filter(state => state === 'sent').length
    const open = foreign.filter(state => state !== 'sent' && state !== 'refused').length
    const unknown = messages.filter(one => one.state === 'unknown').length + open
    const all = messages.length + foreign.length
    const about = { number, messages: messages.map(one => one.id) }
    const states = [...messages.map(one => one.state), ...foreign.map(state => `${state} (phone only)`)].join(', ')
    const sentence = `left ${left.length} times (${left.map(one => one.phone).join(', ')}), hub: ${states || 'nothing'}; "${body.slice(0, 60)}"`
    const most = Math.min(all, mostOf(group, truth, records))
    if (left.length > most) found.push({ kind: 'sentTwice', count: left.length - most, what: sentence, ...about })
    else if (left.length > sent + unknown) {
      const kind =
        all === 1 || left.length > sent + unknown + messages.filter(one => !ENDS.has(one.state)).length
          ? 'falseStatus'
          : 'lost'
      found.push({ kind, count: left.length - sent - unknown, what: sentence, ...about })
    }
    if (left.length < sent) found.push({ kind: 'falseStatus', count: sent - left.length, what: sentence, ...about })
    const needless = needlessIn(group, truth, records, calmAt)
    if (needless > 0) {
      const reasons = messages.filter(one => one.state === 'unknown').map(one => one.reason)
      found.push({
        kind: 'unknownNeedless',
        count: needless,
        what: `${sentence}; ${reasons.join(', ')}, and its row is there`,
        ...about,
      })
    }
  }
  return found
}

/** How many of a group are unknown although the store holds a lasting row of their own for each of them. */
function needlessIn(
  { number, left, messages, foreign }: Group,
  truth: Truth,
  records: Records,
  calmAt: number,
): number {
  // Who is erased is no longer waited for: a row that comes late proves nothing any more.
  if (records.erased.has(number)) return 0
  const unknown = messages.filter(one => one.state === 'unknown' && !MEMORY_GONE.has(one.reason))
  if (unknown.length === 0 || messages.some(one => one.state === 'unknown' && MEMORY_GONE.has(one.reason))) return 0
  const lateCounts = Date.now() - calmAt > LATE_LOOK_MS
  const proofs = left.filter(line => {
    const rows = truth.rows.filter(row => row.phone === line.phone && row.seq === line.seq)
    const whole = rows.filter(row => folded(row.body) === folded(line.body) && plain(row.address) === plain(line.to))
    return whole.some(
      row =>
        (row.visibleFrom <= line.at + PROMPT_MS || (lateCounts && row.visibleFrom < calmAt)) &&
        // An attempt is compared with the store before it, which must not have become another one since.
        !records.emptied.some(one => one.phone === line.phone && one.at > line.at - RESET_MS) &&
        !records.exchanged.some(one => one.phone === line.phone && one.at > line.at - RESET_MS),
    )
  })
  const settled =
    messages.filter(one => one.state === 'sent').length + foreign.filter(state => state !== 'refused').length
  return Math.max(0, Math.min(unknown.length, proofs.length - settled))
}

/** Every message has come to an end that an operator can see, and everybody of an audience has one or a reason. */
function checkLost(truth: Truth, records: Records): Violation[] {
  const found: Violation[] = []
  const waiting = new Set(waitingByRule(truth, records))
  for (const message of truth.messages) {
    if (ENDS.has(message.state) || waiting.has(message)) continue
    const { number, state, reason, id, kind } = message
    found.push({ kind: 'lost', count: 1, what: `${kind} message is left ${state} (${reason})`, number, messages: [id] })
  }
  return found
}

/** Queued messages whose number and body has an earlier one without proof, or one that only a phone knows of. */
export function waitingByRule(truth: Truth, records: Records): HubMessage[] {
  const bodies = bodiesByHash(truth)
  const waitedFor = new Set<string>()
  for (const one of truth.messages) {
    if (one.state === 'unknown' && one.bodyHash) waitedFor.add(`${one.number} ${bodies.get(one.bodyHash) ?? ''}`)
  }
  for (const one of truth.foreign) {
    if (one.state !== 'refused') waitedFor.add(`${one.number} ${bodies.get(one.bodyHash) ?? ''}`)
  }
  const bodyOf = ({ body, campaign, number }: HubMessage): string =>
    folded(body ?? (campaign === null ? '' : records.workload.textTo(campaign, number)))
  return truth.messages.filter(
    one => one.state === 'queued' && (waitedFor.has(`${one.number} ${bodyOf(one)}`) || waitedFor.has(`${one.number} `)),
  )
}

/** Every text that anybody knows of, by its hash as the hub takes it. */
function bodiesByHash(truth: Truth): Map<string, string> {
  const bodies = new Map<string, string>()
  for (const { body } of truth.messages) if (body) bodies.set(sha256(body), folded(body))
  for (const { body } of truth.left) bodies.set(sha256(body), folded(body))
  return bodies
}

/** Nothing goes to somebody whose STOP could be read on that phone, or was stored more than a lease ago. */
function checkStops(truth: Truth, records: Records): Violation[] {
  const found: Violation[] = []
  const stops = truth.inbound.filter(one => one.intent === 'stop' || one.intent === 'stop_likely')
  const stopBodies = new Set(stops.map(one => `${plain(one.number)} ${one.body}`))
  const own = new Set([folded(truth.texts.stop), folded(truth.texts.start)])
  for (const line of truth.left) {
    if (own.has(folded(line.body))) continue
    const number = plain(line.to)
    const began = beginOf(line, truth)
    const readable = truth.arrivals.find(
      one =>
        one.phone === line.phone &&
        plain(one.from) === number &&
        stopBodies.has(`${number} ${one.body}`) &&
        wasReadable(one, truth, records, began) &&
        !truth.arrivals.some(
          other => plain(other.from) === number && other.body === 'START' && other.at >= one.at && other.at < began,
        ),
    )
    if (readable) {
      const ms = Math.round(began - readable.readableAt)
      found.push({
        kind: 'afterStop',
        count: 1,
        what: `${line.phone} sent to ${line.to} ${ms} ms after "${readable.body}" had come in there`,
        number: line.to,
      })
      continue
    }
    const span = spanAround(records.suppressed.get(line.to), began)
    if (span && began > span.from + LEASE_MS + SLACK_MS) {
      const ms = Math.round(began - span.from)
      found.push({
        kind: 'afterStop',
        count: 1,
        what: `${line.phone} sent to ${line.to} ${ms} ms after the hub had stored the opt-out`,
        number: line.to,
      })
    }
  }
  return found
}

/** Nothing goes to who was erased more than a lease ago, but answers to what they text since. */
function checkErasedPeople(truth: Truth, records: Records): Violation[] {
  return sentToErased(truth, records, line => beginOf(line, truth), LEASE_MS + SLACK_MS).map(({ phone, to }) => ({
    kind: 'afterStop',
    count: 1,
    what: `${phone} sent to ${to}, who had been erased`,
    number: to,
  }))
}

/** Whether the phone's list of texts was read after the text had come in, and that reading ended before the command. */
function wasReadable(arrival: Truth['arrivals'][number], truth: Truth, records: Records, before: number): boolean {
  const emptied = records.emptied.some(one => one.phone === arrival.phone && one.at >= arrival.at && one.at <= before)
  if (emptied || arrival.readableAt + SLACK_MS > before) return false
  const shows = truth.calls.some(
    call =>
      call.phone === arrival.phone &&
      call.name === 'termux-sms-list' &&
      call.args.startsWith('-t inbox') &&
      call.end !== null &&
      call.begin > arrival.readableAt &&
      call.end < before - SLACK_MS,
  )
  return shows
}

/** Nothing of a campaign goes out more than a lease after it was paused or cancelled. */
function checkRecalls(truth: Truth, records: Records): Violation[] {
  const found: Violation[] = []
  const campaignOf = new Map<string, string>()
  for (const one of truth.messages) {
    if (one.campaign && one.body) campaignOf.set(`${plain(one.number)} ${folded(one.body)}`, one.campaign)
  }
  for (const line of truth.left) {
    const campaign = campaignOf.get(`${plain(line.to)} ${folded(line.body)}`)
    const began = beginOf(line, truth)
    const span = campaign === undefined ? null : spanAround(records.halted.get(campaign), began)
    if (span && began > span.from + LEASE_MS + SLACK_MS) {
      const ms = Math.round(began - span.from)
      found.push({
        kind: 'afterRecall',
        count: 1,
        what: `${line.phone} sent ${ms} ms after ${campaign} was halted`,
        number: line.to,
      })
    }
  }
  return found
}

/** Every command began under a lease. */
function checkLeases(truth: Truth): Violation[] {
  const found: Violation[] = []
  for (const [phone, leases] of truth.leases) {
    for (const call of truth.calls) {
      if (call.phone !== phone || call.name !== 'termux-sms-send') continue
      const covers = leases.some(lease => lease.at <= call.begin && lease.sent >= call.begin - LEASE_MS - SLACK_MS)
      if (!covers)
        found.push({
          kind: 'withoutLease',
          count: 1,
          what: `${phone} ran termux-sms-send ${call.args} without a lease`,
        })
    }
  }
  return found
}

/** Without the times of the commands the checks above would see nothing: each text that left has its command. */
function checkWitness(truth: Truth): Violation[] {
  const unseen = truth.left.filter(line => commandOf(line, truth) === null)
  return unseen.map(line => ({
    kind: 'broken' as const,
    count: 1,
    what: `${line.phone} sent a text and the run noted no command for it`,
    number: line.to,
  }))
}

/** Every text that arrived is in the inbox once, identical ones as often as they came. */
function checkInbound(truth: Truth, records: Records): Violation[] {
  const found: Violation[] = []
  const arrived = new Map<string, Truth['arrivals'][number][]>()
  for (const one of truth.arrivals) {
    const key = `${plain(one.from)} ${one.body}`
    arrived.set(key, [...(arrived.get(key) ?? []), one])
  }
  const stored = new Map<string, number>()
  for (const one of truth.inbound) {
    const key = `${plain(one.number)} ${one.body}`
    stored.set(key, (stored.get(key) ?? 0) + 1)
  }
  for (const [key, list] of arrived) {
    const there = stored.get(key) ?? 0
    // What lay unread in a store that was emptied is gone with it, and a phone that is taken out of use tells nothing.
    const gone = list.filter(
      one =>
        !PHONES.some(name => name === one.phone) ||
        records.emptied.some(reset => reset.phone === one.phone && one.at <= reset.at && reset.at - one.at < 10_000),
    ).length
    const number = list[0]!.from
    const isErased = [...records.erased.keys()].some(erased => plain(erased) === plain(number))
    const what = `"${key.slice(11, 60)}" from ${number} came ${list.length} times (${list.map(one => one.phone).join(', ')}) and is in the inbox ${there} times`
    if (there > list.length) found.push({ kind: 'inboundTwice', count: there - list.length, what, number })
    if (there < list.length - gone && !isErased)
      found.push({ kind: 'inboundLost', count: list.length - gone - there, what, number })
  }
  for (const [key, there] of stored) {
    if (!arrived.has(key))
      found.push({ kind: 'inboundTwice', count: there, what: `"${key.slice(11)}" is in the inbox and never came` })
  }
  return found
}

/** Counters against a full count, the audit chain, pages, indexes and references. Sentences for what is wrong. */
export function checkDatabase(path: string): string[] {
  const db = new BetterSqlite(path, { readonly: true, fileMustExist: true })
  const count = (what: string, kept: string, counted: string): string[] => {
    const rows = (sql: string) => JSON.stringify(db.prepare(sql).all())
    const [left, right] = [rows(kept), rows(counted)]
    return left === right ? [] : [`The counters of ${what} say ${left}, and a full count says ${right}.`]
  }
  try {
    const pages = db.pragma('integrity_check') as { integrity_check: string }[]
    const references = db.pragma('foreign_key_check') as { table: string }[]
    return [
      ...pages.map(row => row.integrity_check).filter(text => text !== 'ok'),
      ...references.map(row => `A row of ${row.table} points to nothing.`),
      ...count(
        'campaigns',
        'SELECT campaign_id AS c, state AS s, messages AS n, segments AS g FROM campaign_counts WHERE messages > 0 ORDER BY 1, 2',
        'SELECT campaign_id AS c, state AS s, count(*) AS n, sum(segments) AS g FROM messages WHERE campaign_id IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2',
      ),
      ...count(
        'texts that came in',
        'SELECT intent AS i, texts AS n FROM inbound_counts WHERE texts > 0 ORDER BY 1',
        'SELECT intent AS i, count(*) AS n FROM inbound GROUP BY 1 ORDER BY 1',
      ),
      ...count(
        'people left out',
        'SELECT campaign_id AS c, code AS k, contacts AS n FROM campaign_left_out_counts WHERE contacts > 0 ORDER BY 1, 2',
        'SELECT campaign_id AS c, code AS k, count(*) AS n FROM campaign_left_out GROUP BY 1, 2 ORDER BY 1, 2',
      ),
      ...count(
        'tags',
        'SELECT id AS t, contacts AS n FROM tags WHERE contacts > 0 ORDER BY 1',
        'SELECT tag_id AS t, count(*) AS n FROM contact_tags GROUP BY 1 ORDER BY 1',
      ),
      ...count('unread texts', 'SELECT sum(unread) AS n FROM threads', 'SELECT count(*) AS n FROM inbound'),
      ...(
        db
          .prepare(
            `SELECT c.name FROM campaigns c WHERE c.state IN ('running', 'paused') AND NOT EXISTS (SELECT 1 FROM messages m
               WHERE m.campaign_id = c.id AND m.state IN ('queued', 'assigned', 'accepted', 'attempting', 'handed_over'))`,
          )
          .all() as { name: string }[]
      ).map(row => `${row.name} has nothing left to do and is not completed.`),
    ]
  } finally {
    db.close()
  }
}

/** When the command that sent a text began. */
function beginOf(line: Left, truth: Truth): number {
  return commandOf(line, truth)?.begin ?? line.at
}

function commandOf(line: Left, truth: Truth): Call | null {
  let best: Call | null = null
  for (const call of truth.calls) {
    if (call.begin > line.at) break
    if (call.phone === line.phone && call.name === 'termux-sms-send' && call.args.includes(` ${line.to} `)) best = call
  }
  return best
}

function spanAround(spans: readonly Span[] | undefined, at: number): Span | null {
  return spans?.find(span => span.from <= at && (span.to === null || at < span.to)) ?? null
}

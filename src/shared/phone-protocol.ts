import { z } from 'zod'

/**
 * The link between hub and phone agent: JSON frames over one TLS WebSocket, strict on both sides.
 *
 * What the hub must know for ever travels as *journal entries*: the agent numbers them without a gap, syncs them to disk
 * before it sends them, and repeats them until they are acknowledged. The hub applies each sequence number once, in the
 * transaction that also stores the number, so a repeated frame changes nothing. Everything else (status, pings, leases)
 * may be lost.
 */
export const PROTOCOL_VERSION = 1

/** Largest frame either side accepts, in bytes. */
export const MAX_FRAME_BYTES = 256 * 1024
/** Most journal entries or commands in one frame. */
export const MAX_BATCH = 200
/** How long the agent may attempt messages after the ping that was answered, in ms. */
export const LEASE_MS = 30_000
/** How often the agent pings, in ms. */
export const PING_MS = 5_000
/** A side that heard nothing for so long closes the connection, in ms. */
export const SILENCE_MS = 20_000
/** How far ahead of the attempts work is assigned, in ms. */
export const AHEAD_MS = 60_000
/** Longest body in UTF-16 code units: ten segments of 153 septets. */
export const MAX_BODY = 1530
/** How long the same number and body waits while an earlier one is without proof, in ms. */
export const TWIN_WAIT_MS = 24 * 3_600_000

/** The only numbers that may reach termux-sms-send, which expands them unquoted in a shell script. */
export const DIALLED = /^\+?[0-9]{3,15}$/

const id = z.string().min(1).max(64)
const time = z.int().min(0)
const count = z.int().min(0)
const slot = z.int().min(0).max(3)

/** Kinds of message, in the order in which a lane takes them. */
export const MESSAGE_KINDS = ['confirmation', 'answer', 'reply', 'test', 'direct', 'campaign'] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]

/**
 * Why a message has no proof. `no_proof`: the row never came. `timeout`: the command hung. `interrupted`: the agent
 * stopped in the middle. `ambiguous`: the rows there can mean several things. `store_unreadable`: the store could not be
 * read. `cannot_prove`: this phone's commands cannot show who wrote a row. `journal_*`: the agent's memory is gone.
 */
export const UNKNOWN_REASONS = [
  'no_proof',
  'timeout',
  'interrupted',
  'ambiguous',
  'store_unreadable',
  'cannot_prove',
  'journal_lost',
  'journal_rolled_back',
  'phone_revoked',
] as const
export type UnknownReason = (typeof UNKNOWN_REASONS)[number]

/** Why the command refused before hand-over. */
export const REFUSAL_REASONS = ['permission', 'bad_number', 'bad_argument', 'command_missing', 'command_error'] as const
export type RefusalReason = (typeof REFUSAL_REASONS)[number]

/** Why the agent gives a message back that it has not attempted. */
export const RETURN_REASONS = [
  'recalled',
  'too_late',
  'lane_closed',
  'cap_reached',
  'twin_waiting',
  'journal_full',
] as const
export type ReturnReason = (typeof RETURN_REASONS)[number]

/** One order to send. `notAfter` is in ms by the hub's clock; `segments` is what the lane's windows count. */
export const assignSchema = z.strictObject({
  id,
  assignment: z.int().min(1),
  slot,
  number: z.string().regex(DIALLED),
  body: z.string().min(1).max(MAX_BODY),
  segments: z.int().min(1).max(10),
  notAfter: time,
  kind: z.enum(MESSAGE_KINDS),
})
export type Assign = z.infer<typeof assignSchema>

const named = { id, assignment: z.int().min(1) }

/**
 * What a journal entry can say. Every entry of a message names its assignment. The sender of the entry has synced it.
 * - `accepted`: the command is on the agent's disk. `denied`: this assignment was never accepted and never will be.
 * - `returned`: it was accepted, was not attempted, and never will be under this assignment.
 * - `attempting`: termux-sms-send is about to run. `handed_over`: it returned with empty output. `refused`: it printed an
 *   error, so the message was not attempted.
 * - `sent`: proof, with the row of the SMS store. `unknown`: no proof for now; `sent` may still follow.
 * - `attempted_before`: the assignment was refused since an earlier one was attempted; `outcome` says how that stands.
 * - `inbound`: a text that came in. `epoch`: the agent now serves this epoch of the hub's database.
 * - `erased`: a text that came in stood here, and its sender was erased since.
 */
export const entrySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('accepted'), ...named }),
  z.strictObject({ type: z.literal('denied'), ...named }),
  z.strictObject({ type: z.literal('returned'), ...named, reason: z.enum(RETURN_REASONS) }),
  z.strictObject({
    type: z.literal('attempting'),
    ...named,
    slot,
    number: z.string().regex(DIALLED),
    bodyHash: z.string().length(64),
    at: time,
  }),
  z.strictObject({ type: z.literal('handed_over'), ...named, at: time }),
  z.strictObject({
    type: z.literal('refused'),
    ...named,
    reason: z.enum(REFUSAL_REASONS),
    detail: z.string().max(500),
    at: time,
  }),
  z.strictObject({ type: z.literal('sent'), ...named, rowId: count, at: time }),
  z.strictObject({
    type: z.literal('unknown'),
    ...named,
    reason: z.enum(UNKNOWN_REASONS),
    at: time,
    /** What the phone's store showed since the attempt, as a sentence for the operator without numbers or texts. */
    seen: z.string().max(300),
  }),
  z.strictObject({
    type: z.literal('attempted_before'),
    ...named,
    attempted: z.int().min(1),
    outcome: z.enum(['attempting', 'handed_over', 'sent', 'unknown']),
  }),
  z.strictObject({
    type: z.literal('inbound'),
    store: id,
    rowId: count,
    /** The sender as the phone shows it: a number in any form, a short code or a name. */
    sender: z.string().max(200),
    /** E.164 where the sender is a number under the SIM's country. */
    number: z
      .string()
      .regex(/^\+[0-9]{5,15}$/)
      .nullable(),
    body: z.string().max(20_000),
    /** When the phone says it came, ms UTC, by the phone's clock and zone. */
    receivedAt: time,
    /** True for a text dated before the pairing: never START or STOP. */
    old: z.boolean(),
  }),
  z.strictObject({ type: z.literal('epoch'), epoch: time }),
  z.strictObject({ type: z.literal('erased') }),
])
export type Entry = z.infer<typeof entrySchema>
export type MessageEntry = Exclude<Entry, { type: 'inbound' | 'epoch' | 'erased' }>

/** A journal entry on the wire: sequence number from 1 without a gap, chain hash (hex, 32 digits) of all up to it. */
export const numberedEntrySchema = z.strictObject({
  seq: z.int().min(1),
  hash: z.string().regex(/^[0-9a-f]{32}$/),
  entry: entrySchema,
})
export type NumberedEntry = z.infer<typeof numberedEntrySchema>

/** Limits of one lane, counted in segments over sliding windows. Agents keep their use of them in the journal. */
export const laneLimitsSchema = z.strictObject({
  windows: z
    .array(z.strictObject({ segments: z.int().min(1), windowMs: z.int().min(1000) }))
    .min(1)
    .max(6),
  /** Different recipients in 30 days; null: no cap. */
  recipientsPerMonth: z.int().min(1).nullable(),
  /** A random pause between two sends, in ms. */
  pauseMs: z.tuple([count, count]),
})
export type LaneLimits = z.infer<typeof laneLimitsSchema>

/** Why a lane does not send at the moment. `null` in its place means that it does. */
export const LANE_HALTS = [
  'gate',
  'no_proof',
  'refused',
  'permission',
  'sim_swapped',
  'sim_missing',
  'store_unreadable',
  'cannot_prove',
  'disk_full',
] as const
export type LaneHalt = (typeof LANE_HALTS)[number]

export const laneStatusSchema = z.strictObject({
  slot,
  carrier: z.string().max(100).nullable(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable(),
  halt: z.enum(LANE_HALTS).nullable(),
  haltUntil: time.nullable(),
  /** Segments that the limits, halts and caps let it attempt in the next AHEAD_MS. What it holds is not subtracted. */
  room: count,
  /** Segments used in each window of the limits, in their order. */
  used: z.array(count).max(6),
  recipientsThisMonth: count,
})
export type LaneStatus = z.infer<typeof laneStatusSchema>

export const phoneStatusSchema = z.strictObject({
  lanes: z.array(laneStatusSchema).max(4),
  battery: z.strictObject({ percent: z.number().min(0).max(100), plugged: z.boolean() }).nullable(),
  /** Whether a sent text can be proved: the package is new enough and the store can be read. */
  canProve: z.boolean(),
  warnings: z.array(z.string().max(500)).max(20),
})
export type PhoneStatus = z.infer<typeof phoneStatusSchema>

export const doctorFindingSchema = z.strictObject({
  check: z.string().max(60),
  ok: z.boolean(),
  message: z.string().max(500),
  fix: z.string().max(1000).nullable(),
})
export type DoctorFinding = z.infer<typeof doctorFindingSchema>

/** What the agent says to the hub. */
export const agentFrameSchema = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('hello'),
    v: z.int(),
    agent: z.string().max(40),
    journal: id,
    firstSeq: z.int().min(1),
    lastSeq: count,
    epoch: time,
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .nullable(),
    /** Whether it knows `erase`. */
    erases: z.boolean().optional(),
  }),
  /** Answer to `welcome`: the chain hash at the sequence number that the hub named (empty at 0). */
  z.strictObject({ t: z.literal('resume'), hash: z.string().max(32) }),
  z.strictObject({ t: z.literal('events'), list: z.array(numberedEntrySchema).min(1).max(MAX_BATCH) }),
  z.strictObject({ t: z.literal('ping'), mono: z.number().min(0) }),
  z.strictObject({ t: z.literal('status'), status: phoneStatusSchema }),
  /** Which of these E.164 numbers are contacts or have been texted? Asked before a text is taken in. */
  z.strictObject({ t: z.literal('known?'), numbers: z.array(z.string().max(20)).min(1).max(MAX_BATCH) }),
  z.strictObject({ t: z.literal('doctor'), findings: z.array(doctorFindingSchema).max(40) }),
  /** The journal holds nothing of these people any more. Said again for each `erase`, however often that comes. */
  z.strictObject({ t: z.literal('erased'), ids: z.array(id).min(1).max(MAX_BATCH) }),
  z.strictObject({ t: z.literal('rotate') }),
  z.strictObject({ t: z.literal('rotated') }),
])
export type AgentFrame = z.infer<typeof agentFrameSchema>

/** Refusals that end a connection; the agent tells its owner and tries again only where waiting can help. */
export const REFUSALS = [
  'version',
  'journal_changed',
  'journal_rolled_back',
  'epoch_lower',
  'revoked',
  'bad_frame',
  'too_fast',
  'replaced',
  'shutting_down',
] as const
export type Refusal = (typeof REFUSALS)[number]

/** What the hub says to the agent. */
export const hubFrameSchema = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('welcome'),
    v: z.int(),
    epoch: time,
    ackedSeq: count,
    hubNow: time,
  }),
  /** All journal entries up to `seq` are stored. */
  z.strictObject({ t: z.literal('ack'), seq: count }),
  z.strictObject({ t: z.literal('assign'), epoch: time, list: z.array(assignSchema).min(1).max(MAX_BATCH) }),
  z.strictObject({ t: z.literal('recall'), list: z.array(z.strictObject(named)).min(1).max(MAX_BATCH) }),
  /** Answer to a ping. With `lease` the agent may attempt until LEASE_MS after it sent that ping. */
  z.strictObject({ t: z.literal('pong'), mono: z.number().min(0), hubNow: time, lease: z.boolean() }),
  z.strictObject({
    t: z.literal('settings'),
    lanes: z.array(z.strictObject({ slot, limits: laneLimitsSchema })).max(4),
    takeAll: z.boolean(),
    /** host:port pairs under which the hub can be reached, best first. */
    addresses: z.array(z.string().max(260)).max(16),
    pollMs: z.strictObject({ active: z.int().min(200), idle: z.int().min(200) }),
    /** How long after hand-over a message without proof becomes unknown, in ms. */
    proofMs: z.int().min(1000),
  }),
  z.strictObject({
    t: z.literal('known'),
    asked: z.array(z.string().max(20)).max(MAX_BATCH),
    known: z.array(z.string().max(20)).max(MAX_BATCH),
  }),
  /**
   * People who were erased. The number is not told: it is the one whose HMAC-SHA256 under the key is the hash. Repeated on each
   * connection until the agent has said `erased`.
   */
  z.strictObject({
    t: z.literal('erase'),
    list: z
      .array(
        z.strictObject({
          id,
          key: z.string().regex(/^[0-9a-f]{64}$/),
          hash: z.string().regex(/^[0-9a-f]{64}$/),
        }),
      )
      .min(1)
      .max(MAX_BATCH),
  }),
  z.strictObject({ t: z.literal('run-doctor') }),
  /** Let a lane go on that the agent has halted. */
  z.strictObject({ t: z.literal('resume-lane'), slot }),
  /** A new device key. The agent stores it, synced, answers `rotated`, and uses it from then on. */
  z.strictObject({ t: z.literal('new-key'), key: z.string().min(20).max(200) }),
  z.strictObject({ t: z.literal('refused'), code: z.enum(REFUSALS), message: z.string().max(500) }),
])
export type HubFrame = z.infer<typeof hubFrameSchema>

/** POST /pair over the pinned connection. */
export const pairRequestSchema = z.strictObject({
  v: z.int(),
  code: z.string().min(1).max(100),
  journal: id,
  name: z.string().max(100),
  agent: z.string().max(40),
})
export const pairAnswerSchema = z.strictObject({
  phone: z.string().max(64),
  key: z.string().min(20).max(200),
  addresses: z.array(z.string().max(260)).max(16),
  /**
   * Texts that came in since then count, ms: this may be a phone that was paired before and has lost its memory. Null: only
   * those that come in from now on.
   */
  textsSince: time.nullable(),
})

/**
 * The pairing link: `campaign-connector://pair?c=CODE&p=PIN&a=host:port&a=host:port`.
 * `pin` is the SHA-256 of the certificate's SPKI in base64url (43 characters).
 */
export interface PairingLink {
  readonly code: string
  readonly pin: string
  readonly addresses: readonly string[]
}

export function formatPairingLink(link: PairingLink): string {
  const query = [`c=${encodeURIComponent(link.code)}`, `p=${link.pin}`]
  for (const address of link.addresses) query.push(`a=${encodeURIComponent(address)}`)
  return `campaign-connector://pair?${query.join('&')}`
}

/** Throws an Error with a sentence for the operator when the text is no pairing link. */
export function parsePairingLink(text: string): PairingLink {
  const match = /^campaign-connector:\/\/pair\?(.+)$/.exec(text.trim())
  if (!match)
    throw new Error(
      'This is no pairing link. It starts with campaign-connector://pair? and is shown by "Pair a phone".',
    )
  const found = { code: '', pin: '', addresses: [] as string[] }
  for (const part of match[1]!.split('&')) {
    const at = part.indexOf('=')
    const [key, value] = [part.slice(0, at), decodeURIComponent(part.slice(at + 1))]
    if (key === 'c') found.code = value
    else if (key === 'p') found.pin = value
    else if (key === 'a') found.addresses.push(value)
  }
  const whole = found.code !== '' && /^[A-Za-z0-9_-]{43}$/.test(found.pin) && found.addresses.length > 0
  if (!whole) throw new Error('The pairing link is not whole. Copy all of it, or show a new one.')
  return found
}

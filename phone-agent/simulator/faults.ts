import type { DatabaseSync } from 'node:sqlite'
import { chance, type Span } from './chance.ts'

/** Which messages (or calls of a command) a fault strikes. Without any of these: all of them. */
interface Rule {
  /** Probability between 0 and 1, drawn from the phone's seed and the ordinal of the message. */
  share?: number
  /** It strikes this many times at most. */
  count?: number
  /** The first so many messages are spared. */
  after?: number
  /** It strikes only texts to these numbers. */
  numbers?: readonly string[]
}

/** A rule for commands: by default `termux-sms-send` alone. */
interface CommandRule extends Rule {
  /** Names such as `termux-sms-list`. */
  commands?: readonly string[]
}

/** Everything that can be wrong with a phone. A fault that is absent, `null` or `false` is off; `true` strikes always. */
export interface Faults {
  /** Android's outgoing gate: above so many segments in the window it asks, and on an unattended phone nobody answers. */
  gate?: { segments: number; windowMs: number; waitAtMost?: number } | null
  /** Nothing goes out, nothing comes in until it is switched off. */
  airplane?: boolean
  /** The package is 0.58, whatever `packageVersion` says. */
  oldPackage?: boolean
  /** The command returns at once and prints nothing; no text leaves, no row is written. */
  silentLoss?: Rule | boolean | null
  /** The command never returns, and no text leaves. */
  hang?: CommandRule | boolean | null
  /** The text leaves, but the command never returns. */
  leaveButHang?: Rule | boolean | null
  /** The command takes this long before it does anything. */
  slow?: (CommandRule & { ms: Span }) | null
  /** The first command after an idle time takes this long. */
  coldStart?: { afterIdleMs: number; ms: Span } | null
  /** The command prints the error object of missing permissions. */
  permissionError?: (CommandRule & { permissions?: readonly string[] }) | boolean | null
  /** The command prints what a Java exception looks like and does nothing. */
  commandError?: (CommandRule & { text?: string }) | boolean | null
  /** Nothing leaves; the row shows as sent for a moment (`afterMs`), then it is hidden. */
  flipToFailed?: (Rule & { afterMs?: Span }) | boolean | null
  /** The text leaves, but no row is ever written (or it stays hidden from other apps). */
  noRow?: Rule | boolean | null
  /**
   * The row comes late. It is written late, with the id and the date of that moment; with `held` it is written in time,
   * with a low id, and hidden from other apps until then.
   */
  lateRow?: (Rule & { ms: Span; held?: boolean }) | null
  /** The default SMS app writes a second row for the same text. */
  secondRow?: Rule | boolean | null
  /** The row holds the number in national form, with spaces. */
  rewriteNumber?: Rule | boolean | null
  /**
   * The row holds another body: `trim` (spaces at line ends and double spaces gone), `spaces` (each space a no-break
   * space), `decompose` (Unicode NFD) or `pages` (one row per page, each with the prefix `(1/2) `).
   */
  rewriteBody?: (Rule & { mode?: RewriteMode }) | boolean | null
  /** Just before the row is written the newest row of this app is deleted, so that its id is used again. */
  reusedId?: Rule | boolean | null
}

/** How a stored body differs from the one that was sent. */
export type RewriteMode = 'trim' | 'spaces' | 'decompose' | 'pages'

/** The faults that strike single messages or commands. */
export type RuleName = Exclude<keyof Faults, 'gate' | 'airplane' | 'oldPackage' | 'coldStart'>

/**
 * Whether a fault strikes this message, and with which parameters. Uses up one of its `count` when it does, so call it
 * inside the transaction that acts on it, and only when nothing else prevents it from taking effect.
 * @param ordinal the how-manieth message of this phone it is, from 1.
 */
export function strike<N extends RuleName>(
  db: DatabaseSync,
  setup: { seed: number; faults: Faults },
  name: N,
  ordinal: number,
  about: { to?: string; command?: string } = {},
): Exclude<Faults[N], boolean | null | undefined> | undefined {
  const fault = setup.faults[name]
  if (!fault) return undefined
  const rule: CommandRule = fault === true ? {} : (fault as CommandRule)
  if (about.command && !(rule.commands ?? ['termux-sms-send']).includes(about.command)) return undefined
  if (rule.numbers && !(about.to && rule.numbers.includes(about.to))) return undefined
  if (ordinal <= (rule.after ?? 0)) return undefined
  if (chance(setup.seed, name, ordinal) >= (rule.share ?? 1)) return undefined
  if (rule.count !== undefined) {
    const used = db.prepare('SELECT n FROM counters WHERE name = ?').get(`fault:${name}`)
    if (Number(used?.n ?? 0) >= rule.count) return undefined
    db.prepare('INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1').run(`fault:${name}`)
  }
  return rule as Exclude<Faults[N], boolean | null | undefined>
}

/** @throws Error with a sentence when a fault is unknown or a number in it is out of range. */
export function checkFaults(faults: Faults): void {
  for (const [name, fault] of Object.entries(faults)) {
    const keys = KEYS[name as keyof Faults]
    if (!keys) throw new Error(`There is no fault "${name}". There are: ${Object.keys(KEYS).join(', ')}.`)
    if (fault === null || fault === undefined || typeof fault === 'boolean') {
      if (fault === true && NEEDS[name]) throw new Error(`The fault "${name}" needs ${NEEDS[name].join(' and ')}.`)
      continue
    }
    if (typeof fault !== 'object' || keys.length === 0) {
      throw new Error(`The fault "${name}" takes true or false${keys.length ? ' or an object' : ''}.`)
    }
    const given = fault as Record<string, unknown>
    for (const key of Object.keys(given)) {
      if (!keys.includes(key)) throw new Error(`The fault "${name}" has no "${key}". It has: ${keys.join(', ')}.`)
      if (NUMBERS.has(key) && !isSpan(given[key])) {
        throw new Error(`"${key}" of the fault "${name}" is a number from 0 upwards, or two such numbers.`)
      }
    }
    for (const key of NEEDS[name] ?? []) {
      if (given[key] === undefined) throw new Error(`The fault "${name}" needs "${key}".`)
    }
    if (Number(given['share'] ?? 0) > 1) throw new Error(`"share" of the fault "${name}" is between 0 and 1.`)
    if (name === 'rewriteBody' && !['trim', 'spaces', 'decompose', 'pages'].includes(String(given['mode'] ?? 'trim'))) {
      throw new Error('"mode" of the fault "rewriteBody" is trim, spaces, decompose or pages.')
    }
  }
}

const RULE = ['share', 'count', 'after', 'numbers']
const COMMAND_RULE = [...RULE, 'commands']
const KEYS: Record<keyof Faults, readonly string[]> = {
  gate: ['segments', 'windowMs', 'waitAtMost'],
  airplane: [],
  oldPackage: [],
  silentLoss: RULE,
  hang: COMMAND_RULE,
  leaveButHang: RULE,
  slow: [...COMMAND_RULE, 'ms'],
  coldStart: ['afterIdleMs', 'ms'],
  permissionError: [...COMMAND_RULE, 'permissions'],
  commandError: [...COMMAND_RULE, 'text'],
  flipToFailed: [...RULE, 'afterMs'],
  noRow: RULE,
  lateRow: [...RULE, 'ms', 'held'],
  secondRow: RULE,
  rewriteNumber: RULE,
  rewriteBody: [...RULE, 'mode'],
  reusedId: RULE,
}
const NEEDS: Record<string, readonly string[]> = {
  gate: ['segments', 'windowMs'],
  slow: ['ms'],
  coldStart: ['afterIdleMs', 'ms'],
  lateRow: ['ms'],
}
const NUMBERS = new Set([
  'share',
  'count',
  'after',
  'ms',
  'afterMs',
  'afterIdleMs',
  'segments',
  'windowMs',
  'waitAtMost',
])

function isSpan(value: unknown): boolean {
  const bounds = Array.isArray(value) ? value : [value]
  return bounds.length <= 2 && bounds.every(bound => typeof bound === 'number' && bound >= 0)
}

import type { DatabaseSync } from 'node:sqlite'
import { measure } from '../../src/shared/sms/segments.ts'
import { storedBodies } from './bodies.ts'
import { chance, within } from './chance.ts'
import { DEFAULT_SMS_APP, type PhoneConfig, type Sim, TERMUX_API } from './config.ts'
import { strike } from './faults.ts'
import { isShortCode, nationalForm, toE164 } from './numbers.ts'
import { textReaches } from './people.ts'
import type { RadioLine } from './radio.ts'
import { plan } from './store.ts'

/** A text that the Termux:API app has handed to Android. */
export interface Outgoing {
  /** As it was given to the command. */
  to: string
  /** Trimmed, as Android got it. */
  body: string
  slot: number
  subId: number
  /** The how-manieth text that was to leave this phone, from 1: what the faults are drawn by, `seq` in the radio log. */
  ordinal: number
}

/**
 * What Android does with a text of the Termux:API app. Call it inside a transaction, and append the lines to the radio
 * log before it commits: a process killed between the two leaves a text that left without a row, which a real phone
 * can do too, and never a row for a text that did not leave.
 * @returns what left, which may be nothing.
 */
export function handToAndroid(db: DatabaseSync, config: PhoneConfig, text: Outgoing, now: number): RadioLine[] {
  if (strike(db, config, 'silentLoss', text.ordinal, { to: text.to })) return []
  const verdict = passGate(db, config, text, now)
  if (verdict === 'waits') return []
  if (verdict === 'refused' || config.faults.airplane) {
    fail(db, config, text, now)
    return []
  }
  const flip = strike(db, config, 'flipToFailed', text.ordinal, { to: text.to })
  if (flip) {
    fail(db, config, text, now, flip.afterMs)
    return []
  }
  return leave(db, config, text, now)
}

/** Answers every waiting dialog as the owner would by hand. Call it inside a transaction; append what is returned. */
export function answerDialogs(db: DatabaseSync, config: PhoneConfig, allow: boolean, now: number): RadioLine[] {
  const waiting = db.prepare('SELECT message FROM dialogs ORDER BY id').all()
  db.exec('DELETE FROM dialogs')
  return waiting.flatMap(row => {
    const text = JSON.parse(String(row.message)) as Outgoing
    if (allow && !config.faults.airplane) return leave(db, config, text, now)
    fail(db, config, text, now)
    return []
  })
}

/** How much of the gate is used up, and how many dialogs wait for a finger. */
export function gateUsage(db: DatabaseSync, config: PhoneConfig, now: number) {
  const { gate } = config.faults
  const windowMs = gate?.windowMs ?? 60_000
  const used = db.prepare('SELECT COALESCE(SUM(segments), 0) AS n FROM gate WHERE at > ?').get(now - windowMs)
  const waiting = db.prepare('SELECT COUNT(*) AS n FROM dialogs').get()
  return { segments: Number(used?.n), limit: gate?.segments ?? null, windowMs, waiting: Number(waiting?.n) }
}

/**
 * The owner texts with the default SMS app. That app writes its own row, and Android's gate does not count it.
 * Call it inside a transaction; append what is returned.
 */
export function ownerText(db: DatabaseSync, config: PhoneConfig, text: Outgoing, now: number): RadioLine[] {
  plan(db, {
    due: now,
    type: 2,
    address: text.to,
    body: text.body,
    creator: DEFAULT_SMS_APP,
    subId: text.subId,
    seq: text.ordinal,
  })
  reach(db, config, text, now)
  return [radioLine(text, DEFAULT_SMS_APP, now)]
}

/**
 * As in Android's SmsUsageMonitor: what would exceed the limit asks, and is not counted; short codes always ask. At
 * most five dialogs wait, and each further text fails at once.
 */
function passGate(db: DatabaseSync, config: PhoneConfig, text: Outgoing, now: number): 'passes' | 'waits' | 'refused' {
  const { gate } = config.faults
  const segments = Math.max(1, measure(text.body).segments)
  const shortCode = isShortCode(text.to)
  const usage = gateUsage(db, config, now)
  if (!shortCode && (!gate || usage.segments + segments <= gate.segments)) {
    db.prepare('INSERT INTO gate VALUES (?, ?)').run(now, segments)
    return 'passes'
  }
  if (usage.waiting >= (gate?.waitAtMost ?? 5)) return 'refused'
  const reason = shortCode ? 'short code' : 'too many texts'
  db.prepare('INSERT INTO dialogs (at, reason, message) VALUES (?, ?, ?)').run(now, reason, JSON.stringify(text))
  return 'waits'
}

/** Android writes a text that failed as sent first, and marks it as failed a moment later. */
function fail(
  db: DatabaseSync,
  config: PhoneConfig,
  text: Outgoing,
  now: number,
  showsMs = config.failureShowsMs,
): void {
  plan(db, {
    due: now + within(config.rowDelayMs, chance(config.seed, 'row', text.ordinal)),
    type: 2,
    address: text.to,
    body: text.body,
    creator: TERMUX_API,
    subId: text.subId,
    failsAfterMs: within(showsMs, chance(config.seed, 'fails', text.ordinal)),
  })
}

function leave(db: DatabaseSync, config: PhoneConfig, text: Outgoing, now: number): RadioLine[] {
  const { ordinal, to } = text
  const strikes = <N extends Parameters<typeof strike>[2]>(name: N) => strike(db, config, name, ordinal, { to })
  if (!strikes('noRow')) {
    const sim = simOf(config, text)
    const late = strikes('lateRow')
    const lateMs = late ? within(late.ms, chance(config.seed, 'late', ordinal)) : 0
    const rewrite = strikes('rewriteBody')
    const due = now + within(config.rowDelayMs, chance(config.seed, 'row', ordinal)) + (late?.held ? 0 : lateMs)
    const row = {
      type: 2 as const,
      address: strikes('rewriteNumber') ? nationalForm(to, sim?.country ?? '') : to,
      subId: text.subId,
      seq: text.ordinal,
    }
    const reuseId = strikes('reusedId') !== undefined
    const bodies = rewrite ? storedBodies(text.body, rewrite.mode ?? 'trim') : [text.body]
    for (const [index, body] of bodies.entries()) {
      const hiddenMs = late?.held ? lateMs : 0
      plan(db, { ...row, due, body, creator: TERMUX_API, hiddenMs, reuseId: reuseId && index === 0 })
    }
    if (strikes('secondRow')) plan(db, { ...row, due: due + 40, body: text.body, creator: DEFAULT_SMS_APP })
  }
  reach(db, config, text, now)
  return [radioLine(text, TERMUX_API, now)]
}

/** Where a text that left arrives: in this phone, if it is one of its own numbers, or with a person who may answer. */
function reach(db: DatabaseSync, config: PhoneConfig, text: Outgoing, now: number): void {
  const number = toE164(text.to, simOf(config, text)?.country ?? '')
  const own = config.sims.find(sim => sim.number === number)
  const sender = simOf(config, text)?.number ?? number
  if (own) {
    const due = now + within(config.ownTextMs, chance(config.seed, 'own', text.ordinal))
    const { body } = text
    plan(db, { due, type: 1, address: sender, body, creator: null, subId: own.subId, byRadio: true, kind: 'own' })
    return
  }
  if (!config.people || isShortCode(text.to)) return
  for (const { afterMs, body, kind } of textReaches(db, config.people, number)) {
    const due = now + afterMs
    plan(db, { due, type: 1, address: number, body, creator: null, subId: text.subId, byRadio: true, kind })
  }
}

function simOf(config: PhoneConfig, text: Outgoing): Sim | undefined {
  return config.sims.find(sim => sim.slot === text.slot)
}

function radioLine(text: Outgoing, creator: string, at: number): RadioLine {
  const { slot, subId, to, body, ordinal: seq } = text
  const by = creator === TERMUX_API ? 'termux' : 'owner'
  return { at, slot, subId, to, body, segments: Math.max(1, measure(body).segments), creator, by, seq }
}

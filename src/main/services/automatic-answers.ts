import { MAX_SEGMENTS, measure } from '../../shared/sms/segments.ts'
import { parseTemplate, renderTemplate } from '../../shared/sms/template.ts'
import {
  answersSince,
  insertAutomaticAction,
  loopedAt,
  repliedSince,
  ruleAnsweredAt,
  textsSince,
} from '../db/automatic-actions.ts'
import { contactById, insertContact } from '../db/contacts.ts'
import type { Reader, Writer } from '../db/database.ts'
import { activeKeywordRules, type KeywordRuleRow } from '../db/keyword-rules.ts'
import { addMembers, ensureGroup } from '../db/lists.ts'
import { lastAttemptTo, queueMessage } from '../db/messages.ts'
import { enabledSims } from '../db/phones.ts'
import { suppressionOf } from '../db/suppression.ts'
import { type AnswerLimits, DAY_MS, type HeldFor, heldBack } from '../domain/auto-answers.ts'
import { templateValues } from '../domain/fields.ts'
import { ruleFor } from '../domain/keyword-rules.ts'
import { appendAudit } from './audit.ts'
import { recordTextConsent } from './consents.ts'
import { numberCountry } from './numbers.ts'
import type { Ids, NumberHash } from './ports.ts'

/** A text that came in and is stored. Times in ms UTC. */
export interface TakenText {
  readonly inboundId: number
  readonly threadId: number
  /** E.164 */
  readonly number: string
  readonly contactId: number | null
  readonly body: string
  /** By the phone's clock. */
  readonly receivedAt: number
  /** Now, by the clock of the hub. */
  readonly at: number
  readonly phoneId: number
  /** Whether it may have been answered before this database knew of it: then nobody answers it (again). */
  readonly maybeAnswered: boolean
}

export interface AutomaticParts {
  readonly ids: Ids
  readonly numberHash: NumberHash
  readonly limits: AnswerLimits
}

/**
 * The confirmation of STOP and the answers to START and HELP go out so long after the phone got the text, or not at all. The
 * law takes a confirmation within five minutes for one that the person still agrees to (47 CFR 64.1200(a)(12)).
 */
export const WORD_ANSWER_MS = 5 * 60_000

/** An answer of a rule later than this would only confuse, and might wake somebody at night. */
const RULE_ANSWER_MS = 3_600_000

/** Does what the first rule says whose words stand in the text. Runs in the transaction that stores the text. */
export function actOnRules(db: Writer, text: TakenText, parts: AutomaticParts): void {
  const found = ruleFor(activeKeywordRules(db), text.body)
  if (!found) return
  const { rule, phrase } = found
  const isOut = suppressionOf(db, text.number, parts.numberHash.of(text.number)) !== undefined
  // Of the time between a backup and its restore nobody may know whether they took it back.
  const given = text.maybeAnswered ? null : rule.consent
  const needsContact = rule.tag !== '' || rule.list !== '' || given !== null
  // Nobody who was erased becomes a contact again by what they write.
  const contactId = needsContact ? contactOf(db, text, isOut) : text.contactId
  const tag = contactId === null ? '' : rule.tag
  const list = contactId === null ? '' : rule.list
  if (contactId !== null && tag !== '') join(db, 'tag', tag, contactId, text.at)
  if (contactId !== null && list !== '') join(db, 'list', list, contactId, text.at)
  const consent = given && agreed(db, rule.id, given, phrase, text) ? given.kind : null
  const heldFor = rule.answer === '' ? null : answerOfRule(db, rule, { ...text, contactId }, isOut, parts)
  insertAutomaticAction(db, {
    ...{ inboundId: text.inboundId, cause: 'rule', ruleId: rule.id, ruleName: rule.name },
    answer: rule.answer === '' ? 'none' : heldFor === null ? 'queued' : 'held',
    ...{ heldFor: heldFor ?? '', tag, list, consent, notified: rule.notify, at: text.at },
  })
  const subject = [`inbound:${text.inboundId}`, ...(contactId === null ? [] : [`contact:${contactId}`])].join(' ')
  appendAudit(db, { at: text.at, actor: `rule:${rule.id}`, action: 'rules.act', subject, outcome: 'ok', code: '' })
}

/**
 * Queues the confirmation of STOP, or the answer to START or HELP, unless the text lay on the phone for too long. An answer is
 * held back also when it looks as if two robots talked; a confirmation never, since there is one for each opt-out, and the
 * next one needs a START before it. What was held back is on record.
 */
export function answerWord(
  db: Writer,
  cause: 'stop' | 'start' | 'help',
  body: string,
  text: TakenText,
  parts: AutomaticParts,
): void {
  const expiresAt = Math.min(text.receivedAt, text.at) + WORD_ANSWER_MS
  const heldFor = text.at >= expiresAt ? 'late' : cause === 'stop' ? null : heldBack(talkOf(db, text), parts.limits)
  if (heldFor === null) queueAnswer(db, cause === 'stop' ? 'confirmation' : 'answer', body, text, expiresAt, parts)
  insertAutomaticAction(db, {
    ...{ inboundId: text.inboundId, cause, ruleId: null, ruleName: '', answer: heldFor === null ? 'queued' : 'held' },
    ...{ heldFor: heldFor ?? '', tag: '', list: '', consent: null, notified: false, at: text.at },
  })
}

/** Why the answer of a rule would be held back; null: it may go. `text.inboundId` 0: it is only tried. */
export function ruleHeldFor(
  db: Reader,
  rule: KeywordRuleRow,
  text: TakenText,
  isOut: boolean,
  limits: AnswerLimits,
): HeldFor | null {
  if (isOut) return 'opted_out'
  if (text.maybeAnswered || text.at - text.receivedAt > RULE_ANSWER_MS) return 'late'
  const held = heldBack(talkOf(db, text), limits)
  if (held !== null) return held
  const last = rule.waitMinutes === 0 ? null : ruleAnsweredAt(db, text.threadId, rule.id)
  return last !== null && text.at - last < rule.waitMinutes * 60_000 ? 'rule_wait' : null
}

/** The answer of a rule to a person; null where it names what the person does not have, or is too long. */
export function renderAnswer(
  db: Reader,
  rule: Pick<KeywordRuleRow, 'answer'>,
  to: Pick<TakenText, 'contactId' | 'number'>,
) {
  const parsed = parseTemplate(rule.answer)
  if (!parsed.ok) return null
  const contact = to.contactId === null ? undefined : contactById(db, to.contactId)
  const rendered = renderTemplate(parsed.template, contact ? templateValues(contact) : { number: to.number })
  return rendered.ok && measure(rendered.text).segments <= MAX_SEGMENTS ? rendered.text : null
}

function answerOfRule(
  db: Writer,
  rule: KeywordRuleRow,
  text: TakenText,
  isOut: boolean,
  parts: AutomaticParts,
): HeldFor | null {
  const held = ruleHeldFor(db, rule, text, isOut, parts.limits)
  if (held !== null) return held
  const body = renderAnswer(db, rule, text)
  if (body === null) return 'template'
  queueAnswer(db, 'answer', body, text, Math.min(text.receivedAt, text.at) + RULE_ANSWER_MS, parts)
  return null
}

/** Records what they agreed to. Whoever has opted out stays opted out: only START changes that. */
function agreed(
  db: Writer,
  ruleId: number,
  { kind, wording }: NonNullable<KeywordRuleRow['consent']>,
  keyword: string,
  { number, inboundId, body, receivedAt, at }: TakenText,
): boolean {
  return recordTextConsent(db, {
    ...{ number, inboundId, keyword, body, kind, wording },
    ...{ givenAt: Math.min(receivedAt, at), at, by: `rule:${ruleId}` },
  })
}

function talkOf(db: Reader, text: TakenText) {
  const since = text.at - DAY_MS
  return {
    ...{ now: text.at, body: text.body },
    earlier: textsSince(db, text.threadId, since, text.inboundId),
    answeredAt: answersSince(db, text.number, since),
    loopedAt: loopedAt(db, text.threadId),
    repliedAt: repliedSince(db, text.number, since),
  }
}

/** Queues what goes out by itself because of a text, once: a text has one confirmation and one answer at most. */
export function queueAnswer(
  db: Writer,
  kind: 'confirmation' | 'answer',
  body: string,
  text: TakenText,
  expiresAt: number,
  parts: Pick<AutomaticParts, 'ids'>,
): void {
  queueMessage(
    db,
    {
      ...{ id: parts.ids.next(), kind, number: text.number, contactId: text.contactId, body },
      segments: measure(body).segments,
      simId: laneFor(db, text),
      ...{ zones: '', dueAt: text.at, expiresAt, causeId: text.inboundId, repeats: null, campaignId: null },
      createdBy: `phone:${text.phoneId}`,
    },
    text.at,
  )
}

/** From the number that the person knows, else from the one that they wrote to, as far as that is known. */
function laneFor(db: Reader, { number, phoneId }: TakenText): number | null {
  const known = lastAttemptTo(db, number)?.simId
  if (known !== undefined) return known
  const lanes = enabledSims(db).filter(sim => sim.phoneId === phoneId)
  return lanes.length === 1 ? lanes[0]!.id : null
}

function contactOf(db: Writer, text: TakenText, isOut: boolean): number | null {
  if (text.contactId !== null || isOut) return text.contactId
  const nobody = {
    firstName: '',
    lastName: '',
    email: '',
    zone: null,
    attributes: '{}',
    consentId: null,
    importId: null,
  }
  return insertContact(db, { ...nobody, number: text.number, country: numberCountry(text.number) }, text.at)
}

function join(db: Writer, kind: 'tag' | 'list', name: string, contactId: number, at: number): void {
  addMembers(db, kind, ensureGroup(db, kind, name, null, at), [contactId], null)
}

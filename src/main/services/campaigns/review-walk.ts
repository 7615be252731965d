import { setImmediate as nextTurn } from 'node:timers/promises'
import { LEFT_OUT, type LeftOut } from '../../../shared/operations/campaigns.ts'
import { replaceTypographic } from '../../../shared/sms/replacements.ts'
import { measure } from '../../../shared/sms/segments.ts'
import { type ParsedTemplate, parseTemplate, renderTemplate } from '../../../shared/sms/template.ts'
import { type AudienceContact, nextOfAudience } from '../../db/audience.ts'
import type { CampaignRow } from '../../db/campaigns.ts'
import { templateValues } from '../../domain/fields.ts'
import { Judge, type Verdict } from './judge.ts'
import type { CampaignParts } from './parts.ts'

/** What a walk over the audience of a campaign has counted. */
export interface Tally {
  audience: number
  messages: number
  segments: number
  readonly leftOut: Map<LeftOut, number>
  /** Of those left out as `field_missing`: how many lack which field. */
  readonly missing: Map<string, number>
  /** How many messages have so many segments. */
  readonly bySegments: Map<number, number>
  ucs2: number
  /** Messages in UCS-2 that would be GSM-7 with plain quotes and the like, and the segments that this saves. */
  mendable: number
  mendableSegments: number
  withoutConsent: number
  /** Messages that become due before the campaign expires. */
  inTime: number
  /** By variant: how many get it, and their segments. Empty without variants. */
  readonly variants: { messages: number; segments: number }[]
  /** By follow-up: the same, if everybody who gets a first text got it, and how many it cannot be made for. */
  readonly steps: { messages: number; segments: number; failing: number }[]
  /** By candidate zones (separated by a space): how many messages have so many segments. */
  readonly byZones: Map<string, Map<number, number>>
}

/** Contacts between two looks at the clock of the event loop. */
const CHUNK = 100
const WORK_MS = 12

/**
 * Looks at every contact of an audience once, as the start would at `at`, and keeps nothing but counts. Between chunks
 * the thread is free for others. `isEnough` ends the walk early.
 */
export async function walkAudience(
  parts: CampaignParts,
  campaign: CampaignRow,
  at: number,
  isEnough: (tally: Tally) => boolean = () => false,
): Promise<Tally> {
  if (campaign.audience.search !== '') await parts.search.complete()
  const tally = emptyTally(campaign)
  const stepTexts = campaign.steps.map(step => parseTemplate(step.template))
  const judge = new Judge(parts.db, campaign, at, parts)
  for (let after = 0; ; ) {
    const stopAt = parts.clock.mono() + WORK_MS
    const contacts = nextOfAudience(parts.db, campaign.audience, after, CHUNK)
    let done = 0
    for (const contact of contacts) {
      const verdict = judge.of(contact)
      note(tally, verdict, contact.consentId, campaign)
      if (verdict.ok) noteSteps(tally, stepTexts, contact)
      after = contact.id
      done += 1
      if (isEnough(tally)) return tally
      if (done % 8 === 0 && parts.clock.mono() > stopAt) break
    }
    if (done === contacts.length && contacts.length < CHUNK) return tally
    await nextTurn()
  }
}

function note(tally: Tally, verdict: Verdict, consentId: number | null, campaign: CampaignRow): void {
  tally.audience += 1
  if (!verdict.ok) {
    add(tally.leftOut, verdict.code, 1)
    if (verdict.field !== undefined) add(tally.missing, verdict.field, 1)
    return
  }
  const { size, zones, text, dueAt, variant } = verdict
  const own = tally.variants[variant]
  if (own) {
    own.messages += 1
    own.segments += size.segments
  }
  tally.messages += 1
  tally.segments += size.segments
  add(tally.bySegments, size.segments, 1)
  if (size.encoding === 'UCS-2') noteUcs2(tally, text, size.segments)
  if (consentId === null) tally.withoutConsent += 1
  if (campaign.expiresAt === null || dueAt < campaign.expiresAt) tally.inTime += 1
  const group = tally.byZones.get(zones) ?? new Map<number, number>()
  add(group, size.segments, 1)
  tally.byZones.set(zones, group)
}

function noteSteps(tally: Tally, texts: readonly ParsedTemplate[], contact: AudienceContact): void {
  for (const [at, parsed] of texts.entries()) {
    const rendered = parsed.ok ? renderTemplate(parsed.template, templateValues(contact)) : null
    const step = tally.steps[at]!
    if (rendered?.ok) {
      step.messages += 1
      step.segments += measure(rendered.text).segments
    } else step.failing += 1
  }
}

function noteUcs2(tally: Tally, text: string, segments: number): void {
  tally.ucs2 += 1
  const plain = measure(replaceTypographic(text).text)
  if (plain.encoding !== 'GSM-7') return
  tally.mendable += 1
  tally.mendableSegments += segments - plain.segments
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

/** In the order of the contract, with a sentence each that says what to do. */
export function leftOutOf(tally: Tally): { code: LeftOut; contacts: number; message: string }[] {
  return LEFT_OUT.filter(code => tally.leftOut.has(code)).map(code => ({
    code,
    contacts: tally.leftOut.get(code)!,
    message: code === 'field_missing' ? missingText(tally.missing) : LEFT_OUT_TEXTS[code],
  }))
}

/** Why contacts were left out, without which fields they lack. */
export function leftOutMeaning(code: LeftOut): string {
  return code === 'field_missing' ? 'They have nothing in a field that the template prints.' : LEFT_OUT_TEXTS[code]
}

const LEFT_OUT_TEXTS: Record<Exclude<LeftOut, 'field_missing'>, string> = {
  suppressed: 'They have opted out, or are on the suppression list.',
  zone_ambiguous:
    'Their time zone is not known, and the places where they may be have no allowed hour in common. Give these contacts a time zone, or widen the hours.',
  body_too_long: 'Their message would have more than 10 segments. Shorten the template, or the values in it.',
  body_empty: 'Their message would be empty. Look at the conditions in the template.',
  template_error: 'The template does not work with their values. Preview it with one of these contacts to see why.',
  consent_missing:
    'No consent of theirs is on record, and this campaign requires it. Record it at import or with the contact.',
  consent_other_kind:
    'Their consent on record is not of the kind that this campaign requires. Ask them for it, or require another kind.',
  has_message: 'They have a message of this campaign already.',
}

function missingText(missing: ReadonlyMap<string, number>): string {
  const named = [...missing]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 5)
    .map(([field, contacts]) => `${field} (${contacts})`)
  return `They have nothing in a field that the template prints: ${named.join(', ')}. Fill it in, or give it a default, as in {{ first_name | default: "there" }}.`
}

function emptyTally({ variants, steps }: CampaignRow): Tally {
  return {
    audience: 0,
    messages: 0,
    segments: 0,
    leftOut: new Map(),
    missing: new Map(),
    bySegments: new Map(),
    ucs2: 0,
    mendable: 0,
    mendableSegments: 0,
    withoutConsent: 0,
    inTime: 0,
    variants: variants.map(() => ({ messages: 0, segments: 0 })),
    steps: steps.map(() => ({ messages: 0, segments: 0, failing: 0 })),
    byZones: new Map(),
  }
}

import type { LeftOut } from '../../../shared/operations/campaigns.ts'
import { measure, type SegmentSize } from '../../../shared/sms/segments.ts'
import { type ParsedTemplate, parseTemplate, renderTemplate } from '../../../shared/sms/template.ts'
import type { AudienceContact } from '../../db/audience.ts'
import { hasCampaignMessage } from '../../db/campaign-fill.ts'
import type { CampaignRow } from '../../db/campaigns.ts'
import type { Reader } from '../../db/database.ts'
import { suppressionOf } from '../../db/suppression.ts'
import { nextOpening } from '../../domain/allowed-hours.ts'
import { templateValues } from '../../domain/fields.ts'
import type { Timetable } from '../../domain/timetable.ts'
import { candidatesOf, type ZoneLookup, zonesKey, zonesOfKey } from '../../domain/zones.ts'
import { lackOfConsent } from '../consents.ts'
import type { NumberHash } from '../ports.ts'
import type { Times } from '../times.ts'
import { variantFor } from './variants.ts'

/** What a campaign does for one contact: a text that is due at a time, or nothing, and why. */
export type Verdict =
  | {
      readonly ok: true
      readonly text: string
      readonly size: SegmentSize
      /** The place of their first text among the variants. */
      readonly variant: number
      /** Candidate places, separated by a space. */
      readonly zones: string
      /** The next instant at which every one of them allows it. */
      readonly dueAt: number
    }
  | { readonly ok: false; readonly code: LeftOut /** Of `field_missing`: the field. */; readonly field?: string }

interface JudgeParts {
  readonly zones: ZoneLookup
  readonly numberHash: NumberHash
  readonly times: Times
}

/**
 * Decides for one contact after another whether a campaign may text them. Review and start ask the same judge, so what
 * the review promises is what is made. Serves one moment: the next opening of each set of zones is looked up once.
 */
export class Judge {
  readonly #db: Reader
  readonly #campaign: CampaignRow
  /** By variant; the one template where there are none. */
  readonly #parsed: readonly ParsedTemplate[]
  readonly #parts: JudgeParts
  readonly #opening: (zones: string) => number | null

  constructor(db: Reader, campaign: CampaignRow, now: number, parts: JudgeParts) {
    this.#db = db
    this.#campaign = campaign
    const { variants, template } = campaign
    this.#parsed = (variants.length === 0 ? [{ template }] : variants).map(one => parseTemplate(one.template))
    this.#parts = parts
    this.#opening = openingsAt(parts.times(campaign.hours), now)
  }

  of(contact: AudienceContact): Verdict {
    const { id } = this.#campaign
    if (suppressionOf(this.#db, contact.number, () => this.#parts.numberHash.of(contact.number)))
      return out('suppressed')
    const lack = lackOfConsent(this.#db, this.#campaign, contact.consentId)
    if (lack !== null) return out(lack)
    if (hasCampaignMessage(this.#db, id, contact.number)) return out('has_message')
    const zones = zonesKey(candidatesOf(contact, this.#parts.zones).places)
    const dueAt = this.#opening(zones)
    if (dueAt === null) return out('zone_ambiguous')
    const variant = variantFor(this.#campaign, contact.number, this.#parts.numberHash)
    const parsed = this.#parsed[variant]!
    if (!parsed.ok) return out('template_error')
    const rendered = renderTemplate(parsed.template, templateValues(contact))
    if (!rendered.ok) {
      return rendered.field === undefined ? out(rendered.code) : { ...out(rendered.code), field: rendered.field }
    }
    return { ok: true, text: rendered.text, size: measure(rendered.text), variant, zones, dueAt }
  }
}

/** `nextOpening` from one moment on, remembered for each set of places (separated by a space). */
export function openingsAt(times: Timetable, now: number): (zones: string) => number | null {
  const known = new Map<string, number | null>()
  return zones => {
    let opening = known.get(zones)
    if (opening === undefined) {
      opening = nextOpening(times, zonesOfKey(zones), now)
      known.set(zones, opening)
    }
    return opening
  }
}

function out(code: LeftOut): { ok: false; code: LeftOut } {
  return { ok: false, code }
}

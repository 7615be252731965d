/**
 * What people agreed to, from the least to the most. `unspecified`: to be texted, and nothing is on record about what for.
 * `informational`: to texts about what concerns them, such as appointments and orders. `marketing`: to offers and the like,
 * which in many places needs an agreement of its own (47 CFR 64.1200(a)(2)).
 */
export const CONSENT_KINDS = ['unspecified', 'informational', 'marketing'] as const
export type ConsentKind = (typeof CONSENT_KINDS)[number]

/** What a campaign can ask for besides any consent. */
export const REQUIRABLE_KINDS = ['informational', 'marketing'] as const
export type RequirableKind = (typeof REQUIRABLE_KINDS)[number]

/** What it is an agreement to: "consent to marketing". */
export const CONSENT_TO: Readonly<Record<RequirableKind, string>> = {
  informational: 'information',
  marketing: 'marketing',
}

/** Whether a consent of one kind is enough where another kind is asked for: who agreed to offers agreed to information. */
export function coversKind(given: ConsentKind, required: RequirableKind): boolean {
  return CONSENT_KINDS.indexOf(given) >= CONSENT_KINDS.indexOf(required)
}

/** Whether a consent of one kind is to more than one of another kind. */
export function isMoreThan(kind: ConsentKind, other: ConsentKind): boolean {
  return CONSENT_KINDS.indexOf(kind) > CONSENT_KINDS.indexOf(other)
}

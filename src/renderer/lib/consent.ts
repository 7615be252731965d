import { CONSENT_KINDS, type ConsentKind, type RequirableKind } from '../../shared/consent.ts'

/** What people agreed to, in words. */
export const KIND_WORDS: Readonly<Record<ConsentKind, string>> = {
  unspecified: 'Texts, nothing more is known',
  informational: 'Information, such as orders and appointments',
  marketing: 'Marketing, and information too',
}

/** For a field that asks for the kind. */
export const KIND_CHOICES = CONSENT_KINDS.map(value => ({ value, label: KIND_WORDS[value] }))

/** What a campaign requires, in words. */
export function requiredText(requireConsent: boolean, kind: RequirableKind | null): string {
  if (!requireConsent) return 'not required'
  if (kind === null) return 'only people whose consent is on record'
  return kind === 'marketing'
    ? 'only people who agreed to marketing'
    : 'only people who agreed to information, or to marketing'
}

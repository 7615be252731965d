import { Select } from '@mantine/core'
import { REQUIRABLE_KINDS, type RequirableKind } from '../../../shared/consent.ts'
import type { Draft } from './draft.ts'

const CHOICES = [
  { value: 'none', label: 'None: everybody of the audience' },
  { value: 'any', label: 'Any consent on record' },
  { value: 'informational', label: 'To information, or to marketing' },
  { value: 'marketing', label: 'To marketing' },
]

/** Which consent people must have on record; the others are left out, and the review counts them. */
export function ConsentField({
  value: { requireConsent, consentKind },
  onChange,
}: {
  readonly value: Pick<Draft, 'requireConsent' | 'consentKind'>
  readonly onChange: (change: Pick<Draft, 'requireConsent' | 'consentKind'>) => void
}) {
  return (
    <Select
      mt="md"
      label="Required consent"
      data={CHOICES}
      value={requireConsent ? (consentKind ?? 'any') : 'none'}
      allowDeselect={false}
      onChange={choice => onChange({ requireConsent: choice !== 'none', consentKind: isKind(choice) ? choice : null })}
    />
  )
}

function isKind(choice: string | null): choice is RequirableKind {
  return REQUIRABLE_KINDS.some(kind => kind === choice)
}

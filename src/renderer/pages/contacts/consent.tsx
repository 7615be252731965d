import { Anchor, Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { Contact, RecordedConsent } from '../../../shared/operations/contacts.ts'
import { useRead } from '../../api.ts'
import { Problem } from '../../components/problem.tsx'
import { KIND_WORDS } from '../../lib/consent.ts'
import { date, dateAndTime } from '../../lib/times.ts'

/** What is on record about the consent of a contact, and on demand what was before. */
export function Consent({ contact: { id, consent } }: { readonly contact: Contact }) {
  const [history, setHistory] = useState(false)
  return (
    <Stack gap={6} align="flex-start">
      {consent === null ? 'none on record' : <Facts consent={consent} />}
      {history ? (
        <Earlier id={id} hasPresent={consent !== null} />
      ) : (
        <Button size="compact-xs" variant="default" onClick={() => setHistory(true)}>
          What was before
        </Button>
      )}
    </Stack>
  )
}

function Facts({ consent }: { readonly consent: RecordedConsent }) {
  const { kind, source, wording, at, proof, recordedAt, text } = consent
  return (
    <div>
      {source}
      {at !== null && `, ${date(at)}`}
      {kind !== 'unspecified' && <Text size="sm">{KIND_WORDS[kind]}</Text>}
      {wording !== '' && (
        <Text size="sm" c="dimmed">
          “{wording}”
        </Text>
      )}
      {proof !== '' && <Text size="sm">Proof: {text === null ? proof : `their text “${proof}”`}</Text>}
      {consent.import !== null && <Origin list={consent.import} />}
      <Text size="xs" c="dimmed">
        On record since {dateAndTime(recordedAt)}
      </Text>
    </div>
  )
}

/** The list that proves it. */
function Origin({ list }: { readonly list: NonNullable<RecordedConsent['import']> }) {
  return (
    <Text size="sm">
      Proof: the list{' '}
      {list.id === null ? (
        list.fileName
      ) : (
        <Anchor component={Link} href={`/imports/${list.id}`} underline="always" size="sm">
          {list.fileName}
        </Anchor>
      )}
    </Text>
  )
}

function Earlier({ id, hasPresent }: { readonly id: number; readonly hasPresent: boolean }) {
  const { data, error } = useRead('contacts.consents', { id })
  if (!data) return <Problem error={error} />
  const earlier = hasPresent ? data.consents.slice(1) : data.consents
  if (earlier.length === 0) return <Text size="sm">Nothing else was ever on record.</Text>
  return (
    <ul style={{ margin: 0, paddingInlineStart: 'var(--mantine-spacing-md)' }} aria-label="Earlier consent">
      {earlier.map(consent => (
        <li key={`${consent.recordedAt} ${consent.source} ${consent.ended?.at}`}>
          <Facts consent={consent} />
          {consent.ended !== null && <Text size="xs">Ended {dateAndTime(consent.ended.at)}</Text>}
        </li>
      ))}
    </ul>
  )
}

import { List, Text } from '@mantine/core'
import type { Contact } from '../../../shared/operations/contacts.ts'
import { useRead } from '../../api.ts'
import { atBoth } from '../../lib/times.ts'

/** What each source of a zone is called. */
const SOURCES: Readonly<Record<Contact['zoneSource'], string>> = {
  hand: 'set by hand',
  column: 'from the list',
  postcode: 'by the postcode',
  number: 'by the number',
  postcode_and_number: 'postcode and number disagree: what both allow counts',
  unknown: 'nobody knows where they are: edit the contact to set it',
}

/** Zones that are named; a number that may be anywhere in a large country has many. */
const NAMED = 3

/** Where a contact may be, and what tells so. */
export function Zones({ contact: { zones, zoneSource } }: { readonly contact: Contact }) {
  const named = zones.length > NAMED + 1 ? zones.slice(0, NAMED) : zones
  return (
    <>
      {named.join(', ')}
      {zones.length > named.length && <span title={zones.join('\n')}> and {zones.length - named.length} more</span>}
      <Text size="xs" c="dimmed">
        {SOURCES[zoneSource]}
      </Text>
    </>
  )
}

/** Whether a text may go there now, and what is held until when. */
export function HoursOf({ contact }: { readonly contact: Contact }) {
  const { data } = useRead('contacts.hours', { id: contact.id }, { everyMs: 60_000 })
  if (!data) return '…'
  const { open, until, zone, because, held } = data
  return (
    <>
      {open ? `open until ${atBoth(until!, zone)}` : until === null ? 'never' : `closed until ${atBoth(until, zone)}`}
      {because !== '' && (
        <Text size="xs" c="dimmed">
          because {because}
        </Text>
      )}
      {held.length > 0 && (
        <List size="sm" spacing={4} mt={4}>
          {held.map(one => (
            <List.Item key={one.messageId}>
              {one.campaign ?? 'A text'} is held until {atBoth(one.held.until, one.held.zone)}
              {one.held.because !== because && (
                <Text size="xs" c="dimmed">
                  because {one.held.because}
                </Text>
              )}
            </List.Item>
          ))}
        </List>
      )}
    </>
  )
}

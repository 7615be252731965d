import { Stack } from '@mantine/core'
import { Person } from './privacy-person.tsx'
import { Receipts } from './privacy-receipts.tsx'
import { Retention } from './privacy-retention.tsx'

/** What people may ask for: everything about them, or that it is forgotten. And how long texts are kept. */
export function Privacy() {
  return (
    <Stack gap="xl" maw={860}>
      <Person />
      <Receipts />
      <Retention />
    </Stack>
  )
}

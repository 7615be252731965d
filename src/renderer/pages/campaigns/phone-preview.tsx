import { ActionIcon, Alert, Box, Group, Stack, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import type { OutputOf } from '../../../shared/operations/index.ts'
import { SegmentMeter } from '../../components/segment-meter.tsx'
import './campaigns.css'

export type Previews = OutputOf<'campaigns.preview'>

/** How the text looks on the phone of one contact of the audience after the other. */
export function PhonePreview({ previews }: { readonly previews: Previews['previews'] }) {
  const [at, setAt] = useState(0)
  const place = Math.min(at, Math.max(0, previews.length - 1))
  const preview = previews[place]
  const who = preview?.contact ? preview.contact.name || preview.contact.number : 'Nobody yet'
  const step = (by: number): void => setAt((place + by + previews.length) % previews.length)
  return (
    <Stack gap="sm">
      <Box className="phone" role="group" aria-label="Preview">
        <Group justify="space-between" wrap="nowrap" className="phone-head">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Contact before"
            disabled={previews.length < 2}
            onClick={() => step(-1)}
          >
            <IconChevronLeft size={18} aria-hidden />
          </ActionIcon>
          <Stack gap={0} align="center" miw={0}>
            <Text size="sm" fw={600} truncate="end" dir="auto" maw="100%" title={who}>
              {who}
            </Text>
            {preview?.contact && preview.contact.name !== '' && (
              <Text size="xs" c="dimmed" className="figures">
                {preview.contact.number}
              </Text>
            )}
          </Stack>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label="Next contact"
            disabled={previews.length < 2}
            onClick={() => step(1)}
          >
            <IconChevronRight size={18} aria-hidden />
          </ActionIcon>
        </Group>
        <Box className="phone-screen" aria-live="polite">
          {preview?.ok && (
            <div className="bubble" dir="auto">
              {preview.text}
            </div>
          )}
          {preview && !preview.ok && (
            <Alert color="red" variant="light" p="sm">
              <Text size="sm">{preview.error}</Text>
            </Alert>
          )}
          {!preview && (
            <Text size="sm" c="dimmed" ta="center">
              The message appears here as you write it.
            </Text>
          )}
        </Box>
      </Box>
      {preview?.ok && (
        <Stack gap={4} align="center">
          <SegmentMeter segments={preview.segments} unitsLeft={preview.unitsLeft} encoding={preview.encoding} />
          {preview.forcing.length > 0 && (
            <Text size="xs" c="dimmed" ta="center">
              {preview.forcing.map(({ char }) => `“${char}”`).join(' ')} makes it UCS-2, which holds 70 characters
              instead of 160.
            </Text>
          )}
        </Stack>
      )}
    </Stack>
  )
}

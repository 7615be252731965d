import { Group, Text } from '@mantine/core'
import { type Encoding, MAX_SEGMENTS } from '../../shared/sms/segments.ts'
import { counted } from '../lib/times.ts'

/** How large a text is on the air. Announced to those who do not see it once they stop typing. */
export function SegmentMeter({
  segments,
  unitsLeft,
  encoding,
}: {
  readonly segments: number
  readonly unitsLeft: number
  readonly encoding: Encoding
}) {
  const tooLong = segments > MAX_SEGMENTS
  return (
    <Group gap="0 var(--mantine-spacing-xs)" aria-live="polite" className="figures">
      <Text size="xs" fw={600} c={tooLong ? 'error' : undefined}>
        {counted(segments, 'segment')}
      </Text>
      <Text size="xs" c="dimmed">
        {tooLong ? `at most ${MAX_SEGMENTS} are possible` : `${unitsLeft} left in this one, ${encoding}`}
      </Text>
    </Group>
  )
}

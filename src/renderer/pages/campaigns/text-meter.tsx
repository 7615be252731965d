import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { Audience } from '../../../shared/operations/contacts.ts'
import { useRead } from '../../api.ts'
import { SegmentMeter } from '../../components/segment-meter.tsx'

/** How a text comes out for the first contact of the audience, and how large it is then. */
export function TextMeter({ template, audience }: { readonly template: string; readonly audience: Audience }) {
  const [settled] = useDebouncedValue(template, 300)
  const isWritten = settled.trim() !== ''
  const { data } = useRead('campaigns.preview', { template: settled, audience, contacts: 1 }, { enabled: isWritten })
  const preview = data?.previews[0]
  if (!isWritten || !data || !preview) return null
  if (!preview.ok) {
    return (
      <Text size="xs" c="error">
        {preview.error}
      </Text>
    )
  }
  return (
    <div>
      <Text size="sm" c="dimmed" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {preview.text}
      </Text>
      <SegmentMeter segments={preview.segments} unitsLeft={preview.unitsLeft} encoding={preview.encoding} />
      {data.unknownFields.length > 0 && (
        <Text size="xs" c="error">
          No contact has {data.unknownFields.join(', ')}.
        </Text>
      )}
    </div>
  )
}

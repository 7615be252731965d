import { Progress } from '@mantine/core'
import type { Import } from '../../../shared/operations/imports.ts'
import { Pill, type Tone } from '../../components/pill.tsx'

const LOOK: Readonly<Record<Import['state'], { readonly label: string; readonly tone: Tone }>> = {
  running: { label: 'running', tone: 'busy' },
  paused: { label: 'paused', tone: 'wait' },
  completed: { label: 'completed', tone: 'good' },
  cancelled: { label: 'cancelled', tone: 'quiet' },
  failed: { label: 'failed', tone: 'bad' },
  undoing: { label: 'being undone', tone: 'wait' },
  undone: { label: 'undone', tone: 'quiet' },
}

export function ImportState({ state }: { readonly state: Import['state'] }) {
  const { label, tone } = LOOK[state]
  return <Pill tone={tone}>{label}</Pill>
}

/** Whether something is still being done with it. */
export function isAtWork({ state }: Pick<Import, 'state'>): boolean {
  return state === 'running' || state === 'undoing'
}

/** How much of the file was read, from 0 to 1. */
export function shareOf({ bytesRead, fileSize }: Pick<Import, 'bytesRead' | 'fileSize'>): number {
  return fileSize === 0 ? 1 : Math.min(1, bytesRead / fileSize)
}

export function ImportProgress({ value }: { readonly value: Import }) {
  return (
    <Progress
      value={shareOf(value) * 100}
      animated={value.state === 'running'}
      color={value.state === 'paused' ? 'yellow' : undefined}
      aria-label={`How much of ${value.fileName} was read`}
    />
  )
}

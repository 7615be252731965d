import { useEffect, useState } from 'react'
import type { Progress } from '../../../shared/operations/campaigns.ts'

/** How far back the rate looks, and what it needs at least, in ms. */
const WINDOW_MS = 120_000
const ENOUGH_MS = 8_000

interface Sample {
  readonly at: number
  readonly left: number
}

/** Texts that left the phones per minute, of the last two minutes that were watched; before that since the start. */
export function useRate(progress: Progress | undefined, seenAt: number): number | null {
  const [samples, setSamples] = useState<readonly Sample[]>([])
  const left = progress ? progress.states.handed_over + progress.states.sent + progress.states.unknown : 0
  useEffect(() => {
    if (seenAt === 0) return
    setSamples(old => [
      ...old.filter(sample => sample.at > seenAt - WINDOW_MS && sample.at < seenAt),
      { at: seenAt, left },
    ])
  }, [seenAt, left])
  if (progress?.state !== 'running' || progress.startedAt === null) return null
  const [first, last] = [samples[0], samples.at(-1)]
  if (first && last && last.at - first.at >= ENOUGH_MS) return perMinute(last.left - first.left, last.at - first.at)
  const sinceStart = Math.max(seenAt, Date.now()) - progress.startedAt
  return sinceStart < ENOUGH_MS ? null : perMinute(left, sinceStart)
}

function perMinute(texts: number, ms: number): number {
  return Math.max(0, (texts * 60_000) / ms)
}

import type { ReactNode } from 'react'

/** good: done; busy: being done; wait: somebody has to do something; bad: went wrong; quiet: over, or nothing to say. */
export type Tone = 'good' | 'busy' | 'wait' | 'bad' | 'quiet'

/** A state in a word or two. Never by its colour alone. */
export function Pill({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className="pill" data-tone={tone} dir="auto">
      {children}
    </span>
  )
}

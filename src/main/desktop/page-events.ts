import type { PageEvent } from '../../shared/bridge.ts'
import type { Happening } from '../services/ports.ts'

/** How long is waited for more before pages are told, in ms: while messages flow there are hundreds a second. */
export const GATHER_MS = 250

/** Gathers what happens, each thing once, and tells it together. */
export function gatherEvents(tell: (events: PageEvent[]) => void): { note(event: PageEvent): void; stop(): void } {
  const waiting = new Map<string, PageEvent>()
  let timer: NodeJS.Timeout | null = null
  return {
    note: event => {
      waiting.set(JSON.stringify(event), event)
      timer ??= setTimeout(() => {
        timer = null
        const events = [...waiting.values()]
        waiting.clear()
        tell(events)
      }, GATHER_MS)
    },
    stop: () => {
      if (timer) clearTimeout(timer)
      waiting.clear()
    },
  }
}

/** What pages are told of what happened in the services: the same, and neither numbers nor texts. */
export function eventOf(happening: Happening): PageEvent {
  return 'id' in happening ? { type: happening.type, id: happening.id } : { type: happening.type }
}

import { setTimeout as sleep } from 'node:timers/promises'
import type { Import } from '../../shared/operations/imports.ts'
import { interruptible } from './interrupt.ts'
import { counted } from './print.ts'
import { ProgressBar } from './progress.ts'
import type { Session } from './session.ts'

const POLL_MS = 150

/** Shows an import until it does not run any more. Ctrl-C pauses it, so that it can be resumed where it is. */
export function follow(session: Session, id: number): Promise<Import> {
  const bar = new ProgressBar()
  return interruptible(async signal => {
    let pausing = false
    for (;;) {
      const now = await session.do('imports.get', { id })
      if (now.state !== 'running') {
        bar.end()
        return now
      }
      if (signal.aborted && !pausing) {
        pausing = true
        await session.do('imports.pause', { id })
        continue
      }
      const taken = counted(now.created + now.updated, 'contact')
      bar.show(now.fileSize === 0 ? 0 : now.bytesRead / now.fileSize, `${taken}, ${now.rejected} rejected`)
      await sleep(POLL_MS, undefined, pausing ? {} : { signal }).catch(() => {})
    }
  })
}

import { randomBytes } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { monotonicFactory } from 'ulid'
import type { Clock, Disk, Happening, Happenings, Ids, Log, Randomness } from './services/ports.ts'

/** The real clock, randomness and disk. */
export function systemPorts(): { clock: Clock; random: Randomness; disk: Disk } {
  return {
    clock: { now: () => Date.now(), mono: () => performance.now() },
    random: { bytes: length => randomBytes(length) },
    disk: {
      freeBytes: async folder => {
        const { bavail, bsize } = await statfs(folder)
        return bavail * bsize
      },
    },
  }
}

/** ULIDs by the clock that is handed in: later ones sort later, also within one millisecond. */
export function ulids(clock: Clock, random: Randomness): Ids {
  const next = monotonicFactory(() => random.bytes(1)[0]! / 256)
  return { next: () => next(clock.now()) }
}

/** Tells each listener; one that fails does not keep it from the others. */
export function createHappenings(log: Log): Happenings {
  const listeners = new Set<(happening: Happening) => void>()
  return {
    tell: happening => {
      for (const listener of listeners) {
        try {
          listener(happening)
        } catch (error) {
          log.error('a listener failed', error, { type: happening.type })
        }
      }
    },
    listen: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

import type { PowerMonitor } from 'electron'

/** How often is looked whether somebody is there, in ms. */
const LOOK_EVERY_MS = 10_000

/** Locks the window when nobody was at the computer for a while, and with the screen of the system. Returns what ends it. */
export function lockWhenIdle(parts: {
  readonly power: Pick<PowerMonitor, 'getSystemIdleTime' | 'on' | 'off'>
  readonly lock: () => void
  /** 0: never by itself. */
  readonly minutes: () => number
}): () => void {
  const { power, lock, minutes } = parts
  const look = (): void => {
    const after = minutes()
    if (after > 0 && power.getSystemIdleTime() >= after * 60) lock()
  }
  const locked = (): void => {
    if (minutes() > 0) lock()
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  power.on('lock-screen', locked)
  power.on('suspend', locked)
  return () => {
    clearInterval(timer)
    power.off('lock-screen', locked)
    power.off('suspend', locked)
  }
}

import { openApp } from './app.ts'
import type { Config } from './config.ts'
import { armFault } from './services/faults.ts'

/** What is told once the hub runs. */
export interface Started {
  readonly pid: number
  readonly dataFolder: string
  /** `host:port` pairs of the phone link. */
  readonly listening: readonly string[]
  /** Sentences for the person who started it. */
  readonly notices: readonly string[]
}

/** Runs the hub until SIGTERM or SIGINT, which end it in order. Rejects when it cannot start. */
export async function runHub(
  config: Config,
  options: {
    log: 'file' | 'stderr'
    link: { host?: string; port?: number }
    started: (hub: Started) => void
  },
): Promise<void> {
  armFault(config.dieAt)
  const stopped = Promise.withResolvers<void>()
  const stop = () => stopped.resolve()
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  try {
    const app = await openApp({ config, purpose: 'serve', serve: true, log: options.log, link: options.link })
    try {
      const { dataFolder } = config
      options.started({ pid: process.pid, dataFolder, listening: app.listening(), notices: app.notices })
      await stopped.promise
    } finally {
      await app.close()
    }
  } finally {
    process.off('SIGTERM', stop)
    process.off('SIGINT', stop)
  }
}

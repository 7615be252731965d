import { openApp } from './app.ts'
import type { RunningHttp, WantedHttp } from './app-http.ts'
import type { Config } from './config.ts'
import { armFault } from './services/faults.ts'

/** What is told once the hub runs. */
export interface Started {
  readonly pid: number
  readonly dataFolder: string
  /** `host:port` pairs of the phone link. */
  readonly listening: readonly string[]
  /** The headless API; null where none was asked for. */
  readonly http: RunningHttp | null
  /** Sentences for the person who started it. */
  readonly notices: readonly string[]
}

/** Runs the hub until SIGTERM or SIGINT, which end it in order. Rejects when it cannot start. */
export async function runHub(
  config: Config,
  options: {
    log: 'file' | 'stderr'
    link: { host?: string; port?: number }
    http?: WantedHttp
    started: (hub: Started) => void
  },
): Promise<void> {
  armFault(config.dieAt)
  const stopped = Promise.withResolvers<void>()
  const stop = () => stopped.resolve()
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  try {
    const { log, link, http } = options
    const app = await openApp({ config, purpose: 'serve', serve: true, log, link, ...(http && { http }) })
    try {
      const { dataFolder } = config
      const { notices } = app
      options.started({ pid: process.pid, dataFolder, listening: app.listening(), http: app.http, notices })
      await stopped.promise
    } finally {
      await app.close()
    }
  } finally {
    process.off('SIGTERM', stop)
    process.off('SIGINT', stop)
  }
}

import { type App, openApp } from '../../src/main/app.ts'
import type { WantedHttp } from '../../src/main/app-http.ts'
import { readConfig } from '../../src/main/config.ts'
import { LOCAL } from '../../src/main/services/operations/caller.ts'
import type { GivenOf, OperationName, OutputOf } from '../../src/shared/operations/index.ts'

/** The whole hub in this process, and operations that throw when they are refused. */
export interface BenchApp {
  readonly app: App
  call<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>>
}

export async function openBenchApp(folder: string, serve = false, http?: WantedHttp): Promise<BenchApp> {
  const config = readConfig({ dataDir: folder }, {})
  const link = { host: '127.0.0.1', port: 0 }
  const app = await openApp({ config, purpose: 'bench', serve, link, ...(http && { http }) })
  return {
    app,
    async call(name, input) {
      const answer = await app.dispatch(name, input, LOCAL)
      if (!answer.ok) throw new Error(`${name} was refused: ${answer.error.message}`)
      return answer.data
    },
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** Asks again and again until there is an answer. Throws with `what` after `seconds`. */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => T | null | Promise<T | null>,
  everyMs = 20,
): Promise<T> {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const found = await ask()
    if (found !== null) return found
    if (performance.now() > end) throw new Error(`${what} took more than ${seconds} s.`)
    await pause(everyMs)
  }
}

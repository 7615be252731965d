import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, Refusal } from '../../shared/errors.ts'
import type { GivenOf, OperationName, OutputOf } from '../../shared/operations/index.ts'
import { type App, openApp } from '../app.ts'
import type { Config } from '../config.ts'
import { type Call, connectHub, HubGoneError } from '../hub-socket/client.ts'
import { LOCAL } from '../services/operations/caller.ts'
import { HubNeeded } from './exit.ts'

/** How a command reaches the operations, as the local administrator: through the hub that runs, or in this process. */
export interface Session {
  /** The hub that runs on the data folder; null when this process has opened the folder itself. */
  readonly hub: { readonly pid: number } | null
  readonly config: Config
  /** Throws Refusal. */
  do<N extends OperationName>(name: N, input: GivenOf<N>): Promise<OutputOf<N>>
  /** Throws HubNeeded where no hub runs: for what happens between hub and phone. */
  needHub(): void
}

/** How long a folder may be in another's hands before a command gives up, in ms: other commands are done by then. */
const PATIENCE_MS = 5_000

/** Runs `work` on the data folder, with the hub if one runs and without it otherwise. `purpose` is told to others who wait. */
export async function withDispatch<T>(
  config: Config,
  purpose: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const hub = await connectHub(config.dataFolder)
    if (hub) {
      try {
        return await work(sessionOver(hub.call, config, { pid: hub.pid }))
      } finally {
        hub.close()
      }
    }
    const app = await opened(config, purpose, performance.now() < end)
    if (app) {
      try {
        for (const notice of app.notices) process.stderr.write(`${notice}\n`)
        return await work(sessionOver((name, input) => app.dispatch(name, input, LOCAL), config, null))
      } finally {
        await app.close()
      }
    }
    await sleep(50)
  }
}

/** Null where waiting can help: another command has the folder, or a hub that is just starting and will answer soon. */
async function opened(config: Config, purpose: string, patient: boolean): Promise<App | null> {
  try {
    return await openApp({ config, purpose, serve: false })
  } catch (error) {
    if (patient && error instanceof Refusal && error.code === 'locked') return null
    throw error
  }
}

function sessionOver(call: Call, config: Config, hub: Session['hub']): Session {
  return {
    hub,
    config,
    do: async (name, input) => {
      const answer = await asked(call, name, input)
      if (answer.ok) return answer.data
      const { code, message, fields } = answer.error
      throw new Refusal(code, message, { ...fields })
    },
    needHub: () => {
      if (!hub) throw new HubNeeded(config.dataFolder)
    },
  }
}

async function asked<N extends OperationName>(call: Call, name: N, input: GivenOf<N>): Promise<Answer<OutputOf<N>>> {
  try {
    return await call(name, input)
  } catch (error) {
    if (error instanceof HubGoneError) throw new Refusal('unavailable', error.message)
    throw error
  }
}

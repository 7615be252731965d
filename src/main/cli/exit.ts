import { CommanderError } from 'commander'
import { Refusal, type RefusalBody } from '../../shared/errors.ts'

/** What a command ends with. `help` prints the same list. */
export const EXIT = { ok: 0, failed: 1, usage: 2, nothing: 3, hubNeeded: 4 } as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_HELP = `Exit codes:
  0  done
  1  refused or failed
  2  the command or one of its values was not understood
  3  it ran, but nothing was usable or only a part was done
  4  a running hub is needed: campaign-connector serve`

/** The command line is not what the command takes. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

export class HubNeeded extends Error {
  constructor(folder: string) {
    super(`This needs a running hub. Start it in another window: campaign-connector serve --data-dir "${folder}"`)
    this.name = 'HubNeeded'
  }
}

/** What a command failed with, for stderr and for --json, and the exit code. Null when there is nothing left to say. */
export function failureOf(error: unknown): { exit: number; body: Omit<RefusalBody, 'code'> & { code: string } } | null {
  if (error instanceof CommanderError) return commanderFailure(error)
  if (error instanceof UsageError) return { exit: EXIT.usage, body: { code: 'usage', message: error.message } }
  if (error instanceof HubNeeded) return { exit: EXIT.hubNeeded, body: { code: 'hub_needed', message: error.message } }
  if (error instanceof Refusal) {
    const { code, message, fields } = error
    const exit = code === 'invalid_input' ? EXIT.usage : EXIT.failed
    return { exit, body: Object.keys(fields).length > 0 ? { code, message, fields } : { code, message } }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { exit: EXIT.failed, body: { code: 'failed', message } }
}

/** Commander has printed its sentence already; help that was asked for is no failure. */
function commanderFailure(error: CommanderError): ReturnType<typeof failureOf> {
  if (error.exitCode === 0) return null
  return { exit: EXIT.usage, body: { code: 'usage', message: error.message.replace(/^error: /, '') } }
}

import type { FilePlace } from '../../db/access-services.ts'
import { runProgram } from './command.ts'
import { sshCommand } from './ssh-file.ts'

/** A proxy that takes longer is not well. In ms. */
const TIMEOUT_MS = 20_000

/** Makes the proxy read its files again. Resolves with null, or with a sentence that says what went wrong. */
export async function reloadProxy({ host, reload }: FilePlace): Promise<string | null> {
  const [program, ...args] = reload ?? []
  if (program === undefined) return null
  const command: [string, ...string[]] = host === '' ? [program, ...args] : sshCommand(host, [program, ...args])
  const done = await runProgram(command, { timeoutMs: TIMEOUT_MS })
  if (done.code === 0) return null
  const shown = [program, ...args].join(' ')
  const why = done.problem || `It ended with ${done.code}.`
  return `The reload command failed (${shown}). ${why}${done.said === '' ? '' : ` It said: ${done.said}`}`
}

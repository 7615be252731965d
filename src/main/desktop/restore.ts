import { z } from 'zod'
import type { RestoreReport } from '../../shared/bridge.ts'
import { type Answer, ERRORS, Refusal } from '../../shared/errors.ts'
import { mayDo } from '../domain/permissions.ts'
import type { Caller } from '../services/operations/caller.ts'
import type { Dispatcher } from '../services/operations/dispatch.ts'
import type { Log } from '../services/ports.ts'
import { isKnownBackup, plainInput } from './calls.ts'
import { refusedBy } from './refused.ts'

const orderSchema = z.strictObject({
  path: z.string().min(1).max(4096),
  confirm: z.string().max(100),
  password: z.string().min(1).max(128),
  passphrase: z.string().min(1).max(128).optional(),
  withoutSuppressionsSince: z.boolean().default(false),
})
type Order = z.output<typeof orderSchema>

interface Parts {
  /** Whoever asks, on the hub that is there. */
  readonly asking: () => { readonly dispatch: Dispatcher; readonly caller: Caller | null }
  /** The dialog of the system. */
  readonly choose: () => Promise<string | null>
  /** Ends the hub, puts the backup in its place, and opens what is there then. @throws Refusal: the old one is open again */
  readonly replace: (order: Pick<Order, 'path' | 'passphrase' | 'withoutSuppressionsSince'>) => Promise<RestoreReport>
  readonly log: Log
}

/** Putting a backup in the place of the database, from the window: an administrator, with their password once more. */
export class RestoreDoor {
  /** Files that a person has picked. */
  readonly chosen = new Set<string>()
  readonly #parts: Parts
  #running = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** One method by its name, as the page asks for it. */
  async call(method: unknown, input: unknown): Promise<Answer<RestoreReport | { path: string } | null>> {
    try {
      const { dispatch, caller } = this.#parts.asking()
      if (!caller) throw new Refusal('authentication_required')
      if (!mayDo(caller.role, 'backups:manage')) throw new Refusal('forbidden')
      if (method === 'choose') return { ok: true, data: await this.#choose() }
      if (method === 'run') return await this.#run(dispatch, caller, input)
      throw new Refusal('not_found')
    } catch (error) {
      if (!(error instanceof Refusal)) this.#parts.log.error('a backup could not be restored', error)
      return refusedBy(error)
    }
  }

  async #choose(): Promise<{ path: string } | null> {
    const path = await this.#parts.choose()
    if (path === null) return null
    this.chosen.add(path)
    return { path }
  }

  async #run(dispatch: Dispatcher, caller: Caller, given: unknown): Promise<Answer<RestoreReport>> {
    const parsed = orderSchema.safeParse(plainInput(given))
    if (!parsed.success) throw new Refusal('invalid_input', ERRORS.invalid_input.message)
    const { path, confirm, password, passphrase, withoutSuppressionsSince } = parsed.data
    if (!(await isKnownBackup({ dispatch, caller, chosen: this.chosen }, path))) {
      throw new Refusal('local_only', 'A page does not name files. Choose the file with the dialog.')
    }
    if (this.#running) throw new Refusal('conflict', 'A backup is being put in place already.')
    this.#running = true
    try {
      const allowed = await dispatch('backups.allow-restore', { path, confirm, password }, caller, 'local')
      if (!allowed.ok) return allowed
      return { ok: true, data: await this.#parts.replace({ path, passphrase, withoutSuppressionsSince }) }
    } finally {
      this.#running = false
    }
  }
}

import type { z } from 'zod'
import { type Answer, ERRORS, Refusal, type RefusalBody } from '../../../shared/errors.ts'
import type { Operation } from '../../../shared/operations/define.ts'
import {
  type ChangeName,
  type GivenOf,
  type InputOf,
  type OperationName,
  type OutputOf,
  operations,
  type ReadName,
} from '../../../shared/operations/index.ts'
import type { Database, Writer } from '../../db/database.ts'
import { mayDo } from '../../domain/permissions.ts'
import { appendAudit } from '../audit.ts'
import { type Source, THIS_WORKSTATION } from '../auth/source.ts'
import type { Clock, Log } from '../ports.ts'
import { actorOf, type Caller } from './caller.ts'
import { DoneAlready, type OnceRequest, onceRequest } from './idempotency.ts'

export interface ReadContext {
  readonly caller: Caller
  /** How the caller stands in records. */
  readonly actor: string
  /** Where the request comes from, for what counts failures. */
  readonly source: Source
}

export interface ChangeContext extends ReadContext {
  /**
   * Runs `work` in one transaction together with the audit row. Every change calls it exactly once.
   * `about` names what was changed by kind and id, never by number or text.
   */
  commit<T>(work: (db: Writer, about: (kind: string, id: number | string) => void) => T): T
}

export type Handlers = {
  [N in ReadName]: (input: InputOf<N>, context: ReadContext) => OutputOf<N> | Promise<OutputOf<N>>
} & {
  [N in ChangeName]: (input: InputOf<N>, context: ChangeContext) => OutputOf<N> | Promise<OutputOf<N>>
}

/** The handlers of some operations, as each service offers them. */
export type HandlersFor<N extends OperationName> = Pick<Handlers, N>

/** Does one operation for a caller. Never throws: what goes wrong is in the answer, and the rest in the log. */
export type Dispatcher = <N extends OperationName>(
  name: N,
  input: GivenOf<N>,
  caller: Caller,
  door?: Door,
  options?: DispatchOptions,
) => Promise<Answer<OutputOf<N>>>

export interface DispatchOptions {
  /** For operations that send: the same key of the same caller does it once, and answers the same again for two days. */
  readonly idempotencyKey?: string
  /** Left out: this workstation. */
  readonly source?: Source
}

/** `local`: command line and window. `remote`: HTTP, where operations on the hub's own files are refused. */
export type Door = 'local' | 'remote'

const TABLE: ReadonlyMap<string, Operation> = new Map(operations.map(entry => [entry.name, entry as Operation]))

/** Door -> permission -> strict schema -> handler -> audit -> answer, the same for every operation. */
export function createDispatcher(parts: { db: Database; clock: Clock; log: Log; handlers: Handlers }): Dispatcher {
  const { db, clock, log, handlers } = parts
  return (async (name: string, input: unknown, caller: Caller, door: Door = 'local', options: DispatchOptions = {}) => {
    const definition = TABLE.get(name)
    const actor = actorOf(caller)
    if (!definition) return refused(new Refusal('not_found', `There is no operation "${name}".`))
    try {
      if (definition.local && door !== 'local') throw new Refusal('local_only')
      if (!mayDo(caller.role, definition.permission)) throw new Refusal('forbidden')
      if (caller.kind === 'user' && caller.mustChangePassword && definition.permission !== 'account:own') {
        throw new Refusal('password_change_needed')
      }
      const parsed = definition.input.safeParse(input)
      if (!parsed.success) throw invalid(parsed.error)
      const once = onceOf(definition, parsed.data, caller, options)
      const before = once?.answered(db)
      if (before) return { ok: true, data: before.data }
      const handler = handlers[name as OperationName] as (input: unknown, context: ChangeContext) => unknown
      const { source = THIS_WORKSTATION } = options
      const change = changeContext(definition, { caller, actor, source }, once)
      const output = await handler(parsed.data, change.context)
      if (definition.effect === 'change' && change.commits() !== 1) {
        throw new Error(`${name} committed ${change.commits()} times instead of once`)
      }
      return { ok: true, data: definition.output.parse(output) }
    } catch (error) {
      if (error instanceof DoneAlready) return { ok: true, data: error.data }
      const refusal = asRefusal(error)
      if (!(error instanceof Refusal)) log.error('operation failed', error, { operation: name, actor })
      if (definition.effect === 'change' || refusal.code === 'forbidden' || refusal.code === 'local_only') {
        recordRefusal(name, actor, refusal)
      }
      return refused(refusal)
    }
  }) as Dispatcher

  function changeContext(definition: Operation, read: ReadContext, once: OnceRequest | null) {
    const { actor } = read
    let commits = 0
    const commit: ChangeContext['commit'] = work => {
      const result = db.write(tx => {
        // A twin of this request may have been done since it was looked for.
        const before = once?.answered(tx)
        if (before) throw new DoneAlready(before.data)
        const subjects: string[] = []
        const done = work(tx, (kind, id) => subjects.push(`${kind}:${id}`))
        const at = clock.now()
        const { name: action } = definition
        appendAudit(tx, { at, actor, action, subject: subjects.join(' '), outcome: 'ok', code: '' })
        // What commits must be the answer itself: what comes after it would be lost in a crash.
        once?.keep(tx, definition.output.parse(done), at)
        return done
      })
      commits += 1
      return result
    }
    return { context: { ...read, commit }, commits: () => commits }
  }

  /** A full disk must not hide the answer behind a second failure. */
  function recordRefusal(action: string, actor: string, refusal: Refusal): void {
    try {
      db.write(tx =>
        appendAudit(tx, { at: clock.now(), actor, action, subject: '', outcome: 'refused', code: refusal.code }),
      )
    } catch (error) {
      log.error('the refusal could not be recorded', error, { operation: action })
    }
  }
}

function onceOf(definition: Operation, input: unknown, caller: Caller, options: DispatchOptions): OnceRequest | null {
  const { idempotencyKey: key } = options
  if (key === undefined) return null
  if (!definition.sends) {
    const message = 'Only requests that send take an Idempotency-Key. Leave it out here.'
    throw new Refusal('invalid_input', message, { 'Idempotency-Key': message })
  }
  // The keys of the environment are one actor in records, and still several callers.
  const actor =
    caller.kind === 'key' && caller.id === 'environment' ? `${actorOf(caller)}:${caller.role}` : actorOf(caller)
  return onceRequest({ actor, key, operation: definition.name, input })
}

function refused(refusal: Refusal): { ok: false; error: RefusalBody } {
  const { code, message, fields, retryAfterMs } = refusal
  const error = {
    ...{ code, message },
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(retryAfterMs !== null && { retryAfterMs }),
  }
  return { ok: false, error }
}

function invalid(error: z.ZodError): Refusal {
  const fields: Record<string, string> = {}
  for (const issue of error.issues) fields[issue.path.join('.') || 'input'] ??= issue.message
  const named = Object.entries(fields).map(([field, message]) => `${field}: ${message}`)
  return new Refusal('invalid_input', `${ERRORS.invalid_input.message} ${named.join('; ')}`.slice(0, 1000), fields)
}

/** Whatever was thrown, as what a caller may be told. A disk that is full or broken is a refusal of its own. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^(SQLITE_FULL|SQLITE_IOERR|SQLITE_READONLY|ENOSPC|EROFS|EDQUOT|EIO)/.test(code)) {
    return new Refusal('storage_failed')
  }
  return new Refusal('internal')
}

import { existsSync, renameSync } from 'node:fs'
import { SAVING } from '../../shared/bridge.ts'
import { type Answer, Refusal } from '../../shared/errors.ts'
import type { Operation } from '../../shared/operations/define.ts'
import { type OperationName, operations } from '../../shared/operations/index.ts'
import type { Caller } from '../services/operations/caller.ts'
import type { Dispatcher } from '../services/operations/dispatch.ts'
import { refusedBy } from './refused.ts'

/** The largest input that a page may hand in, in characters of JSON: as much as the headless API takes. */
export const MOST_INPUT = 256 * 1024

const TABLE: ReadonlyMap<string, Operation> = new Map(operations.map(entry => [entry.name, entry as Operation]))

/** The input as plain data: what cannot be written as JSON, or is too large, is refused before anybody looks at it. */
export function plainInput(given: unknown): unknown {
  let text: string | undefined
  try {
    text = JSON.stringify(given ?? {})
  } catch {
    throw new Refusal('invalid_input')
  }
  if (text === undefined) throw new Refusal('invalid_input')
  if (text.length > MOST_INPUT) throw new Refusal('too_large')
  return JSON.parse(text)
}

/**
 * What a page may ask for by name: every operation, for whoever is signed in. A page never names a file of this
 * computer: where an operation takes a path, the person is asked for it by the system (files.save, files.upload).
 * The exception are looks into a backup, for those files that the hub itself has told of or that the person has picked.
 */
export async function callOperation(
  parts: {
    readonly dispatch: Dispatcher
    readonly caller: Caller | null
    /** Backups that a person has picked in the dialog of the system. */
    readonly chosen?: ReadonlySet<string>
  },
  name: unknown,
  given: unknown,
): Promise<Answer<unknown>> {
  const { dispatch, caller, chosen = new Set() } = parts
  try {
    const definition = typeof name === 'string' ? TABLE.get(name) : undefined
    if (!definition) throw new Refusal('not_found')
    const input = plainInput(given)
    if (!caller) throw new Refusal('authentication_required')
    const looks = LOOKS.has(definition.name) && hasPath(input)
    const known = looks && (await isKnownBackup({ dispatch, caller, chosen }, input.path))
    if (definition.local && hasPath(input) && !known) {
      throw new Refusal('local_only', 'A page does not name files. Choose the file with the dialog.')
    }
    return await dispatch(definition.name as OperationName, input as never, caller, 'local')
  } catch (error) {
    return refusedBy(error)
  }
}

/** Where an operation that saves a file would write. Null: the person thought better of it. */
export type AskWhere = (fileName: string) => Promise<string | null>

/** An operation that writes a file, to where the person says. */
export async function saveFile(
  parts: { readonly dispatch: Dispatcher; readonly caller: Caller | null; readonly askWhere: AskWhere },
  name: unknown,
  given: unknown,
  fileName: unknown,
): Promise<Answer<unknown>> {
  const { dispatch, caller, askWhere } = parts
  try {
    const saving = SAVING.find(one => one === name)
    if (!saving || typeof fileName !== 'string') throw new Refusal('not_found')
    const input = plainInput(given)
    if (!caller) throw new Refusal('authentication_required')
    if (typeof input !== 'object' || input === null || hasPath(input)) throw new Refusal('invalid_input')
    const path = await askWhere(safeName(fileName))
    if (path === null) return { ok: true, data: null }
    // The system has asked whether to replace a file that is there; operations never do. It stays until the new one is whole.
    const target = existsSync(path) ? `${path}.${process.pid}.part` : path
    const answer = await dispatch(saving, { ...input, path: target } as never, caller, 'local')
    if (!answer.ok || target === path) return answer
    renameSync(target, path)
    return { ok: true, data: 'path' in answer.data ? { ...answer.data, path } : answer.data }
  } catch (error) {
    return refusedBy(error)
  }
}

/** A name for a file that is one, whatever a page proposes. */
export function safeName(proposed: string): string {
  const name = proposed
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  return name === '' ? 'export' : name.slice(0, 120)
}

function hasPath(input: unknown): input is { path: unknown } {
  return typeof input === 'object' && input !== null && 'path' in input
}

/** What only looks into the file. */
const LOOKS: ReadonlySet<string> = new Set(['backups.verify', 'backups.preview'])

/** Whether a page may name this backup: it was picked by the person, or the hub lists it. */
export async function isKnownBackup(
  parts: { readonly dispatch: Dispatcher; readonly caller: Caller; readonly chosen: ReadonlySet<string> },
  path: unknown,
): Promise<boolean> {
  const { dispatch, caller, chosen } = parts
  if (typeof path !== 'string') return false
  if (chosen.has(path)) return true
  const known = await dispatch('backups.list', {}, caller, 'local')
  return known.ok && known.data.backups.some(backup => backup.path === path)
}

import { basename, resolve } from 'node:path'
import { Refusal } from '../../../shared/errors.ts'
import type { Import } from '../../../shared/operations/imports.ts'
import type { InputOf } from '../../../shared/operations/index.ts'
import type { Writer } from '../../db/database.ts'
import { type ImportRow, importById, importIdsIn, insertImport, listImports, setImportState } from '../../db/imports.ts'
import { mappedColumns } from '../../domain/imports/mapping.ts'
import type { Background } from '../background.ts'
import { idCursor, nextCursor } from '../cursor.ts'
import type { ChangeContext, HandlersFor } from '../operations/dispatch.ts'
import { changeOf, FILE_GONE, type ImportPlan, inspectList, stampOf } from './plan.ts'
import { previewImport } from './preview.ts'
import { exportRejections, flagsOf, rejectionsOf } from './report.ts'
import { type ImportParts, runImport } from './run.ts'
import { undoStep } from './undo.ts'

export interface ImportService {
  readonly handlers: HandlersFor<
    | 'imports.preview'
    | 'imports.start'
    | 'imports.list'
    | 'imports.get'
    | 'imports.pause'
    | 'imports.resume'
    | 'imports.cancel'
    | 'imports.undo'
    | 'imports.rejections'
    | 'imports.flags'
    | 'imports.export-rejections'
    | 'imports.forget'
  >
  /** Starts one of a file that goes by another name. `also` runs in its transaction. */
  begin(
    order: InputOf<'imports.start'> & { readonly fileName: string },
    context: ChangeContext,
    also: (tx: Writer, importId: number) => void,
  ): Promise<Import>
  /** Goes on with the imports, undoings and forgettings that the last run of the hub left. */
  start(): void
  /** Resolves when no import is running: all are done, paused or failed. */
  idle(): Promise<void>
  /** Stops where it is; the next start goes on. */
  stop(): Promise<void>
}

/** Imports run one after the other, in the order in which they were started. */
export function createImports(parts: ImportParts & { readonly background: Background }): ImportService {
  const { db, clock, log, happenings, background, search, onMoved } = parts
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  /** Imports that failed so badly that not even that could be stored, with the reason. */
  const stuck = new Map<number, string>()
  const undoing = new Map<number, PromiseWithResolvers<void>>()

  background.add('imports', () => {
    try {
      return undoStep(
        db,
        clock,
        id => {
          happenings.tell({ type: 'import', id })
          settle(id, waiting => waiting.resolve())
        },
        onMoved,
      )
    } catch (error) {
      for (const id of undoing.keys()) settle(id, waiting => waiting.reject(error))
      throw error
    }
  })

  // What a long import has left, and merging. While one runs, that takes all the time there is.
  background.add('contact search', () => running === null && search.step())

  function nextToRun(): number | undefined {
    return stopping.signal.aborted ? undefined : importIdsIn(db, 'running').find(id => !stuck.has(id))
  }

  async function runAll(): Promise<void> {
    for (let id = nextToRun(); id !== undefined; id = nextToRun()) {
      const failure = await runImport(parts, id, stopping.signal)
      if (failure !== null) stuck.set(id, failure)
    }
  }

  function kick(): void {
    running ??= runAll()
      .catch(error => log.error('the imports cannot be read', error))
      .finally(() => {
        running = null
        background.wake()
      })
  }

  function settle(id: number, how: (waiting: PromiseWithResolvers<void>) => void): void {
    const waiting = undoing.get(id)
    if (!waiting) return
    undoing.delete(id)
    how(waiting)
  }

  function shown(id: number): Import {
    const row = importById(db, id) ?? notThere()
    const failure = row.state === 'running' ? stuck.get(id) : undefined
    return failure === undefined ? asImport(row) : { ...asImport(row), state: 'failed', error: failure }
  }

  /** Moves an import to another state when it is in one of those given; `otherwise` says why not. */
  function move(
    id: number,
    from: readonly Import['state'][],
    to: Import['state'] | 'forgotten',
    otherwise: string,
    context: ChangeContext,
  ) {
    context.commit((tx, about) => {
      about('import', id)
      const { state } = shown(id)
      if (!from.includes(state)) throw new Refusal('conflict', `This import is ${state}. ${otherwise}`)
      setImportState(tx, id, to, to === 'cancelled' ? { finishedAt: clock.now() } : {})
    })
    stuck.delete(id)
    happenings.tell({ type: 'import', id })
  }

  async function begin(...[given, context, also]: Parameters<ImportService['begin']>): Promise<Import> {
    const order = await readyToStart(given)
    const id = context.commit((tx, about) => {
      const { actor: createdBy } = context
      const id = insertImport(tx, { ...order, fileName: given.fileName, createdBy, createdAt: clock.now() })
      about('import', id)
      also(tx, id)
      return id
    })
    kick()
    return shown(id)
  }

  return {
    begin,
    start() {
      kick()
      background.wake()
    },
    async idle() {
      while (running) await running
    },
    async stop() {
      stopping.abort()
      await running
      const message = 'The hub is being stopped. It goes on undoing when it starts again.'
      for (const id of [...undoing.keys()]) settle(id, waiting => waiting.reject(new Refusal('unavailable', message)))
    },
    handlers: {
      'imports.preview': input => previewImport(parts, input),
      'imports.start': (input, context) => begin({ ...input, fileName: basename(input.path) }, context, () => {}),
      'imports.list': ({ limit, after }) => {
        const rows = listImports(db, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
        return { items: rows.map(row => shown(row.id)), next: nextCursor(rows, limit, row => row.id) }
      },
      'imports.get': ({ id }) => shown(id),
      'imports.pause': ({ id }, context) => {
        move(id, ['running'], 'paused', 'Only a running one can be paused.', context)
        return shown(id)
      },
      'imports.resume': async ({ id }, context) => {
        const { path, fileSize, fileChangedAt } = importById(db, id) ?? notThere()
        const changed = await changeOf(path, { fileSize, fileChangedAt })
        if (changed !== null) throw new Refusal('conflict', changed)
        move(id, ['paused', 'failed'], 'running', 'Only one that is paused or failed can be resumed.', context)
        kick()
        return shown(id)
      },
      'imports.cancel': ({ id }, context) => {
        move(id, ['running', 'paused', 'failed'], 'cancelled', 'There is nothing left to cancel.', context)
        return shown(id)
      },
      'imports.undo': async ({ id }, context) => {
        const hint = 'An import can be undone once it is completed, cancelled or failed.'
        move(id, ['completed', 'cancelled', 'failed'], 'undoing', hint, context)
        const waiting = Promise.withResolvers<void>()
        undoing.set(id, waiting)
        background.wake()
        await waiting.promise
        const { removed, restored, kept } = importById(db, id) ?? notThere()
        return { removed, restored, kept }
      },
      'imports.rejections': input => {
        shown(input.id)
        return rejectionsOf(db, input)
      },
      'imports.flags': input => {
        shown(input.id)
        return flagsOf(db, input)
      },
      'imports.export-rejections': ({ id, path }) => exportRejections(db, importById(db, id) ?? notThere(), path),
      'imports.forget': ({ id }, context) => {
        const hint = 'It can be forgotten once it is completed, cancelled, failed or undone.'
        move(id, ['completed', 'cancelled', 'failed', 'undone'], 'forgotten', hint, context)
        background.wake()
        return { done: true }
      },
    },
  }
}

/** Looks at the file before anything is stored. */
async function readyToStart(input: InputOf<'imports.start'>) {
  const path = resolve(input.path)
  const { columns, settings } = await inspectList(path, input.settings)
  if (settings.mapping.phones.length === 0) {
    const message = 'No column of this file looks like phone numbers. Say which one it is, in the mapping.'
    throw new Refusal('invalid_input', message, { 'settings.mapping.phones': message })
  }
  const unknown = unknownColumn(columns, settings.mapping)
  if (unknown !== null) {
    const message = `The file has no column "${unknown}". It has: ${columns.join(', ')}.`.slice(0, 1000)
    throw new Refusal('invalid_input', message, { 'settings.mapping': message })
  }
  const stamp = await stampOf(path)
  if (!stamp) throw new Refusal('file_refused', FILE_GONE)
  const plan: ImportPlan = { columns, ...settings }
  return { path, ...stamp, settings: JSON.stringify(plan) }
}

function asImport(row: ImportRow): Import {
  const { id, fileName, fileSize, bytesRead, rows, created, updated, duplicates, rejected, flagged, error } = row
  const { createdBy, createdAt, finishedAt, removed, restored, kept } = row
  return {
    ...{ id, fileName, fileSize, bytesRead, rows, created, updated, duplicates, rejected, flagged, error },
    ...{ createdBy, createdAt, finishedAt },
    state: row.state === 'forgotten' ? notThere() : row.state,
    rejectedByCode: JSON.parse(row.rejectedByCode) as Record<string, number>,
    undone: row.state === 'undoing' || row.state === 'undone' ? { removed, restored, kept } : null,
  }
}

function unknownColumn(columns: readonly string[], mapping: ImportPlan['mapping']): string | null {
  for (const column of mappedColumns(mapping)) if (!columns.includes(column)) return column
  return null
}

function notThere(): never {
  throw new Refusal('not_found', 'There is no such import (any more).')
}

import type { IpcMain, WebContents } from 'electron'
import type { PageEvent, SessionState } from '../../shared/bridge.ts'
import { type Answer, Refusal } from '../../shared/errors.ts'
import type { Log } from '../services/ports.ts'
import { CHANNELS } from './channels.ts'
import { isOurPage, type SenderEvent } from './sender.ts'
import { type DesktopSession, refusedBy } from './session.ts'

/** What a page can reach, once it is known to be ours. Each checks its input itself. */
export interface Desk {
  /** Settles when the hub is open: the page is there earlier, and what it asks waits. */
  readonly ready: Promise<unknown>
  /** Another one after a backup was put in place. */
  readonly session: DesktopSession
  operation(name: unknown, input: unknown): Promise<Answer<unknown>>
  upload(path: unknown): Promise<Answer<unknown>>
  save(name: unknown, input: unknown, fileName: unknown): Promise<Answer<unknown>>
  window(method: unknown, input: unknown): Promise<Answer<unknown>>
  restore(method: unknown, input: unknown): Promise<Answer<unknown>>
  guide(topic: unknown): void
}

/** The only place that listens to pages and speaks to them. */
export class Bridge {
  readonly #ipc: Pick<IpcMain, 'handle' | 'removeHandler'>
  readonly #log: Log
  readonly #windows = new Map<number, WebContents>()

  constructor(ipc: Pick<IpcMain, 'handle' | 'removeHandler'>, log: Log) {
    this.#ipc = ipc
    this.#log = log
  }

  /** Takes calls of this window from now on, until it is gone. */
  add(contents: WebContents): void {
    const { id } = contents
    this.#windows.set(id, contents)
    contents.once('destroyed', () => this.#windows.delete(id))
  }

  /** Answers what pages ask for. */
  serve(desk: Desk): void {
    const answer = (channel: string, work: (...given: unknown[]) => Promise<unknown>): void =>
      this.#answer(channel, async (...given) => {
        await desk.ready
        return work(...given)
      })
    answer(CHANNELS.operation, (name, input) => desk.operation(name, input))
    answer(CHANNELS.upload, path => desk.upload(path))
    answer(CHANNELS.save, (name, input, fileName) => desk.save(name, input, fileName))
    answer(CHANNELS.window, (method, input) => desk.window(method, input))
    answer(CHANNELS.restore, (method, input) => desk.restore(method, input))
    answer(CHANNELS.guide, async topic => desk.guide(topic))
    const methods: Readonly<
      Record<string, (input: unknown) => Promise<Answer<SessionState> | SessionState | undefined>>
    > = {
      state: () => desk.session.state(),
      begin: input => desk.session.begin(input),
      signIn: input => desk.session.signIn(input),
      signOut: async () => void desk.session.signOut(),
      lock: async () => void desk.session.lock(),
      unlock: input => desk.session.unlock(input),
    }
    answer(CHANNELS.session, async (method, input) => {
      const known = typeof method === 'string' && Object.hasOwn(methods, method) ? methods[method] : undefined
      return known ? known(input) : refusedBy(new Refusal('not_found'))
    })
  }

  /** Tells every page what happened. */
  tell(events: readonly PageEvent[]): void {
    for (const contents of this.#windows.values()) if (!contents.isDestroyed()) contents.send(CHANNELS.events, events)
  }

  close(): void {
    for (const channel of Object.values(CHANNELS)) this.#ipc.removeHandler(channel)
    this.#windows.clear()
  }

  #answer(channel: string, work: (...given: unknown[]) => Promise<unknown>): void {
    this.#ipc.handle(channel, (event, ...given: unknown[]) => {
      // Before anything is awaited: the frame may be another one afterwards.
      if (!isOurPage(event as unknown as SenderEvent, new Set(this.#windows.keys()))) {
        this.#log.warn('a call from elsewhere was refused', { channel })
        return refusedBy(new Refusal('forbidden'))
      }
      const answered = async (): Promise<unknown> => work(...given)
      return answered().catch(error => {
        this.#log.error('a call of the window failed', error, { channel })
        return refusedBy(error)
      })
    })
  }
}

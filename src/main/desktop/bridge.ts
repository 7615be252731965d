import type { IpcMain, WebContents } from 'electron'
import type { PageEvent, SessionState } from '../../shared/bridge.ts'
import { type Answer, Refusal } from '../../shared/errors.ts'
import type { Log } from '../services/ports.ts'
import { CHANNELS } from './channels.ts'
import { refusedBy } from './refused.ts'
import { isOurPage, type SenderEvent } from './sender.ts'
import type { DesktopSession } from './session.ts'

/** What a page can reach, once it is known to be ours. Each checks its input itself. */
export interface Desk {
  /** Another one after a backup was put in place. */
  readonly session: DesktopSession
  operation(name: unknown, input: unknown): Promise<Answer<unknown>>
  upload(path: unknown): Promise<Answer<unknown>>
  save(name: unknown, input: unknown, fileName: unknown): Promise<Answer<unknown>>
  window(method: unknown, input: unknown): Promise<Answer<unknown>>
  restore(method: unknown, input: unknown): Promise<Answer<unknown>>
  guide(topic: unknown): void
}

const METHODS: Readonly<
  Record<string, (session: DesktopSession, input: unknown) => Promise<Answer<SessionState> | SessionState | undefined>>
> = {
  state: session => session.state(),
  begin: (session, input) => session.begin(input),
  signIn: (session, input) => session.signIn(input),
  signOut: async session => void session.signOut(),
  lock: async session => void session.lock(),
  unlock: (session, input) => session.unlock(input),
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

  /** Answers what pages ask for. They may ask before there is a desk, which opens with the hub: then they wait. */
  serve(desk: Promise<Desk>): void {
    const answer = (channel: string, work: (desk: Desk, ...given: unknown[]) => Promise<unknown>): void =>
      this.#answer(channel, async (...given) => work(await desk, ...given))
    answer(CHANNELS.operation, (at, name, input) => at.operation(name, input))
    answer(CHANNELS.upload, (at, path) => at.upload(path))
    answer(CHANNELS.save, (at, name, input, fileName) => at.save(name, input, fileName))
    answer(CHANNELS.window, (at, method, input) => at.window(method, input))
    answer(CHANNELS.restore, (at, method, input) => at.restore(method, input))
    answer(CHANNELS.guide, async (at, topic) => at.guide(topic))
    answer(CHANNELS.session, async ({ session }, method, input) => {
      const known = typeof method === 'string' && Object.hasOwn(METHODS, method) ? METHODS[method] : undefined
      return known ? known(session, input) : refusedBy(new Refusal('not_found'))
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

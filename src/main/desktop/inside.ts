import type * as Electron from 'electron'
import type { PageEvent } from '../../shared/bridge.ts'
import type { App } from '../app.ts'
import { VERSION } from '../version.ts'
import { type Ambient, createAmbient } from './ambient.ts'
import { keptSession } from './kept-session.ts'
import { eventOf } from './page-events.ts'
import type { Preferences } from './preferences.ts'
import { DesktopSession } from './session.ts'

interface Parts {
  readonly electron: typeof Electron
  readonly app: App
  readonly window: Electron.BrowserWindow
  readonly preferences: Preferences
  readonly packaged: boolean
  readonly note: (event: PageEvent) => void
  readonly tell: (event: PageEvent) => void
  readonly quit: () => void
  readonly trayIcon: string
  /** The session of the hub that was there before. */
  readonly token?: string | null
}

/** What belongs to one opened hub, and is made anew when another database takes its place: who is signed in, and what stands around the page. */
export class Inside {
  readonly app: App
  readonly session: DesktopSession
  readonly #parts: Parts
  readonly #forget: () => void
  #ambient: Ambient | null = null
  #closing: Promise<void> | null = null

  constructor(parts: Parts) {
    const { electron, app, preferences, note } = parts
    this.#parts = parts
    this.app = app
    this.session = new DesktopSession({
      ...{ auth: app.services.auth, dispatch: app.dispatch, log: app.log },
      token: parts.token ?? null,
      kept: keptSession(electron.safeStorage, process.platform, preferences),
      userAgent: `Campaign Connector ${VERSION} (${process.platform})`,
      changed: () => {
        note({ type: 'session' })
        this.#ambient?.sessionChanged()
      },
    })
    this.#forget = app.happenings.listen(happening => note(eventOf(happening)))
  }

  get hasTray(): boolean {
    return this.#ambient?.hasTray ?? false
  }

  /** Puts menu, tray, badge and notifications around the page. */
  async surround(): Promise<void> {
    const { electron, app, window, preferences, packaged, tell, quit, trayIcon } = this.#parts
    const ambient = await createAmbient({
      ...{ electron, app, window, preferences, packaged, tell, quit, trayIcon },
      session: this.session,
    })
    this.#ambient = ambient
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#ambient?.close()
      this.#forget()
      await this.app.close()
    })()
    return this.#closing
  }
}

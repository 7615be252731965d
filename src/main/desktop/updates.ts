import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { MessageBoxOptions } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { UpdateState } from '../../shared/bridge.ts'
import type { Log } from '../services/ports.ts'

const DAY_MS = 24 * 3_600_000

/** Where a release names the feed that its updates come from. Without that file there is none, and nobody is asked. */
export function isUpdateConfigured(resources: string): boolean {
  return existsSync(join(resources, 'app-update.yml'))
}

interface Parts {
  readonly resources: string
  readonly packaged: boolean
  readonly platform: NodeJS.Platform
  readonly log: Log
  readonly now: () => number
  readonly load: () => Promise<
    Pick<AppUpdater, 'autoDownload' | 'autoInstallOnAppQuit' | 'allowDowngrade' | 'checkForUpdates' | 'downloadUpdate'>
  >
  readonly ask: (options: MessageBoxOptions) => Promise<{ response: number }>
}

type Updater = Awaited<ReturnType<Parts['load']>>

/**
 * Looks for a newer version once a day and when somebody asks, where this build has a feed. What is found is loaded and
 * installed only after a person says so, and only where the system vouches for it: Windows and macOS check who has signed
 * it. Nobody signs the files of Linux, so there the application says what is there, and the package manager installs it.
 */
export class Updates {
  readonly #parts: Parts
  #state: UpdateState
  #updater: Promise<Updater> | null = null
  #looking: Promise<UpdateState> | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(parts: Parts) {
    this.#parts = parts
    const { packaged, resources } = parts
    this.#state = !packaged
      ? { kind: 'off', why: 'It runs from its sources.' }
      : isUpdateConfigured(resources)
        ? { kind: 'current', checkedAt: null }
        : { kind: 'off', why: 'This build names no place where newer versions are published, so it asks nowhere.' }
  }

  state(): UpdateState {
    return this.#state
  }

  start(): void {
    if (this.#state.kind === 'off') return
    this.#timer = setInterval(() => void this.check(), DAY_MS)
    void this.check()
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }

  /** Looks now; one look at a time. What it finds is offered to the person, without waiting for their word. */
  check(): Promise<UpdateState> {
    if (['off', 'loading', 'ready'].includes(this.#state.kind)) return Promise.resolve(this.#state)
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  async #look(): Promise<UpdateState> {
    const { log, now, platform } = this.#parts
    try {
      const updater = await this.#loaded()
      const found = await updater.checkForUpdates()
      if (found?.isUpdateAvailable) {
        const { version } = found.updateInfo
        const known = this.#state.kind === 'found' && this.#state.version === version
        this.#state = { kind: 'found', version, installs: platform !== 'linux' }
        if (!known) void this.#offer(updater, version)
      } else this.#state = { kind: 'current', checkedAt: now() }
    } catch (error) {
      log.error('the update could not be looked for', error)
      this.#state = { kind: 'failed', at: now() }
    }
    return this.#state
  }

  async #offer(updater: Updater, version: string): Promise<void> {
    const { ask, log, now, platform } = this.#parts
    const installs = platform !== 'linux'
    const { response } = await ask({
      type: 'info',
      title: 'Campaign Connector',
      message: `Version ${version} is there`,
      detail: installs
        ? 'It is loaded in the background, and installed when you quit.'
        : 'Install it the way this version was installed: from its release, checked with SHA256SUMS.',
      buttons: installs ? ['Load it', 'Not now'] : ['All right'],
      ...{ defaultId: 0, cancelId: installs ? 1 : 0, noLink: true },
    })
    if (!installs || response !== 0) return
    try {
      this.#state = { kind: 'loading', version }
      await updater.downloadUpdate()
      this.#state = { kind: 'ready', version }
    } catch (error) {
      log.error('the update could not be loaded', error)
      this.#state = { kind: 'failed', at: now() }
    }
  }

  #loaded(): Promise<Updater> {
    this.#updater ??= this.#parts.load().then(updater => {
      updater.autoDownload = false
      updater.autoInstallOnAppQuit = true
      updater.allowDowngrade = false
      return updater
    })
    return this.#updater
  }
}

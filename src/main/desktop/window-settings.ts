import { z } from 'zod'
import type { WindowSettings } from '../../shared/bridge.ts'
import { type Answer, ERRORS, Refusal } from '../../shared/errors.ts'
import { VERSION } from '../version.ts'
import { plainInput } from './calls.ts'
import type { LoginStart } from './login-start.ts'
import type { Preferences } from './preferences.ts'
import { refusedBy } from './refused.ts'
import type { Updates } from './updates.ts'

const changeSchema = z.strictObject({
  closeToTray: z.boolean().optional(),
  notifications: z.boolean().optional(),
  startAtLogin: z.boolean().optional(),
})

interface Parts {
  readonly preferences: Preferences
  readonly login: LoginStart
  readonly updates: Pick<Updates, 'state' | 'check'>
  readonly hasTray: () => boolean
  readonly canNotify: () => boolean
  /** Whether somebody is signed in and the window is not locked. */
  readonly isSignedIn: () => boolean
}

/** How the window behaves on this computer: asked and changed by whoever is signed in at it. */
export class WindowSettingsDoor {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** One method by its name, as the page asks for it. */
  async call(method: unknown, input: unknown): Promise<Answer<WindowSettings>> {
    try {
      if (!this.#parts.isSignedIn()) throw new Refusal('authentication_required')
      switch (method) {
        case 'settings':
          return { ok: true, data: this.#present() }
        case 'change':
          return { ok: true, data: this.#change(input) }
        case 'checkForUpdates':
          await this.#parts.updates.check()
          return { ok: true, data: this.#present() }
        default:
          throw new Refusal('not_found')
      }
    } catch (error) {
      if (error instanceof Refusal) return refusedBy(error)
      throw error
    }
  }

  #change(given: unknown): WindowSettings {
    const parsed = changeSchema.safeParse(plainInput(given))
    if (!parsed.success) throw new Refusal('invalid_input', ERRORS.invalid_input.message)
    const { preferences, login, hasTray } = this.#parts
    const { closeToTray, notifications, startAtLogin } = parsed.data
    if (closeToTray === true && !hasTray()) {
      throw new Refusal('conflict', 'This desktop has no place for an icon, so nothing would bring the window back.')
    }
    if (startAtLogin !== undefined && login.get() === null) {
      throw new Refusal('conflict', 'The application can only start by itself where it is installed.')
    }
    if (startAtLogin !== undefined) login.set(startAtLogin)
    const kept = [
      closeToTray === undefined || preferences.set('closeToTray', closeToTray),
      notifications === undefined || preferences.set('notifications', notifications),
    ]
    if (kept.includes(false)) {
      throw new Refusal(
        'unavailable',
        'This holds until the application ends, but cannot be kept: free space on the disk, and try again.',
      )
    }
    return this.#present()
  }

  #present(): WindowSettings {
    const { preferences, login, updates, hasTray, canNotify } = this.#parts
    return {
      version: VERSION,
      closeToTray: hasTray() ? preferences.get('closeToTray') : null,
      notifications: canNotify() ? preferences.get('notifications') : null,
      startAtLogin: login.get(),
      update: updates.state(),
    }
  }
}

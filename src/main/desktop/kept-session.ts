import { type Keychain, keychainProblem } from './keychain.ts'
import type { Preferences } from './preferences.ts'

/** The session that outlives the application: "stay signed in". */
export interface KeptSession {
  /** Null: there is none, or the keychain does not give it away. */
  token(): string | null
  /** Null forgets the one that there is. Keeps nothing where the keychain would not encrypt. */
  keep(token: string | null): void
  isLocked(): boolean
  setLocked(locked: boolean): void
  /** Why nothing can be kept; null where it can. */
  problem(): string | null
}

/** Sealed by the keychain of the desktop, never in plain text. */
export function keptSession(keychain: Keychain, platform: NodeJS.Platform, preferences: Preferences): KeptSession {
  const problem = () => keychainProblem(keychain, platform)
  return {
    problem,
    token: () => {
      const sealed = preferences.get('sealedSession')
      if (sealed === null || problem() !== null) return null
      try {
        return keychain.decryptString(Buffer.from(sealed, 'base64'))
      } catch {
        preferences.set('sealedSession', null)
        return null
      }
    },
    keep: token => {
      const sealed = token === null || problem() !== null ? null : keychain.encryptString(token).toString('base64')
      if (sealed !== preferences.get('sealedSession')) preferences.set('sealedSession', sealed)
    },
    isLocked: () => preferences.get('locked'),
    setLocked: locked => {
      if (locked !== preferences.get('locked')) preferences.set('locked', locked)
    },
  }
}

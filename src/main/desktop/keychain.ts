import type { SafeStorage } from 'electron'
import { type KeyOpener, KeyUnavailable } from '../services/key-slots.ts'

export type Keychain = Pick<
  SafeStorage,
  'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'
>

/** Why the keychain of this desktop may not hold anything; null where it may. Ask when the application is ready. */
export function keychainProblem(keychain: Keychain, platform: NodeJS.Platform): string | null {
  // Chromium then "encrypts" with a password that everybody knows: that is plain text, whatever it is called.
  if (platform === 'linux' && ['basic_text', 'unknown'].includes(keychain.getSelectedStorageBackend())) {
    return 'This desktop has no keychain that encrypts. Install and unlock GNOME Keyring or KWallet, and start the application again.'
  }
  if (!keychain.isEncryptionAvailable()) {
    return 'The keychain of this computer is not available. Unlock it, and start the application again.'
  }
  return null
}

/** The data key in the keychain of the desktop. Refuses where the keychain would not encrypt. */
export function keychainOpener(keychain: Keychain, platform: NodeJS.Platform): KeyOpener {
  const refuse = (): void => {
    const problem = keychainProblem(keychain, platform)
    if (problem !== null) throw new KeyUnavailable(problem)
  }
  return {
    kind: 'keychain',
    wrap: async dataKey => {
      refuse()
      const wrapped = keychain.encryptString(Buffer.from(dataKey).toString('base64'))
      return { kind: 'keychain', parameters: JSON.stringify({ platform }), wrapped: new Uint8Array(wrapped) }
    },
    unwrap: async ({ wrapped }) => {
      refuse()
      try {
        return new Uint8Array(Buffer.from(keychain.decryptString(Buffer.from(wrapped)), 'base64'))
      } catch {
        throw new KeyUnavailable(
          'The keychain of this user does not open this data folder: it belongs to another user or computer, or the keychain was reset.',
        )
      }
    },
  }
}

import type { KeyOpener } from '../services/key-slots.ts'
import { type Keychain, keychainOpener, keychainProblem } from './keychain.ts'

/**
 * How the application opens the data key: by the keychain of the desktop. Where that does not encrypt, by a key file, if a
 * person has agreed to that on this computer; never by itself.
 */
export function desktopOpeners(parts: {
  readonly keychain: Keychain
  readonly platform: NodeJS.Platform
  readonly keyFile: KeyOpener
  readonly useKeyFile: boolean
  /** Whether the environment holds a passphrase, which is tried by itself. */
  readonly hasPassphrase: boolean
}): KeyOpener[] {
  const { keychain, platform, keyFile, useKeyFile, hasPassphrase } = parts
  if (keychainProblem(keychain, platform) !== null) {
    if (useKeyFile) return [keyFile]
    if (hasPassphrase) return []
  }
  return [keychainOpener(keychain, platform)]
}

/** What a person is asked when the data key stays closed; null where there is nothing that they could agree to. */
export function keyQuestion(parts: { readonly keychainProblem: string | null; readonly slots: readonly string[] }): {
  readonly message: string
  readonly detail: string
  readonly agree: string
  readonly leads: 'key-file' | 'keychain'
} | null {
  const { keychainProblem: problem, slots } = parts
  const byFile = slots.length === 0 || slots.includes('keyfile')
  if (problem !== null && byFile) {
    return {
      message: slots.length === 0 ? 'Keep the data key in a file?' : 'Open this data folder by its key file?',
      detail: `${problem}\n\nWithout one, the key that opens the secrets of the application can lie in a file of the data folder, which only you can read. Whoever can read your files can then read those secrets, too.`,
      agree: 'Use a key file',
      leads: 'key-file',
    }
  }
  if (problem === null && slots.includes('keyfile') && !slots.includes('keychain')) {
    return {
      message: 'Open this data folder with the window?',
      detail:
        'It was used without a window until now, by its key file. If you agree, the keychain of this desktop opens it as well from now on.',
      agree: 'Use the keychain, too',
      leads: 'keychain',
    }
  }
  return null
}

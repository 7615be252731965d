import { globSync, readFileSync } from 'node:fs'
import type { Preferences, Remembered } from '../../src/main/desktop/preferences.ts'
import type { Log } from '../../src/main/services/ports.ts'

/** A log that keeps what it was told. */
export function keptLog(): Log & { readonly lines: string[] } {
  const lines: string[] = []
  const note = (event: string, ...rest: unknown[]) =>
    void lines.push([event, ...rest.map(one => JSON.stringify(one))].join(' '))
  return { lines, info: note, warn: note, error: note }
}

/** Preferences in memory. */
export function memoryPreferences(given: Partial<Remembered> = {}): Preferences & { readonly stored: Remembered } {
  const stored: Remembered = {
    ...{ place: null, sealedSession: null, locked: false, useKeyFile: false },
    ...{ closeToTray: false, notifications: true },
    ...given,
  }
  return {
    stored,
    get: key => stored[key],
    set: (key, value) => Object.assign(stored, { [key]: value }) === stored,
  }
}

/** A keychain that "encrypts" visibly, so that a test sees what was sealed. */
export function fakeKeychain(backend = 'gnome_libsecret', available = true) {
  return {
    isEncryptionAvailable: () => available,
    getSelectedStorageBackend: () => backend as 'gnome_libsecret',
    encryptString: (text: string) => Buffer.from(`sealed:${Buffer.from(text).toString('hex')}`),
    decryptString: (sealed: Buffer) => {
      const text = sealed.toString()
      if (!text.startsWith('sealed:')) throw new Error('not sealed here')
      return Buffer.from(text.slice('sealed:'.length), 'hex').toString()
    },
  }
}

/** Every source of the product by its path, without comments. */
export function sources(pattern = 'src/**/*.{ts,tsx}'): Map<string, string> {
  return new Map(
    globSync(pattern)
      .sort()
      .map(path => [
        path.replaceAll('\\', '/'),
        readFileSync(path, 'utf8')
          .replace(/\/\*[\s\S]*?\*\//g, '')
          .replace(/^\s*\/\/.*$/gm, ''),
      ]),
  )
}

/** The sources in which something stands. */
export function where(word: RegExp): string[] {
  return [...sources()].filter(([, text]) => word.test(text)).map(([path]) => path)
}

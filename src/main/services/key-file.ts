import type { Database } from '../db/database.ts'
import { putKeySlot } from '../db/vault.ts'
import type { FolderPaths } from './folder.ts'
import { keyFileOpener } from './key-slots.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock, Randomness } from './ports.ts'
import type { Vault } from './vault.ts'

/** The step by which an administrator lets the hub run without the keychain of the desktop. */
export function keyFileHandlers(parts: {
  readonly db: Database
  readonly paths: FolderPaths
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Randomness
}): HandlersFor<'system.allow-headless'> {
  const { paths, vault, clock, random } = parts
  return {
    'system.allow-headless': async (_input, { commit }) => {
      const slot = await vault.wrapFor(keyFileOpener(paths.keyFile, random))
      commit((tx, about) => {
        about('key_slot', slot.kind)
        putKeySlot(tx, slot, clock.now())
      })
      return { done: true }
    },
  }
}

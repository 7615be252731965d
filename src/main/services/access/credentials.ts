import { hash as bcryptHash } from 'bcryptjs'
import { Refusal } from '../../../shared/errors.ts'
import { makeCredentialPassword } from '../../domain/credential-passwords.ts'
import type { Randomness } from '../ports.ts'
import type { Vault } from '../vault.ts'

/**
 * The cost that `htpasswd -B` uses. The proxy computes the hash at every request, in the process that serves all of them,
 * and no cost is needed against guessing a password of more than 140 random bits.
 */
const COST = 5

/** A new password with its hash for the file. */
export async function newCredential(random: Randomness): Promise<{ password: string; hash: string }> {
  const password = makeCredentialPassword(length => random.bytes(length))
  // The same algorithm under the name that all of nginx, Apache and their tools take.
  const hash = (await bcryptHash(password, COST)).replace(/^\$2[ab]\$/, '$2y$')
  return { password, hash }
}

export function sealPassword(vault: Vault, name: string, password: string): void {
  vault.seal(name, Buffer.from(password))
}

/** @throws Refusal key_missing, and conflict where there is none */
export function openPassword(vault: Vault, name: string): string {
  const bytes = vault.open(name)
  if (!bytes) {
    throw new Refusal('conflict', 'This password is not known here: its entry was taken over. Make a new one.')
  }
  return Buffer.from(bytes).toString('utf8')
}

/** Before a file is touched: what cannot be sealed must not be handed out. Throws Refusal key_missing. */
export function needVault(vault: Vault): void {
  if (vault.problem !== null) throw new Refusal('key_missing', vault.problem)
}

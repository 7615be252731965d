import { webhookSecret } from '../../db/webhooks.ts'
import type { Vault } from '../vault.ts'

/** The secret that signs, and the one before it while it still counts. */
interface Stored {
  readonly current: string
  readonly previous: string | null
  readonly previousUntil: number
}

/** Seals a secret. `old` keeps the present one valid until then (ms). Throws Refusal key_missing. */
export function storeSecret(vault: Vault, webhookId: number, secret: string, old: { until: number } | null): void {
  const before = old && readSecret(vault, webhookId)
  const stored: Stored = {
    current: secret,
    previous: before?.current ?? null,
    previousUntil: old?.until ?? 0,
  }
  vault.seal(webhookSecret(webhookId), Buffer.from(JSON.stringify(stored)))
}

/** The secrets that sign now, the newest first. None: there is no secret, so nothing can be sent. Throws Refusal key_missing. */
export function validSecrets(vault: Vault, webhookId: number, now: number): string[] {
  const stored = readSecret(vault, webhookId)
  if (!stored) return []
  return stored.previous !== null && now < stored.previousUntil ? [stored.current, stored.previous] : [stored.current]
}

function readSecret(vault: Vault, webhookId: number): Stored | null {
  const bytes = vault.open(webhookSecret(webhookId))
  return bytes ? (JSON.parse(Buffer.from(bytes).toString('utf8')) as Stored) : null
}

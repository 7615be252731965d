import type { AuthType } from '../../db/access-services.ts'

export interface Health {
  readonly ok: boolean
  /** A sentence for a person. */
  readonly detail: string
}

const TIMEOUT_MS = 8_000

/** Asks the address of a service for its first page, without a credential. Never rejects. */
export async function checkHealth(address: string, authType: AuthType): Promise<Health> {
  try {
    const response = await fetch(address, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { 'User-Agent': 'campaign-connector-health' },
    })
    await response.body?.cancel()
    return judge(response.status, authType)
  } catch (error) {
    return { ok: false, detail: reason(error) }
  }
}

function judge(status: number, authType: AuthType): Health {
  if (status >= 500) return { ok: false, detail: `It answers with ${status}.` }
  if (authType === 'none') {
    return status === 401
      ? { ok: false, detail: 'It asks for a password, though it is listed as one that does not.' }
      : { ok: true, detail: `It answers with ${status}.` }
  }
  if (status === 401) return { ok: true, detail: 'It answers and asks for a password.' }
  // A redirect to https, or to where the service really is, says nothing yet.
  if (status >= 300 && status < 400) return { ok: true, detail: `It answers with ${status} (leads elsewhere).` }
  if (status === 403 || status === 404) return { ok: true, detail: `It answers with ${status}.` }
  return { ok: false, detail: `It lets everybody in without a password (${status}). Look at the proxy.` }
}

function reason(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `It does not answer within ${TIMEOUT_MS / 1000} seconds.`
  }
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'Nothing listens at its address.'
  if (code === 'ENOTFOUND') return 'Its name is not known.'
  return `It cannot be reached: ${String(message ?? cause).slice(0, 200)}`
}

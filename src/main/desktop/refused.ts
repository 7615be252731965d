import { type Answer, Refusal } from '../../shared/errors.ts'

/** What the page is told of an error: a refusal as it is, anything else without a word of what it was. */
export function refusedBy(error: unknown): { ok: false; error: Extract<Answer<never>, { ok: false }>['error'] } {
  const { code, message, fields, retryAfterMs } = error instanceof Refusal ? error : new Refusal('internal')
  return {
    ok: false,
    error: {
      ...{ code, message },
      ...(Object.keys(fields).length > 0 && { fields }),
      ...(retryAfterMs !== null && { retryAfterMs }),
    },
  }
}

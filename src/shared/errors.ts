/**
 * Every way in which an operation can refuse, in one closed table: the HTTP status of each and what a person reads when
 * the thrower has nothing more precise to say. Details beyond that go to the log.
 */
export const ERRORS = {
  authentication_required: { status: 401, message: 'Sign in first.' },
  sign_in_refused: {
    status: 401,
    message: 'The user name or the password is wrong, or the account is locked for now.',
  },
  password_change_needed: { status: 403, message: 'Choose a password of your own first.' },
  forbidden: { status: 403, message: 'Your role does not allow this.' },
  csrf_refused: {
    status: 403,
    message: 'This did not come from a page of the application, or the page is too old. Reload it and try again.',
  },
  unknown_host: { status: 421, message: 'The application is not known under this name.' },
  local_only: { status: 403, message: 'This can be done on the computer of the hub only.' },
  invalid_input: { status: 400, message: 'Some of the values are not what this needs.' },
  not_found: { status: 404, message: 'There is no such thing here (any more).' },
  conflict: { status: 409, message: 'This does not fit the present state.' },
  exists_already: { status: 409, message: 'There is one already.' },
  file_refused: { status: 400, message: 'The file cannot be read as a list.' },
  review_failed: { status: 409, message: 'The review found something that has to be mended first.' },
  locked: { status: 423, message: 'Another process uses this data folder.' },
  too_many: { status: 429, message: 'Too many attempts. Wait a little.' },
  too_large: { status: 413, message: 'This is larger than is accepted.' },
  key_missing: { status: 503, message: 'The data key cannot be opened, so nothing is sent.' },
  storage_failed: { status: 503, message: 'The disk is full or cannot be written. Nothing was changed.' },
  unavailable: { status: 503, message: 'This is not possible at the moment. Try again.' },
  internal: { status: 500, message: 'Something went wrong in the application. The log says more.' },
} as const

export type ErrorCode = keyof typeof ERRORS

/** A refusal that may be shown to the caller. `fields` names the inputs at fault, each with a sentence. */
export class Refusal extends Error {
  readonly code: ErrorCode
  readonly fields: Readonly<Record<string, string>>
  /** After how many ms it is worth trying again, where that is known. */
  readonly retryAfterMs: number | null

  constructor(
    code: ErrorCode,
    message: string = ERRORS[code].message,
    fields: Record<string, string> = {},
    retryAfterMs: number | null = null,
  ) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.fields = fields
    this.retryAfterMs = retryAfterMs
  }
}

/** What every door answers. */
export type Answer<T> = { ok: true; data: T } | { ok: false; error: RefusalBody }

export interface RefusalBody {
  readonly code: ErrorCode
  readonly message: string
  readonly fields?: Readonly<Record<string, string>>
  readonly retryAfterMs?: number
}

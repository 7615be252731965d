import type { PageEvent, SessionState } from '../../shared/bridge.ts'
import type { Answer, ErrorCode, RefusalBody } from '../../shared/errors.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import type { Upload } from '../../shared/operations/uploads.ts'
import type { Transport } from './types.ts'

/** A browser, signed in by a cookie. Changes show the token that foreign pages cannot read. */
export function webTransport(): Transport {
  const listeners = new Set<(event: PageEvent) => void>()
  const tell = (event: PageEvent): void => {
    for (const listener of listeners) listener(event)
  }
  const stream = eventStream(tell)

  async function ask<T>(path: string, init: RequestInit): Promise<Answer<T>> {
    try {
      const response = await fetch(path, { ...init, headers: { ...init.headers, 'X-CSRF-Token': csrfToken() } })
      return await answerOf<T>(response)
    } catch {
      return unreachable()
    }
  }
  const post = <T>(path: string, body: unknown): Promise<Answer<T>> =>
    ask<T>(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })

  async function state(): Promise<SessionState> {
    const answer = await ask<OutputOf<'auth.status'>>('/api/auth/status', { method: 'GET' })
    if (!answer.ok || answer.data.user === null || answer.data.role === 'termux') return { kind: 'signed-out' }
    const { user, role, mustChangePassword } = answer.data
    return { kind: 'signed-in', user: { ...user, role, mustChangePassword } }
  }

  return {
    kind: 'web',
    call: async (name, input) => {
      const answer = await post<never>(`/api/call/${name}`, input)
      if (!answer.ok && answer.error.code === 'authentication_required') tell({ type: 'session' })
      return answer
    },
    session: {
      state,
      signIn: async input => {
        const answer = await post<unknown>('/api/auth/login', input)
        return answer.ok ? { ok: true, data: await state() } : answer
      },
      signOut: async () => {
        await post('/api/auth/logout', {})
        stream.stop()
        tell({ type: 'session' })
      },
    },
    upload,
    save: async (name, input, fileName) => {
      const response = await fetch(`/api/files/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken() },
        body: JSON.stringify(input),
      }).catch(() => null)
      if (!response) return unreachable()
      if (!response.ok) return answerOf(response)
      download(await response.blob(), fileName)
      return { ok: true, data: {} }
    },
    listen: listener => {
      listeners.add(listener)
      stream.start()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stream.stop()
      }
    },
  }
}

/** The cookie that pages may read; with TLS its name has a prefix. */
function csrfToken(): string {
  return /(?:^|; )(?:__Host-)?cc_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? ''
}

/** `/api/call` answers with the refusal itself, the rest of the API with a title and a sentence. */
interface FlatError {
  readonly error?: string | RefusalBody
  readonly message?: string
  readonly fields?: Record<string, string>
}

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const body = (await response.json().catch(() => ({}))) as T & FlatError
  if (response.ok) return { ok: true, data: body }
  return { ok: false, error: refusalOf(response.status, body, response.headers.get('Retry-After')) }
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  400: 'invalid_input',
  401: 'authentication_required',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  413: 'too_large',
  423: 'locked',
  429: 'too_many',
  503: 'unavailable',
}

function refusalOf(status: number, { error, message, fields }: FlatError, retryAfter: string | null): RefusalBody {
  if (typeof error === 'object') return error
  const seconds = Number(retryAfter ?? Number.NaN)
  return {
    code: CODES[status] ?? 'internal',
    message: message ?? 'The hub answered with something that this page does not know. Reload the page.',
    ...(fields && { fields }),
    ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1000 }),
  }
}

function unreachable<T>(): Answer<T> {
  const message =
    'The hub cannot be reached. Check that it runs and that this computer is on its network, then try again.'
  return { ok: false, error: { code: 'unavailable', message } }
}

/** With XMLHttpRequest, since fetch does not tell how far an upload is. */
function upload(file: File, onProgress: (share: number) => void): Promise<Answer<Upload>> {
  return new Promise(resolve => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/csv/upload')
    request.setRequestHeader('X-CSRF-Token', csrfToken())
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onerror = () => resolve(unreachable())
    request.onload = () => {
      const body = parsed(request.responseText) as FlatError & { upload?: Upload }
      if (request.status === 200 && body.upload) resolve({ ok: true, data: body.upload })
      else resolve({ ok: false, error: refusalOf(request.status, body, request.getResponseHeader('Retry-After')) })
    }
    const form = new FormData()
    form.append('file', file)
    request.send(form)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) ?? {}
  } catch {
    return {}
  }
}

function download(blob: Blob, fileName: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** What the hub tells by itself. The browser reconnects on its own; what was missed meanwhile is asked for anew. */
function eventStream(tell: (event: PageEvent) => void): { start(): void; stop(): void } {
  let source: EventSource | null = null
  return {
    start: () => {
      if (source) return
      source = new EventSource('/api/events')
      const idOf = (event: Event, field: string): number =>
        Number((parsed((event as MessageEvent<string>).data) as Record<string, unknown>)[field] ?? 0)
      source.addEventListener('progress', event => tell({ type: 'campaign', id: idOf(event, 'id') }))
      source.addEventListener('import', event => tell({ type: 'import', id: idOf(event, 'id') }))
      source.addEventListener('phone', event => tell({ type: 'phone', id: idOf(event, 'id') }))
      source.addEventListener('inbound', event => tell({ type: 'thread', id: idOf(event, 'threadId') }))
      source.addEventListener('link', () => tell({ type: 'link' }))
      source.addEventListener('open', () => tell({ type: 'work' }))
      source.addEventListener('end', () => tell({ type: 'session' }))
    },
    stop: () => {
      source?.close()
      source = null
    },
  }
}

import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs'
import { pino } from 'pino'
import type { Log } from './services/ports.ts'

/** A log that has grown larger is put aside at the next start; one older is kept. */
const LARGEST_BYTES = 5 * 1024 * 1024

/** Values under these names are numbers of people, texts or secrets. */
const PRIVATE =
  /^(number|numbers|sender|recipient|body|text|template|note|search|password|passphrase|secret|key|token|code|link|email|first_?name|last_?name|full_?name)$/i

/**
 * The log of the hub: one JSON object a line, in a file that its owner alone can read, or on stderr. Numbers, texts and
 * secrets are taken out whatever a caller hands in, so a log can be sent to somebody who helps.
 */
export function createLog(target: { file: string } | 'stderr'): Log & { close(): void } {
  const destination = pino.destination({ dest: target === 'stderr' ? 2 : openLog(target.file), sync: true })
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  let closed = false
  // What ends after the log is closed has nobody to tell any more.
  const write = (level: 'info' | 'warn' | 'error', event: string, details: unknown) => {
    if (!closed) logger[level](details as object, event)
  }
  return {
    info: (event, details = {}) => write('info', event, redact(details)),
    warn: (event, details = {}) => write('warn', event, redact(details)),
    error: (event, error, details = {}) => {
      write('error', event, { ...(redact(details) as object), error: describe(error) })
    },
    close: () => {
      closed = true
      destination.end()
    },
  }
}

/** Details without what the log must never hold. Exported for its test. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value)
  if (value instanceof Error) return describe(value)
  if (value instanceof Uint8Array) return '[bytes]'
  if (typeof value !== 'object' || value === null) return value
  if (depth > 4) return '[deep]'
  if (Array.isArray(value)) return value.slice(0, 50).map(item => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, PRIVATE.test(key) ? '[redacted]' : redact(item, depth + 1)]),
  )
}

/** Runs of digits that can be a phone number. Times and sizes are numbers, not text, and pass. */
function scrub(text: string): string {
  return text.replace(/\+?\d(?:[ ().-]?\d){6,}/g, '[number]')
}

function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return redact(error)
  const code = 'code' in error ? { code: String(error.code) } : {}
  return { name: error.name, ...code, message: scrub(error.message), stack: scrub(error.stack ?? '') }
}

function openLog(path: string): number {
  if (existsSync(path) && statSync(path).size > LARGEST_BYTES) renameSync(path, `${path}.1`)
  // Opened here first, since pino would create it for everybody to read.
  closeSync(openSync(path, 'a', 0o600))
  return openSync(path, 'a', 0o600)
}

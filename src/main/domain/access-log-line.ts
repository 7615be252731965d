/** One request as the access log of a proxy has it. */
export interface LoggedRequest {
  readonly address: string
  /** Null: it showed no credential. */
  readonly username: string | null
  /** In ms since 1970 UTC. */
  readonly at: number
  readonly status: number
  /** The name under which it came, where the log has it. */
  readonly host: string | null
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/**
 * The `combined` format of nginx and Apache, and the same with the quoted host behind it. A user name may hold anything but
 * a quote, which both write as an escape, so the first `] "` after it cannot be one that a stranger made up.
 */
const LINE =
  /^(\S+) \S+ (.*?) \[(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\] "(?:[^"\\]|\\.)*" (\d{3}) (?:\d+|-)(?: "(?:[^"\\]|\\.)*" "(?:[^"\\]|\\.)*"(?: "([^"]*)")?)?/

/** Null for what is no line of such a log. */
export function parseAccessLine(line: string): LoggedRequest | null {
  const match = LINE.exec(line)
  if (!match) return null
  const [, address = '', user = '', day, month = '', year, hour, minute, second, sign, zoneHours, zoneMinutes] = match
  const index = MONTHS.indexOf(month)
  if (index === -1) return null
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1)
  const local = Date.UTC(Number(year), index, Number(day), Number(hour), Number(minute), Number(second))
  const host = match[13]
  return {
    address,
    username: user === '-' || user === '' ? null : user,
    at: local - zone,
    status: Number(match[12]),
    host: host === undefined || host === '-' || host === '' ? null : host.toLowerCase().replace(/:\d+$/, ''),
  }
}

/**
 * What a request says about a credential. A browser asks once without any before it asks the person, so only a refusal of
 * one that was shown is a failure.
 */
export function judgeRequest({ username, status }: LoggedRequest): 'opened' | 'failed' | 'nothing' {
  if (username === null) return 'nothing'
  if (status === 401) return 'failed'
  // Refused for another reason, or no request at all.
  return status === 403 || status === 400 || status === 408 || status === 444 || status === 499 ? 'nothing' : 'opened'
}

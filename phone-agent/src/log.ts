/** What is worth a line: `event` is stable and short, `text` is for people. Never a number or a text of a person. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error'
  readonly event: string
  readonly text: string
}

export type Log = (level: LogLine['level'], event: string, text: string) => void

/** Prints one line for each event: for people, or as JSON. The same sentence is not repeated within a minute. */
export function lineLog(write: (line: string) => void, options: { json: boolean; now: () => number }): Log {
  const last = new Map<string, number>()
  return (level, event, text) => {
    const now = options.now()
    const key = `${event} ${text}`
    const before = last.get(key)
    if (before !== undefined && Math.abs(now - before) < 60_000) return
    if (last.size > 500) last.clear()
    last.set(key, now)
    const time = new Date(now).toISOString()
    if (options.json) write(JSON.stringify({ time, level, event, text }))
    else write(`${time} ${level === 'info' ? '' : `${level}: `}${text}`)
  }
}

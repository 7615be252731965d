import Table from 'cli-table3'

export type Cell = string | number | boolean | null | undefined

/** A table with lines on a terminal; lines with tabs between the cells elsewhere, for other programs. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map(row => row.map(cell => clean(shown(cell))))
  if (!process.stdout.isTTY) return [head, ...cells].map(row => row.join('\t')).join('\n')
  const drawn = new Table({ head: [...head], style: { head: [], border: [] }, wordWrap: true })
  drawn.push(...cells)
  return drawn.toString()
}

/** Names and values, one pair a line. */
export function pairs(entries: readonly (readonly [string, Cell])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${clean(shown(value))}`).join('\n')
}

/** Local date and time to the minute. */
export function when(time: number | null): string {
  if (time === null) return ''
  const date = new Date(time)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** A time by the clock of a zone, and by one's own where that differs: "Tue 2026-07-07 09:00 there (10:00 here)". */
export function atBoth(time: number, zone: string | null): string {
  const here = when(time)
  if (zone === null) return here
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(time)
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find(part => part.type === type)?.value ?? ''
  const there = `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`
  return `${of('weekday').replace('.', '')} ${there}${there === here ? '' : ` there (${here} here)`}`
}

/** Such as "1,234 contacts" and "1 contact". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`
}

/** A span such as "3 h 5 min". */
export function span(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return `${Math.round(ms / 1000)} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days ${hours % 24} h`
}

/** Minutes since midnight as a time of day. */
export function clock(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`
}

/** How to see the next page, below a list. */
export function more(next: string | null): string {
  return next === null ? '' : `\nThere is more: --after ${next}`
}

/** Text of strangers must not move the cursor of a terminal or break a line of a table. */
export function clean(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
}

function shown(cell: Cell): string {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'number') return String(cell)
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  return cell
}

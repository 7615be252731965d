import { Refusal } from '../../shared/errors.ts'

/** Reads the cursor of a page that goes by id. `start`: where the first page begins. */
export function idCursor(after: string | undefined, start: number): number {
  if (after === undefined) return start
  if (!/^\d{1,15}$/.test(after)) throw badCursor()
  return Number(after)
}

/** Of a page: its last item's cursor, or null where the page was not full and so was the last one. */
export function nextCursor<T>(
  items: readonly T[],
  limit: number,
  cursorOf: (item: T) => string | number,
): string | null {
  return items.length < limit ? null : String(cursorOf(items.at(-1)!))
}

export function badCursor(): Refusal {
  const message = 'This is no place in the list. Hand in the `next` of the page before, or nothing.'
  return new Refusal('invalid_input', message, { after: message })
}

import { isKnownLabel } from './labels.ts'
import { looksLikeData } from './values.ts'

/** Whether the first row names the columns. */
export function hasHeader(sample: readonly (readonly string[])[]): boolean {
  const first = sample[0]
  if (first === undefined) return false
  if (first.some(looksLikeData)) return false
  if (first.some(isKnownLabel)) return true
  // Unknown words over a column of numbers, dates or addresses are names of columns too.
  const rest = sample.slice(1)
  return first.some((label, column) => {
    if (label.trim() === '') return false
    const values = rest.map(cells => cells[column] ?? '').filter(value => value.trim() !== '')
    return values.length > 0 && values.filter(looksLikeData).length * 2 > values.length
  })
}

/**
 * The names of the columns, each different from the others: those of the header, or `Column 1` and so on. A list
 * without header has as many as most of its rows have cells.
 */
export function columnNames(sample: readonly (readonly string[])[], header: boolean): string[] {
  const labels = header ? (sample[0] ?? []) : Array.from({ length: usualWidth(sample) }, () => '')
  const names = new Set<string>()
  for (const [index, label] of labels.entries()) {
    const plain =
      label
        .replace(/[\s\p{Cc}\uFDD0]+/gu, ' ')
        .trim()
        .slice(0, 120) || `Column ${index + 1}`
    let name = plain
    for (let copy = 2; names.has(name); copy += 1) name = `${plain} (${copy})`
    names.add(name)
  }
  return [...names]
}

function usualWidth(sample: readonly (readonly string[])[]): number {
  const rowsByWidth = new Map<number, number>()
  for (const cells of sample) rowsByWidth.set(cells.length, (rowsByWidth.get(cells.length) ?? 0) + 1)
  let width = 0
  for (const [cells, rows] of rowsByWidth) {
    const most = rowsByWidth.get(width) ?? 0
    if (rows > most || (rows === most && cells > width)) width = cells
  }
  return width
}

import { AREA_CODES } from './north-america.ts'

/**
 * The states and provinces (ISO 3166-2) that the area code of a number serves; empty outside of the United States and
 * Canada, and for numbers without an area.
 * @param number E.164
 */
export function regionsOfNumber(number: string): readonly string[] {
  if (!number.startsWith('+1')) return NONE
  areas ??= readAreas()
  return areas.get(number.slice(2, 5)) ?? NONE
}

const NONE: readonly string[] = []
let areas: ReadonlyMap<string, readonly string[]> | undefined

function readAreas(): Map<string, readonly string[]> {
  const read = new Map<string, readonly string[]>()
  for (const line of AREA_CODES.trim().split('\n')) {
    const [names = '', ...codes] = line.split(' ')
    const regions = names.split('+')
    for (const code of codes) read.set(code, regions)
  }
  return read
}

/**
 * What stands in the place of a number in messages of a person who was erased: the counts of a campaign stay right, and
 * nobody can be texted under it.
 */
export function erasedNumber(erasure: string): string {
  return `${PREFIX}${erasure}`
}

export function isErasedNumber(number: string): boolean {
  return number.startsWith(PREFIX)
}

const PREFIX = '+9-erased-'

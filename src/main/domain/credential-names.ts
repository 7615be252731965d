/** Letters that have no base letter in Unicode's decompositions. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h' },
}
/** Of one part, in characters: a user name has to fit on a line and into a form. */
const LONGEST = 24

/** A name in small letters, digits and hyphens; `otherwise` where nothing of it is left, as of names in other scripts. */
export function foldName(name: string, otherwise: string): string {
  const folded = name
    .toLowerCase()
    .replace(/[ßæœøłđðþıħ]/g, letter => LETTERS[letter]!)
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '')
  return folded === '' ? otherwise : folded
}

/**
 * The user name of a person at a service, `{person}_{service}`. Where that is taken a number is put after the person, so
 * that people whose names fold to the same have different ones.
 */
export function credentialName(person: string, service: string, isTaken: (name: string) => boolean): string {
  const [who, what] = [foldName(person, 'person'), foldName(service, 'service')]
  for (let number = 1; ; number += 1) {
    const name = `${who}${number === 1 ? '' : number}_${what}`
    if (!isTaken(name)) return name
  }
}

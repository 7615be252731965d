/** Without those that are mistaken for each other: I, O, l, 0, 1. */
const CLASSES = ['ABCDEFGHJKLMNPQRSTUVWXYZ', 'abcdefghijkmnopqrstuvwxyz', '23456789', '-._~'] as const
const CHARACTERS = CLASSES.join('')
/** Bytes from here on would make some characters likelier than others. */
const FAIR = 256 - (256 % CHARACTERS.length)
const LENGTH = 24

/**
 * A password of 24 characters with at least one capital, small letter, digit and special, more than 140 random bits. The
 * specials need no quoting in an address, a shell or a file, and it begins and ends with a letter or digit, so that it can
 * be selected by a double click.
 */
export function makeCredentialPassword(randomBytes: (length: number) => Uint8Array): string {
  for (;;) {
    const password = draw(randomBytes)
    const whole = CLASSES.every(characters => [...password].some(character => characters.includes(character)))
    if (whole && /^[A-Za-z0-9].*[A-Za-z0-9]$/.test(password)) return password
  }
}

function draw(randomBytes: (length: number) => Uint8Array): string {
  let drawn = ''
  while (drawn.length < LENGTH) {
    for (const byte of randomBytes(LENGTH)) {
      if (byte < FAIR && drawn.length < LENGTH) drawn += CHARACTERS[byte % CHARACTERS.length]!
    }
  }
  return drawn
}

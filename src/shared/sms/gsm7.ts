/**
 * The GSM 7 bit default alphabet (3GPP TS 23.038, 6.2.1) in the order of its septets. Position 0x1B is the escape to
 * the extension table and stands for no character.
 */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ' +
  ' !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmnopqrstuvwxyzäöñüà'

/** The GSM 7 bit default alphabet extension table (3GPP TS 23.038, 6.2.1.1): each is escape and character, two septets. */
const EXTENSION = '\f^{}\\[~]|€'

const ESCAPE = 0x1b
const SEPTETS = tabulate()

/**
 * Septets that a UTF-16 code unit takes in GSM-7: 1, 2 for the extension table, 0 where GSM-7 does not have it.
 * National shift tables (TS 23.038, Annex A) are left out: Android uses them in a few countries only.
 */
export function septets(unit: number): 0 | 1 | 2 {
  return (SEPTETS[unit] ?? 0) as 0 | 1 | 2
}

/** Whether the whole text can be sent in GSM-7. */
export function isGsm7(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (septets(text.charCodeAt(i)) === 0) return false
  return true
}

/** Every character of GSM-7, the extension table last. */
export function gsm7Characters(): string[] {
  return [...BASIC.replace('\u001b', ''), ...EXTENSION]
}

function tabulate(): Uint8Array {
  const table = new Uint8Array(0x20ac + 1)
  for (const char of BASIC) if (char.charCodeAt(0) !== ESCAPE) table[char.charCodeAt(0)] = 1
  for (const char of EXTENSION) table[char.charCodeAt(0)] = 2
  return table
}

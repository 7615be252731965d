/** The words that the tokenizer of the full-text indexes (unicode61) makes: it takes a few letters of Tai Lue and Vedic for separators. */
export const WORD =
  /[[\p{L}\p{N}\p{Co}]--[\u19B0-\u19C0\u19C8\u19C9\u1CF2\u1CF3]](?:[[\p{L}\p{N}\p{Co}]--[\u19B0-\u19C0\u19C8\u19C9\u1CF2\u1CF3]]|[\u0300-\u0331])*/gv

/** Without accents and capitals, as that tokenizer has it; null for letters that it may know differently. */
export function fold(text: string): string | null {
  if (/[^\0-\u017E]|[\xB5]/.test(text)) return null
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

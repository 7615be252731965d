const YES =
  /^(?:y|yes|true|t|1|on|x|✓|✔|ok|ja|j|si|sí|s|sim|oui|o|tak|kyllä|opt(?:ed)?[- ]?in|subscribed|granted|given|agreed|consented|active)$/iu
const NO =
  /^(?:n|no|false|f|0|off|nein|não|nao|non|nee|nie|nei|nej|ei|opt(?:ed)?[- ]?out|unsubscribed|refused|denied|declined|revoked|withdrawn|stop|none)$/iu

/** What a cell says to the question whether the person agreed; null when it answers neither yes nor no. */
export function consentAnswer(text: string): 'yes' | 'no' | null {
  const word = text.trim()
  if (YES.test(word)) return 'yes'
  return NO.test(word) ? 'no' : null
}

/**
 * The time of consent in ms UTC, from an ISO 8601 date or time (one without a zone is taken as UTC). Null for other
 * spellings: in 03/04/2025 nobody can tell the day from the month.
 */
export function parseConsentTime(text: string): number | null {
  const match =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?$/i.exec(
      text.trim(),
    )
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(part => Number(part ?? 0))
  const time = Date.UTC(year, month - 1, day, hour, minute, second)
  const date = new Date(time)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    return null
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(match[7] ?? '')
  const minutes = offset ? (Number(offset[2]) * 60 + Number(offset[3])) * (offset[1] === '-' ? -1 : 1) : 0
  const at = time - minutes * 60_000
  return at >= 0 ? at : null
}

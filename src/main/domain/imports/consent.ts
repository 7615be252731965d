import { CONSENT_KINDS, type ConsentKind } from '../../../shared/consent.ts'

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
 * What a cell says that the person agreed to; of several words that which goes furthest. Null when a part of it is not
 * understood: nobody is put down for more than they said.
 */
export function consentKindFrom(text: string): ConsentKind | null {
  const parts = text.trim().split(/\s*(?:[,;/|&+]|\b(?:and|und|et|y|e|en)\b)\s*/iu)
  const kinds = parts.map(part => KIND_BY_WORD.get(wordOf(part)))
  if (kinds.some(kind => kind === undefined)) return null
  return CONSENT_KINDS.findLast(kind => kinds.includes(kind)) ?? null
}

/** Without case, accents, and what is written around the word: "Promotional messages" is "promotional". */
function wordOf(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .replace(/\b(?:sms|text|texts|messages?|messaging|msgs?|consent|only|opt in|nachrichten|nur)\b/g, '')
    .trim()
}

const KIND_BY_WORD: ReadonlyMap<string, ConsentKind> = new Map(
  Object.entries({
    marketing:
      'marketing,promotional,promotion,promotions,promo,promos,offer,offers,special offers,deals,advertising,advertisement,' +
      'advertisements,ads,commercial,newsletter,sales,werbung,werblich,angebote,publicite,publicitaire,promotionnel,offres,' +
      'publicidad,promocional,promociones,ofertas,pubblicita,promozionale,offerte,publicidade,reclame,reklama,marketingowa',
    informational:
      'informational,information,info,informative,transactional,transaction,transactions,service,services,customer service,' +
      'notification,notifications,alert,alerts,account,order,orders,order updates,delivery,shipping,reminder,reminders,' +
      'appointment,appointments,appointment reminders,update,updates,utility,operational,transaktional,transaktion,' +
      'informationen,termine,bestellungen,transactionnel,informatif,informations,transaccional,informativo,informacion,' +
      'servicio,transazionale,informazioni,servizio,transacional,informacao,servico,transactioneel,informatie,informacja',
    unspecified: 'unspecified,general,allgemein',
  } satisfies Record<ConsentKind, string>).flatMap(([kind, words]) =>
    words.split(',').map((word): [string, ConsentKind] => [word, kind as ConsentKind]),
  ),
)

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

/**
 * Whether a text tells its reader how to opt out: one of the words after a verb of answering ("Reply STOP",
 * "Responde BAJA"), before what it does ("STOP to end", "STOP=end"), alone in capitals, or the act by its name
 * ("unsubscribe", "opt out"). A word in passing ("stop by our shop") is no mention.
 * @param words the opt-out words that the hub acts on, in any case
 */
export function mentionsOptOut(text: string, words: readonly string[]): boolean {
  if (ACT.test(fold(text))) return true
  const quoted = '["\'\u201c\u201d\u2018\u2019\u00ab\u00bb( ]*'
  return words.some(word => {
    const pattern = fold(word)
      .trim()
      .split(/[\s-]+/)
      .map(escaped)
      .join('[\\s-]*')
    if (pattern === '') return false
    const alone = `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`
    const asked = new RegExp(`(?:${VERBS})[\\s,:]+(?:\\S+\\s+){0,3}?${quoted}${alone}`, 'u')
    const explained = new RegExp(`${alone}${quoted}(?:=|:|2(?=\\p{L})|(?:${TO})\\s+(?:\\S+\\s+)?(?:${PURPOSE}))`, 'u')
    const folded = fold(text)
    return asked.test(withoutHarmless(folded)) || explained.test(folded) || inCapitals(text, word)
  })
}

const VERBS =
  'reply|replying|text|txt|send|sending|respond|answer|write|responde|responda|envia|envie|manda|contesta|repondez|reponds|envoyez|envoie|tapez|antworte|antworten|sende|senden|schreibe|rispondi|invia|scrivi|responder|enviar'
const TO = 'to|2|for|and|if|para|por|pour|per|um|zum|fur'
const PURPOSE =
  'opt|end|stop|stops|unsub|unsubscribe|cancel|quit|leave|be removed|be|no|not|you|darte|cancelar|salir|dejar|vous|ne|se|arreter|dis|abbe\\w*|abmeld\\w*|beenden|sair|parar|nao|cancell\\w*|non|disiscri\\w*'
// Written out in several languages; these are said in a campaign for one purpose only.
const ACT =
  /(?<!\p{L})(?:unsubscrib(?:e|ing)|opt[\s-]?out|desabonn\w*|se desinscrire|abbestell\w*|abmeld\w*|darse? de baja|darte de baja|disiscri\w*|descadastr\w*|cancelar (?:la |a )?(?:suscripcion|inscricao))(?!\p{L})/u

/** "text us to stop by" speaks of a visit. */
function withoutHarmless(folded: string): string {
  return folded.replace(/(?<!\p{L})stop (?:by|in|over|at|for|and)(?!\p{L})/gu, ' ')
}

/** The word stands in capitals, in a text that is not all capitals. Ordinary words do not count: "THE END". */
function inCapitals(text: string, word: string): boolean {
  if (ORDINARY.has(fold(word).trim()) || text === text.toUpperCase()) return false
  const upper = withoutMarks(word.toUpperCase())
    .trim()
    .split(/[\s-]+/)
    .map(escaped)
    .join('[\\s-]*')
  return new RegExp(`(?<![\\p{L}\\p{N}])${upper}(?![\\p{L}\\p{N}])`, 'u').test(withoutMarks(text))
}

const ORDINARY = new Set(['end', 'quit', 'cancel', 'remove', 'revoke', 'alto'])

function fold(text: string): string {
  return withoutMarks(text).toLowerCase()
}

function withoutMarks(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}+/gu, '')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

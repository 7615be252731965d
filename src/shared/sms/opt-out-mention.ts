/**
 * Whether a text tells its reader how to opt out: one of the words after a verb of answering ("Reply STOP",
 * "Responde BAJA"), before what it does ("STOP to end", "STOP=end"), in capitals, or the act by its name
 * ("unsubscribe", "opt out"). A word in passing ("stop by our shop", "until the end") is no mention.
 * @param words the opt-out words that the hub acts on, in any case
 */
export function mentionsOptOut(text: string, words: readonly string[]): boolean {
  const folded = fold(text)
  if (ACT.test(folded)) return true
  return words.some(word => {
    const pattern = wordPattern(fold(word))
    if (pattern === '') return false
    // Words of every day count only right after the verb: "Reply END".
    if (ORDINARY.has(fold(word).trim())) return matches(`${VERB}[\\s,:]+${QUOTE}${pattern}`, folded)
    return (
      matches(`${VERB}[\\s,:]+(?:\\S+\\s+){0,3}?${QUOTE}${pattern}(?!\\s(?:by|in|over|at|for|and)\\b)`, folded) ||
      matches(`${pattern}${QUOTE}(?:=|(?:${TO})\\s+(?:\\S+\\s+)?(?:${PURPOSE}))`, folded) ||
      matches(`${wordPattern(fold(word), '2')}(?:${PURPOSE})`, folded) ||
      (text !== text.toUpperCase() && matches(wordPattern(withoutMarks(word.toUpperCase())), withoutMarks(text)))
    )
  })
}

const ORDINARY = new Set(['end', 'quit', 'cancel', 'remove', 'revoke', 'alto'])

const QUOTE = '["\'\u201c\u201d\u2018\u2019\u00ab\u00bb( ]*'

const VERB = `(?<!\\p{L})(?:${[
  'reply|replying|text|txt|send|sending|respond|answer|write',
  'responde|responda|envia|envie|manda|contesta|responder|enviar',
  'repondez|reponds|envoyez|envoie|tapez',
  'antworte|antworten|sende|senden|schreibe',
  'rispondi|invia|scrivi',
].join('|')})`

const TO = 'to|2|para|por|pour|per|um|zum'

const PURPOSE = [
  'opt|end|stop|unsub|cancel|quit|leave|be removed',
  'darte|cancelar|salir|dejar|ne plus|arreter|beenden|sair|parar|cancell\\w*|non ricevere',
].join('|')

// Said in a campaign for this one purpose.
const ACT = new RegExp(
  `(?<!\\p{L})(?:${[
    'unsubscrib(?:e|ing)|opt[\\s-]?out',
    'darse? de baja|darte de baja|cancelar (?:la |tu )?suscripcion',
    'desabonn\\w*|se desinscrire',
    'abbestell\\w*|abmeld\\w*',
    'disiscri\\w*|descadastr\\w*|cancelar (?:a )?inscricao',
  ].join('|')})(?!\\p{L})`,
  'u',
)

function matches(pattern: string, text: string): boolean {
  return new RegExp(pattern, 'u').test(text)
}

/** The word on its own, or with `tail` right after it ("stop2end"). */
function wordPattern(word: string, tail = ''): string {
  const parts = word.trim().split(/[\s-]+/)
  const joined = parts.map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[\\s-]*')
  return joined && `(?<![\\p{L}\\p{N}])${joined}${tail || '(?![\\p{L}\\p{N}])'}`
}

function fold(text: string): string {
  return withoutMarks(text).toLowerCase()
}

function withoutMarks(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}+/gu, '')
}

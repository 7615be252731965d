import { plainWords } from './opt-out.ts'

/** Why an automatic answer was held back. */
export const HELD_FOR = [
  'opted_out',
  'automatic',
  'repeated',
  'too_often',
  'robot',
  'rule_wait',
  'late',
  'template',
] as const
export type HeldFor = (typeof HELD_FOR)[number]

/** What one number may get of automatic answers, all together. */
export interface AnswerLimits {
  readonly perHour: number
  readonly perDay: number
}

/** What is known of the talk with a number at the moment of an answer. Times in ms UTC. */
export interface Talk {
  readonly now: number
  /** The text that would be answered. */
  readonly body: string
  /** The texts of this number of the last day before it. */
  readonly earlier: readonly string[]
  /** When it got automatic answers, of the last day. */
  readonly answeredAt: readonly number[]
  /** When an answer was held back last because of a loop; null: never. */
  readonly loopedAt: number | null
  /** When a person of the hub answered last; null: never. */
  readonly repliedAt: number | null
}

export const DAY_MS = 24 * 3_600_000
const HOUR_MS = 3_600_000
/** The same text so often within a day, this one included, is no person's. */
const REPEATS = 3

/**
 * Keeps two robots from texting each other for ever. Null: the text may be answered.
 *
 * - What says of itself that nobody wrote it is not answered.
 * - The same words again and again are not answered.
 * - A number gets so many automatic answers an hour and a day.
 * - Once one of these has held an answer back, the number gets none until it has been silent for a day or a person of
 *   the hub has answered: however slowly a robot texts, it is not answered on and on.
 */
export function heldBack(talk: Talk, limits: AnswerLimits): HeldFor | null {
  const { now, body, earlier, answeredAt, loopedAt, repliedAt } = talk
  if (looksAutomatic(body)) return 'automatic'
  const isMuted = loopedAt !== null && now - loopedAt < DAY_MS && (repliedAt === null || repliedAt < loopedAt)
  if (isMuted) return 'robot'
  const key = plainWords(body)
  if (earlier.filter(text => plainWords(text) === key).length + 1 >= REPEATS) return 'repeated'
  const within = (span: number) => answeredAt.filter(at => now - at < span).length
  if (within(HOUR_MS) >= limits.perHour || within(DAY_MS) >= limits.perDay) return 'too_often'
  return null
}

/** Held back for what a loop looks like, and not for what the person or the rule is. */
export const LOOP_REASONS: readonly HeldFor[] = ['automatic', 'repeated', 'too_often', 'robot']

/** Whether a text says of itself that no person wrote it: an absence note, a sender that takes no replies, another campaign. */
export function looksAutomatic(body: string): boolean {
  const text = ` ${plainWords(body)} `
  return AUTOMATIC.test(text)
}

const AUTOMATIC = new RegExp(
  [
    'auto ?(?:mated|matic|matically)? ?(?:reply|response|responder|answer|message|text|generated)',
    '(?:this|your|the) (?:is an? )?(?:automated|automatic)',
    '(?:do not|dont|please do not) (?:reply|respond) to this',
    '(?:no ?reply|not monitored|unmonitored|does not accept (?:replies|incoming)|cannot (?:receive|accept) (?:replies|messages))',
    '(?:i am|im|we are|currently) (?:currently )?(?:out of (?:the )?office|on vacation|away from my (?:phone|desk)|driving right now|driving and)',
    'out of office',
    '(?:text|reply|txt|send|respond) (?:with )?(?:stop|help|info|end|quit|yes|start|y) (?:to|for|2|4) ',
    '(?:msg|message)s? (?:and|n)? ?data rates? may apply',
    '(?:thank you|thanks) for (?:contacting|texting|your message|reaching out)',
    'respuesta automatica|mensaje automatico|no responda a este|fuera de la oficina',
    'reponse automatique|message automatique|ne pas repondre|absent du bureau|absence du bureau',
    'automatische (?:antwort|nachricht)|abwesenheitsnotiz|nicht im buro|bitte nicht (?:auf diese nachricht )?antworten',
    'resposta automatica|mensagem automatica|nao responda',
    'risposta automatica|messaggio automatico|non rispondere a questo',
  ]
    .map(part => `(?:${part})`)
    .join('|'),
  'u',
)

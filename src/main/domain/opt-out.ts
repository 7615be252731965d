import { CLASSES, PHRASES } from './opt-out-phrases.ts'
import {
  COURTESY,
  DEFAULT_WORDS,
  INSTRUCTING,
  type IntentWords,
  LAUGHTER,
  LIKELY_SIGNS,
  NOT_MISTYPED,
  STRONG_WORDS,
  WHOLE_LIKELY,
  WHOLE_STOP,
} from './opt-out-words.ts'

/**
 * What an inbound text asks for. `stop` is honoured at once; `stop_likely` holds further texts until a person has
 * looked; `start` only means something from a suppressed number, since "yes" also answers other questions.
 */
export type Intent = 'stop' | 'stop_likely' | 'start' | 'help' | 'none'

/** Why, as a stable code: by which kind of rule. */
export type IntentReason = 'keyword' | 'wording' | 'sentence' | 'mistyped' | 'sign' | 'short'

export interface Reading {
  intent: Intent
  /** The words that decided, in plain form. */
  matched?: string
  reason?: IntentReason
}

export interface ReadOptions {
  /** In place of the default words. */
  words?: IntentWords
  /** Texts that this person was sent: a reply that quotes their "Reply STOP to opt out" asks for nothing. */
  campaignBodies?: readonly string[]
}

/**
 * Reads what a person wants from what they wrote, by the rules of 47 CFR 64.1200(a)(10): the words as the whole message
 * in any case, and "any reasonable way" of wording it.
 */
export function readIntent(body: string, options: ReadOptions = {}): Reading {
  const own = withoutQuotes(withoutSignature(body))
  const words = options.words ?? DEFAULT_WORDS
  const whole = plain(own).replaceAll(' .', '').trim()
  return (
    byKeyword(whole, words) ??
    bySign(own, whole) ??
    byWording(correctMistyped(withoutCampaign(plain(own), options.campaignBodies ?? [])), whole) ?? { intent: 'none' }
  )
}

/** The words as the whole message, alone, repeated, or with nothing but courtesy around them. */
function byKeyword(whole: string, words: IntentWords): Reading | undefined {
  if (whole === '') return undefined
  const stop = words.stop.map(keyOf)
  const key = keyOf(whole)
  const lists: [Intent, string[]][] = [
    ['stop', [...stop, ...WHOLE_STOP_KEYS]],
    ['start', words.start.map(keyOf)],
    ['help', words.help.map(keyOf)],
  ]
  for (const [intent, keys] of lists) {
    if (keys.includes(key) || isRepeated(whole, keys)) return { intent, matched: whole, reason: 'keyword' }
  }
  const bare = bareWords(whole)
  const bareKey = bare.join('')
  if (WHOLE_LIKELY_KEYS.has(key) || WHOLE_LIKELY_KEYS.has(bareKey)) {
    return { intent: 'stop_likely', matched: whole, reason: 'keyword' }
  }
  if (bareKey === key || bareKey === '') return undefined
  for (const [intent, keys] of lists) {
    if (!keys.includes(bareKey)) continue
    // "yes please" says yes to something; only the bare word opts back in.
    if (bareKey === 'yes') return undefined
    const matched = bare.join(' ')
    // "cancel please" may be about an appointment.
    const isWeak = intent === 'stop' && stop.includes(bareKey) && !STRONG_KEYS.has(bareKey)
    return { intent: isWeak ? 'stop_likely' : intent, matched, reason: 'keyword' }
  }
  return undefined
}

function bySign(own: string, whole: string): Reading | undefined {
  if (whole !== '') return undefined
  const sign = LIKELY_SIGNS.find(one => own.includes(one))
  return sign ? { intent: 'stop_likely', matched: sign, reason: 'sign' } : undefined
}

function byWording(text: string, whole: string): Reading | undefined {
  const clean = HARMLESS.reduce((rest, pattern) => rest.replaceAll(pattern, ' ~'), text)
  const certain = firstMatch(CERTAIN, clean)
  if (certain) return { intent: 'stop', matched: certain, reason: 'wording' }
  const sentence = clean.split(' .').find(one => STRONG_KEYS.has(bareWords(one).join('')))
  if (sentence !== undefined) {
    // A text that begins or ends with it means it; in between it may be an exclamation.
    const isOuter = clean.startsWith(`${sentence} .`) || clean.endsWith(`.${sentence}`) || clean === sentence
    const isMeant = isOuter && !clean.split(' ').some(word => LAUGHTER.includes(word))
    return { intent: isMeant ? 'stop' : 'stop_likely', matched: sentence.trim(), reason: 'sentence' }
  }
  const likely = firstMatch(LIKELY, clean)
  if (likely) return { intent: 'stop_likely', matched: likely, reason: 'wording' }
  const tokens = clean.split(' ').filter(word => word !== '' && word !== '.')
  const strong = tokens.find(word => STRONG_KEYS.has(word))
  if (strong && tokens.length <= SHORT) return { intent: 'stop_likely', matched: strong, reason: 'short' }
  const bare = bareWords(whole)
  if (bare.length === 1 && isNearlyStop(bare[0]!))
    return { intent: 'stop_likely', matched: bare[0]!, reason: 'mistyped' }
  return undefined
}

function bareWords(text: string): string[] {
  return text.split(' ').filter(word => word !== '' && !COURTESY.includes(word))
}

/** A text this short is about the word in it. */
const SHORT = 4

/**
 * Lower case, no accents, no apostrophes, letters and digits only; ` .` stands for the end of a sentence, and each word
 * has a space before it.
 */
function plain(text: string): string {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/['’‘`´ʼ]/g, '')
    // "lose my #"
    .replace(/(?<=\s)#(?![\p{L}\p{N}])/gu, 'number')
    .replace(/[.!?;\n\r…]+|\s[-–—]+\s/g, ' . ')
    .replace(/[^\p{L}\p{N}.]+/gu, ' ')
    // "stoooop", "pleeease", "stopppp"
    .replace(/(\p{L})\1{2,}/gu, '$1')
  const words = folded.split(' ').filter((word, i, all) => word !== '' && !(word === '.' && all[i - 1] === '.'))
  while (words[0] === '.') words.shift()
  while (words.at(-1) === '.') words.pop()
  return words.map(word => ` ${word}`).join('')
}

function keyOf(text: string): string {
  return plain(text).replaceAll(' .', '').replaceAll(' ', '')
}

function isRepeated(whole: string, keys: readonly string[]): boolean {
  const [first, ...rest] = whole.split(' ')
  return first !== undefined && rest.length > 0 && rest.every(word => word === first) && keys.includes(first)
}

function withoutSignature(body: string): string {
  const text = body.replace(/(?:^|\n)\s*>[^\n]*/g, '\n')
  return text.replace(SIGNATURE, '')
}

const SIGNATURE =
  /\s*(?:^|\n|--)\s*(?:--\s*$|(?:sent|gesendet|envoyé|enviado|inviato|get outlook)\s+(?:from|von|de|depuis|desde|dal?|for|do|a partir)\b)[\s\S]*$/iu

/** Phones without reactions send them as text: Liked “…”, Laughed at “…”, Reacted 👎 to “…”. What they quote is not theirs. */
function withoutQuotes(body: string): string {
  return REACTION.test(body) ? '' : body
}

const REACTION =
  /^\s*(?:\p{Extended_Pictographic}\ufe0f?\s*(?:to|a|à|zu)|liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|removed an? [\p{L} ]+ from|reacted\s+\S+\s+to|le gustó|a aimé|gefällt)\s+(?:an? image\s*$|["“«„])/iu

/**
 * Takes out what repeats the texts that this person was sent: a run that holds an instruction ("reply stop to opt
 * out"), or a long one. The bare "stop to opt out" stays, since people answer with it.
 */
function withoutCampaign(text: string, bodies: readonly string[]): string {
  const reply = text.split(' ').filter(word => word !== '')
  const quoted = new Array<boolean>(reply.length).fill(false)
  for (const body of bodies) {
    const sent = plain(body)
      .split(' ')
      .filter(word => word !== '' && word !== '.')
    for (let i = 0; i < reply.length; i++) {
      const end = longestRun(reply, i, sent)
      const run = reply.slice(i, end).filter(word => word !== '.')
      if (run.length >= LONG_QUOTE || instructs(run)) quoted.fill(true, i, end)
    }
  }
  return reply.map((word, i) => (quoted[i] ? '' : ` ${word}`)).join('')
}

const LONG_QUOTE = 10

function instructs(run: readonly string[]): boolean {
  return run.some((word, i) => INSTRUCTING.includes(word) && run.slice(i + 1, i + 3).some(next => INSTRUCTED.has(next)))
}

/** Where the longest run ends that begins at `start` and stands somewhere in `sent`; ends of sentences are passed over. */
function longestRun(reply: readonly string[], start: number, sent: readonly string[]): number {
  let best = start
  for (let at = 0; at < sent.length; at++) {
    let end = start
    for (let next = at; end < reply.length && next < sent.length; end++) {
      if (reply[end] === '.') continue
      if (reply[end] !== sent[next]) break
      next++
    }
    if (end > best) best = end
  }
  return best
}

/** "unsuscribe", "unsubcribe" are read as the word. */
function correctMistyped(text: string): string {
  return text.replaceAll(' un subscribe', ' unsubscribe').replace(/ un?s[a-z]{6,12}/g, word => {
    const token = word.slice(1)
    return /^unsubscrib(?:ed|er|es|ing)/.test(token) || distance(token, 'unsubscribe') > 2 ? word : ' unsubscribe'
  })
}

function isNearlyStop(word: string): boolean {
  return !STRONG_KEYS.has(word) && !NOT_MISTYPED.includes(word) && word.length > 2 && distance(word, 'stop') === 1
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (Damerau and Levenshtein). */
function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1)
      row.push(cost)
    }
    before = last
    last = row
  }
  return last[b.length]!
}

function firstMatch(patterns: readonly RegExp[], text: string): string | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(text)
    if (match) return match[0].trim()
  }
  return undefined
}

/** Turns a phrase of `opt-out-phrases.ts` into a pattern over plain text. */
function compile(phrase: string): RegExp {
  const source = phrase.split(' ').map(token => {
    if (token === '<') return '(?:^|(?<= \\.))'
    if (token === '>') return '(?= \\.|$)'
    if (token === '..') return '(?: [^ .~]+){0,3}?'
    if (token.startsWith('!')) return `(?! (?:${alternatives(token.slice(1))})(?= |$))`
    const optional = token.endsWith('?')
    const group = withEnds(optional ? token.slice(0, -1) : token)
    return optional ? `(?:${group})?` : group
  })
  return new RegExp(source.join(''), 'u')
}

/** A word after its space; the end of a sentence may stand among the alternatives. */
function withEnds(token: string): string {
  const parts = token.split('|')
  const words = `(?: (?:${alternatives(parts.filter(part => part !== '>').join('|'))})(?= |$))`
  return parts.includes('>') ? `(?:${words}|(?= \\.|$))` : words
}

function alternatives(token: string): string {
  return token
    .split('|')
    .map(part => part.replace(/^\{(\w+)\}$/, (_, name: string) => CLASSES[name]!))
    .join('|')
    .replaceAll('*', '[^ ]*')
}

const STRONG_KEYS: ReadonlySet<string> = new Set(STRONG_WORDS.map(keyOf))
const WHOLE_STOP_KEYS: readonly string[] = WHOLE_STOP.map(keyOf)
const WHOLE_LIKELY_KEYS: ReadonlySet<string> = new Set(WHOLE_LIKELY.map(keyOf))
const INSTRUCTED: ReadonlySet<string> = new Set(DEFAULT_WORDS.stop.map(keyOf))
const HARMLESS = PHRASES.flatMap(one => one.harmless).map(phrase => new RegExp(compile(phrase).source, 'gu'))
const CERTAIN = PHRASES.flatMap(one => one.certain).map(compile)
const LIKELY = PHRASES.flatMap(one => one.likely).map(compile)

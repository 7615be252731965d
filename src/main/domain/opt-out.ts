import { CLASSES, PHRASES } from './opt-out-phrases.ts'
import { UNSPACED } from './opt-out-phrases-more.ts'
import {
  ACCENTED,
  COURTESY,
  DEFAULT_WORDS,
  INSTRUCTING,
  type IntentWords,
  LAUGHTER,
  LAW_WORDS,
  LIKELY_SIGNS,
  NOT_MISTYPED,
  type OwnWord,
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
export const INTENT_REASONS = ['keyword', 'own', 'wording', 'sentence', 'mistyped', 'sign', 'short'] as const
export type IntentReason = (typeof INTENT_REASONS)[number]

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
  /** Words of the operator: those of everybody, and those of the person's lists. */
  own?: readonly OwnWord[]
}

/**
 * Reads what a person wants from what they wrote, by the rules of 47 CFR 64.1200(a)(10): the words as the whole message
 * in any case, and "any reasonable way" of wording it.
 */
export function readIntent(body: string, options: ReadOptions = {}): Reading {
  const written = withoutQuotes(withoutSignature(body))
  const words = options.words ?? DEFAULT_WORDS
  const whole = plain(written).replaceAll(' .', '').trim()
  const own = options.own ?? []
  if (isIgnored(whole, own)) return { intent: 'none' }
  const text = correctMistyped(withoutCampaign(plain(written), options.campaignBodies ?? []))
  const byOwn = byOwnWord(whole, text, own)
  if (byOwn?.intent === 'stop') return byOwn
  const built =
    byAccent(written) ?? byKeyword(whole, words) ?? bySign(written, whole) ?? byWording(text, whole) ?? NOTHING
  return built.intent === 'none' && byOwn ? byOwn : built
}

const NOTHING: Reading = { intent: 'none' }

/** The words of a text in plain form, with a space between them: lower case, without accents, punctuation and emoji. */
export function plainWords(text: string): string {
  return plain(text).replaceAll(' .', '').trim()
}

/** How two phrases compare: the same words in plain form, however they are spaced. */
export function phraseKey(phrase: string): string {
  return keyOf(phrase)
}

/**
 * Why an operator may not make a text no opt-out: `law` names it, or its `wording` asks to stop in plain words.
 * Null: it may be ignored.
 */
export function keptWord(phrase: string): 'law' | 'wording' | null {
  const key = keyOf(phrase)
  if (LAW_KEYS.has(key)) return 'law'
  const { intent, reason } = readIntent(phrase)
  const bare = bareWords(plain(phrase).replaceAll(' .', '').trim()).join('')
  if (intent === 'stop' && LAW_KEYS.has(bare)) return 'law'
  return intent === 'stop' && reason !== 'keyword' ? 'wording' : null
}

function isIgnored(whole: string, own: readonly OwnWord[]): boolean {
  const key = keyOf(whole)
  if (key === '' || LAW_KEYS.has(key)) return false
  return own.some(word => word.act === 'ignore' && keyOf(word.phrase) === key)
}

/** The operator's words, those that act at once first. */
function byOwnWord(whole: string, text: string, own: readonly OwnWord[]): Reading | undefined {
  const bare = bareWords(whole).join('')
  const fits = (word: OwnWord) => {
    const phrase = plain(word.phrase)
    const key = phrase.replaceAll(' .', '').replaceAll(' ', '')
    if (key === '') return false
    if (word.place === 'whole') return key === whole.replaceAll(' ', '') || key === bare
    const words = phrase.replaceAll(' .', '')
    return (
      `${text.replaceAll(' .', '')} `.includes(`${words} `) ||
      (UNSPACED_SCRIPT.test(key) && text.replaceAll(/[ .]/g, '').includes(key))
    )
  }
  for (const act of ['stop', 'review'] as const) {
    const found = own.find(word => word.act === act && fits(word))
    if (found) return { intent: act === 'stop' ? 'stop' : 'stop_likely', matched: found.phrase, reason: 'own' }
  }
  return undefined
}

/** Languages that are written without spaces between the words. */
const UNSPACED_SCRIPT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u

/** Whole messages that only their accents tell apart. */
function byAccent(written: string): Reading | undefined {
  const text = written
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  const intent = Object.hasOwn(ACCENTED, text) ? ACCENTED[text] : undefined
  return intent && (intent === 'none' ? NOTHING : { intent, matched: text, reason: 'keyword' })
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
    if (keys.includes(key) || isRepeated(whole, keys) || isRepeated(bareWords(whole).join(' '), keys))
      return { intent, matched: whole, reason: 'keyword' }
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
  const certain = firstMatch(CERTAIN, clean) ?? firstUnspaced(UNSPACED_CERTAIN, clean)
  if (certain) return { intent: 'stop', matched: certain, reason: 'wording' }
  const sentence = clean.split(' .').find(one => STRONG_KEYS.has(bareWords(one).join('')))
  if (sentence !== undefined) {
    // A text that begins or ends with it means it; in between it may be an exclamation.
    const isOuter = clean.startsWith(`${sentence} .`) || clean.endsWith(`.${sentence}`) || clean === sentence
    const isMeant = isOuter && !clean.split(' ').some(word => LAUGHTER.includes(word))
    return { intent: isMeant ? 'stop' : 'stop_likely', matched: sentence.trim(), reason: 'sentence' }
  }
  const likely = firstMatch(LIKELY, clean) ?? firstUnspaced(UNSPACED_LIKELY, clean)
  if (likely) return { intent: 'stop_likely', matched: likely, reason: 'wording' }
  const tokens = clean.split(' ').filter(word => word !== '' && word !== '.')
  const strong = tokens.find(word => STRONG_KEYS.has(word))
  if (strong && tokens.length <= SHORT) return { intent: 'stop_likely', matched: strong, reason: 'short' }
  const mistyped = mistypedStop(whole)
  return mistyped === undefined ? undefined : { intent: 'stop_likely', matched: mistyped, reason: 'mistyped' }
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
  const folded = foldLetters(text)
    .replace(/['’‘`´ʼ]/g, '')
    // "lose my #"
    .replace(/(?<=\s)#(?![\p{L}\p{N}])/gu, 'number')
    .replace(/[.!?;\n\r…]+|\s[-–—]+\s/g, ' . ')
    .replace(/[^\p{L}\p{N}.]+/gu, ' ')
    // "stoooop", "pleeease", "sttooop": a word with a letter three times has no double letters either.
    .replace(/\p{L}{3,}/gu, word => (TRIPLED.test(word) ? word.replace(/(\p{L})\1+/gu, '$1') : word))
  const words = folded.split(' ').filter((word, i, all) => word !== '' && !(word === '.' && all[i - 1] === '.'))
  while (words[0] === '.') words.shift()
  while (words.at(-1) === '.') words.pop()
  return words.map(word => ` ${word}`).join('')
}

const TRIPLED = /(\p{L})\1\1/u

/** Lower case without accents, of every script. */
function foldLetters(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßıđłø]/g, letter => OTHER_LETTERS[letter]!)
}

/** Letters that are no composition of a letter and an accent. */
const OTHER_LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ı: 'i', đ: 'd', ł: 'l', ø: 'o' }

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

/** "stpo", alone or before what it is about ("stpo texting me"). */
function mistypedStop(whole: string): string | undefined {
  const [first, ...rest] = bareWords(whole)
  if (first === undefined || !isNearlyStop(first)) return undefined
  return rest.length === 0 || MISTYPED_BEFORE.test(rest[0]!) ? first : undefined
}

const MISTYPED_BEFORE =
  /^(?:all|it|this|these|sms|texts?|texting|messages?|messaging|sending|spamming|calling|contacting|bothering)$/

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

function firstUnspaced(patterns: readonly RegExp[], text: string): string | undefined {
  return UNSPACED_SCRIPT.test(text.normalize('NFC')) ? firstMatch(patterns, text.replace(/[ .]/g, '')) : undefined
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
  const source = foldPhrase(phrase)
    .split(' ')
    .map(token => {
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

/** The words are folded as texts are; the names of classes and regular expressions (`\w`) stay. */
function foldPhrase(phrase: string): string {
  return phrase.replace(/\{\w+\}|\\w|[^{}\\]+/g, part => (/^[{\\]/.test(part) ? part : foldLetters(part)))
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

const LAW_KEYS: ReadonlySet<string> = new Set(LAW_WORDS.map(keyOf))
const STRONG_KEYS: ReadonlySet<string> = new Set(STRONG_WORDS.map(keyOf))
const WHOLE_STOP_KEYS: readonly string[] = WHOLE_STOP.map(keyOf)
const WHOLE_LIKELY_KEYS: ReadonlySet<string> = new Set(WHOLE_LIKELY.map(keyOf))
const INSTRUCTED: ReadonlySet<string> = new Set(DEFAULT_WORDS.stop.map(keyOf))
const HARMLESS = PHRASES.flatMap(one => one.harmless).map(phrase => new RegExp(compile(phrase).source, 'gu'))
const CERTAIN = PHRASES.flatMap(one => one.certain).map(compile)
const LIKELY = PHRASES.flatMap(one => one.likely).map(compile)
const UNSPACED_CERTAIN = UNSPACED.certain.map(unspaced)
const UNSPACED_LIKELY = UNSPACED.likely.map(unspaced)

function unspaced(source: string): RegExp {
  return new RegExp(foldLetters(source), 'u')
}

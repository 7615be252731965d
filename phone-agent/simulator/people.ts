import type { DatabaseSync } from 'node:sqlite'
import { chance, pick, within } from './chance.ts'
import type { People } from './config.ts'

/** One text that a person will send, and why. */
export interface Answer {
  afterMs: number
  body: string
  kind: 'answer' | 'stop' | 'wording' | 'help' | 'start'
}

/** What is known of a person who was texted. */
export interface Person {
  number: string
  /** How many texts they got. */
  texts: number
  /** How many of these they answered. */
  answers: number
  askedHelp: boolean
  /** They opted out; they answer nothing any more, even if they come back with START. */
  stopped: boolean
}

/**
 * What a person does about a text that has just reached them. Pure: the same settings, number and history always give
 * the same answers.
 * @param person as they were before this text.
 * @returns the person after it, and their texts.
 */
export function react(people: People, person: Person): { person: Person; answers: Answer[] } {
  const { seed } = people
  const after = { ...person, texts: person.texts + 1 }
  const answersAtAll = chance(seed, person.number, 'replies') < people.replyShare
  if (!answersAtAll || person.stopped || person.answers >= people.answersAtMost) return { person: after, answers: [] }

  const draw = chance(seed, person.number, 'character')
  const wording = chance(seed, person.number, 'words', after.texts)
  const afterMs = within(people.delayMs, chance(seed, person.number, 'delay', after.texts))
  const answers: Answer[] = []
  after.answers++

  if (draw < people.stopShare) answers.push({ afterMs, body: pick(STOP_WORDS, wording), kind: 'stop' })
  else if (draw < people.stopShare + people.wordingShare) {
    answers.push({ afterMs, body: pick(OPT_OUT_WORDINGS, wording), kind: 'wording' })
  } else if (draw < people.stopShare + people.wordingShare + people.helpShare && !person.askedHelp) {
    after.askedHelp = true
    answers.push({ afterMs, body: pick(HELP_WORDS, wording), kind: 'help' })
  } else if (!person.askedHelp) answers.push({ afterMs, body: pick(ANSWERS, wording), kind: 'answer' })
  else after.answers--

  if (answers[0] && chance(seed, person.number, 'twice') < people.twiceShare) {
    const gap = within([0, 1500], chance(seed, person.number, 'gap', after.texts))
    answers.push({ ...answers[0], afterMs: afterMs + gap })
  }
  if (answers[0]?.kind === 'stop' || answers[0]?.kind === 'wording') {
    after.stopped = true
    if (chance(seed, person.number, 'comes back') < people.startShare) {
      const later = within(people.delayMs, chance(seed, person.number, 'start')) + 2000
      answers.push({ afterMs: (answers.at(-1)?.afterMs ?? 0) + later, body: 'START', kind: 'start' })
    }
  }
  return { person: after, answers }
}

/** Lets the person with this number react, and remembers it. Call it inside a transaction. */
export function textReaches(db: DatabaseSync, people: People, number: string): Answer[] {
  const row = db.prepare('SELECT * FROM people WHERE number = ?').get(number)
  const { person, answers } = react(people, {
    number,
    texts: Number(row?.texts ?? 0),
    answers: Number(row?.answers ?? 0),
    askedHelp: row?.asked_help === 1,
    stopped: row?.stopped === 1,
  })
  db.prepare('INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?)').run(
    number,
    person.texts,
    person.answers,
    person.askedHelp ? 1 : 0,
    person.stopped ? 1 : 0,
  )
  return answers
}

const STOP_WORDS = [
  'STOP',
  'Stop',
  'stop.',
  'STOP!',
  'Unsubscribe',
  'STOP ALL',
  'stopall',
  'Quit',
  'End',
  'opt-out',
] as const
const OPT_OUT_WORDINGS = [
  'please stop texting me',
  'Take me off this list',
  'lose my number',
  'Do not contact me again.',
  'Stop texting me please, I never signed up for this',
] as const
const HELP_WORDS = ['HELP', 'Help', 'INFO'] as const
const ANSWERS = [
  'Thanks!',
  'Who is this?',
  'Sounds good, see you there',
  'What time do you open?',
  'Ok 👍',
  'Merci, à bientôt',
  'Can you call me tomorrow?\nAfter five is best.',
  'New phone, who dis',
] as const

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Intent, type Reading, readIntent } from '../../src/main/domain/opt-out.ts'

/** What people say that a text means. `likely`: in doubt, so that it is held and a person decides. */
export const LABELS = ['stop', 'likely', 'start', 'help', 'none'] as const
export type Label = (typeof LABELS)[number]

/** `tuning`: words and phrases were chosen with it in sight. `held-out`: only ever measured with. */
export const PARTS = ['tuning', 'held-out'] as const
export type Part = (typeof PARTS)[number]

/** One text of the labelled set. */
export interface LabelledText {
  readonly part: Part
  /** ISO 639-1 */
  readonly language: string
  readonly label: Label
  /** What is hard about it. */
  readonly case: string
  readonly text: string
  /** What this person was sent before. */
  readonly sent?: string
}

/** How well one class is found: of those named so how many are right, and of those that are how many were named so. */
export interface Score {
  readonly texts: number
  /** 0 to 1; null where nothing was named so. */
  readonly precision: number | null
  /** 0 to 1; null where the set has none. */
  readonly recall: number | null
}

/** A text that was read as something else. */
export interface Miss {
  readonly text: LabelledText
  readonly read: Reading
}

export interface Measured {
  readonly texts: number
  readonly classes: Readonly<Record<Label, Score>>
  /** `stop` and `likely` together: whether sending to this person stops. */
  readonly held: Score
  readonly languages: Readonly<Record<string, { readonly stop: Score; readonly held: Score }>>
  readonly misses: readonly Miss[]
}

const FILE = resolve('test/data/opt-out-texts.jsonl')

/** The labelled set. @throws Error where a line of it is none */
export function labelledTexts(): LabelledText[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as LabelledText)
}

/** Reads every text and compares. */
export function measureTexts(texts: readonly LabelledText[]): Measured {
  const read = texts.map(text => {
    const reading = readIntent(text.text, { campaignBodies: text.sent === undefined ? [] : [text.sent] })
    return { text, reading, as: LABEL_OF[reading.intent] }
  })
  const scoreOf = (of: typeof read, labels: readonly Label[]): Score => {
    const named = of.filter(one => labels.includes(one.as))
    const meant = of.filter(one => labels.includes(one.text.label))
    const right = named.filter(one => labels.includes(one.text.label)).length
    return { texts: meant.length, precision: part(right, named.length), recall: part(right, meant.length) }
  }
  const languages = [...new Set(texts.map(text => text.language))]
  return {
    texts: texts.length,
    classes: Object.fromEntries(LABELS.map(label => [label, scoreOf(read, [label])])) as Record<Label, Score>,
    held: scoreOf(read, ['stop', 'likely']),
    languages: Object.fromEntries(
      languages.map(language => {
        const own = read.filter(one => one.text.language === language)
        return [language, { stop: scoreOf(own, ['stop']), held: scoreOf(own, ['stop', 'likely']) }]
      }),
    ),
    misses: read.filter(one => one.as !== one.text.label).map(({ text, reading }) => ({ text, read: reading })),
  }
}

const LABEL_OF: Readonly<Record<Intent, Label>> = {
  stop: 'stop',
  stop_likely: 'likely',
  start: 'start',
  help: 'help',
  none: 'none',
}

function part(some: number, all: number): number | null {
  return all === 0 ? null : some / all
}

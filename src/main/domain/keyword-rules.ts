import { plainWords } from './opt-out.ts'

/** What a rule looks for. */
export interface Keywords {
  readonly phrases: readonly string[]
  /** `whole`: the phrase is the whole text. `begins`: the text begins with it. `within`: it stands anywhere, as whole words. */
  readonly fits: 'whole' | 'begins' | 'within'
}

/** The phrase of a rule that a text holds; compared without case, accents, punctuation and emoji. */
export function phraseIn(body: string, { phrases, fits }: Keywords): string | undefined {
  const text = plainWords(body)
  if (text === '') return undefined
  return phrases.find(phrase => {
    const words = plainWords(phrase)
    if (words === '') return false
    if (fits === 'whole') return text.replaceAll(' ', '') === words.replaceAll(' ', '')
    return fits === 'begins' ? `${text} `.startsWith(`${words} `) : ` ${text} `.includes(` ${words} `)
  })
}

/** The first rule, in their order, whose words stand in a text, with the phrase that did. */
export function ruleFor<Rule extends Keywords>(
  rules: readonly Rule[],
  body: string,
): { readonly rule: Rule; readonly phrase: string } | undefined {
  for (const rule of rules) {
    const phrase = phraseIn(body, rule)
    if (phrase !== undefined) return { rule, phrase }
  }
  return undefined
}

/**
 * Why a text was read as an opt-out, START or HELP, in a sentence.
 * @param reason the kind of rule, as `optouts.try` and the review queue give it
 * @param matched the words that decided, in plain form
 */
export function reasonSentence(intent: string, reason: string, matched: string): string {
  const words = matched === '' ? '' : `“${matched}”`
  switch (reason) {
    case 'keyword':
      return intent === 'stop_likely'
        ? `The whole text, ${words}, is often meant as an opt-out.`
        : `The whole text is the word ${words}.`
    case 'own':
      return `${words} is one of your own words.`
    case 'wording':
      return intent === 'stop' ? `${words} asks not to be texted.` : `${words} may ask not to be texted.`
    case 'sentence':
      return intent === 'stop' ? `A sentence is ${words} alone.` : `${words} stands alone, but among other talk.`
    case 'mistyped':
      return `${words} looks like a mistyped STOP.`
    case 'sign':
      return `It is nothing but the sign ${matched}.`
    case 'short':
      return `It is short, and ${words} is in it.`
    default:
      return 'Nothing in it asks to stop.'
  }
}

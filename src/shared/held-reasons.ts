/** Why an automatic answer was held back, in a sentence each. */
const REASONS: Readonly<Record<string, string>> = {
  opted_out: 'They have opted out.',
  automatic: 'The text says of itself that nobody wrote it.',
  repeated: 'The same text came three times within a day.',
  too_often: 'They got as many automatic answers as one number may get.',
  robot: 'An answer was held back before, and nobody of the hub has answered since: it may be a robot.',
  rule_wait: 'The rule has answered them a short while ago.',
  late: 'The text had lain on the phone for so long that an answer made no sense any more.',
  template: 'The answer names a field that this person does not have, or is too long.',
}

/** @param heldFor as `rules.actions` and a thread give it; empty: it was not held back */
export function heldSentence(heldFor: string): string {
  return heldFor === '' ? '' : (REASONS[heldFor] ?? heldFor)
}

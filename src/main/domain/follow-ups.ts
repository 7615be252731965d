import type { Step } from '../../shared/operations/campaigns.ts'
import type { MessageState } from '../../shared/operations/messages.ts'

/** A text of a campaign to one person. */
export interface StepText {
  /** 0: a first text. */
  readonly step: number
  readonly state: MessageState
  /** ms UTC; null: not attempted. */
  readonly attemptedAt: number | null
}

/** What decides about the follow-ups of one person. Times are ms UTC. */
export interface Reactions {
  /** When they first texted, whatever it was, since the first text to them; null: never. */
  readonly heardAt: number | null
  /** When they first answered with something that is no command such as STOP or HELP; null: never. */
  readonly repliedAt: number | null
  /** When their conversation got its tags, by name in small letters. */
  readonly tags: ReadonlyMap<string, number>
  /** Whether they opted out since, even if they came back. */
  readonly stopped: boolean
}

const HOUR_MS = 3_600_000
/** States in which a text may have reached the person. */
const LEFT: ReadonlySet<MessageState> = new Set(['attempting', 'handed_over', 'sent', 'unknown'])

/** When the first text to a person was attempted; null: none has left, and so nothing can follow. */
export function firstTextAt(texts: readonly StepText[]): number | null {
  const times = texts.flatMap(text =>
    text.step === 0 && LEFT.has(text.state) && text.attemptedAt !== null ? [text.attemptedAt] : [],
  )
  return times.length === 0 ? null : Math.min(...times)
}

/**
 * The follow-ups that a person may get from now on and has no message of yet, each with the instant (ms UTC) before which
 * it must not go. Of every step there is one message at most, whatever became of it.
 */
export function nextSteps(
  steps: readonly Step[],
  texts: readonly StepText[],
  person: Reactions,
): { step: number; notBefore: number }[] {
  const firstAt = firstTextAt(texts)
  if (firstAt === null || person.stopped) return []
  const had = new Set(texts.map(text => text.step))
  return steps.flatMap((plan, at) => {
    const step = at + 1
    if (had.has(step)) return []
    const since = beginOf(steps, step, texts, person, firstAt)
    return since === null ? [] : [{ step, notBefore: since + plan.delayHours * HOUR_MS }]
  })
}

/**
 * Why a follow-up that waits must not go any more; null: it may. `answered`: it is for people who are silent.
 * `tag_removed`: the tag that it hangs on was taken away. `stopped`: they opted out since the first text.
 */
export function endedBy(plan: Step, person: Reactions): 'answered' | 'tag_removed' | 'stopped' | null {
  if (person.stopped) return 'stopped'
  if (plan.condition === 'no_reply' && person.heardAt !== null) return 'answered'
  if (plan.condition === 'tag' && !person.tags.has(plan.tag.toLowerCase())) return 'tag_removed'
  return null
}

/** From when on the delay of a step counts; null: its condition is not met (yet). */
function beginOf(
  steps: readonly Step[],
  step: number,
  texts: readonly StepText[],
  person: Reactions,
  firstAt: number,
): number | null {
  const plan = steps[step - 1]!
  if (plan.condition === 'reply') return person.repliedAt
  if (plan.condition === 'tag') {
    const taggedAt = person.tags.get(plan.tag.toLowerCase())
    return taggedAt !== undefined && taggedAt >= firstAt ? taggedAt : null
  }
  if (person.heardAt !== null) return null
  return provenAt(texts, silentStepBefore(steps, step))
}

/** The text whose silence a `no_reply` step waits for: the last such step before it, else the first text. */
function silentStepBefore(steps: readonly Step[], step: number): number {
  for (let before = step - 1; before > 0; before -= 1) if (steps[before - 1]!.condition === 'no_reply') return before
  return 0
}

/** When a step's text was attempted that is proven to have been sent: nobody is asked why they ignored what never came. */
function provenAt(texts: readonly StepText[], step: number): number | null {
  const times = texts.flatMap(text =>
    text.step === step && text.state === 'sent' && text.attemptedAt !== null ? [text.attemptedAt] : [],
  )
  return times.length === 0 ? null : Math.max(...times)
}

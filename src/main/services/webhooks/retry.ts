/** How long a delivery is tried, in ms. */
export const TRIED_FOR_MS = 48 * 3_600_000
const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 3_600_000
/** A target that refuses so many in a row is left alone for a while, whatever it answers. */
const REFUSALS_TO_REST = 5

/** Whether an answer means that the delivery was taken. */
export function isTaken(status: number): boolean {
  return status >= 200 && status < 300
}

/**
 * How long to wait after the `failures`-th failed attempt in a row, in ms: twice as long each time, up to an hour.
 * `chance`: 0 to 1; up to half of the wait is left to it, so that what failed together does not come back together.
 */
export function backOff(failures: number, chance: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, Math.max(0, failures - 1)))
  return Math.round(wait * (1 - chance / 2))
}

/**
 * How long the whole target is left alone after its `failures`-th failure in a row, in ms. One that is down (no answer,
 * overload, an error of its own) rests at once; one that refuses single deliveries only when it refuses them all.
 */
export function restAfter(failures: number, status: number | null, chance: number): number {
  const down = status === null || status === 408 || status === 425 || status === 429 || status >= 500
  if (down) return backOff(failures, chance)
  return failures >= REFUSALS_TO_REST ? backOff(failures - REFUSALS_TO_REST + 1, chance) : 0
}

/** The wait that a target asks for counts up to an hour. */
export function askedWait(retryAfterMs: number | null): number {
  return Math.min(LONGEST_WAIT_MS, retryAfterMs ?? 0)
}

/** What to say of an answer that is not a success. */
export function answerText(status: number): string {
  if (status >= 300 && status < 400) return `The target answered ${status}: redirects are not followed.`
  return `The target answered ${status}.`
}

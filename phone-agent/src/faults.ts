/**
 * Where a test can make the agent die, as if the phone had been switched off:
 * - `journal-write`: lines are written, not yet synced. `journal-synced`: they are synced, nobody has acted on them.
 * - `before-send`: the attempt is journalled, the command has not run. `during-send`: the command has just been started.
 *   `after-send`: it has ended, and nothing says so yet. `handed-over`: that is journalled too.
 * - `events-sent`: entries are on their way to the hub. `before-ack`: its acknowledgement is about to be handled.
 * - `accepted`: assignments are journalled, not yet reported.
 * - `journal-change`: a file of the journal without an erased person lies beside the old one. `journal-changed`: it has
 *   taken its place.
 */
export const FAULT_STEPS = [
  'journal-write',
  'journal-synced',
  'before-send',
  'during-send',
  'after-send',
  'handed-over',
  'events-sent',
  'before-ack',
  'accepted',
  'journal-change',
  'journal-changed',
] as const
export type FaultStep = (typeof FAULT_STEPS)[number]

let fatal: { step: string; countdown: number } | null = null

/** Arms one step: `step`, or `step:n` for the n-th time that it is passed. */
export function armFault(spec: string | null): void {
  const [step, times] = (spec ?? '').split(':')
  fatal = step ? { step, countdown: Number(times ?? 1) } : null
}

/** Called at each of the steps; does nothing unless a test has armed it. */
export function faultPoint(step: FaultStep): void {
  if (fatal?.step === step && --fatal.countdown === 0) process.kill(process.pid, 'SIGKILL')
}

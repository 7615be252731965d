/**
 * Where a test can make the hub die, as if its power had gone:
 * - `before-commit`: a turn of the dispatch has written all it has to, and nothing of it is stored.
 * - `after-commit`: it is stored, and nothing of what follows from it has left.
 * - `before-ack`: an acknowledgement is about to leave. `after-ack`: it has left.
 */
export const FAULT_STEPS = ['before-commit', 'after-commit', 'before-ack', 'after-ack'] as const
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

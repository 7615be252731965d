import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { VIOLATIONS, type Violation, type ViolationKind, waitingByRule } from './checks.ts'
import type { Records } from './records.ts'
import { journalLines, plain, type Truth } from './truth.ts'

/** What a run ends in. Everything of `VIOLATIONS` has to be 0. */
export type Result = {
  readonly messages: number
  readonly kills: number
  readonly seed: number
  readonly faults: Readonly<Record<string, number>>
  readonly left: number
  readonly inbound: number
  /** Messages without proof, as the rules have it, and by reason. */
  readonly unknown: number
  readonly unknownBy: Readonly<Record<string, number>>
  /** Queued behind one of the unknown, or behind a text that only a phone knows of. */
  readonly waiting: number
  /** People who were erased on the way. */
  readonly erased: number
  readonly states: Readonly<Record<string, number>>
  readonly seconds: number
} & Readonly<Record<ViolationKind, number>>

export function resultOf(truth: Truth, records: Records, violations: readonly Violation[], seconds: number): Result {
  const states: Record<string, number> = {}
  const unknownBy: Record<string, number> = {}
  for (const { state, reason } of truth.messages) {
    states[state] = (states[state] ?? 0) + 1
    if (state === 'unknown') unknownBy[reason] = (unknownBy[reason] ?? 0) + 1
  }
  const counted = Object.fromEntries(
    VIOLATIONS.map(kind => [
      kind,
      violations.filter(one => one.kind === kind).reduce((sum, one) => sum + one.count, 0),
    ]),
  ) as Record<ViolationKind, number>
  return {
    messages: truth.messages.length,
    kills: records.kills,
    seed: records.plan.seed,
    faults: Object.fromEntries([...records.counts].sort(([left], [right]) => left.localeCompare(right))),
    ...counted,
    left: truth.left.length,
    inbound: truth.inbound.length,
    unknown: states['unknown'] ?? 0,
    unknownBy,
    waiting: waitingByRule(truth, records).length,
    erased: records.erased.size,
    states,
    seconds: Math.round(seconds * 10) / 10,
  }
}

export function isClean(result: Result): boolean {
  return VIOLATIONS.every(kind => result[kind] === 0)
}

/** Everything that is known of each violation, for whoever mends it. Returns the file. */
export function writeDetails(root: string, violations: readonly Violation[], truth: Truth): string {
  const file = join(root, 'violations.txt')
  writeFileSync(file, violations.map(one => details(root, one, truth)).join('\n\n'))
  return file
}

function details(root: string, { kind, what, number, messages }: Violation, truth: Truth): string {
  const lines = [`${kind}: ${what}`]
  if (number === undefined) return lines.join('\n')
  const same = plain(number)
  const add = (at: number, line: string) => events.push({ at, line })
  const events: { at: number; line: string }[] = []
  for (const one of truth.left) {
    if (plain(one.to) === same)
      add(one.at, `left ${one.phone} slot ${one.slot} seq ${one.seq} "${one.body.slice(0, 50)}"`)
  }
  for (const one of truth.arrivals) {
    if (plain(one.from) === same)
      add(one.at, `came in at ${one.phone} "${one.body.slice(0, 50)}", readable at ${clock(one.readableAt)}`)
  }
  for (const one of truth.rows) {
    if (plain(one.address) === same)
      add(one.visibleFrom, `row ${one.id} of ${one.phone} seq ${one.seq} "${one.body.slice(0, 50)}"`)
  }
  for (const one of truth.calls) {
    if (one.args.includes(number))
      add(
        one.begin,
        `${one.phone} ran ${one.name} ${one.args}, ${one.end === null ? 'killed' : `${Math.round(one.end - one.begin)} ms`}`,
      )
  }
  lines.push(...events.sort((left, right) => left.at - right.at).map(({ at, line }) => `  ${clock(at)} ${line}`))
  for (const one of truth.messages) {
    if (one.number === number)
      lines.push(
        `  hub: ${one.id} ${one.kind} ${one.campaign ?? ''} ${one.state} (${one.reason}) assigned ${clock(one.assignedAt)} attempted ${clock(one.attemptedAt)}`,
      )
  }
  for (const id of messages ?? []) lines.push(...journalLines(root, id).map(line => `  journal ${line}`))
  return lines.join('\n')
}

function clock(at: number | null): string {
  return at === null ? '-' : new Date(at).toISOString().slice(11, 23)
}

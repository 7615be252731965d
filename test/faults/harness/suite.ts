import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkDatabase, findViolations, type Violation } from './checks.ts'
import { checkErased, remembered } from './checks-erased.ts'
import { makeCopy } from './copy.ts'
import { isClean, type Result, resultOf, writeDetails } from './report.ts'
import { playRun } from './run.ts'
import { SABOTAGES } from './sabotages.ts'
import { planRun } from './schedule.ts'
import { readTruth } from './truth.ts'

export interface SuiteOptions {
  readonly messages: number
  readonly kills: number
  readonly seed: number
  /** Name of a change of the code that the run has to notice; null: the code as it is. */
  readonly sabotage: string | null
  /** Kinds of events that are left out. */
  readonly without?: readonly string[]
  /** Where the folder of the run is made; the system's folder for temporary files by default. */
  readonly folder?: string
  /** Keeps the folder of the run also when it was clean. */
  readonly keep: boolean
  readonly say: (line: string) => void
}

export interface SuiteResult {
  readonly result: Result
  readonly violations: readonly Violation[]
  /** Null when it was removed. */
  readonly root: string | null
}

/** One run from the build to the checks. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const started = performance.now()
  const root = mkdtempSync(join(options.folder ?? tmpdir(), 'ccf-'))
  const say = (line: string): void =>
    options.say(`${((performance.now() - started) / 1000).toFixed(1).padStart(6)} ${line}`)
  const programs = makeCopy(join(root, 'copy'), options.sabotage === null ? null : SABOTAGES[options.sabotage]!)
  say('built')
  const plan = planRun(options.messages, options.kills, options.seed, options.without)
  const { records, hub, calmAt } = await playRun({ plan, root, programs, say })
  const audit = await hub.command('audit', 'verify')
  if (audit.status !== 0) records.broken.push(`audit verify: ${audit.text.trim()}`)
  records.broken.push(...checkDatabase(hub.database))
  const truth = remembered(readTruth(hub.database, records.handsets), records)
  records.broken.push(...checkErased(hub.database, truth, records))
  const violations = findViolations(truth, records, calmAt)
  const result = resultOf(truth, records, violations, (performance.now() - started) / 1000)
  rmSync(join(root, 'copy'), { recursive: true, force: true })
  if (isClean(result) && !options.keep) {
    rmSync(root, { recursive: true, force: true })
    return { result, violations, root: null }
  }
  writeDetails(root, violations, truth)
  return { result, violations, root }
}

/**
 * Proof of the promise "never twice, never lost, never after STOP": the hub, two phone agents and simulated phones run as
 * processes of their own while everything goes wrong that a seed has drawn, and afterwards what truly left the phones is
 * compared with what the hub says. See docs/reliability.md.
 */
import { parseArgs } from 'node:util'
import { isClean } from '../test/faults/harness/report.ts'
import { SABOTAGES } from '../test/faults/harness/sabotages.ts'
import { describeEvent, FAULT_KINDS, planRun } from '../test/faults/harness/schedule.ts'
import { runSuite } from '../test/faults/harness/suite.ts'

const HELP = `npm run faults -- [options]

  --messages N      how many messages (default: 2000)
  --kills K         how often a process is killed at least (default: 60)
  --seed S          what goes wrong and when; the same seed draws the same (default: 1)
  --json            only one JSON object on standard output; everything else on standard error
  --without KINDS   leave out these kinds of events, separated by commas (--plan shows them)
  --plan            print what would happen, and end
  --keep            keep the folder of the run even when nothing was found
  --folder DIR      where that folder is made (default: the system's folder for temporary files)
  --sabotage NAME   run a copy of the code that is broken on purpose, which the run has to notice:
${Object.entries(SABOTAGES)
  .map(([name, { about }]) => `                      ${name.padEnd(26)} ${about}`)
  .join('\n')}
  --help            this text

Exit codes: 0 nothing was found (with --sabotage: it was noticed), 1 otherwise, 2 a wrong command line.`

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    without: { type: 'string', default: '' },
    plan: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    folder: { type: 'string' },
    sabotage: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exitCode = await main()

async function main(): Promise<number> {
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const numbers = [values.messages, values.kills, values.seed].map(Number)
  const [messages, kills, seed] = numbers as [number, number, number]
  if (!numbers.every(Number.isInteger) || messages < 40 || kills < 0) {
    console.error('Give whole numbers: at least 40 messages, and kills from 0 on.')
    return 2
  }
  const sabotage = values.sabotage ?? null
  if (sabotage !== null && !(sabotage in SABOTAGES)) {
    console.error(`There is no sabotage "${sabotage}". There are: ${Object.keys(SABOTAGES).join(', ')}`)
    return 2
  }
  const without = values.without.split(',').filter(kind => kind !== '')
  const odd = without.find(kind => !FAULT_KINDS.some(known => known === kind))
  if (odd !== undefined) {
    console.error(`There is no kind of event "${odd}". There are: ${FAULT_KINDS.join(', ')}`)
    return 2
  }
  const say = (line: string): void => console[values.json ? 'error' : 'log'](line)
  say(
    `${messages} messages, ${kills} kills, seed ${seed}${sabotage === null ? '' : `, sabotaged: ${SABOTAGES[sabotage]!.about}`}`,
  )
  for (const event of planRun(messages, kills, seed, without).events) say(`plan  ${describeEvent(event)}`)
  if (values.plan) return 0
  const { result, violations, root } = await runSuite({
    messages,
    kills,
    seed,
    sabotage,
    without,
    keep: values.keep,
    say,
    ...(values.folder !== undefined && { folder: values.folder }),
  })
  for (const { kind, count, what } of violations.slice(0, 40))
    say(`! ${kind}${count > 1 ? ` (${count})` : ''}: ${what}`)
  if (violations.length > 40) say(`! and ${violations.length - 40} more`)
  if (root !== null)
    say(`The folder of the run stays: ${root}${violations.length > 0 ? ' (violations.txt has the details)' : ''}`)
  console.log(JSON.stringify(sabotage === null ? result : { sabotage, caught: !isClean(result), ...result }))
  return isClean(result) === (sabotage === null) ? 0 : 1
}

/** How well opt-outs are read: precision and recall on the labelled set, by class and language. See docs/opt-out.md. */
import { parseArgs } from 'node:util'
import {
  labelledTexts,
  type Measured,
  measureTexts,
  PARTS,
  type Part,
  type Score,
} from '../test/support/opt-out-measure.ts'

const HELP = `npm run opt-outs -- [options]

  --part PART    tuning or held-out (default: both)
  --misses       every text that was read as something else, too
  --json         one JSON object on standard output
  --help         this text

Exit codes: 0 measured, 2 a wrong command line.`

process.exitCode = main()

function main(): number {
  let values: { part?: string; misses: boolean; json: boolean; help: boolean }
  try {
    values = parseArgs({
      options: {
        part: { type: 'string' },
        misses: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`)
    return 2
  }
  if (values.help) {
    console.log(HELP)
    return 0
  }
  if (values.part !== undefined && !PARTS.includes(values.part as Part)) {
    console.error(`There is no part "${values.part}": give one of ${PARTS.join(', ')}.`)
    return 2
  }
  const texts = labelledTexts()
  const parts = PARTS.filter(part => values.part === undefined || part === values.part)
  const measured = parts.map(part => ({ part, of: measureTexts(texts.filter(text => text.part === part)) }))
  if (values.json) {
    const data = measured.map(({ part, of: { misses, ...figures } }) => [
      part,
      values.misses ? { ...figures, misses } : figures,
    ])
    console.log(JSON.stringify(Object.fromEntries(data)))
    return 0
  }
  for (const { part, of } of measured) print(part, of, values.misses)
  return 0
}

function print(part: Part, measured: Measured, withMisses: boolean): void {
  console.log(`${part}: ${measured.texts} texts\n`)
  const classes = Object.entries({ ...measured.classes, 'stop or likely': measured.held })
  for (const line of table(
    ['class', 'texts', 'precision', 'recall'],
    classes.map(([label, score]) => [label, score.texts, percent(score.precision), percent(score.recall)]),
  ))
    console.log(line)
  console.log('')
  for (const line of table(
    ['language', 'stop', 'precision', 'recall', 'stop or likely', 'precision', 'recall'],
    Object.entries(measured.languages).map(([language, { stop, held }]) => [language, ...cells(stop), ...cells(held)]),
  ))
    console.log(line)
  if (withMisses) {
    console.log('')
    for (const { text, read } of measured.misses) {
      const why = read.matched === undefined ? '' : ` by "${read.matched}" (${read.reason})`
      console.log(`  ${text.language} ${text.label} read as ${read.intent}${why}: ${JSON.stringify(text.text)}`)
    }
  }
  console.log('')
}

function cells(score: Score): (string | number)[] {
  return [score.texts, percent(score.precision), percent(score.recall)]
}

function percent(value: number | null): string {
  return value === null ? '-' : `${(value * 100).toFixed(1)} %`
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const all = [head, ...rows.map(row => row.map(String))]
  const widths = head.map((_, at) => Math.max(...all.map(row => row[at]!.length)))
  return all.map(
    row => `  ${row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')}`,
  )
}

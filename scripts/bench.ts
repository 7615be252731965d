/**
 * Measures what DESIGN.md promises: `npm run bench -- NAME [options]`. Progress goes to standard error; with `--json` the
 * result is one line on standard output, and with `--write` the table of docs/performance.md is written from it.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BENCHMARKS } from '../test/bench/benchmarks.ts'
import { profileInto } from '../test/bench/process.ts'
import { tableText, writeSection } from '../test/bench/report.ts'

const HELP = `npm run bench -- NAME [options]

${Object.entries(BENCHMARKS)
  .map(([name, { options, about }]) => {
    const given = Object.entries(options).map(([option, fallback]) => `--${option} ${fallback}`)
    return `  ${name.padEnd(15)} ${about}\n  ${''.padEnd(15)}   ${given.join(' ')}`
  })
  .join('\n')}

  --json           the result as one line of JSON
  --write          write the table of docs/performance.md from it
  --dir DIR        where databases are made (default: the folder for temporary files); no memory disk, please
  --profile DIR    every process writes a profile of its processor time there, for the tools of Chromium
  --help           this text

Numbers may be written as 50000, 50_000, 50k or 1m.`

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args
  const benchmark = BENCHMARKS[name]
  if (!benchmark) {
    console.error(name === 'help' || name === '--help' ? HELP : `There is no benchmark "${name}".\n\n${HELP}`)
    return name === 'help' || name === '--help' ? 0 : 2
  }
  const { values } = parseArgs({
    args: rest,
    options: {
      ...Object.fromEntries(Object.keys(benchmark.options).map(option => [option, { type: 'string' as const }])),
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      dir: { type: 'string', default: tmpdir() },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const options = Object.fromEntries(
    Object.entries(benchmark.options).map(([option, fallback]) => {
      const given = (values as Record<string, string | boolean | undefined>)[option]
      return [option, typeof given === 'string' ? numberFrom(option, given) : fallback]
    }),
  )
  if (values.profile !== undefined) profileInto(resolve(String(values.profile)))
  const parent = resolve(String(values.dir))
  if (!existsSync(parent)) mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'cc-bench-'))
  const stop = (): void => {
    rmSync(folder, { recursive: true, force: true })
    process.exit(130)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const say = (line: string): void => console.error(line)
    const { result, tables } = await benchmark.run(options, { folder, say })
    if (values.write) writeSection(name, result, tables, `npm run bench -- ${[name, ...rest].join(' ')}`)
    if (values.json) console.log(JSON.stringify(result))
    else console.log(tables.map(tableText).join('\n\n'))
    return 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function numberFrom(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)([km]?)$/i.exec(text.replaceAll('_', ''))
  if (!match) throw new Error(`--${option} takes a number, such as 50000 or 1m; it was given "${text}".`)
  return Number(match[1]) * { '': 1, k: 1_000, m: 1_000_000 }[match[2]!.toLowerCase() as '' | 'k' | 'm']
}

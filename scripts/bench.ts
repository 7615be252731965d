/**
 * Measures what DESIGN.md promises: `npm run bench -- NAME [options]`. Progress goes to standard error; with `--json` the
 * result is one line on standard output, and with `--write` it is kept for docs/performance.md, whose tables are written
 * from what is kept: `npm run bench -- docs` writes them all again.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { BENCHMARKS } from '../test/bench/benchmarks.ts'
import { buildPrograms, profileInto } from '../test/bench/programs.ts'
import { saveResult, tableText, writePage } from '../test/bench/report.ts'

const HELP = `npm run bench -- NAME [options]

${Object.entries(BENCHMARKS)
  .map(([name, { options, about }]) => {
    const given = Object.entries(options).map(([option, fallback]) => `--${option} ${fallback}`)
    return `  ${name.padEnd(15)} ${about}\n  ${''.padEnd(15)}   ${given.join(' ')}`
  })
  .join('\n')}

  --json           the result as one line of JSON
  --write          keep the result in docs/performance/ and write the table of docs/performance.md from it
  --as NAME        the place on that page, where it is not the name of the benchmark
  --dir DIR        where databases are made (default: the folder for temporary files); no memory disk, please
  --profile DIR    every process writes a profile of its processor time there, for the tools of Chromium
  --help           this text

  npm run bench -- docs   writes the tables of docs/performance.md from the results that are kept

Numbers may be written as 50000, 50_000, 50k or 1m.`

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const [name = 'help', ...rest] = args
  if (name === 'docs') {
    writePage()
    return 0
  }
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
      as: { type: 'string', default: name },
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
  const programs = await buildPrograms()
  const tidy = (): void => {
    for (const path of [folder, programs]) rmSync(path, { recursive: true, force: true })
  }
  const stop = (): void => {
    tidy()
    process.exit(130)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const say = (line: string): void => console.error(line)
    const { result, tables } = await benchmark.run(options, { folder, say })
    if (values.write) {
      saveResult(String(values.as), {
        command: `npm run bench -- ${[name, ...worthTelling(rest)].join(' ')}`,
        result,
        tables,
      })
      writePage()
    }
    if (values.json) console.log(JSON.stringify(result))
    else console.log(tables.map(tableText).join('\n\n'))
    return 0
  } finally {
    tidy()
  }
}

/** Not where files were put, which is of nobody's interest and may tell of this machine. */
function worthTelling(args: readonly string[]): string[] {
  return args.filter((arg, at) => {
    const option = /^--(dir|profile|as)$/
    return (
      !option.test(arg) && !option.test(args[at - 1] ?? '') && !/^--(dir|profile|as)=/.test(arg) && arg !== '--write'
    )
  })
}

function numberFrom(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)([km]?)$/i.exec(text.replaceAll('_', ''))
  if (!match) throw new Error(`--${option} takes a number, such as 50000 or 1m; it was given "${text}".`)
  return Number(match[1]) * { '': 1, k: 1_000, m: 1_000_000 }[match[2]!.toLowerCase() as '' | 'k' | 'm']
}

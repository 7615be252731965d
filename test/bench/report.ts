import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Machine } from './machine.ts'
import type { Table } from './types.ts'

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
/** What was measured, one file for each table of the page. */
const RESULTS = fileURLToPath(new URL('../../docs/performance/', import.meta.url))

interface Saved {
  readonly command: string
  readonly result: { readonly machine: Machine }
  readonly tables: readonly Table[]
}

/** Keeps a result for the page. `name`: of its place there, and of its file. */
export function saveResult(name: string, saved: Saved): void {
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(saved, null, 2)}\n`)
}

/** Writes the tables of docs/performance.md from the results that are kept. Throws where one has no place on the page. */
export function writePage(): void {
  writeFileSync(PAGE, pageWithResults())
}

/** Whether the page says what the results say. */
export function isPageUpToDate(): boolean {
  return readFileSync(PAGE, 'utf8') === pageWithResults()
}

function pageWithResults(): string {
  let page = readFileSync(PAGE, 'utf8')
  const files = existsSync(RESULTS) ? readdirSync(RESULTS).filter(file => file.endsWith('.json')) : []
  for (const file of files) {
    const saved = JSON.parse(readFileSync(join(RESULTS, file), 'utf8')) as Saved
    page = withSection(page, basename(file, '.json'), saved)
  }
  return page
}

function withSection(page: string, name: string, { command, result, tables }: Saved): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for this: ${begin} ... ${end}`)
  const text = [begin, `\`${command}\``, ...tables.map(markdown), `_${machineLine(result.machine)}_`].join('\n\n')
  return `${page.slice(0, from)}${text}\n\n${page.slice(to)}`
}

/** For a terminal. */
export function tableText({ columns, rows }: Table): string {
  const lines = [columns, ...rows].map(row => row.map(String))
  const widths = columns.map((_, at) => Math.max(...lines.map(line => line[at]!.length)))
  return lines
    .map(line =>
      line
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function markdown({ columns, rows }: Table): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n')
}

function machineLine({ cpu, cores, memoryGB, disk, syncMs, node, sqlite, loadBefore }: Machine): string {
  const busy = loadBefore > 0.5 ? `; other work was running (load ${loadBefore})` : ''
  return `${cpu}, ${cores} cores, ${memoryGB} GB, ${disk} (a synced write takes ${syncMs} ms), Node ${node.slice(1)}, SQLite ${sqlite}${busy}.`
}

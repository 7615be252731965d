import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Machine } from './machine.ts'
import type { Table } from './types.ts'

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))

/** Puts the tables of one benchmark between its markers in docs/performance.md. Throws when they are not there. */
export function writeSection(
  name: string,
  result: { readonly machine: Machine },
  tables: readonly Table[],
  command: string,
): void {
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : ''
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for this: ${begin} ... ${end}`)
  const text = [begin, `\`${command}\``, ...tables.map(markdown), `_${machineLine(result.machine)}_`].join('\n\n')
  writeFileSync(PAGE, `${page.slice(0, from)}${text}\n\n${page.slice(to)}`)
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

/** Runs the demo and writes what it prints as docs/images/demo.svg, the picture of the README. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'

const LINE = 19
const CHARACTER = 8.05
const MARGIN = 22
const COLUMNS = 104

const { stdout, status } = spawnSync(process.execPath, ['scripts/demo.ts'], { encoding: 'utf8' })
if (status !== 0) throw new Error('The demo failed, so there is no picture of it.')
// Folders and process ids differ from run to run and say nothing.
const printed = stdout
  .trimEnd()
  .split('\n')
  .filter(line => !/^ {2}(hub|agent): process/.test(line))
const lines = ['$ npm run demo', ...printed.flatMap(wrapped)]
const width = Math.round(Math.max(...lines.map(line => line.length)) * CHARACTER + 2 * MARGIN)
const height = lines.length * LINE + 2 * MARGIN + 24

const rows = lines.map((line, index) => {
  const y = MARGIN + 24 + (index + 1) * LINE - 5
  return `  <text x="${MARGIN}" y="${y}" class="${kindOf(line, index)}" xml:space="preserve">${escaped(line)}</text>`
})
mkdirSync('docs/images', { recursive: true })
writeFileSync(
  'docs/images/demo.svg',
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Output of the demo">
  <style>
    text { font: 13.4px ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', monospace; fill: #cdd6e4; }
    .step { fill: #ffffff; font-weight: 600; } .command { fill: #7ee0a8; } .bar { fill: #7ab8ff; } .warning { fill: #ffc66d; }
  </style>
  <rect width="100%" height="100%" rx="10" fill="#17202e"/>
  <circle cx="24" cy="20" r="6" fill="#48566b"/><circle cx="44" cy="20" r="6" fill="#48566b"/><circle cx="64" cy="20" r="6" fill="#48566b"/>
${rows.join('\n')}
</svg>
`,
)
console.log('docs/images/demo.svg')

/** As a terminal of the usual width shows it. */
function wrapped(line: string): string[] {
  if (line.length <= COLUMNS) return [line]
  const at = line.lastIndexOf(' ', COLUMNS)
  return [line.slice(0, at), ...wrapped(`    ${line.slice(at + 1)}`)]
}

function kindOf(line: string, index: number): string {
  if (index === 0) return 'command'
  if (/[█░]/.test(line)) return 'bar'
  if (/^ {2}(!|warning)/.test(line)) return 'warning'
  return /^\S/.test(line) ? 'step' : 'plain'
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

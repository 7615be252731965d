/**
 * Keeps the parts apart: who may import whom, which modules and globals belong to one place only, and no cycles.
 * `node scripts/check-layers.ts [FOLDER]` prints each breach with what to do instead and exits 1.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, resolve } from 'node:path'
import { parseSync } from 'oxc-parser'

/** Each part of the code and the parts that it may import. The first prefix that fits a file counts. */
const PARTS: readonly { name: string; prefix: string; may: readonly string[]; instead: string }[] = [
  { name: 'shared', prefix: 'src/shared/', may: [], instead: 'move what is shared into src/shared, or hand it in' },
  { name: 'domain', prefix: 'src/main/domain/', may: ['shared'], instead: 'rules are pure: hand in what they need' },
  {
    name: 'db',
    prefix: 'src/main/db/',
    may: ['shared', 'domain'],
    instead: 'queries know rows only; do the rest in the service',
  },
  {
    name: 'services',
    prefix: 'src/main/services/',
    may: ['shared', 'domain', 'db'],
    instead: 'name what the service needs in ports.ts and hand it in from app.ts',
  },
  {
    name: 'link',
    prefix: 'src/main/link/',
    may: ['shared', 'domain', 'db', 'services'],
    instead: 'go through a service',
  },
  {
    name: 'hub-socket',
    prefix: 'src/main/hub-socket/',
    may: ['shared', 'domain', 'db', 'services'],
    instead: 'go through the dispatcher',
  },
  {
    name: 'http',
    prefix: 'src/main/http/',
    may: ['shared', 'domain', 'services'],
    instead: 'go through the dispatcher, or through a service',
  },
  {
    name: 'desktop',
    prefix: 'src/main/desktop/',
    may: ['shared', 'domain', 'services', 'app', 'entry'],
    instead: 'go through the dispatcher, or through a service; index.ts hands in Electron',
  },
  {
    name: 'preload',
    prefix: 'src/preload/',
    may: ['shared'],
    instead: 'the bridge is one file of its own: it takes types of src/shared and nothing else',
  },
  {
    name: 'app',
    prefix: 'src/main/app',
    may: ['shared', 'domain', 'db', 'services', 'link', 'hub-socket', 'http', 'entry'],
    instead: 'the composition root builds parts; doors and entries build on it',
  },
  {
    name: 'cli',
    prefix: 'src/main/cli',
    may: ['shared', 'domain', 'db', 'services', 'link', 'hub-socket', 'http', 'app', 'entry'],
    instead: 'use the operations',
  },
  {
    name: 'entry',
    prefix: 'src/main/',
    may: ['shared', 'domain', 'db', 'services', 'link', 'hub-socket', 'http', 'desktop', 'app', 'cli'],
    instead: 'entries start the app and nothing else',
  },
  {
    name: 'simulator',
    prefix: 'phone-agent/simulator/',
    may: ['shared'],
    instead: 'the phone knows nothing of hub and agent',
  },
  {
    name: 'agent',
    prefix: 'phone-agent/src/',
    may: ['shared'],
    instead: 'the agent shares the protocol in src/shared only',
  },
]

/** Modules that belong to one place. */
const MODULES: readonly { module: RegExp; only: RegExp; instead: string }[] = [
  { module: /^better-sqlite3$/, only: /^src\/main\/db\//, instead: 'write a query in src/main/db' },
  { module: /^argon2$/, only: /^src\/main\/services\/passwords\.ts$/, instead: 'use services/passwords.ts' },
  {
    module: /^electron$/,
    only: /^src\/(main\/desktop\/|main\/index\.ts|preload\/)/,
    instead: 'hand in a port from src/main/desktop',
  },
  {
    module: /^node:/,
    only: /^(?!src\/shared\/|src\/main\/domain\/)/,
    instead: 'shared and domain are pure: hand it in',
  },
]

/** Words in the source that belong to one place. */
const WORDS: readonly { word: RegExp; where: RegExp; instead: string }[] = [
  {
    word: /\bprocess\.env\b/,
    where: /^src\/(?!main\/config\.ts)|^phone-agent\/src\/(?!config\.ts|faults\.ts)/,
    instead: 'read it in config.ts and hand it in',
  },
  {
    word: /\bDate\.now\(|\bMath\.random\(|\bnew Date\(\)|\bperformance\.now\(/,
    where: /^src\/(shared|main\/domain|main\/services)\//,
    instead: 'take a Clock, Ids or Randomness from ports.ts',
  },
]

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

const root = resolve(process.argv[2] ?? '.')
const files = globSync(['src/**/*.ts', 'src/**/*.tsx', 'phone-agent/**/*.ts'], { cwd: root }).sort()
const breaches: string[] = []
const graph = new Map<string, string[]>()

for (const file of files) {
  const source = readFileSync(join(root, file), 'utf8')
  const imports = importsOf(file, source)
  graph.set(
    file,
    imports.filter(entry => !entry.typeOnly && entry.target.startsWith('.')).map(entry => inside(file, entry.target)),
  )
  if (/\.test\.ts$/.test(file)) continue
  for (const { target, typeOnly } of imports) checkImport(file, target, typeOnly)
  for (const { word, where, instead } of WORDS) {
    const found = where.test(file) ? word.exec(withoutComments(source)) : null
    if (found) breaches.push(`${file} uses ${found[0]}: ${instead}.`)
  }
}
for (const cycle of cycles(graph)) breaches.push(`Cycle: ${cycle.join(' -> ')}. Move what both need into a third file.`)

if (breaches.length > 0) {
  console.error(breaches.join('\n'))
  console.error(`${breaches.length} breaches of the layers (the table is in scripts/check-layers.ts).`)
  process.exit(1)
}
console.log(`Layers: ${files.length} files keep to them.`)

function checkImport(file: string, target: string, typeOnly: boolean): void {
  for (const { module, only, instead } of MODULES) {
    if (module.test(target) && !only.test(file)) breaches.push(`${file} imports ${target}: ${instead}.`)
  }
  if (!target.startsWith('.')) return
  const from = partOf(file)
  const to = partOf(inside(file, target))
  if (!from || !to || from.name === to.name || from.may.includes(to.name)) return
  breaches.push(
    `${file} (${from.name}) imports ${typeOnly ? 'a type of ' : ''}${inside(file, target)} (${to.name}): ${from.instead}.`,
  )
}

function partOf(file: string) {
  return PARTS.find(part => file.startsWith(part.prefix))
}

function inside(file: string, target: string): string {
  const path = normalize(join(dirname(file), target))
  return existsSync(join(root, path)) ? path : relative('.', path)
}

function importsOf(file: string, source: string): Import[] {
  const { module, errors } = parseSync(file, source)
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]!.message}`)
  const text = (start: number, end: number) => source.slice(start, end).replace(/^['"`]|['"`]$/g, '')
  return [
    ...module.staticImports.map(entry => ({
      target: entry.moduleRequest.value,
      typeOnly: entry.entries.length > 0 && entry.entries.every(name => name.isType),
    })),
    ...module.staticExports.flatMap(entry =>
      entry.entries
        .filter(name => name.moduleRequest !== null)
        .map(name => ({ target: name.moduleRequest!.value, typeOnly: name.isType })),
    ),
    ...module.dynamicImports.map(entry => ({
      target: text(entry.moduleRequest.start, entry.moduleRequest.end),
      typeOnly: false,
    })),
  ]
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
}

/** One cycle for each knot of files that import each other when they run. */
function cycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file)
    if (at >= 0) {
      found.push([...path.slice(at), file])
      return
    }
    if (done.has(file)) return
    for (const next of edges.get(file) ?? []) visit(next, [...path, file])
    done.add(file)
  }
  for (const file of edges.keys()) visit(file, [])
  return found
}

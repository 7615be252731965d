/** Writes docs/schema.md from the migrations, or with --check says whether it is up to date (exit code 1 when not). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../src/main/db/database.ts'
import { LATEST } from '../src/main/db/migrate.ts'
import { migrations } from '../src/main/db/migrations/index.ts'
import { openDatabase } from '../src/main/db/open.ts'

interface Column {
  readonly name: string
  readonly type: string
  readonly notnull: 0 | 1
  readonly dflt_value: string | null
  readonly pk: number
}

interface SchemaEntry {
  readonly type: 'table' | 'index' | 'trigger'
  readonly name: string
  readonly tbl_name: string
  readonly sql: string | null
}

const FILE = new URL('../docs/schema.md', import.meta.url)

const written = schemaDocument()
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, written)
  console.log('Wrote docs/schema.md')
} else if (present() !== written) {
  console.error('docs/schema.md is not what the migrations make. Run: node scripts/schema-doc.ts')
  process.exitCode = 1
}

function present(): string {
  try {
    return readFileSync(FILE, 'utf8')
  } catch {
    return ''
  }
}

function schemaDocument(): string {
  const folder = mkdtempSync(join(tmpdir(), 'campaign-connector-schema-'))
  const db = openDatabase(join(folder, 'schema.sqlite'))
  try {
    const entries = db.all<SchemaEntry>(
      "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    )
    const virtual = entries.filter(entry => entry.sql?.startsWith('CREATE VIRTUAL'))
    // Tables that SQLite makes for its full-text index are its own business.
    const own = entries.filter(entry => !virtual.some(table => entry.name.startsWith(`${table.name}_`)))
    const tables = own
      .filter(entry => entry.type === 'table')
      .sort((left, right) => left.name.localeCompare(right.name))
    return [
      '# The database',
      '',
      `Made from \`src/main/db/migrations\` by \`node scripts/schema-doc.ts\`: change those, not this file. Schema ${LATEST}.`,
      'SQLite, STRICT tables, write-ahead log, every commit synced. Times are milliseconds since 1970 UTC; 0 and 1 stand for no and yes.',
      '',
      ...tables.map(table => `- [${table.name}](#${table.name})`),
      ...tables.flatMap(table => tableSection(db, table, own)),
      '',
    ].join('\n')
  } finally {
    db.close()
    rmSync(folder, { recursive: true })
  }
}

function tableSection(db: Database, table: SchemaEntry, entries: readonly SchemaEntry[]): string[] {
  const { name } = table
  const indexes = entries.filter(entry => entry.type === 'index' && entry.tbl_name === name && entry.sql !== null)
  const triggers = entries.filter(entry => entry.type === 'trigger' && entry.tbl_name === name)
  const columns = db.all<Column>('SELECT * FROM pragma_table_xinfo(?) WHERE hidden = 0', name)
  const notes = columnNotes(table.sql!)
  const references = new Map(
    db
      .all<{ from: string; table: string; on_delete: string }>(
        'SELECT "from", "table", on_delete FROM pragma_foreign_key_list(?)',
        name,
      )
      .map(key => [key.from, key]),
  )
  const rows = columns.map(column => {
    const key = references.get(column.name)
    const facts = [
      column.pk > 0 && 'primary key',
      column.notnull === 0 && column.pk === 0 && 'may be null',
      column.dflt_value !== null && `default ${column.dflt_value}`,
      key &&
        `[${key.table}](#${key.table})${key.on_delete === 'NO ACTION' ? '' : `, ${key.on_delete.toLowerCase()} with it`}`,
    ].filter(fact => typeof fact === 'string')
    return `| ${column.name} | ${column.type} | ${facts.join('; ')} | ${notes.get(column.name) ?? ''} |`
  })
  return [
    '',
    `## ${name}`,
    '',
    ...descriptionOf(name),
    '| column | type | | |',
    '| --- | --- | --- | --- |',
    ...rows,
    ...checksOf(table.sql!),
    ...(indexes.length > 0 ? ['', ...indexes.map(index => `- \`${oneLine(index.sql!)}\``)] : []),
    ...(triggers.length > 0 ? ['', `Triggers: ${triggers.map(trigger => `\`${trigger.name}\``).join(', ')}`] : []),
  ]
}

/** The comment above CREATE TABLE in the migration that made it. */
function descriptionOf(name: string): string[] {
  for (const { sql } of migrations) {
    const lines = sql.split('\n')
    const at = lines.findIndex(line => new RegExp(`^CREATE (VIRTUAL )?TABLE ${name}\\b`).test(line))
    if (at < 0) continue
    const comments: string[] = []
    for (let line = at - 1; lines[line]?.startsWith('-- '); line -= 1) comments.unshift(lines[line]!.slice(3))
    return comments.length > 0 ? [comments.join(' '), ''] : []
  }
  return []
}

/** Comments inside CREATE TABLE stand above the column that they speak of. */
function columnNotes(sql: string): Map<string, string> {
  const notes = new Map<string, string>()
  let comment: string[] = []
  for (const line of sql.split('\n').map(text => text.trim())) {
    if (line.startsWith('-- ')) comment.push(line.slice(3))
    else {
      if (comment.length > 0) notes.set(/^\w+/.exec(line)?.[0] ?? '', comment.join(' ').replaceAll('|', '\\|'))
      comment = []
    }
  }
  return notes
}

/** What SQLite enforces beyond types: CHECK and UNIQUE. */
function checksOf(sql: string): string[] {
  const body = sql.replace(/^\s*--.*$/gm, '').replace(/\s+/g, ' ')
  const found: string[] = []
  for (const match of body.matchAll(/\b(CHECK|UNIQUE) ?\(/g))
    found.push(`- \`${match[1]} ${parenthesis(body, match.index + match[0].length - 1)}\``)
  return found.length > 0 ? ['', ...found] : []
}

/** The text in the parenthesis that opens at `start`, with it. */
function parenthesis(text: string, start: number): string {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (depth === 0) return text.slice(start, at + 1)
  }
  return text.slice(start)
}

function oneLine(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim()
}

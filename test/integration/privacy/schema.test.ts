import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { App } from '../../../src/main/app.ts'
import type { Database } from '../../../src/main/db/database.ts'
import { openDatabase } from '../../../src/main/db/open.ts'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { openTestApp } from '../../support/hub.ts'
import { ABOUT, ANN, knowEverything, MARK, OTHERS } from './everything.ts'

let folder: string
let app: App
let peek: Database

beforeEach(async () => {
  folder = temporaryFolder('schema')
  app = await openTestApp({ folder })
  peek = openDatabase(join(folder, 'hub.sqlite'))
})
afterEach(async () => {
  peek.close()
  await app.close()
})

function tables(): string[] {
  return peek
    .all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
    .map(row => row.name)
    .filter(name => !/_(data|idx|content|docsize|config)$/.test(name))
}

function columnsOf(table: string): string[] {
  return peek.all<{ name: string }>(`SELECT name FROM pragma_table_xinfo('${table}')`).map(row => row.name)
}

/** Columns of tables about people in which the number or a word of the person stands. */
function naming(): string[] {
  return Object.keys(ABOUT)
    .concat(['campaigns', 'bulk_jobs', 'undos'])
    .flatMap(table => columnsOf(table).map(column => [table, column] as const))
    .filter(
      ([table, column]) =>
        peek.get(
          `SELECT 1 FROM ${table} WHERE instr(lower(CAST("${column}" AS TEXT)), ?) > 0
             OR instr(replace(replace(CAST("${column}" AS TEXT), '-', ''), ' ', ''), ?) > 0 LIMIT 1`,
          MARK,
          ANN.slice(-7),
        ) !== undefined,
    )
    .map(([table, column]) => `${table}.${column}`)
}

function filesWith(text: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => {
    const path = join(folder, name)
    return statSync(path).isFile() && readFileSync(path).includes(text)
  })
}

describe('a table or a column that is new', () => {
  it('has to be judged: what an export shows of it, and that erasing reaches it', () => {
    const judged = [...Object.keys(ABOUT), ...Object.keys(OTHERS).flatMap(names => names.split(' '))]
    expect(tables().filter(name => !judged.includes(name))).toEqual([])
    for (const [table, columns] of Object.entries(ABOUT)) {
      expect([table, columnsOf(table).sort()]).toEqual([table, Object.keys(columns).sort()])
    }
  })
})

describe('everything that is stored about a person', () => {
  it('is in the export, for programs and for people', async () => {
    await knowEverything(app, folder)
    const answer = await app.dispatch('person.export', { number: ANN }, LOCAL)
    if (!answer.ok) throw new Error(answer.error.message)
    const json = JSON.stringify(answer.data.data)
    const missing = Object.entries(ABOUT).flatMap(([table, columns]) =>
      Object.entries(columns).flatMap(([column, what]) => {
        if (typeof what === 'string') return []
        return [
          ...(json.includes(what.json) ? [] : [`${table}.${column} in the JSON: ${what.json}`]),
          ...(answer.data.text.includes(what.text) ? [] : [`${table}.${column} in the text: ${what.text}`]),
        ]
      }),
    )
    expect(missing).toEqual([])
    expect(json).not.toContain('hooks.example.org/secret')
  })

  it('is gone after an erasure, from every column and every byte of the files', async () => {
    await knowEverything(app, folder)
    // So that the search indexes know the texts, too.
    await app.services.background.idle()
    expect(naming().length).toBeGreaterThan(30)
    expect(filesWith(MARK)).not.toEqual([])
    const answer = await app.dispatch('person.erase', { number: ANN, confirm: ANN }, LOCAL)
    expect(answer).toMatchObject({ ok: true, data: { state: 'done' } })
    expect(naming()).toEqual([])
    expect(filesWith(MARK)).toEqual([])
    expect(filesWith(ANN.slice(1))).toEqual([])
  })

  it('of somebody else stays out of the export, however much the numbers look alike', async () => {
    await knowEverything(app, folder)
    // The same last digits, in another country and in another area.
    for (const number of ['+442025550143', '+12125550143']) {
      const answer = await app.dispatch('person.export', { number }, LOCAL)
      if (!answer.ok) throw new Error(answer.error.message)
      expect(JSON.stringify(answer.data)).not.toContain(MARK)
    }
  })
})

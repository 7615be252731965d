import type BetterSqlite from 'better-sqlite3'

/** What SQLite stores and takes. Integers are milliseconds, counts or ids, all below 2^53. */
export type Value = string | number | null | Uint8Array

/** Reading only: what a query that changes nothing gets, so that a write in a reading path does not compile. */
export interface Reader {
  /** The first row, or undefined. */
  get<T>(sql: string, ...values: Value[]): T | undefined
  all<T>(sql: string, ...values: Value[]): T[]
  /** Row by row. Nothing else may use the connection until the loop ends. */
  iterate<T>(sql: string, ...values: Value[]): IterableIterator<T>
}

/** Reading and writing, handed out by `Database.write` only: every write happens in a transaction. */
export interface Writer extends Reader {
  /** Returns how many rows changed and the last row id. */
  run(sql: string, ...values: Value[]): { changes: number; id: number }
  /** Undoes what `work` wrote when it throws, and keeps the rest of the transaction. */
  savepoint<T>(work: () => T): T
}

/** One connection with cached statements. Constructed by `openDatabase`, which sets the pragmas. */
export class Database implements Reader {
  readonly connection: BetterSqlite.Database
  readonly #statements = new Map<string, BetterSqlite.Statement>()
  readonly #writer: Writer

  constructor(connection: BetterSqlite.Database) {
    this.connection = connection
    this.#writer = {
      get: (sql, ...values) => this.get(sql, ...values),
      all: (sql, ...values) => this.all(sql, ...values),
      iterate: (sql, ...values) => this.iterate(sql, ...values),
      run: (sql, ...values) => {
        const result = this.#statement(sql).run(...values)
        return { changes: result.changes, id: Number(result.lastInsertRowid) }
      },
      savepoint: work => connection.transaction(work)(),
    }
  }

  get<T>(sql: string, ...values: Value[]): T | undefined {
    return this.#statement(sql).get(...values) as T | undefined
  }

  all<T>(sql: string, ...values: Value[]): T[] {
    return this.#statement(sql).all(...values) as T[]
  }

  iterate<T>(sql: string, ...values: Value[]): IterableIterator<T> {
    return this.#statement(sql).iterate(...values) as IterableIterator<T>
  }

  /** Runs `work` in one immediate transaction: all of it is stored and synced, or nothing. Joins a transaction that is open. */
  write<T>(work: (db: Writer) => T): T {
    if (this.connection.inTransaction) return work(this.#writer)
    return this.connection.transaction(() => work(this.#writer)).immediate()
  }

  get inTransaction(): boolean {
    return this.connection.inTransaction
  }

  close(): void {
    this.#statements.clear()
    this.connection.close()
  }

  #statement(sql: string): BetterSqlite.Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.connection.prepare(unseen(sql))
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

/**
 * Hides values from SQLite's planner that it would make its plan by: how many rows are wanted, and whether a column is
 * compared with 0 or 1. It compiles a statement anew when such a value changes, and since values are forgotten after each
 * call, that is at every call: ten times as long as it takes to look a row up. The plus sign means nothing else, and the
 * plans are the same.
 */
function unseen(sql: string): string {
  return sql.replace(/(=|\bIS|\bLIMIT) \?/g, '$1 +?')
}

/** What every benchmark gets from the command line. */
export interface Run {
  /** An empty folder on the disk that is measured; it goes away afterwards. */
  readonly folder: string
  /** Tells the person who waits what happens; never part of the result. */
  say(line: string): void
}

/** A table for docs/performance.md. Columns are text as it is to be read. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number)[])[]
}

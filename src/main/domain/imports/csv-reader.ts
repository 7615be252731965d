/** What is wrong with the shape of a row; its one cell then holds the head of the raw text. */
export type RowFault = 'quote_open' | 'row_too_long'

export interface CsvRow {
  /** The row a spreadsheet shows: the header is 1, blank lines count, a line break within quotes does not. */
  readonly row: number
  readonly cells: readonly string[]
  readonly fault: RowFault | null
  /** Text follows a closing quotation mark. The cells are what a spreadsheet would show. */
  readonly strayQuote: boolean
}

export interface CsvReaderOptions {
  readonly delimiter: string
  /** Rows up to this one are counted but not built, except the first that is not blank. Default 0. */
  readonly afterRow?: number
  /** A quoted cell that grows beyond this many characters was never closed. Default 64 Ki. */
  readonly maxCell?: number
  /** A row beyond this many characters is no row of contacts. Default 512 Ki. */
  readonly maxRow?: number
}

/** Characters kept of a row that cannot be read. */
const EXCERPT = 2_000

const LF = 10
const CR = 13
const SPACE = 32
const QUOTE = 34

/**
 * Reads CSV as it comes in: RFC 4180, and what real lists hold beyond it (every kind of line end, even mixed; stray
 * quotes; spaces around quoted cells; blank lines; the `sep=;` line of Excel). However the text is cut into pieces,
 * the rows are the same.
 *
 * A quotation mark that is never closed costs its own line only: when the quoted cell grows beyond `maxCell`, meets
 * the end of the file, is "closed" in the middle of another cell, or holds whole rows of the list, the line where
 * it opened is reported as `quote_open` and reading goes on with the next line.
 */
export class CsvReader {
  readonly #delimiter: string
  readonly #delimiterCode: number
  readonly #afterRow: number
  readonly #maxCell: number
  readonly #maxRow: number

  readonly #lf = new Finder('\n')
  readonly #cr = new Finder('\r')
  readonly #quote = new Finder('"')
  readonly #cellEnd: Finder

  #text = ''
  #row = 0
  /** Cells of the first row: what a whole row looks like. 0 before it. */
  #width = 0
  /** Within a line that was too long: everything up to its end is dropped. */
  #dropping = false
  #rows: CsvRow[] = []

  constructor(options: CsvReaderOptions) {
    this.#delimiter = options.delimiter
    this.#delimiterCode = options.delimiter.charCodeAt(0)
    this.#cellEnd = new Finder(options.delimiter)
    this.#afterRow = options.afterRow ?? 0
    this.#maxCell = options.maxCell ?? 65_536
    this.#maxRow = options.maxRow ?? 524_288
  }

  /** The rows that this piece of text completes. */
  push(text: string): CsvRow[] {
    return this.#read(text, false)
  }

  /** The last row, where the file does not end with a line end. */
  end(): CsvRow[] {
    return this.#read('', true)
  }

  /** The rows so far, counted as a spreadsheet does. */
  get row(): number {
    return this.#row
  }

  /** Whether the next text begins a row, and not the first: then others may read rows, one `passRow` each. */
  get isBetweenRows(): boolean {
    return this.#text === '' && this.#width > 0 && !this.#dropping
  }

  /** Another reader took the next row. */
  passRow(): void {
    this.#row += 1
  }

  #read(text: string, final: boolean): CsvRow[] {
    this.#text = this.#text === '' ? text : this.#text + text
    for (const finder of [this.#lf, this.#cr, this.#quote, this.#cellEnd]) finder.reset(this.#text)
    this.#rows = []
    const length = this.#text.length
    let at = 0
    while (at < length) {
      const next = this.#dropping ? this.#drop(at, final) : this.#readRow(at, final)
      if (next < 0) break
      at = next
    }
    this.#text = this.#text.slice(at)
    const rows = this.#rows
    this.#rows = []
    return rows
  }

  /** Reads the row that starts at `start`. Returns where the next one starts, or -1 when more text is needed. */
  #readRow(start: number, final: boolean): number {
    const end = this.#lineEnd(start)
    const stop = end < 0 ? this.#text.length : end
    if (stop - start > this.#maxRow) return this.#tooLong(start, final)
    const quote = this.#quote.from(start)
    if (quote >= 0 && quote < stop) return this.#readQuoted(start, final)
    if (end < 0 && !final) return -1
    const next = this.#after(end, final)
    if (next >= 0) this.#plainLine(start, stop)
    return next
  }

  /** A line without a quotation mark: the usual case, so the quickest. */
  #plainLine(start: number, stop: number): void {
    const built = this.#row + 1 > this.#afterRow || this.#width === 0
    const line = built || stop === start ? this.#text.slice(start, stop) : ''
    if (this.#row === 0 && /^sep=[,;|\t]$/i.test(line)) return
    this.#row += 1
    if (!built || this.#isBlank(start, stop)) return
    const cells = line.split(this.#delimiter)
    this.#keep(cells, null, false)
  }

  #readQuoted(start: number, final: boolean): number {
    const text = this.#text
    const length = text.length
    const cells: string[] = []
    let stray = false
    let at = start
    for (;;) {
      let open = at
      while (text.charCodeAt(open) === SPACE) open += 1
      if (open - start > this.#maxRow) return this.#tooLong(start, final)
      if (open === length && !final) return -1
      let value: string
      if (text.charCodeAt(open) === QUOTE) {
        const close = this.#closing(open)
        if (close < 0) {
          if (close === -1 && !final) return -1
          return this.#unclosed(start, open, final)
        }
        // A quotation mark at the very end may be the first half of a doubled one.
        if (close + 1 === length && !final) return -1
        value = text.slice(open + 1, close)
        if (value.includes('"')) value = value.replaceAll('""', '"')
        at = close + 1
        while (text.charCodeAt(at) === SPACE) at += 1
        if (at - start > this.#maxRow) return this.#tooLong(start, final)
        if (at === length && !final) return -1
        const line = this.#lineEnd(open)
        const broken = line >= 0 && line < close
        if (!this.#isCellEnd(at)) {
          if (broken) return this.#unclosed(start, open, final)
          const from = close + 1
          at = this.#endOfCell(from)
          value += text.slice(from, at)
          stray = true
        } else if (broken && this.#holdsRows(value)) {
          return this.#unclosed(start, open, final)
        }
      } else {
        const from = at
        at = this.#endOfCell(from)
        value = text.slice(from, at)
      }
      if (at - start > this.#maxRow) return this.#tooLong(start, final)
      if (at === length && !final) return -1
      cells.push(value)
      if (at < length && text.charCodeAt(at) === this.#delimiterCode) {
        at += 1
        continue
      }
      const next = at < length ? this.#after(at, final) : length
      if (next >= 0) this.#finish(cells, stray)
      return next
    }
  }

  #finish(cells: string[], stray: boolean): void {
    if (this.#row === 0 && cells.length === 1 && /^sep=[,;|\t]$/i.test(cells[0] ?? '')) return
    this.#row += 1
    if (this.#row > this.#afterRow || this.#width === 0) this.#keep(cells, null, stray)
  }

  /** Reports the line on which the quote at `open` stands, and goes on with the line after it. */
  #unclosed(start: number, open: number, final: boolean): number {
    const end = this.#lineEnd(open)
    // The first line of a row may yet turn out to be too long, which is then what to say about it.
    if (end < 0 && !final && this.#lineEnd(start) < 0) return -1
    return this.#report('quote_open', start, end, final)
  }

  /** Reports the row, and goes on with the line after the one that went beyond the limit. */
  #tooLong(start: number, final: boolean): number {
    return this.#report('row_too_long', start, this.#lineEnd(start + this.#maxRow), final)
  }

  #report(fault: RowFault, start: number, end: number, final: boolean): number {
    const next = end < 0 ? this.#text.length : this.#after(end, final)
    if (next < 0) return -1
    this.#dropping = end < 0
    this.#row += 1
    const stop = end < 0 ? this.#text.length : end
    if (this.#row > this.#afterRow) {
      this.#rows.push({
        row: this.#row,
        cells: [this.#text.slice(start, Math.min(stop, start + EXCERPT))],
        fault,
        strayQuote: false,
      })
    }
    return next
  }

  /** Drops the rest of a line that was reported. */
  #drop(at: number, final: boolean): number {
    const end = this.#lineEnd(at)
    if (end < 0) return this.#text.length
    const next = this.#after(end, final)
    if (next >= 0) this.#dropping = false
    return next
  }

  #keep(cells: readonly string[], fault: RowFault | null, strayQuote: boolean): void {
    if (this.#width === 0) this.#width = cells.length
    this.#rows.push({ row: this.#row, cells, fault, strayQuote })
  }

  /** The closing quote of the cell that opens at `open`; -1: not in the text so far; -2: never. */
  #closing(open: number): number {
    const text = this.#text
    let quote = this.#quote.from(open + 1)
    while (quote >= 0 && text.charCodeAt(quote + 1) === QUOTE) quote = this.#quote.from(quote + 2)
    const reach = quote < 0 ? text.length : quote
    if (reach - open > this.#maxCell) return -2
    return quote
  }

  /**
   * Whether a quoted cell of several lines holds whole rows of the list: then its quote was never closed, and the
   * one that seems to close it belongs to a later row. Two full rows and nothing else are what it takes, since a cell
   * may hold a line of anything; lists of one or two columns cannot be told apart from prose.
   */
  #holdsRows(value: string): boolean {
    if (this.#width < 3) return false
    const lines = value.split(/\r\n|\n|\r/).slice(1, -1)
    return lines.length >= 2 && lines.every(line => this.#isFullRow(line.split(this.#delimiter)))
  }

  #isFullRow(cells: readonly string[]): boolean {
    return cells.length === this.#width && cells.filter(cell => cell.trim() !== '').length * 2 > cells.length
  }

  /** The first line end at or after `from`, or -1. */
  #lineEnd(from: number): number {
    const lf = this.#lf.from(from)
    const cr = this.#cr.from(from)
    if (lf < 0 || cr < 0) return lf < 0 ? cr : lf
    return Math.min(lf, cr)
  }

  /** Where the text goes on after the line end at `end`, or -1 while a CR may turn out to be half of CRLF. */
  #after(end: number, final: boolean): number {
    if (end < 0) return this.#text.length
    if (this.#text.charCodeAt(end) === LF) return end + 1
    if (end + 1 === this.#text.length) return final ? end + 1 : -1
    return this.#text.charCodeAt(end + 1) === LF ? end + 2 : end + 1
  }

  #endOfCell(from: number): number {
    const line = this.#lineEnd(from)
    const cell = this.#cellEnd.from(from)
    if (line < 0) return cell < 0 ? this.#text.length : cell
    return cell < 0 || line < cell ? line : cell
  }

  #isCellEnd(at: number): boolean {
    if (at >= this.#text.length) return true
    const code = this.#text.charCodeAt(at)
    return code === this.#delimiterCode || code === LF || code === CR
  }

  /** Nothing but spaces, or tabs where they do not separate cells. */
  #isBlank(start: number, stop: number): boolean {
    for (let at = start; at < stop; at += 1) {
      const code = this.#text.charCodeAt(at)
      if (code !== SPACE && !(code === 9 && this.#delimiterCode !== 9)) return false
    }
    return true
  }
}

/** `indexOf` that remembers its last answer, so that text without the character is searched once and not per row. */
class Finder {
  readonly #character: string
  #text = ''
  #from = 0
  #found = -1

  constructor(character: string) {
    this.#character = character
  }

  reset(text: string): void {
    this.#text = text
    this.#from = 0
    this.#found = text.indexOf(this.#character)
  }

  from(at: number): number {
    if (at >= this.#from && (at <= this.#found || this.#found < 0)) return this.#found
    this.#from = at
    this.#found = this.#text.indexOf(this.#character, at)
    return this.#found
  }
}

import { filters as builtIn, type Context, Drop, Liquid } from 'liquidjs'

/**
 * The Liquid that a text message needs: conditions, assignments and filters on text, numbers and dates. No loops, no
 * files, no partial templates, no clock, so rendering always ends and gives the same text for the same values.
 */
export const TAGS = ['if', 'unless', 'case', 'assign', 'capture', 'comment', 'raw', '#'] as const

const TEXT_FILTERS = [
  ...['append', 'capitalize', 'downcase', 'first', 'join', 'last', 'lstrip', 'normalize_whitespace', 'prepend'],
  ...['remove', 'remove_first', 'remove_last', 'replace', 'replace_first', 'replace_last', 'rstrip', 'size', 'slice'],
  ...['split', 'squish', 'strip', 'strip_newlines', 'truncate', 'truncatewords', 'upcase', 'url_encode'],
]
const NUMBER_FILTERS = [
  ...['abs', 'at_least', 'at_most', 'ceil', 'divided_by', 'floor', 'minus', 'modulo', 'plus', 'round', 'times'],
]

/** Every filter a template may use. */
export const FILTERS: readonly string[] = [...TEXT_FILTERS, ...NUMBER_FILTERS, 'date', 'default'].sort()

/** The longest template, in UTF-16 code units: several times the longest body, for the conditions in it. */
export const MAX_TEMPLATE_LENGTH = 5_000

/**
 * What a single rendering may build in all, in UTF-16 code units, so that `append` in a chain cannot explode. Size and
 * the lack of loops bound the time too; a limit in milliseconds would make the result depend on a busy machine.
 */
const MAX_BUILT = 100_000

/** Thrown where a field would be printed that the contact lacks. */
export class FieldMissing extends Error {
  readonly field: string
  constructor(field: string) {
    super(`This contact has no ${field}.`)
    this.field = field
  }
}

/** Thrown where the values do not allow what the template asks for. The message is a sentence for the operator. */
export class UnusableValue extends Error {}

/**
 * Stands for a field that the contact lacks. Filters hand it on, `default` replaces it, a condition takes it as empty,
 * and printing it fails: so a blank never slips into a message, however the field is used.
 */
export class MissingField extends Drop {
  readonly field: string
  constructor(field: string) {
    super()
    this.field = field
  }
  override valueOf(): undefined {
    return undefined
  }
  equals(other: unknown): boolean {
    const value = other instanceof Drop ? other.valueOf() : other
    return value === undefined || value === null || value === ''
  }
  gt(): boolean {
    return false
  }
  geq(): boolean {
    return false
  }
  lt(): boolean {
    return false
  }
  leq(): boolean {
    return false
  }
}

type FilterContext = { context: Context }
type FilterFunction = (this: FilterContext, value: unknown, ...args: unknown[]) => unknown

/** The engine, without the tags and filters that are not listed above. */
export function createEngine(): Liquid {
  const engine = new Liquid({
    // An empty map in place of the file system: nothing can be looked up.
    templates: {},
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    ownPropertyOnly: true,
    parseLimit: MAX_TEMPLATE_LENGTH,
    memoryLimit: MAX_BUILT,
    locale: 'en-US',
    timezoneOffset: 0,
    outputEscape: printed as unknown as (value: unknown) => string,
  })
  for (const tag of Object.keys(engine.tags)) if (!(TAGS as readonly string[]).includes(tag)) delete engine.tags[tag]
  for (const filter of Object.keys(engine.filters)) engine.unregisterFilter(filter)
  for (const name of TEXT_FILTERS) engine.registerFilter(name, handingOn(builtIn[name]))
  for (const name of NUMBER_FILTERS) engine.registerFilter(name, handingOn(onNumbers(name, builtIn[name])))
  engine.registerFilter('date', handingOn(date))
  engine.registerFilter('default', orElse)
  return engine
}

function handingOn(filter: unknown): FilterFunction {
  if (typeof filter !== 'function') throw new TypeError('liquidjs lacks a filter that templates rely on')
  return function (value, ...args) {
    if (value instanceof MissingField) return value
    const missing = args.find(arg => arg instanceof MissingField)
    return missing ?? filter.call(this, value, ...args)
  }
}

/** Liquid takes what is no number for 0; a sum in a message must not be made up. */
function onNumbers(name: string, filter: unknown): FilterFunction {
  return function (value, ...args) {
    for (const operand of [value, ...args]) {
      const isNumber = typeof operand === 'number' || (typeof operand === 'string' && operand.trim() !== '')
      if (!isNumber || !Number.isFinite(Number(operand))) {
        throw new UnusableValue(`The filter ${name} needs a number, and got "${String(operand)}".`)
      }
    }
    return (filter as FilterFunction).call(this, value, ...args)
  }
}

/** `default`: an absent field, nothing, false, and text that is empty or only spaces give way. */
function orElse(value: unknown, fallback: unknown): unknown {
  const isText = typeof value === 'string'
  if (value instanceof MissingField || value === undefined || value === null || value === false) return fallback
  return (isText && value.trim() === '') || (Array.isArray(value) && value.length === 0) ? fallback : value
}

/**
 * `date` on a day or a time as it is written (`2026-05-01`, `2026-05-01 18:30`), printed as the same day and time:
 * neither the computer's zone nor an offset in the value moves it. `now` is refused, since hours or days can lie
 * between the preview and the sending.
 */
function date(this: FilterContext, value: unknown, format: unknown): unknown {
  const text = typeof value === 'string' ? value.trim() : ''
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(text)
  if (!match) throw new UnusableValue(`The filter date needs a value such as 2026-05-01, and got "${String(value)}".`)
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(part => Number(part ?? 0))
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  if (at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day || hour > 23 || minute > 59) {
    throw new UnusableValue(`The filter date got "${text}", which is no day of the calendar.`)
  }
  const builtInDate = builtIn['date'] as FilterFunction
  return builtInDate.call(this, at, format ?? '%Y-%m-%d', 0)
}

/** The last step of every `{{ }}`. */
function printed(this: FilterContext, value: unknown): string {
  if (value instanceof MissingField) throw new FieldMissing(value.field)
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new UnusableValue('A calculation in the template has no result, as in a division by zero.')
  }
  const plain = value instanceof Drop ? value.valueOf() : value
  const text = plain === undefined || plain === null ? '' : Array.isArray(plain) ? plain.join('') : String(plain)
  this.context.memoryLimit.use(text.length)
  return text
}

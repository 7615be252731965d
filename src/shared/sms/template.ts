import { LiquidError, type Template as LiquidNode, toValueSync, Value, Variable } from 'liquidjs'
import {
  createEngine,
  FILTERS,
  FieldMissing,
  MAX_TEMPLATE_LENGTH,
  MissingField,
  TAGS,
  UnusableValue,
} from './liquid.ts'
import { MAX_SEGMENTS, measure } from './segments.ts'

/** A template that was parsed and can be rendered any number of times. */
export interface Template {
  readonly source: string
  /** The fields it names, in order of appearance, also those within a condition or with a default. */
  readonly fields: readonly string[]
  readonly nodes: readonly LiquidNode[]
}

/** A sentence for the operator, and where to look; line and column count from 1. */
export interface TemplateProblem {
  message: string
  line: number
  col: number
}

export type ParsedTemplate = { ok: true; template: Template; fields: string[] } | { ok: false; error: TemplateProblem }

/** The values of one contact, by field. Absent, null, empty and blank all mean that the contact lacks it. */
export type FieldValues = Readonly<Record<string, string | number | boolean | null | undefined>>

export type RenderFailure = 'field_missing' | 'template_error' | 'body_empty' | 'body_too_long'

export type Rendered = { ok: true; text: string } | { ok: false; code: RenderFailure; field?: string; message: string }

const engine = createEngine()

/** Parses a template. Unknown tags and filters and everything that Liquid would skip in silence are errors. */
export function parseTemplate(source: string): ParsedTemplate {
  if (source.length > MAX_TEMPLATE_LENGTH) {
    const message = `The template has ${source.length} characters; at most ${MAX_TEMPLATE_LENGTH} are possible.`
    return { ok: false, error: { message, line: 1, col: 1 } }
  }
  try {
    const nodes = engine.parse(source)
    const problem = strictProblem(nodes)
    if (problem) return { ok: false, error: problem }
    const fields = fieldsOf(nodes)
    return { ok: true, template: { source, fields, nodes }, fields }
  } catch (error) {
    return { ok: false, error: explain(error, source) }
  }
}

/** The fields of a template that no contact has: an error at review, even where a default stands beside them. */
export function unknownFields(template: Template, known: Iterable<string>): string[] {
  const names = new Set(known)
  return template.fields.filter(field => !names.has(field))
}

/**
 * Puts the values of one contact into a template. The text is trimmed at both ends, because the phone trims it too,
 * composed (NFC), with plain line feeds and without control characters.
 */
export function renderTemplate(template: Template, values: FieldValues): Rendered {
  const scope: Record<string, unknown> = Object.create(null)
  for (const field of template.fields) {
    const value = Object.hasOwn(values, field) ? values[field] : undefined
    scope[field] = isLacking(value) ? new MissingField(field) : value
  }
  let text: string
  try {
    text = tidyBody(String(engine.renderSync(template.nodes as LiquidNode[], scope)))
  } catch (error) {
    return failure(error)
  }
  if (text === '') return { ok: false, code: 'body_empty', message: 'For this contact the message is empty.' }
  const { segments } = measure(text)
  if (segments > MAX_SEGMENTS) {
    const message = `For this contact the message has ${segments} segments; at most ${MAX_SEGMENTS} are possible.`
    return { ok: false, code: 'body_too_long', message }
  }
  return { ok: true, text }
}

/** The body as it is sent: composed, well-formed, trimmed, with line feeds and without control characters. */
export function tidyBody(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      // The phone's shell and SMS store drop or end at these.
      .replace(/[\u0000-\u0008\u000e-\u001f\u007f]/g, '')
      .normalize('NFC')
      .trim()
  )
}

function isLacking(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

function failure(error: unknown): Rendered {
  const cause = rootOf(error)
  if (cause instanceof FieldMissing) {
    const message = `${cause.message} Give the field a default, as in {{ ${cause.field} | default: "there" }}.`
    return { ok: false, code: 'field_missing', field: cause.field, message }
  }
  if (cause instanceof UnusableValue) return { ok: false, code: 'template_error', message: cause.message }
  const raw = cause instanceof Error ? cause.message : String(cause)
  if (raw.includes('limit exceeded')) {
    return { ok: false, code: 'body_too_long', message: 'For this contact the message grows far too long.' }
  }
  return { ok: false, code: 'template_error', message: `The template fails for this contact: ${withoutPosition(raw)}.` }
}

function rootOf(error: unknown): unknown {
  let cause = error
  while (LiquidError.is(cause) && (cause as LiquidError & { originalError?: unknown }).originalError) {
    cause = (cause as LiquidError & { originalError?: unknown }).originalError
  }
  return cause
}

/** Liquid evaluates what it understands of an expression and drops the rest; here the rest is an error. */
function strictProblem(nodes: readonly LiquidNode[]): TemplateProblem | undefined {
  for (const node of walk(nodes)) {
    for (const argument of node.arguments?.() ?? []) {
      if (!(argument instanceof Value)) continue
      const problem = problemOfValue(argument) ?? problemOfRest(node, argument)
      if (problem) return problem
    }
  }
  return problemOfFields(nodes)
}

function problemOfValue(value: Value): TemplateProblem | undefined {
  // Postfix notation is sound when it leaves exactly one operand: {{ first name }} leaves two, {% if a == %} lacks one.
  let operands = 0
  for (const token of value.initial.postfix) {
    const operator = 'operator' in token ? String(token.operator) : undefined
    const takes = operator === undefined ? 0 : operator === 'not' ? 1 : 2
    if (operands < takes) return { message: `Something is missing beside "${operator}".`, ...place(token) }
    operands += 1 - takes
  }
  if (operands > 1) {
    const message = 'Two names stand side by side. Field names have no spaces: write first_name, or ["First name"].'
    return { message, ...place(value.initial.postfix[0]) }
  }
  const bare = value.filters.find(filter => filter.name === 'default' && filter.args.length === 0)
  if (bare) {
    return { message: 'The filter default needs a value, as in default: "there".', ...place(value.initial.postfix[0]) }
  }
  return undefined
}

/** What stands between the end of the last filter or operand and the closing braces. */
function problemOfRest(node: LiquidNode, value: Value): TemplateProblem | undefined {
  const { token } = node as LiquidNode & { token: { input: string; contentRange?: [number, number] } }
  const range = 'value' in node && node.value === value ? token.contentRange : undefined
  if (!range) return undefined
  const ends = [
    ...value.initial.postfix,
    ...value.filters.map(filter => (filter as unknown as { token: { end: number } }).token),
  ]
  const end = Math.max(range[0], ...ends.map(part => part.end))
  const rest = token.input.slice(end, range[1]).trim()
  if (rest === '') return undefined
  return { message: `"${rest}" is not understood here.`, ...place(value.initial.postfix[0]) }
}

function problemOfFields(nodes: readonly LiquidNode[]): TemplateProblem | undefined {
  for (const variable of Object.values(engine.analyzeSync(nodes as LiquidNode[]).variables).flat()) {
    if (variable.segments.length === 1) continue
    const name = String(variable)
    const dynamic = variable.segments.some(segment => segment instanceof Variable)
    const message = dynamic
      ? `"${name}" chooses a field by another field, which is not possible.`
      : `"${name}" has several parts. A field is one name, and a filter such as | size does the rest.`
    return { message, line: variable.location.row, col: variable.location.col }
  }
  return undefined
}

function fieldsOf(nodes: readonly LiquidNode[]): string[] {
  const { globals } = engine.analyzeSync(nodes as LiquidNode[])
  return Object.values(globals)
    .flat()
    .toSorted((a, b) => a.location.row - b.location.row || a.location.col - b.location.col)
    .map(variable => String(variable.segments[0]))
    .filter((field, i, all) => all.indexOf(field) === i)
}

function* walk(nodes: readonly LiquidNode[]): Generator<LiquidNode> {
  for (const node of nodes) {
    yield node
    if (node.children) yield* walk(toValueSync(node.children(false, true)) as LiquidNode[])
  }
}

/** Turns what Liquid reports into a sentence that says what to do. */
function explain(error: unknown, source: string): TemplateProblem {
  const raw = error instanceof Error ? withoutPosition(error.message) : String(error)
  const token = error instanceof LiquidError ? (error as LiquidError & { token?: Positioned }).token : undefined
  const at = place(token)
  const tag = /^tag "(.+)" not found/.exec(raw)?.[1]
  if (tag?.startsWith('end')) return { message: `{% ${tag} %} closes nothing that is open.`, ...at }
  if (tag === 'else' || tag === 'elsif' || tag === 'when')
    return { message: `{% ${tag} %} stands outside an if.`, ...at }
  if (tag) return { message: `There is no tag {% ${tag} %} in a message. Possible: ${TAGS.join(', ')}.`, ...at }
  const filter = /^undefined filter: (.*)/.exec(raw)?.[1]
  if (filter) return { message: `There is no filter "${filter}". Possible: ${FILTERS.join(', ')}.`, ...at }
  if (/^output .* not closed/s.test(raw)) return { message: 'This {{ has no closing }}.', ...at }
  if (/^tag .*%\} not closed/s.test(raw)) {
    const opened = /\{%-?\s*(\w+)/.exec(raw)?.[1] ?? 'if'
    return { message: `This {% ${opened} %} has no {% end${opened} %}.`, ...at }
  }
  if (/^tag .* not closed/s.test(raw)) return { message: 'This {% has no closing %}.', ...at }
  const rest = source.split('\n')[at.line - 1]?.slice(at.col - 1) ?? ''
  if (/^[^}]*[“”„‘’]/.test(rest)) return { message: 'Use straight quotes (" or \') within {{ }} and {% %}.', ...at }
  if (error instanceof RangeError) return { message: 'The template nests too many conditions.', ...at }
  return { message: `The template is not understood here: ${raw}.`, ...at }
}

function withoutPosition(message: string): string {
  return message.replace(/, line:\d+, col:\d+$/, '').replace(/\.$/, '')
}

type Positioned = { getPosition(): number[] }

function place(token: Positioned | undefined): { line: number; col: number } {
  const [line = 1, col = 1] = token?.getPosition() ?? []
  return { line, col }
}

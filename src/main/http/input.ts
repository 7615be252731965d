import { z } from 'zod'
import { Refusal } from '../../shared/errors.ts'
import type { Operation, Route } from '../../shared/operations/define.ts'

/** The part of JSON Schema that zod makes of inputs. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly description?: string
  readonly [key: string]: unknown
}

/** What a request has that can hold fields of an input. */
export interface RequestParts {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | string[]>>
  readonly body: unknown
}

/** The schema of an input as a caller hands it in: defaults may be left out. */
export function inputSchema(operation: Operation): JsonSchema {
  return z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as JsonSchema
}

/** Names of the fields in a path: `/api/contacts/{id}` has `id`. */
export function pathFields(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]!)
}

/** The fields of an input; of several forms those of the one that has all fields of the path. */
export function fieldsOf(schema: JsonSchema, path: string): JsonSchema {
  const inPath = pathFields(path)
  const forms = schema.anyOf ?? [schema]
  return forms.find(form => inPath.every(field => form.properties?.[field])) ?? schema
}

/** Whether the fields that do not stand in the path come in the query rather than as JSON. */
export function takesQuery(method: Route['method']): boolean {
  return method === 'GET' || method === 'DELETE'
}

/**
 * How the input of an operation is read from a request: fields of the path and of the query become numbers, booleans and
 * lists where the schema says so, and only where they are written as such; everything else is left for the schema to refuse.
 */
export function inputReader(operation: Operation, route: Route): (parts: RequestParts) => unknown {
  const fields = fieldsOf(inputSchema(operation), route.path).properties ?? {}
  const inPath = pathFields(route.path)
  const query = takesQuery(route.method)
  const read = (name: string, value: string | string[]) =>
    Object.hasOwn(fields, name) ? coerce(name, value, fields[name]!) : value
  return ({ params, query: asked, body }) => {
    const fromPath = inPath.map((name): [string, unknown] => [name, read(name, params[name] ?? '')])
    const others = query ? fromQuery(asked, body) : Object.entries(fromBody(asked, body))
    const entries = others.map(([name, value]): [string, unknown] => {
      if (inPath.includes(name)) throw twice(name)
      return [name, query ? read(name, value as string | string[]) : value]
    })
    return Object.fromEntries([...entries, ...fromPath])
  }
}

function fromQuery(query: RequestParts['query'], body: unknown): [string, unknown][] {
  if (body !== undefined && body !== null) {
    throw new Refusal('invalid_input', 'This request takes its values in the URL and has no body.')
  }
  return Object.entries(query)
}

function fromBody(query: RequestParts['query'], body: unknown): Record<string, unknown> {
  const [stray] = Object.keys(query)
  if (stray !== undefined) {
    throw new Refusal('invalid_input', 'This request takes its values as JSON in the body, and none in the URL.')
  }
  if (body === undefined || body === null) return {}
  if (typeof body !== 'object' || Array.isArray(body)) {
    throw new Refusal('invalid_input', 'The body has to be a JSON object.')
  }
  return body as Record<string, unknown>
}

function twice(name: string): Refusal {
  const message = 'stands in the path already'
  return new Refusal('invalid_input', `${name} ${message}.`, { [name]: message })
}

function coerce(name: string, value: string | string[], schema: JsonSchema): unknown {
  const kind = kindOf(schema)
  if (kind === 'array') {
    const item = schema.items ?? {}
    return (Array.isArray(value) ? value : [value]).map(one => coerce(name, one, item))
  }
  if (Array.isArray(value)) return value
  if ((kind === 'integer' || kind === 'number') && NUMBERS[kind].test(value)) return Number(value)
  if (kind === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  // A form writes a space as +, so an international number whose + was not escaped begins with a space.
  if (kind === 'string' && PHONE_FIELDS.has(name) && /^ \d/.test(value)) return `+${value.slice(1)}`
  return value
}

const PHONE_FIELDS = new Set(['number', 'phone'])
const NUMBERS = { integer: /^-?\d{1,16}$/, number: /^-?\d{1,16}(\.\d{1,16})?$/ } as const

function kindOf(schema: JsonSchema): string | undefined {
  const types = schema.type === undefined ? (schema.anyOf ?? []).map(form => form.type) : schema.type
  return [types].flat(2).find(type => type !== 'null')
}

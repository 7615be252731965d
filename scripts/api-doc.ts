/**
 * Writes the reference part of docs/api.md from the table of operations; what stands before it is written by hand.
 * `--check` only says whether it is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { EXTRA_ROUTES, type ExtraRoute } from '../src/main/http/extra.ts'
import { fieldsOf, inputSchema, type JsonSchema, pathFields, takesQuery } from '../src/main/http/input.ts'
import { outputSchema, rolesWith } from '../src/main/http/openapi.ts'
import { type OperationRoute, operationRoutes } from '../src/main/http/routes.ts'
import { SUMMARIES } from '../src/main/http/summaries.ts'
import { importSettingsSchema } from '../src/shared/imports/settings.ts'
import {
  campaignSchema,
  progressSchema,
  resultsSchema,
  stepSchema,
  variantSchema,
} from '../src/shared/operations/campaigns.ts'
import { hoursSchema } from '../src/shared/operations/common.ts'
import { audienceSchema, contactSchema } from '../src/shared/operations/contacts.ts'
import { importSchema } from '../src/shared/operations/imports.ts'
import { MESSAGE_STATES, messageSchema } from '../src/shared/operations/messages.ts'
import { phoneSchema, settingsSchema } from '../src/shared/operations/phones.ts'
import { sms } from '../src/shared/operations/sms.ts'
import { uploadSchema } from '../src/shared/operations/uploads.ts'
import { userSchema } from '../src/shared/operations/users.ts'
import { laneLimitsSchema } from '../src/shared/phone-protocol.ts'

const FILE = new URL('../docs/api.md', import.meta.url)
const MARK = '<!-- What follows is made by `node scripts/api-doc.ts` from the table of operations. -->'

const TITLES: Readonly<Record<string, string>> = {
  auth: 'Signing in and one’s own account',
  account: 'Signing in and one’s own account',
  passwords: 'Signing in and one’s own account',
  sms: 'Single texts',
  campaigns: 'Campaigns',
  messages: 'Messages',
  analytics: 'Analytics',
  undo: 'Undo',
  contacts: 'Contacts',
  lists: 'Lists',
  suppression: 'Suppression list',
  uploads: 'Uploads and imports',
  imports: 'Uploads and imports',
  inbox: 'Conversations',
  phones: 'Phones',
  settings: 'Settings',
  branding: 'Settings',
  system: 'System',
  health: 'System',
  openapi: 'System',
  events: 'Events',
  users: 'Users',
  sessions: 'Sessions, sign-ins and locks',
  logins: 'Sessions, sign-ins and locks',
  lockouts: 'Sessions, sign-ins and locks',
  keys: 'API keys',
  audit: 'Audit log',
  webhooks: 'Webhooks',
}

/** What many operations take or answer. */
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  Campaign: campaignSchema,
  MessageState: z.enum(MESSAGE_STATES),
  Variant: variantSchema,
  Step: stepSchema,
  Progress: progressSchema,
  Results: resultsSchema,
  Message: messageSchema,
  OrderedText: sms.find(entry => entry.name === 'sms.send')!.output,
  Contact: contactSchema,
  Audience: audienceSchema,
  Hours: hoursSchema,
  Import: importSchema,
  ImportSettings: importSettingsSchema,
  Upload: uploadSchema,
  Phone: phoneSchema,
  LaneLimits: laneLimitsSchema,
  Settings: settingsSchema,
  User: userSchema,
}

let shapes: [name: string, written: string][] | null = null

const present = readFileSync(FILE, 'utf8')
const at = present.indexOf(MARK)
if (at < 0) throw new Error('docs/api.md has lost the line at which the reference begins.')
const written = `${present.slice(0, at)}${MARK}\n\n${reference()}\n`
if (!process.argv.includes('--check')) {
  writeFileSync(FILE, written)
  console.log('Wrote the reference of docs/api.md')
} else if (present !== written) {
  console.error('The reference in docs/api.md is not what the table of operations makes. Run: node scripts/api-doc.ts')
  process.exitCode = 1
}

function reference(): string {
  const sections = new Map<string, string[]>()
  const order = Object.values(TITLES).filter((title, index, all) => all.indexOf(title) === index)
  for (const title of order) sections.set(title, [])
  const add = (name: string, text: string) => {
    const noun = name.split('.')[0]!
    const title = TITLES[noun] ?? `${noun.slice(0, 1).toUpperCase()}${noun.slice(1)}`
    sections.set(title, [...(sections.get(title) ?? []), text])
  }
  for (const route of operationRoutes) add(route.name, operationText(route))
  for (const route of EXTRA_ROUTES) add(route.name, extraText(route))
  return [
    '## Reference',
    '',
    'A field with ? may be left out. `|` means or. Times are milliseconds since 1970 UTC. Names in capitals stand for the',
    'shapes at the end.',
    ...[...sections]
      .filter(([, entries]) => entries.length > 0)
      .flatMap(([title, entries]) => ['', `### ${title}`, '', entries.join('\n\n')]),
    '',
    '### Shapes',
    ...Object.entries(SHAPES).flatMap(([name, schema]) => ['', `#### ${name}`, '', ...shapeLines(name, schema)]),
  ].join('\n')
}

function operationText({ name, method, path, operation }: OperationRoute): string {
  const schema = inputSchema(operation)
  const fields = fieldsOf(schema, path)
  const inPath = new Set(pathFields(path))
  const others = Object.entries(fields.properties ?? {}).filter(([field]) => !inPath.has(field))
  const required = new Set(fields.required)
  return [
    `#### \`${method} ${path}\``,
    '',
    `${SUMMARIES[name] ?? name} Roles: ${rolesWith(operation.permission).join(', ')}.${operation.sends ? ' Takes an Idempotency-Key.' : ''}`,
    ...(others.length === 0
      ? []
      : [
          '',
          `In the ${takesQuery(method) ? 'query' : 'body'}:`,
          '',
          ...others.map(([field, one]) => `- \`${field}${required.has(field) ? '' : '?'}\`: ${code(typeText(one))}`),
        ]),
    '',
    `Answer: ${code(typeText(outputSchema(operation)))}`,
  ].join('\n')
}

function extraText({ method, path, summary, permission, web }: ExtraRoute): string {
  const roles = permission === null ? 'For everybody.' : `Roles: ${rolesWith(permission).join(', ')}.`
  return [`#### \`${method} ${path}\``, '', `${summary} ${roles}${web ? ' In web mode.' : ''}`].join('\n')
}

function code(text: string): string {
  return `\`${named(text)}\``
}

function shapeLines(name: string, schema: z.ZodType): string[] {
  const json = jsonOf(schema, 'output')
  if (!json.properties) return [`\`${typeText(json)}\``]
  const { properties, required } = json
  const line = ([field, one]: [string, JsonSchema]) =>
    `- \`${field}${required?.includes(field) ? '' : '?'}\`: \`${named(typeText(one), name)}\``
  return Object.entries(properties).map(line)
}

function jsonOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema
}

/** A type with the names of the shapes in it, but not its own. */
function named(text: string, own?: string): string {
  for (const [name, written] of shapeTexts()) if (name !== own) text = text.replaceAll(written, name)
  return text
}

/** How each shape is written out, longest first. An input leaves out what has a default, and is the same shape. */
function shapeTexts(): [name: string, written: string][] {
  shapes ??= Object.entries(SHAPES)
    .flatMap(([name, schema]) =>
      (['output', 'input'] as const).map((io): [string, string] => [name, typeText(jsonOf(schema, io))]),
    )
    .sort(([, left], [, right]) => right.length - left.length)
  return shapes
}

/** A schema in the words of a programmer. */
function typeText(schema: JsonSchema, depth = 0): string {
  const {
    anyOf,
    oneOf,
    enum: values,
    const: only,
    type,
  } = schema as JsonSchema & {
    oneOf?: JsonSchema[]
    enum?: unknown[]
    const?: unknown
  }
  const forms = anyOf ?? oneOf
  if (forms) return [...new Set(forms.map(form => typeText(form, depth)))].join(' | ')
  if (only !== undefined) return JSON.stringify(only)
  if (values) return values.map(value => JSON.stringify(value)).join(' | ')
  if (type === 'array') return arrayText(schema, depth)
  if (type === 'object') return objectText(schema, depth)
  return type === undefined ? 'any' : [type].flat().join(' | ')
}

function arrayText(schema: JsonSchema, depth: number): string {
  const { prefixItems } = schema as JsonSchema & { prefixItems?: JsonSchema[] }
  if (prefixItems) return `[${prefixItems.map(item => typeText(item, depth)).join(', ')}]`
  const item = typeText(schema.items ?? {}, depth)
  return item.includes(' | ') && !item.startsWith('{ ') ? `(${item})[]` : `${item}[]`
}

function objectText({ properties, required, additionalProperties }: JsonSchema, depth: number): string {
  if (!properties) {
    const values = additionalProperties as JsonSchema | undefined
    return values && typeof values === 'object' ? `{ [name]: ${typeText(values, depth + 1)} }` : 'object'
  }
  const fields = Object.entries(properties).map(
    ([name, one]) => `${name}${required?.includes(name) ? '' : '?'}: ${typeText(one, depth + 1)}`,
  )
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}

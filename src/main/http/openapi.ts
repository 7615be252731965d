import { z } from 'zod'
import { type Operation, type Permission, ROLES } from '../../shared/operations/define.ts'
import { mayDo } from '../domain/permissions.ts'
import { EXTRA_ROUTES, type ExtraRoute } from './extra.ts'
import { askerOf, entering } from './gate.ts'
import { fieldsOf, inputSchema, type JsonSchema, pathFields, takesQuery } from './input.ts'
import { type OperationRoute, operationRoutes } from './routes.ts'
import type { HttpContext } from './server.ts'
import { SUMMARIES } from './summaries.ts'

type Json = Readonly<Record<string, unknown>>

/** GET /api/openapi.json, for whoever may use more than a phone's key may. */
export function addOpenApi({ app, gate, cookies, version }: HttpContext): void {
  let document: string | null = null
  app.get('/api/openapi.json', { onRequest: entering(gate) }, async (request, reply) => {
    await gate.permit(askerOf(request), 'auth.status')
    document ??= JSON.stringify(openApiDocument({ web: cookies !== null, version }))
    return reply.type('application/json; charset=utf-8').send(document)
  })
}

/** The OpenAPI 3.1 document of the table. */
export function openApiDocument(options: { web: boolean; version: string }): Json {
  const paths: Record<string, Record<string, Json>> = {}
  const add = (method: string, path: string, entry: Json) => {
    const methods = paths[path] ?? {}
    methods[method.toLowerCase()] = entry
    paths[path] = methods
  }
  for (const route of operationRoutes) add(route.method, route.path, operationEntry(route, options.web))
  for (const route of EXTRA_ROUTES) {
    if (options.web || !route.web) add(route.method, route.path, extraEntry(route, options.web))
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Campaign Connector', version: options.version, summary: 'The headless API of a hub.' },
    servers: [{ url: '/' }],
    security: security(options.web),
    tags: [...new Set(Object.values(paths).flatMap(methods => Object.values(methods).flatMap(tagsOf)))].map(name => ({
      name,
    })),
    paths: Object.fromEntries(Object.entries(paths).sort(([left], [right]) => (left < right ? -1 : 1))),
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer', description: 'The same keys.' },
        ...(options.web && {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'cc_session',
            description:
              'The cookie of a sign-in, named __Host-cc_session with TLS. Everything but GET also needs the header X-CSRF-Token.',
          },
        }),
      },
      schemas: { Error: ERROR_SCHEMA },
      responses: {
        Error: { description: 'Refused, with the reason.', content: json({ $ref: '#/components/schemas/Error' }) },
      },
    },
  }
}

const ERROR_SCHEMA = {
  type: 'object',
  properties: {
    error: { type: 'string', description: 'Few words, the same ones every time.' },
    message: { type: 'string', description: 'A sentence for a person.' },
    fields: {
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'The fields at fault, each with a sentence.',
    },
  },
  required: ['error', 'message'],
  additionalProperties: false,
}

function security(web: boolean): Json[] {
  return [{ apiKey: [] }, { bearer: [] }, ...(web ? [{ session: [] }] : [])]
}

function tagsOf(entry: Json): readonly string[] {
  return entry['tags'] as readonly string[]
}

/** Roles that have a permission, the ones that may do least first. */
export function rolesWith(permission: Permission): string[] {
  return ROLES.filter(role => mayDo(role, permission)).reverse()
}

/** What an operation answers. */
export function outputSchema(operation: Operation): JsonSchema {
  return plain(z.toJSONSchema(operation.output, { io: 'output', unrepresentable: 'any' }) as JsonSchema)
}

function operationEntry({ name, method, path, operation }: OperationRoute, web: boolean): Json {
  const schema = plain(inputSchema(operation))
  const fields = fieldsOf(schema, path)
  const inPath = new Set(pathFields(path))
  const others = Object.entries(fields.properties ?? {}).filter(([field]) => !inPath.has(field))
  const query = takesQuery(method)
  const required = new Set(fields.required)
  const parameters = [
    ...[...inPath].map(field => parameter('path', field, fields.properties?.[field] ?? {}, true)),
    ...(query ? others.map(([field, one]) => parameter('query', field, one, required.has(field))) : []),
    ...(operation.sends ? [IDEMPOTENCY] : []),
    ...(web && method !== 'GET' ? [CSRF] : []),
  ]
  const body = query || (others.length === 0 && inPath.size > 0) ? null : bodyOf(fields, inPath)
  const roles = rolesWith(operation.permission)
  return {
    operationId: name,
    summary: SUMMARIES[name] ?? name,
    description: `For the ${roles.length === 1 ? 'role' : 'roles'} ${roles.join(', ')}.`,
    tags: [name.split('.')[0]!],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: (body.required?.length ?? 0) > 0, content: json(body) } }),
    responses: {
      '200': { description: 'Done.', content: json(outputSchema(operation)) },
      default: { $ref: '#/components/responses/Error' },
    },
    'x-permission': operation.permission,
    'x-roles': roles,
  }
}

/** The fields of a body: those of the input that do not stand in the path. */
function bodyOf(fields: JsonSchema, inPath: ReadonlySet<string>): JsonSchema {
  const { properties = {}, required = [], ...rest } = fields
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([field]) => !inPath.has(field))),
    required: required.filter(field => !inPath.has(field)),
  }
}

function parameter(place: 'path' | 'query', name: string, schema: JsonSchema, required: boolean): Json {
  return { name, in: place, required: place === 'path' || required, schema }
}

const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A key of your own for this request, such as a UUID: repeated with the same key it is done once.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
}
const CSRF = {
  name: 'X-CSRF-Token',
  in: 'header',
  required: false,
  description: 'Needed with a session; not with an API key.',
  schema: { type: 'string' },
}

function extraEntry({ name, summary, permission, method }: ExtraRoute, web: boolean): Json {
  const roles = permission === null ? [] : rolesWith(permission)
  const parameters = web && method !== 'GET' && permission !== null ? [CSRF] : []
  return {
    operationId: name,
    summary,
    description: permission === null ? 'For everybody.' : `For the roles ${roles.join(', ')}.`,
    tags: [name.split('.')[0]!],
    ...(permission === null && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...EXTRA_BODIES[name],
    responses: { '200': EXTRA_ANSWERS[name], default: { $ref: '#/components/responses/Error' } },
    ...(permission && { 'x-permission': permission, 'x-roles': roles }),
  }
}

const FILE = { type: 'string', contentMediaType: 'text/csv' }
const EXTRA_BODIES: Readonly<Record<string, Json>> = {
  'uploads.csv': form({ file: FILE }, ['file']),
  'uploads.campaign': form(
    {
      file: FILE,
      name: { type: 'string' },
      template: { type: 'string' },
      list: { type: 'string', description: 'The list that the contacts come into; one of its own when left out.' },
      settings: { type: 'string', contentMediaType: 'application/json', description: 'As for /api/imports/start.' },
    },
    ['file', 'name', 'template'],
  ),
  'auth.login': {
    requestBody: {
      required: true,
      content: json({
        type: 'object',
        properties: { username: { type: 'string' }, password: { type: 'string' }, remember: { type: 'boolean' } },
        required: ['username', 'password'],
        additionalProperties: false,
      }),
    },
  },
}

const object = (description: string): Json => ({ description, content: json({ type: 'object' }) })
const EXTRA_ANSWERS: Readonly<Record<string, Json>> = {
  health: object('It answers.'),
  openapi: object('The document.'),
  events: { description: 'The stream.', content: { 'text/event-stream': { schema: { type: 'string' } } } },
  'uploads.csv': object('`upload` and `preview`, as /api/imports/preview gives it.'),
  'uploads.campaign': object('`campaign` (a draft), `import` and the name of the `list`.'),
  'auth.login': object('`user`, `csrfToken` and `expiresAt`.'),
  'auth.logout': object('Done.'),
}

function form(properties: Json, required: readonly string[]): Json {
  return {
    requestBody: {
      required: true,
      content: { 'multipart/form-data': { schema: { type: 'object', properties, required } } },
    },
  }
}

function json(schema: unknown): Json {
  return { 'application/json': { schema } }
}

function plain({ $schema: _schema, ...schema }: JsonSchema): JsonSchema {
  return schema
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXTRA_ROUTES } from '../../../src/main/http/extra.ts'
import { LIMITS } from '../../../src/main/http/limits.ts'
import { openApiDocument, outputSchema } from '../../../src/main/http/openapi.ts'
import { operationRoutes } from '../../../src/main/http/routes.ts'
import { SUMMARIES } from '../../../src/main/http/summaries.ts'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'
import { LARGEST_UPLOAD } from '../../../src/main/services/uploads.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { startHub } from '../../support/hub.ts'
import { Hub } from './kit.ts'

const guide = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8')
/** The examples that a reader would paste into a shell. */
const examples = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(match => match[1]!)

describe('the OpenAPI document', () => {
  it.each([true, false])('is valid, web mode %s', async web => {
    const answer = await new Validator().validate(
      structuredClone(openApiDocument({ web, version: '1' })) as Record<string, unknown>,
    )
    expect([answer.valid, answer.errors]).toEqual([true, undefined])
  })

  it('has every route once, each with a sentence', () => {
    const { paths } = openApiDocument({ web: true, version: '1' }) as {
      paths: Record<string, Record<string, { operationId: string; summary: string }>>
    }
    const found = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, entry]) => `${method.toUpperCase()} ${path} ${entry.operationId}`),
    )
    const wanted = [...operationRoutes, ...EXTRA_ROUTES].map(({ method, path, name }) => `${method} ${path} ${name}`)
    expect(found.sort()).toEqual(wanted.sort())
    const names = operationRoutes.map(route => route.name)
    expect(names.filter(name => SUMMARIES[name] === undefined)).toEqual([])
    expect(Object.keys(SUMMARIES).filter(name => !names.includes(name as never))).toEqual([])
  })

  it('tells of web mode where there is one only', () => {
    const { paths, components } = openApiDocument({ web: false, version: '1' }) as {
      paths: object
      components: { securitySchemes: object }
    }
    expect(Object.keys(paths)).not.toContain('/api/auth/login')
    expect(Object.keys(components.securitySchemes)).toEqual(['apiKey', 'bearer'])
  })

  it('writes down what is answered', () => {
    const create = operationRoutes.find(route => route.name === 'users.create')!
    expect(outputSchema(create.operation)).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['id', 'username', 'role', 'active']),
    })
    const { paths } = openApiDocument({ web: false, version: '1' }) as {
      paths: Record<string, Record<string, { parameters: object[]; requestBody?: object }>>
    }
    expect(paths['/api/contacts/{id}']!['patch']).toMatchObject({
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } }],
      requestBody: { content: { 'application/json': { schema: { properties: { firstName: { type: 'string' } } } } } },
    })
    expect(paths['/api/contacts/{id}']!['get']!.parameters).toHaveLength(1)
    expect(paths['/api/sms/send']!['post']!.parameters).toMatchObject([{ name: 'Idempotency-Key', in: 'header' }])
  })
})

describe('the guide', () => {
  let hub: Awaited<ReturnType<typeof startHub>>
  let url: string
  const key = 'c0ffee00112233445566778899aabbccddeeff0123456789fedcba9876543210'
  const admin = '0123456789abcdefc0ffee00112233445566778899aabbccddeeff9876543210'

  beforeAll(async () => {
    const folder = temporaryFolder('guide')
    // A phone, so that a campaign can be started.
    const before = await Hub.open({}, {}, folder)
    before.peek.write(tx => {
      tx.run(
        "INSERT INTO phones (id, name, key_hash, journal, can_prove, paired_at) VALUES (1, 'Phone', x'01', 'J', 1, 1)",
      )
      tx.run('INSERT INTO sims (id, phone_id, slot) VALUES (1, 1, 0)')
    })
    await before.app.dispatch(
      'settings.update',
      { hours: { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false } },
      LOCAL,
    )
    before.peek.close()
    await before.app.close()
    hub = await startHub(folder, { args: ['--web', '--port', '0'], env: { USER_API_KEY: key, ADMIN_API_KEY: admin } })
    url = (hub.started as unknown as { http: { url: string } }).http.url
  })
  afterAll(async () => {
    expect(await hub.stop()).toBe(0)
  })

  it('tells the limits as they are', () => {
    const section = guide.slice(guide.indexOf('## Limits'), guide.indexOf('## Sending a text'))
    const seconds = (ms: number) => ms / 1_000
    for (const words of [
      `${LIMITS.requestsPerMinute} a minute, ${LIMITS.loginsPerMinute} of them sign-ins`,
      `${LIMITS.connectionsPerSource} from one address, ${LIMITS.connections} in all`,
      `within ${seconds(LIMITS.headersMs)} and ${seconds(LIMITS.bodyMs)} seconds; 16 KB and ${LIMITS.bodyBytes / 1024} KB`,
      `${LARGEST_UPLOAD / 1024 ** 2} MB at most, without a pause of more than ${seconds(LIMITS.uploadPauseMs)} seconds`,
      `${LIMITS.streamsPerCaller} of one caller, ${LIMITS.streams} in all`,
    ]) {
      expect(section).toContain(words)
    }
  })

  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(10)
  })

  it.each(examples)('%s', async example => {
    const child = spawn('bash', ['--norc', '-e', '-o', 'pipefail', '-c', `${STRICT_CURL}\n${example}`], {
      cwd: temporaryFolder('shell'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], URL: url, KEY: key, ADMIN_KEY: admin },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', chunk => {
        output += String(chunk)
      })
    }
    const [code] = (await once(child, 'close')) as [number]
    expect(output).not.toContain('{"error":"')
    expect([code, code === 0 ? '' : output]).toEqual([0, ''])
  })

  /** Where a list has to be in before the next line. `timeout` runs programs, not functions, so there curl is itself. */
  const STRICT_CURL = `curl() {
    command curl --fail-with-body --silent --show-error --max-time 20 "$@" || return $?
    case "$*" in
      */api/imports/start*)
        until command curl -s -H "X-API-Key: $KEY" "$URL/api/imports?limit=1" | grep -q '"state":"completed"'; do sleep 0.1; done ;;
    esac
  }`
})

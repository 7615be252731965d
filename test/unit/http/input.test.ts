import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { hostName, knownHosts, ownOrigins } from '../../../src/main/http/hosts.ts'
import { inputReader, type RequestParts } from '../../../src/main/http/input.ts'
import { Refusal } from '../../../src/shared/errors.ts'
import { operation, type Route } from '../../../src/shared/operations/define.ts'

const example = operation({
  name: 'example.ask',
  permission: 'system:read',
  effect: 'read',
  input: z.strictObject({
    id: z.int().min(1),
    limit: z.int().min(1).max(500).default(50),
    ratio: z.number().optional(),
    active: z.boolean().default(false),
    tags: z.array(z.string()).default([]),
    ids: z.array(z.int()).default([]),
    after: z.int().nullable().default(null),
    state: z.enum(['a', 'b']).optional(),
    number: z.string().optional(),
  }),
  output: z.strictObject({}),
})

const read = (method: Route['method'], parts: Partial<RequestParts>) =>
  inputReader(example, { method, path: '/api/examples/{id}' })({
    params: { id: '7' },
    query: {},
    body: undefined,
    ...parts,
  })
const taken = (query: RequestParts['query']) => example.input.safeParse(read('GET', { query })).data

describe('values of a query', () => {
  it.each([
    [{ limit: '10' }, { limit: 10 }],
    [{ ratio: '-1.5' }, { ratio: -1.5 }],
    [{ active: 'true' }, { active: true }],
    [{ active: 'false' }, { active: false }],
    [{ tags: 'a' }, { tags: ['a'] }],
    [{ tags: ['a', 'b,c'] }, { tags: ['a', 'b,c'] }],
    [{ ids: ['1', '2'] }, { ids: [1, 2] }],
    [{ after: '3' }, { after: 3 }],
    [{ state: 'b' }, { state: 'b' }],
    [{ number: ' 12025550142' }, { number: '+12025550142' }],
    [{ number: '+12025550142' }, { number: '+12025550142' }],
  ])('%o become what the schema names', (query, wanted) => {
    expect(taken(query as RequestParts['query'])).toMatchObject({ id: 7, ...wanted })
  })

  const wrong: Record<string, unknown>[] = [
    { limit: 'ten' },
    { limit: '' },
    { limit: ' 1' },
    { limit: '1.0' },
    { limit: '1e2' },
    { limit: '0x1' },
    { limit: ['1', '2'] },
    { active: '1' },
    { active: 'TRUE' },
    { ids: ['1', 'two'] },
    { after: 'null' },
    { state: ['a', 'b'] },
    { unknown: '1' },
    { toString: '1' },
  ]
  it.each(wrong)('%o are refused', query => {
    expect(taken(query as RequestParts['query'])).toBeUndefined()
  })

  it('never make anything but the fields that were written, whatever is written', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'prototype', 'limit', 'id', 'tags'))
    fc.assert(
      fc.property(fc.array(fc.tuple(text, fc.oneof(fc.string(), fc.array(fc.string())))), pairs => {
        const query = Object.fromEntries(pairs)
        try {
          const input = read('GET', { query }) as object
          expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
          expect(new Set(Object.keys(input))).toEqual(new Set([...Object.keys(query), 'id']))
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
          expect(Object.hasOwn(query, 'id')).toBe(true)
        }
      }),
    )
  })
})

describe('a body', () => {
  it('is taken as it is, with the fields of the path', () => {
    expect(read('POST', { body: { limit: '10', tags: 'a' } })).toEqual({ id: 7, limit: '10', tags: 'a' })
    expect(read('POST', {})).toEqual({ id: 7 })
  })

  it.each([[[]], ['text'], [1], [true]])('%o is refused', body => {
    expect(() => read('POST', { body })).toThrow(Refusal)
  })

  it('does not say again what the path says, nor stands beside a query, nor in a DELETE', () => {
    expect(() => read('POST', { body: { id: 8 } })).toThrow(/id stands in the path/)
    expect(() => read('POST', { body: {}, query: { limit: '1' } })).toThrow(/none in the URL/)
    expect(() => read('DELETE', { body: {} })).toThrow(/has no body/)
    expect(() => read('GET', { query: { id: '8' } })).toThrow(/id stands in the path/)
  })
})

describe('names of the hub', () => {
  it('are read from a Host header', () => {
    expect(['localhost:5000', '[::1]:1', 'A.Example', '127.0.0.1'].map(hostName)).toEqual([
      ...['localhost', '[::1]', 'a.example', '127.0.0.1'],
    ])
    for (const host of ['', 'a b', 'a/b', 'a@b', 'a:b', '[::1', 'a:123456', 'a\r\nb']) expect(hostName(host)).toBeNull()
  })

  it('are few while only this computer is served', () => {
    const here = knownHosts({ loopback: true, allowed: ['hub.example'] })
    expect(['localhost', '127.0.0.1:5000', '[::1]', 'HUB.example:443'].every(here)).toBe(true)
    expect(['evil.example', '192.0.2.1', 'localhost.evil.example', '0.0.0.0', ''].some(here)).toBe(false)
    const open = knownHosts({ loopback: false, allowed: [] })
    expect([open('hub.lan'), open('')]).toEqual([true, false])
    const named = knownHosts({ loopback: false, allowed: ['hub.lan'] })
    expect([named('hub.lan'), named('192.0.2.1'), named('evil.example')]).toEqual([true, true, false])
  })

  it('make the origin of its pages', () => {
    const own = ownOrigins({ tls: false, allowed: ['hub.example'] })
    expect(own('http://localhost:5000', 'localhost:5000')).toBe(true)
    expect(own('https://hub.example', 'hub.example')).toBe(true)
    for (const [origin, host] of [
      ['https://localhost:5000', 'localhost:5000'],
      ['http://localhost:5001', 'localhost:5000'],
      ['null', 'localhost:5000'],
      ['https://evil.example', 'hub.example'],
    ] as const)
      expect(own(origin, host)).toBe(false)
  })
})

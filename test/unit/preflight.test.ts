import { describe, expect, it } from 'vitest'
// @ts-expect-error plain JavaScript, since an older Node has to read it
import { preflight } from '../../scripts/preflight.mjs'

const check = preflight as (versions: { node: string; napi: string }) => string | null

describe('the preflight', () => {
  it('lets the Node of this run pass', () => {
    expect((preflight as () => string | null)()).toBeNull()
  })

  it.each([
    ['20.19.0', '9'],
    ['22.17.1', '10'],
    ['18.0.0', '8'],
  ])('says in one sentence what is wrong with Node %s', (node, napi) => {
    expect(check({ node, napi })).toContain(`this is Node ${node}`)
    expect(check({ node, napi })).toContain('Install Node 24')
  })

  it.each([
    ['22.18.0', '10'],
    ['24.0.0', '10'],
    ['26.1.0', '11'],
  ])('lets Node %s pass', (node, napi) => {
    expect(check({ node, napi })).toBeNull()
  })
})

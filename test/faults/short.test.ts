import { expect, it } from 'vitest'
import { VIOLATIONS } from './harness/checks.ts'
import { runSuite } from './harness/suite.ts'

/** The same as `npm run faults -- --messages 120 --kills 8 --seed 1`; docs/reliability.md says what it does. */
it('never twice, never lost, never after STOP: a short run of the fault suite', async () => {
  const { result, violations } = await runSuite({
    ...{ messages: 120, kills: 8, seed: 1, sabotage: null, keep: false },
    say: () => {},
  })
  expect(violations).toEqual([])
  expect(Object.fromEntries(VIOLATIONS.map(kind => [kind, result[kind]]))).toEqual(
    Object.fromEntries(VIOLATIONS.map(kind => [kind, 0])),
  )
  // A run in which nothing happened would prove nothing.
  expect(result.kills).toBeGreaterThanOrEqual(8)
  expect(result.left).toBeGreaterThan(60)
  expect(result.inbound).toBeGreaterThan(5)
  expect(result.faults['restore']).toBe(1)
  expect(result.erased).toBe(3)
}, 300_000)

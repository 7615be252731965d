import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SABOTAGES } from './harness/sabotages.ts'

const ROOT = join(import.meta.dirname, '../..')
const patches = Object.entries(SABOTAGES).flatMap(([name, sabotage]) =>
  sabotage.patches.map(patch => ({ name, ...patch })),
)

/** Whether each is noticed takes minutes: `npm run faults -- --sabotage NAME`. */
describe('what breaks the code on purpose', () => {
  it.each(patches)('$name still fits $file', ({ file, from }) => {
    expect(readFileSync(join(ROOT, file), 'utf8').split(from)).toHaveLength(2)
  })
})

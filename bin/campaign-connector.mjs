#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { preflight } from '../scripts/preflight.mjs'

const problem = preflight()
if (problem) {
  console.error(problem)
  process.exit(1)
}
// A checkout has the sources, which Node runs as they are; the package has what was built from them.
const source = new URL('../src/main/cli.ts', import.meta.url)
const built = new URL('../out/hub/cli.mjs', import.meta.url)
await import((existsSync(source) ? source : built).href)

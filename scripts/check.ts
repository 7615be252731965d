/** Types, lint, layers, dead code, generated files. All of them run; the exit code says whether one failed. */
import { spawnSync } from 'node:child_process'

const CHECKS: readonly [string, readonly string[]][] = [
  ['types', ['tsc', '-p', 'tsconfig.json']],
  ['types of the window', ['tsc', '-p', 'tsconfig.renderer.json']],
  ['lint', ['biome', 'check', '--error-on-warnings', '.']],
  ['layers', ['node', 'scripts/check-layers.ts']],
  ['dead code', ['knip']],
  ['schema document', ['node', 'scripts/schema-doc.ts', '--check']],
  ['API document', ['node', 'scripts/api-doc.ts', '--check']],
]

const failed: string[] = []
for (const [name, [command, ...args]] of CHECKS) {
  const { status } = spawnSync(command!, args, { stdio: 'inherit' })
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}`)
  if (status !== 0) failed.push(name)
}
if (failed.length > 0) {
  console.error(`These checks failed: ${failed.join(', ')}`)
  process.exit(1)
}

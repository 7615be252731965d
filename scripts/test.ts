/**
 * All that has to hold: builds, checks, then every test. `npm test -- NAME` runs the tests whose path holds NAME, alone.
 * Ends in a line `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly numFailedTestSuites: number
  readonly success: boolean
}

const names = process.argv.slice(2)
const steps: string[][] = [['node', 'scripts/build.ts']]
if (names.length === 0) steps.push(['node', 'scripts/check.ts'])
const broken = steps.filter(([command, ...args]) => spawnSync(command!, args, { stdio: 'inherit' }).status !== 0)

const folder = mkdtempSync(join(tmpdir(), 'cc-test-'))
const reportFile = join(folder, 'report.json')
spawnSync('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`, ...names], {
  stdio: 'inherit',
  env: { ...process.env, TEST_BUILT: '1' },
})
const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report
rmSync(folder, { recursive: true, force: true })

for (const step of broken) console.error(`Failed: ${step.join(' ')}`)
// A file that could not even be loaded has no failed test of its own, and must not pass for that.
const failed = Math.max(report.numFailedTests, report.success ? 0 : 1) + broken.length
const skipped = report.numPendingTests + report.numTodoTests
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed === 0 && report.numPassedTests > 0 ? 0 : 1)

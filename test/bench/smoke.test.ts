import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { hasBrowser } from '../ui/browser.ts'
import { BENCHMARKS } from './benchmarks.ts'
import { isPageUpToDate } from './report.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** As small as they go, and what each promises to print. */
const TINY: Readonly<Record<string, { args: string; fields: string }>> = {
  import: {
    args: '--rows 1500 --filled 200 --runs 1',
    fields:
      'rows ratioToSqliteImport ratioToPlainPipeline peakMemoryMB mainThreadDelayP50Ms mainThreadDelayP99Ms mainThreadDelayMaxMs ' +
      'rowsPerSecond seconds created duplicates rejected rejectedByCode flagged fileMB',
  },
  'import-memory': { args: '--rows 1000', fields: 'rows peakMemoryMB idleMemoryMB growthMB' },
  'phone-numbers': { args: '--count 5000', fields: 'numbers countries valid decidedShare different oursUs libraryUs' },
  dispatch: {
    args: '--messages 30 --phones 2 --queued 60 --peer 0',
    fields:
      'messages phones queued perSecond perSecondInBetween peerPerSecond ratioToPeer commitsPerMessage assignedToSentP99Ms ' +
      'hub agents cpuPerMessageUs states',
  },
  queries: {
    args: '--contacts 300 --messages 300 --inbound 60 --turns 16 --starts 1',
    fields: 'contacts messages inbound databaseMB start queries review',
  },
  api: {
    args: '--requests 40 --connections 2 --contacts 60',
    fields: 'requests connections contacts routes wrongKeys',
  },
  growth: { args: '--max 400 --messages 400 --turns 4', fields: 'growth fasterThanNLogN' },
  login: { args: '--attempts 6', fields: 'attempts times likeness' },
  ui: {
    args: '--contacts 300 --messages 300 --inbound 60 --turns 2 --starts 0',
    fields: 'contacts browser first seen scrolling window',
  },
  soak: {
    args: '--minutes 0.05 --phones 1 --rate 20',
    fields: 'minutes phones sent replies optOuts unknown courses flat',
  },
}

describe('the benchmarks', () => {
  it('are all tried here', () => {
    expect(Object.keys(TINY).sort()).toEqual(Object.keys(BENCHMARKS).sort())
  })

  it.each(Object.entries(TINY).filter(([name]) => name !== 'ui' || hasBrowser()))(
    '%s runs and prints what it promises',
    async (name, { args, fields }) => {
      const command = ['scripts/bench.ts', name, ...args.split(' '), '--json']
      const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT })
      const result = JSON.parse(stdout) as Record<string, unknown>
      expect(result['benchmark']).toBe(name)
      expect(Object.keys(result)).toEqual(expect.arrayContaining([...fields.split(' '), 'machine']))
      expect(JSON.stringify(result)).not.toMatch(/NaN|undefined/)
      SOUND[name]?.(result)
    },
    300_000,
  )

  it('are what docs/performance.md tells', () => {
    expect(isPageUpToDate()).toBe(true)
  })
})

/** What has to be so at any size. */
const SOUND: Readonly<Record<string, (result: Record<string, unknown>) => void>> = {
  import: ({ rows, created, duplicates, rejected }) => {
    // A row that was never closed takes others with it.
    const told = Number(created) + Number(duplicates) + Number(rejected)
    expect(told).toBeGreaterThan(Number(rows) * 0.98)
    expect(told).toBeLessThanOrEqual(Number(rows))
    expect(created).toBeGreaterThan(1000)
  },
  dispatch: ({ states }) => expect((states as Record<string, number>)['sent']).toBeGreaterThanOrEqual(30),
  api: ({ routes, wrongKeys }) => {
    const found = Object.values(routes as Record<string, { perSecond: number; ratio: number | null }>)
    expect(found.map(({ perSecond, ratio }) => [perSecond > 0, ratio === null])).toEqual([
      [true, true],
      [true, false],
      [true, false],
      [true, false],
    ])
    const { perSecond, statuses } = wrongKeys as { perSecond: number; statuses: Record<string, number> }
    expect([perSecond > 0, Object.keys(statuses).length > 0]).toEqual([true, true])
  },
  queries: ({ review }) => expect((review as { contacts: number }).contacts).toBe(300),
  growth: ({ growth }) => expect(growth).not.toEqual([]),
  'phone-numbers': ({ valid }) => expect(valid).toBeGreaterThan(1000),
}

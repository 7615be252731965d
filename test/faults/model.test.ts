import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { OUTCOMES } from './model/handset.ts'
import { type Deed, ModelWorld, PEOPLE } from './model/world.ts'

vi.mock('ws', async () => ({ WebSocket: (await import('./model/lives.ts')).WebSocket, WebSocketServer: class {} }))
vi.mock('../../phone-agent/src/tls.ts', async original => ({
  ...(await original<typeof import('../../phone-agent/src/tls.ts')>()),
  connectTrusted: (await import('./model/lives.ts')).connectTrusted,
}))

const person = fc.nat({ max: PEOPLE.length - 1 })
const times = fc.integer({ min: 1, max: 12 })
const end = fc.constantFrom('hub' as const, 'agent' as const)

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(50, 300, 1_500, 6_000, 35_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hub dies' as const),
      step: fc.constantFrom(null, 'before commit' as const, 'after commit' as const, 'after a frame' as const),
      times,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('agent dies' as const),
      step: fc.constantFrom(
        null,
        'journal written' as const,
        'journal synced' as const,
        'command begins' as const,
        'command ends' as const,
        'list' as const,
        'frame leaves' as const,
      ),
      times,
      power: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('cut' as const, 'reorder' as const, 'network down' as const, 'network up' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'let go' as const, 'twice' as const), to: end }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('text' as const), outcome: fc.constantFrom(...OUTCOMES) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('stop' as const, 'start' as const, 'twin by hand' as const), person }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const, 'cancel' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'back up' as const,
        'restore' as const,
        'late campaign' as const,
        'copy journal' as const,
        'old journal' as const,
      ),
    }),
  },
)

async function verdictOf(deeds: readonly Deed[], skipSync = false): Promise<string[]> {
  const world = await ModelWorld.create(skipSync)
  try {
    await world.play(deeds)
    await world.heal()
    return world.verdict()
  } finally {
    await world.close()
  }
}

/** What was found once stays found. */
const EXAMPLES: readonly [about: string, deeds: Deed[]][] = [
  ['an old journal that is let in', [{ do: 'copy journal' }, { do: 'pass', ms: 6_000 }, { do: 'old journal' }]],
  [
    'a restore to before a campaign that is then made again',
    [
      { do: 'back up' },
      { do: 'late campaign' },
      { do: 'pass', ms: 1_500 },
      { do: 'restore' },
      { do: 'pass', ms: 1_500 },
      { do: 'late campaign' },
    ],
  ],
  [
    'a restore to before a STOP',
    [
      { do: 'back up' },
      { do: 'stop', person: 0 },
      { do: 'pass', ms: 6_000 },
      { do: 'restore' },
      { do: 'pass', ms: 6_000 },
    ],
  ],
]

describe('hub and agent, whatever happens between any two of their steps', () => {
  it('come to rest with what is true when nothing goes wrong', async () => {
    expect(await verdictOf([{ do: 'pass', ms: 6_000 }])).toEqual([])
  })

  it('never send twice, lose nothing, and say only what is true', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 14 }), async deeds => {
        expect(await verdictOf(deeds)).toEqual([])
      }),
      {
        numRuns: Number(process.env['MODEL_RUNS'] ?? 25),
        seed: Number(process.env['MODEL_SEED'] ?? 1),
        endOnFailure: false,
      },
    )
  }, 600_000)

  it.each(EXAMPLES)('stand %s', async (_about, deeds) => {
    expect(await verdictOf(deeds)).toEqual([])
  })

  it('would be caught with a journal that is not synced before the command runs', async () => {
    const deeds: Deed[] = [
      { do: 'agent dies', step: 'command ends', times: 1, power: true },
      { do: 'pass', ms: 3_000 },
    ]
    expect(await verdictOf(deeds)).toEqual([])
    expect(await verdictOf(deeds, true)).not.toEqual([])
  })
})

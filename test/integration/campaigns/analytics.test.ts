import { describe, expect, it } from 'vitest'
import { analyticsHandlers } from '../../../src/main/services/analytics.ts'
import { LOCAL } from '../../../src/main/services/operations/caller.ts'
import { changeContext, temporaryFolder } from '../../support/folder.ts'
import { runProgram } from '../../support/hub.ts'
import { ScriptedPhone, World } from '../../support/world.ts'

const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => `+1212555${String(from + n).padStart(4, '0')}`)

async function world() {
  const made = new World()
  const { phoneId } = made.addPhone()
  const phone = new ScriptedPhone(made, phoneId)
  await phone.connect(0)
  const handlers = analyticsHandlers({ db: made.db, clock: { now: () => made.now, mono: () => 0 } })
  const context = changeContext(made.db, 'test', LOCAL)
  const period = (given: { from?: number; to?: number }) => ({ limit: 50, ...given })
  const campaigns = (given: { from?: number; to?: number; limit?: number; after?: string } = {}) =>
    handlers['analytics.campaigns'](period(given), context) as Awaited<
      ReturnType<(typeof handlers)['analytics.campaigns']>
    >
  const totals = (given: { from?: number; to?: number } = {}) =>
    handlers['analytics.totals'](given, context) as Awaited<ReturnType<(typeof handlers)['analytics.totals']>>
  const begin = (id: number, at: number) =>
    made.db.write(tx => tx.run('UPDATE campaigns SET started_at = ? WHERE id = ?', at, id))
  return { made, phone, campaigns, totals, begin }
}

describe('campaign-connector analytics', () => {
  it('shows what there is, and refuses a time that ends before it begins', async () => {
    const folder = temporaryFolder('analytics')
    const run = (...args: string[]) => runProgram(['analytics', ...args], { folder })
    expect((await run('campaigns')).stdout).toMatch(/^id\tname\tstate/)
    const totals = await run('totals', '--from', '2026-01-01 00:00', '--json')
    expect(JSON.parse(totals.stdout)).toMatchObject({ campaigns: 0, messages: 0, replyRate: null })
    const wrong = await run('totals', '--from', '2026-01-02 00:00', '--to', '2026-01-01 00:00')
    expect([wrong.code === 0, wrong.stderr]).toEqual([false, expect.stringContaining('later than from')])
  })
})

describe('the results of campaigns', () => {
  it('count what was sent, who was left out and who answered, by campaign and together', async () => {
    const { made, phone, campaigns, totals, begin } = await world()
    try {
      for (const number of [...numbers(1000, 4), ...numbers(2000, 2)]) made.addContact(number)
      const first = made.addCampaign(numbers(1000, 4))
      const second = made.addCampaign(numbers(2000, 2))
      begin(first, 1_000)
      begin(second, 2_000)
      made.db.write(tx => tx.run("INSERT INTO campaign_left_out VALUES (?, 77, 'suppressed')", first))
      await phone.status(1_000)
      for (const command of phone.commands.filter(({ number }) => number.startsWith('+12125551'))) {
        if (command.number !== '+12125551003') await phone.send(command)
      }
      await phone.text('+12125551000', 'Yes please', 1)
      await phone.text('+12125551001', 'STOP', 2)
      const { items, next } = campaigns()
      expect(next).toBeNull()
      expect(items).toMatchObject([
        { id: second, startedAt: 2_000, messages: 2, replies: 0, replyRate: null, optOutRate: null, leftOut: 0 },
        {
          ...{ id: first, startedAt: 1_000, messages: 4, segmentsSent: 3, leftOut: 1, replies: 2, optOuts: 1 },
          ...{ replyRate: 0.6667, optOutRate: 0.3333 },
          states: { sent: 3, queued: 0, failed: 0 },
        },
      ])
      expect(totals()).toMatchObject({
        ...{ campaigns: 2, messages: 6, segmentsSent: 3, leftOut: 1, replies: 2, optOuts: 1, replyRate: 0.6667 },
        states: { sent: 3 },
      })
    } finally {
      made.close()
    }
  })

  it('are of those that began in the time that is asked for, page by page', async () => {
    const { made, campaigns, totals, begin } = await world()
    try {
      const ids = [1, 2, 3].map(n => made.addCampaign(numbers(3000 + n * 10, n)))
      for (const [n, id] of ids.entries()) begin(id, n * 1_000)
      const draft = made.addCampaign(numbers(4000, 5))
      made.db.write(tx => tx.run("UPDATE campaigns SET started_at = NULL, state = 'draft' WHERE id = ?", draft))
      const found = (given: { from?: number; to?: number }) => campaigns(given).items.map(item => item.id)
      expect(found({})).toEqual([...ids].reverse())
      expect(found({ from: 1_000 })).toEqual([ids[2], ids[1]])
      expect(found({ from: 1_000, to: 2_000 })).toEqual([ids[1]])
      expect(totals({ from: 1_000, to: 2_000 })).toMatchObject({ campaigns: 1, messages: 2 })
      expect(totals({ to: 1 })).toMatchObject({ campaigns: 1, messages: 1 })
      expect(totals({ from: 9_000 })).toMatchObject({ campaigns: 0, messages: 0, replies: 0, replyRate: null })
      const page = campaigns({ limit: 2 })
      expect(page.items.map(item => item.id)).toEqual([ids[2], ids[1]])
      expect(campaigns({ limit: 2, after: page.next! }).items.map(item => item.id)).toEqual([ids[0]])
    } finally {
      made.close()
    }
  })
})

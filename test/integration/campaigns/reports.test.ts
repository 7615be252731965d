import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { analyticsHandlers } from '../../../src/main/services/analytics.ts'
import { type GivenOf, type OutputOf, operations } from '../../../src/shared/operations/index.ts'
import { changeContext, temporaryFolder } from '../../support/folder.ts'
import { ScriptedPhone, World } from '../../support/world.ts'

type Report = 'analytics.timeline' | 'analytics.phones' | 'analytics.reasons' | 'analytics.export'

let world: World | null = null
afterEach(() => {
  world?.close()
  world = null
})

function opened() {
  const made = new World()
  world = made
  const handlers = analyticsHandlers({ db: made.db, clock: { now: () => made.now, mono: () => 0 } })
  const ask = async <N extends Report>(name: N, given: GivenOf<N>): Promise<OutputOf<N>> => {
    const input = operations.find(one => one.name === name)!.input.parse(given)
    return (await handlers[name](input as never, changeContext(made.db))) as OutputOf<N>
  }
  return { made, ask }
}

const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => `+1212555${String(from + n).padStart(4, '0')}`)
const at = (iso: string) => Date.parse(iso)

/**
 * In New York: on the 14th three are sent late in the evening (already the 15th in UTC), on the 15th one more, one is
 * without proof, one fails, and two are cancelled; two people answer, one of them with STOP.
 */
async function smallWorld() {
  const { made, ask } = opened()
  const first = made.addPhone('First', 2)
  const second = made.addPhone('=Second')
  const all = numbers(1000, 8)
  for (const number of all) made.addContact(number)
  const one = new ScriptedPhone(made, first.phoneId)
  await one.connect(0, 2)

  made.now = at('2026-01-15T03:50:00Z')
  const always = { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false }
  const campaign = made.addCampaign(all.slice(0, 3), { hours: always, sims: [first.sims[0]!] })
  made.db.write(tx => tx.run('UPDATE campaigns SET started_at = ? WHERE id = ?', made.now, campaign))
  await one.status(1_000, 2)
  for (const command of one.commands.splice(0)) await one.send(command)

  made.now = at('2026-01-15T15:20:00Z')
  const later = made.addCampaign(all.slice(3), { hours: always, sims: [first.sims[1]!] })
  made.db.write(tx => {
    tx.run('UPDATE campaigns SET started_at = ? WHERE id = ?', made.now, later)
    tx.run("INSERT INTO campaign_left_out VALUES (?, 77, 'consent_missing')", later)
  })
  await one.status(1_000, 2)
  const [sent, unproven, failed, ...cancelled] = one.commands.splice(0)
  await one.send(sent!)
  const { id, assignment, slot, number } = unproven!
  await one.say(
    { type: 'accepted', id, assignment },
    { type: 'attempting', id, assignment, slot, number, bodyHash: '0'.repeat(64), at: made.now },
    { type: 'unknown', id, assignment, reason: 'no_proof', seen: '', at: made.now },
  )
  made.db.write(tx => {
    const end = 'UPDATE messages SET state = ?, reason = ?, settled_at = ? WHERE id = ?'
    tx.run(end, 'failed', 'field_missing', made.now, failed!.id)
    for (const command of cancelled) tx.run(end, 'cancelled', 'cancelled', made.now, command.id)
  })
  await one.text(all[0]!, 'Yes please', 1)
  await one.text(all[1]!, 'STOP', 2)
  made.now = at('2026-01-15T20:00:00Z')
  return { made, ask, one, second, unproven: unproven! }
}

const sent = (count: number) => ({ sent: count, segmentsSent: count })

describe('reports', () => {
  it('tell by the days of the zone what became of messages and how people answered', async () => {
    const { ask } = await smallWorld()
    const days = await ask('analytics.timeline', {
      ...{ from: at('2026-01-14T05:00:00Z'), to: at('2026-01-16T05:00:00Z') },
      ...{ zone: 'america/new_york', by: 'day' },
    })
    const nothing = { ...sent(0), unknown: 0, failed: 0, notSent: 0, replies: 0, optOuts: 0 }
    expect(days.points).toEqual([
      {
        ...{ from: at('2026-01-14T05:00:00Z'), to: at('2026-01-15T05:00:00Z') },
        ...{ ...nothing, ...sent(3), replyRate: 0, optOutRate: 0, otherSent: 0 },
      },
      {
        ...{ from: at('2026-01-15T05:00:00Z'), to: at('2026-01-16T05:00:00Z') },
        ...{ ...sent(1), unknown: 1, failed: 1, notSent: 2, replies: 2, optOuts: 1, replyRate: 2, optOutRate: 1 },
        otherSent: 0,
      },
    ])
    expect(days).toMatchObject({ zone: 'America/New_York', total: { sent: 4, replies: 2, replyRate: 0.5 } })
    const inUtc = await ask('analytics.timeline', { from: at('2026-01-14T00:00:00Z'), by: 'day' })
    expect(inUtc.points.map(point => point.sent)).toEqual([0, 4])
    // Without a beginning it is everything there is.
    expect((await ask('analytics.timeline', { by: 'month' })).total).toEqual(days.total)
  })

  it('follow a message whose proof comes late into the day on which it was attempted', async () => {
    const { made, ask, one, unproven } = await smallWorld()
    made.now = at('2026-01-17T15:00:00Z')
    await one.say({ type: 'sent', id: unproven.id, assignment: unproven.assignment, rowId: 9, at: made.now })
    const { points } = await ask('analytics.timeline', { from: at('2026-01-15T00:00:00Z'), by: 'day' })
    expect(points.map(point => [point.sent, point.unknown])).toEqual([
      [5, 0],
      [0, 0],
      [0, 0],
    ])
  })

  it('tell what each phone and SIM sent, and why messages were not', async () => {
    const { ask } = await smallWorld()
    const { phones } = await ask('analytics.phones', {})
    const none = { sent: 0, ofCampaigns: 0, segmentsSent: 0, unknown: 0, failed: 0 }
    expect(phones).toMatchObject([
      {
        ...{ name: 'First', sent: 4, ofCampaigns: 4, unknown: 1, failed: 1, replies: 2, optOuts: 1 },
        ...{ replyRate: 0.5, optOutRate: 0.25 },
        sims: [
          { slot: 0, ...none, sent: 3, ofCampaigns: 3, segmentsSent: 3 },
          { slot: 1, sent: 1, unknown: 1, failed: 1 },
        ],
      },
      { name: '=Second', ...none, replyRate: null, sims: [{ slot: 0, ...none }] },
    ])
    const { reasons, leftOut } = await ask('analytics.reasons', {})
    expect(reasons.map(({ state, reason, messages }) => [state, reason, messages])).toEqual([
      ['cancelled', 'cancelled', 2],
      ['failed', 'field_missing', 1],
      ['unknown', 'no_proof', 1],
    ])
    expect(reasons.every(({ meaning }) => meaning.length > 20)).toBe(true)
    expect(leftOut).toMatchObject([{ code: 'consent_missing', contacts: 1 }])
    const before = await ask('analytics.reasons', { to: at('2026-01-15T05:00:00Z') })
    expect(before).toEqual({ reasons: [], leftOut: [] })
  })

  it('are written as CSV that no spreadsheet runs', async () => {
    const { ask } = await smallWorld()
    const folder = temporaryFolder('reports')
    const zone = 'America/New_York'
    const written = async (table: 'campaigns' | 'timeline' | 'phones' | 'reasons') => {
      const { path } = await ask('analytics.export', { table, zone, by: 'day', path: join(folder, `${table}.csv`) })
      return readFileSync(path, 'utf8').slice(1).split('\r\n')
    }
    expect((await written('phones'))[4]).toBe("'=Second,all,,0,0,0,0,0,0,,0,")
    expect((await written('timeline')).slice(-2, -1)).toEqual([
      `2026-01-15 00:00,2026-01-15 15:00,${zone},1,1,1,1,2,2,2,1,1,0`,
    ])
    expect((await written('campaigns'))[2]).toContain('2026-01-14 22:50')
    expect((await written('reasons')).slice(1, -1).map(line => line.split(',')[1])).toEqual([
      ...['cancelled', 'field_missing', 'no_proof', 'consent_missing'],
    ])
  })

  it('refuse a zone that there is none of, and more points than anybody can look at', async () => {
    const { ask } = opened()
    await expect(ask('analytics.timeline', { zone: 'Mars/Base' })).rejects.toThrow(/America\/New_York/)
    await expect(ask('analytics.timeline', { from: 0, by: 'hour' })).rejects.toThrow(/shorter time/)
  })
})

describe('the sums that reports read', () => {
  const STATES = ['queued', 'attempting', 'sent', 'unknown', 'failed', 'cancelled'] as const
  const OF = 'campaign_id IS NOT NULL'
  const of = (state: string) => `sum(${OF} AND ${state})`
  const change = fc.record({
    message: fc.nat(5),
    state: fc.constantFrom(...STATES),
    reason: fc.constantFrom('', 'no_proof', 'operator'),
    segments: fc.nat(3),
    attempted: fc.option(fc.nat(3 * 96), { nil: null }),
    deletes: fc.boolean(),
  })

  it('are what a count over the messages and texts would give, whatever happens to them', () => {
    const { made } = opened()
    const { sims, phoneId } = made.addPhone()
    made.addCampaign(numbers(1000, 6))
    made.db.write(tx => {
      tx.run("INSERT INTO threads (number, last_at) VALUES ('+12125551000', 0)")
      for (let row = 0; row < 4; row += 1) {
        tx.run(
          `INSERT INTO inbound (thread_id, phone_id, store, row_id, sender, body, body_hash, received_at, stored_at, intent,
             campaign_id) VALUES (1, ?, 'S', ?, 'x', 'x', x'00', ?, 0, 'none', ?)`,
          ...[phoneId, row, row * 40_000_000, row % 2 === 0 ? 1 : null],
        )
      }
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), changes => {
        made.db.write(tx => {
          for (const { message, state, reason, segments, attempted, deletes } of changes) {
            const id = `M${String(message + 1).padStart(20, '0')}`
            if (deletes) tx.run('DELETE FROM messages WHERE id = ?', id)
            tx.run(
              `INSERT INTO messages (id, kind, number, state, reason, segments, sim_id, attempted_at, settled_at, due_at,
                 created_by, created_at) VALUES (?, 'reply', '+12125550000', ?, ?, ?, ?, ?, 1, 0, 'local', 0)
                 ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason, segments = excluded.segments,
                   sim_id = excluded.sim_id, attempted_at = excluded.attempted_at`,
              ...[id, state, reason, segments, sims[0]!, attempted === null ? null : attempted * 900_000],
            )
            tx.run("UPDATE inbound SET intent = iif(intent = 'stop', 'none', 'stop') WHERE id = ?", (message % 4) + 1)
          }
        })
        for (const span of [900_000, 86_400_000]) {
          const at = `coalesce(attempted_at, settled_at, created_at) / ${span} * ${span}`
          const sums = (name: string, where: string) =>
            made.db.all(`SELECT * FROM ${name} WHERE span = ${span} AND ${where} ORDER BY 2, 3, 4`)
          const count = (columns: string, where: string, group: string) =>
            made.db.all(
              `SELECT ${span} AS span, ${columns} FROM messages WHERE ${where} GROUP BY ${group} ORDER BY ${group}`,
            )
          expect(sums('outcome_sums', 'sent + unknown + failed + not_sent + other_sent > 0')).toEqual(
            count(
              `${at} AS at, ${of("state = 'sent'")} AS sent, sum(iif(${OF}, iif(state = 'sent', segments, 0), 0)) AS segments,
                 ${of("state = 'unknown'")} AS unknown, ${of("state = 'failed'")} AS failed,
                 ${of("state = 'cancelled'")} AS not_sent, sum(campaign_id IS NULL AND state = 'sent') AS other_sent`,
              "state IN ('sent', 'unknown', 'failed', 'cancelled') AND (campaign_id IS NOT NULL OR state = 'sent')",
              '2',
            ),
          )
          expect(sums('lane_sums', 'sent + unknown + failed > 0')).toEqual(
            count(
              `${at} AS at, sim_id, sum(state = 'sent') AS sent, ${of("state = 'sent'")} AS campaign_sent,
                 sum(iif(state = 'sent', segments, 0)) AS segments, sum(state = 'unknown') AS unknown,
                 sum(state = 'failed') AS failed`,
              "state IN ('sent', 'unknown', 'failed') AND sim_id IS NOT NULL",
              '2, 3',
            ),
          )
          expect(sums('reason_sums', 'messages > 0')).toEqual(
            count(
              `${at} AS at, state, reason, count(*) AS messages, sum(${OF}) AS campaign_messages`,
              "state IN ('unknown', 'failed', 'cancelled')",
              '2, 3, 4',
            ),
          )
          expect(sums('answer_sums', 'replies > 0')).toEqual(
            made.db.all(
              `SELECT ${span} AS span, received_at / ${span} * ${span} AS at, phone_id, count(*) AS replies,
                 sum(intent = 'stop') AS opt_outs FROM inbound WHERE campaign_id IS NOT NULL GROUP BY 2, 3`,
            ),
          )
        }
      }),
      { numRuns: 60 },
    )
  })
})

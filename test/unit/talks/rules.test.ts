import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mentionedUsers } from '../../../src/main/domain/mentions.ts'
import { isWanted, type News, TOLD_OF_EVERYTHING } from '../../../src/main/domain/notification-rules.ts'
import { saidQuery, snippetOf } from '../../../src/main/domain/said-query.ts'
import { OPEN, type Standing, stepThread, type ThreadEvent } from '../../../src/main/domain/thread-states.ts'

describe('where a thread stands', () => {
  const time = fc.integer({ min: 0, max: 50 })
  const event: fc.Arbitrary<ThreadEvent> = fc.oneof(
    fc.constantFrom<ThreadEvent>({ type: 'close' }, { type: 'reopen' }, { type: 'unsnooze' }, { type: 'text' }),
    time.map((until): ThreadEvent => ({ type: 'snooze', until })),
    time.map((now): ThreadEvent => ({ type: 'time', now })),
  )

  it('has a time to come back exactly while it is snoozed, and a text opens it whatever came before', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), events => {
        let standing: Standing = OPEN
        for (const one of events) {
          standing = stepThread(standing, one)
          expect(standing.snoozedUntil !== null).toBe(standing.state === 'snoozed')
          // Doing the same twice does what doing it once does.
          expect(stepThread(standing, one)).toEqual(standing)
        }
        expect(stepThread(standing, { type: 'text' })).toEqual(OPEN)
      }),
    )
  })

  it('comes back at its time and not before, and a closed one never by time', () => {
    const snoozed = stepThread(OPEN, { type: 'snooze', until: 10 })
    expect(stepThread(snoozed, { type: 'time', now: 9 })).toEqual(snoozed)
    expect(stepThread(snoozed, { type: 'time', now: 10 })).toEqual(OPEN)
    const closed = stepThread(snoozed, { type: 'close' })
    expect(stepThread(closed, { type: 'time', now: 99 })).toEqual(closed)
    expect(stepThread(closed, { type: 'unsnooze' })).toEqual(closed)
  })
})

describe('mentions', () => {
  const users = ['ann', 'ann.b', 'Zoë', 'bob@home'].map((username, at) => ({ id: at + 1, username }))
  it.each<[string, number[]]>([
    ['@ann can you?', [1]],
    ['ask @Ann.', [1]],
    ['ask @ann.b, then @zoë!', [2, 3]],
    ['ask @ann.c', [1]],
    ['@bob@home and (@ann) and @ann', [4, 1]],
    ['write to me@ann or ann@example.com', []],
    ['@annabel @@ann @', []],
    ['nobody', []],
  ])('%s', (text, ids) => {
    expect(mentionedUsers(text, users)).toEqual(ids)
  })

  it('ends for every text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(@|[a-z._@ -])*$/), text => {
        for (const id of mentionedUsers(text, users)) expect(users.map(user => user.id)).toContain(id)
      }),
    )
  })
})

describe('notification rules', () => {
  const text = (assignedTo: number | null, isLikelyOptOut = false): News => ({
    ...{ type: 'text', assignedTo, isLikelyOptOut },
  })
  const nothing = { anyReply: false, assignedReplies: false, mentions: false, likelyOptOuts: false, quiet: null }

  it('tell of what was chosen', () => {
    expect(isWanted(TOLD_OF_EVERYTHING, text(null), 1, 0)).toBe(true)
    expect(isWanted(nothing, text(1, true), 1, 0)).toBe(false)
    expect(isWanted({ ...nothing, assignedReplies: true }, text(1), 1, 0)).toBe(true)
    expect(isWanted({ ...nothing, assignedReplies: true }, text(2), 1, 0)).toBe(false)
    expect(isWanted({ ...nothing, assignedReplies: true }, text(null), null, 0)).toBe(false)
    expect(isWanted({ ...nothing, likelyOptOuts: true }, text(2, true), 1, 0)).toBe(true)
    expect(isWanted({ ...nothing, mentions: true }, { type: 'mention' }, 1, 0)).toBe(true)
    expect(isWanted({ ...TOLD_OF_EVERYTHING, mentions: false }, { type: 'mention' }, 1, 0)).toBe(false)
  })

  it.each([
    [{ from: 540, to: 600 }, [540, 599], [539, 600]],
    [{ from: 1320, to: 420 }, [1320, 1439, 0, 419], [420, 1319]],
  ])('are quiet in %o', (quiet, within, outside) => {
    const told = (minute: number) => isWanted({ ...TOLD_OF_EVERYTHING, quiet }, { type: 'mention' }, 1, minute)
    expect(within.map(told)).toEqual(within.map(() => false))
    expect(outside.map(told)).toEqual(outside.map(() => true))
  })
})

describe('what a search asks for', () => {
  it.each<[string, string | null, string | null]>([
    ['parking', '"parking"*', '"par"*'],
    ['car', '"car"*', null],
    ['see "open day" a', '"see"* AND "open day" AND "a"', null],
    ['o’clock', '"o" AND "clock"*', '"o" AND "clo"*'],
    ['"never closed', '"never closed"', null],
    ['NOT (x) NEAR/2 * ^', '"NOT"* AND "x" AND "NEAR" AND "2"', null],
    ['?! " ""', null, null],
    ['\uE000c12 \uE000', '"c12"*', null],
  ])('%s', (typed, exact, rough) => {
    const query = saidQuery(typed)
    expect([query?.exact ?? null, query?.rough ?? null]).toEqual([exact, rough])
  })

  it('shows where it was found', () => {
    const shown = (text: string, typed: string) => {
      const parts = snippetOf(text, saidQuery(typed)!.hits(text))
      return parts.map(part => (part.isHit ? `[${part.text}]` : part.text)).join('')
    }
    expect(shown('Is the café open, or the CAFÉTERIA?', 'cafe')).toBe('Is the [café] open, or the [CAFÉTERIA]?')
    expect(shown('The open day is an open\nday', '"open day"')).toBe('The [open day] is an [open day]')
    expect(shown('Nothing here', 'else')).toBe('Nothing here')
    const long = `${'before '.repeat(40)}parking 🚗 ${'after '.repeat(60)}`
    expect(shown(long, 'park')).toMatch(/^…before .*\[parking\] 🚗 after .*…$/)
    expect(shown(long, 'park').length).toBeLessThan(200)
  })

  it('shows parts that are whole, and no more of the text than there is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.string({ unit: 'grapheme', minLength: 1 }),
        (text, typed) => {
          const parts = snippetOf(text, saidQuery(typed)?.hits(text) ?? [])
          const shown = parts.map(part => part.text).join('')
          expect(shown).toBe(shown.toWellFormed())
          expect(shown.length).toBeLessThanOrEqual(text.length + 2)
        },
      ),
    )
  })
})

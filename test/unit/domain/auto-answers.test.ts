import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, heldBack, looksAutomatic, type Talk } from '../../../src/main/domain/auto-answers.ts'
import { phraseIn, ruleFor } from '../../../src/main/domain/keyword-rules.ts'

const LIMITS = { perHour: 5, perDay: 12 }
const talk = (change: Partial<Talk> = {}): Talk => ({
  ...{ now: 10 * DAY_MS, body: 'hours', earlier: [], answeredAt: [], loopedAt: null, repliedAt: null },
  ...change,
})

describe('an automatic answer', () => {
  it('goes to a person, and not to the same words again and again or beyond the limits', () => {
    const { now } = talk()
    expect(heldBack(talk(), LIMITS)).toBe(null)
    expect(heldBack(talk({ earlier: ['Hours?'] }), LIMITS)).toBe(null)
    expect(heldBack(talk({ earlier: ['Hours?', 'HOURS'] }), LIMITS)).toBe('repeated')
    expect(heldBack(talk({ answeredAt: new Array<number>(5).fill(now - 1_000) }), LIMITS)).toBe('too_often')
    expect(heldBack(talk({ answeredAt: new Array<number>(5).fill(now - 2 * 3_600_000) }), LIMITS)).toBe(null)
    expect(heldBack(talk({ answeredAt: new Array<number>(12).fill(now - 20 * 3_600_000) }), LIMITS)).toBe('too_often')
  })

  it('stays away after a loop until a day of silence or a person of the hub', () => {
    const { now } = talk()
    expect(heldBack(talk({ loopedAt: now - 1_000 }), LIMITS)).toBe('robot')
    expect(heldBack(talk({ loopedAt: now - 1_000, repliedAt: now - 500 }), LIMITS)).toBe(null)
    expect(heldBack(talk({ loopedAt: now - 1_000, repliedAt: now - 2_000 }), LIMITS)).toBe('robot')
    expect(heldBack(talk({ loopedAt: now - DAY_MS }), LIMITS)).toBe(null)
  })

  it('does not go to what says that nobody wrote it', () => {
    for (const text of [
      "Auto-reply: I'm driving right now, I'll get back to you later.",
      'This is an automated message. Please do not reply to this number.',
      'I am out of the office until Monday',
      'Thank you for contacting Acme! We will be with you soon.',
      'Acme: 20% off. Reply STOP to opt out',
      'Reply HELP for help, STOP to end. Msg & data rates may apply.',
      'Abwesenheitsnotiz: Ich bin im Urlaub',
      'Respuesta automática: estoy de viaje',
      'Réponse automatique',
      'This inbox is not monitored.',
    ]) {
      expect({ text, robot: looksAutomatic(text) }).toEqual({ text, robot: true })
    }
    for (const text of [
      'What are your hours?',
      'Thanks for the info, see you then',
      'Can I stop by at 5?',
      'My car has an automatic gearbox, can you fix it',
      "I'm in the office today",
      'join',
    ]) {
      expect({ text, robot: looksAutomatic(text) }).toEqual({ text, robot: false })
    }
  })

  it('never goes out without end, however a robot texts', () => {
    // Nobody answers by hand, and the robot is never silent for a day: then the answers come to an end for good.
    const step = fc.record({
      wait: fc.integer({ min: 1, max: DAY_MS - 1 }),
      body: fc.constantFrom('hours', 'menu', 'x', 'join'),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 60, maxLength: 90, size: 'max' }), steps => {
        let now = 10 * DAY_MS
        let loopedAt: number | null = null
        const texts: { at: number; body: string }[] = []
        const answers: number[] = []
        for (const { wait, body } of steps) {
          now += wait
          const since = now - DAY_MS
          const held = heldBack(
            {
              ...{ now, body, loopedAt, repliedAt: null },
              earlier: texts.filter(text => text.at > since).map(text => text.body),
              answeredAt: answers.filter(at => at > since),
            },
            LIMITS,
          )
          texts.push({ at: now, body })
          if (held === null) answers.push(now)
          else loopedAt = now
          expect(answers.filter(at => at > now - 3_600_000).length).toBeLessThanOrEqual(LIMITS.perHour)
          expect(answers.filter(at => at > since).length).toBeLessThanOrEqual(LIMITS.perDay)
          // Once it was held back and the robot goes on, there is no further answer.
          if (loopedAt !== null) expect(answers.every(at => at < loopedAt!)).toBe(true)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('keywords', () => {
  it('are found as the whole text, at its beginning or within, as whole words, however they are written', () => {
    const hours = { phrases: ['hours', 'Öffnungszeiten'], fits: 'whole' } as const
    expect(phraseIn(' HOURS?! 🙂', hours)).toBe('hours')
    expect(phraseIn('offnungszeiten', hours)).toBe('Öffnungszeiten')
    expect(phraseIn('your hours', hours)).toBe(undefined)
    expect(phraseIn('join now', { phrases: ['join'], fits: 'begins' })).toBe('join')
    expect(phraseIn('joining now', { phrases: ['join'], fits: 'begins' })).toBe(undefined)
    expect(phraseIn('when do you OPEN on Sunday', { phrases: ['do you open'], fits: 'within' })).toBe('do you open')
    expect(phraseIn('reopened', { phrases: ['open'], fits: 'within' })).toBe(undefined)
    expect(phraseIn('🎉', { phrases: ['x'], fits: 'within' })).toBe(undefined)
  })

  it('of the first rule that fits count', () => {
    const rules = [
      { name: 'A', phrases: ['menu'], fits: 'whole' },
      { name: 'B', phrases: ['men', 'menu'], fits: 'within' },
    ] as const
    expect(ruleFor(rules, 'menu')?.rule.name).toBe('A')
    expect(ruleFor(rules, 'the menu please')?.rule.name).toBe('B')
    expect(ruleFor(rules, 'hello')).toBe(undefined)
  })
})

import { describe, expect, test } from 'vitest'
import type { People } from '../../../phone-agent/simulator/config.ts'
import { type Person, react } from '../../../phone-agent/simulator/people.ts'
import { list, phoneWith, send } from './kit.ts'

const USUAL: People = {
  seed: 3,
  replyShare: 1,
  stopShare: 0,
  wordingShare: 0,
  helpShare: 0,
  twiceShare: 0,
  startShare: 0,
  delayMs: [100, 200],
  answersAtMost: 3,
}

const NUMBERS = Array.from({ length: 1000 }, (_, index) => `+1415555${String(index).padStart(4, '0')}`)

function fresh(number: string): Person {
  return { number, texts: 0, answers: 0, askedHelp: false, stopped: false }
}

/** What a person does about so many texts in a row. */
function afterTexts(people: People, number: string, texts: number) {
  let person = fresh(number)
  const answers = []
  for (let i = 0; i < texts; i++) {
    const reaction = react(people, person)
    person = reaction.person
    answers.push(reaction.answers)
  }
  return { person, answers }
}

describe('people', () => {
  test('about the given shares answer, opt out by word, opt out in words of their own and ask for help', () => {
    const people = { ...USUAL, replyShare: 0.6, stopShare: 0.3, wordingShare: 0.2, helpShare: 0.1 }
    const kinds = NUMBERS.flatMap(number => react(people, fresh(number)).answers.map(answer => answer.kind))
    const share = (kind: string) => kinds.filter(found => found === kind).length / 1000
    expect(kinds.length / 1000).toBeCloseTo(0.6, 1)
    expect(Math.abs(share('stop') - 0.18)).toBeLessThan(0.04)
    expect(Math.abs(share('wording') - 0.12)).toBeLessThan(0.04)
    expect(Math.abs(share('help') - 0.06)).toBeLessThan(0.03)
    expect(share('answer')).toBeGreaterThan(0.18)
  })

  test('the same seed and number always answer the same; another seed does not', () => {
    const people = { ...USUAL, replyShare: 0.5, stopShare: 0.5 }
    const all = (seed: number) => NUMBERS.map(number => react({ ...people, seed }, fresh(number)).answers)
    expect(all(1)).toEqual(all(1))
    expect(all(2)).not.toEqual(all(1))
  })

  test('who opted out answers no further text, and comes back with START by itself or not at all', () => {
    const people = { ...USUAL, stopShare: 0.5, wordingShare: 0.5, startShare: 0.4 }
    let backs = 0
    for (const number of NUMBERS) {
      const { answers, person } = afterTexts(people, number, 3)
      expect(person).toMatchObject({ stopped: true, texts: 3, answers: 1 })
      expect(answers.slice(1)).toEqual([[], []])
      const [optOut, start] = answers[0]!
      if (!start) continue
      backs++
      expect(start).toMatchObject({ body: 'START', kind: 'start' })
      expect(start.afterMs).toBeGreaterThan(optOut!.afterMs)
    }
    expect(backs / 1000).toBeCloseTo(0.4, 1)
  })

  test('some say everything twice, in the very same words', () => {
    const people = { ...USUAL, stopShare: 0.5, twiceShare: 1 }
    for (const number of NUMBERS) {
      const [first, second, ...none] = react(people, fresh(number)).answers
      expect(none).toEqual([])
      expect(second).toMatchObject({ body: first!.body, kind: first!.kind })
      expect(second!.afterMs).toBeGreaterThanOrEqual(first!.afterMs)
    }
  })

  test('nobody talks for ever: help is asked for once, and answers run out', () => {
    const helped = afterTexts({ ...USUAL, helpShare: 1 }, NUMBERS[0]!, 6)
    expect(helped.answers.flat().map(answer => answer.kind)).toEqual(['help'])
    const talked = afterTexts({ ...USUAL, answersAtMost: 2 }, NUMBERS[0]!, 6)
    expect(talked.answers.flat()).toHaveLength(2)
  })

  test('their answers arrive in the inbox of the SIM that texted them', async () => {
    const phone = phoneWith({
      sims: [
        { slot: 0, subId: 1 },
        { slot: 1, subId: 2 },
      ],
      people: { replyShare: 1, wordingShare: 1, twiceShare: 1, delayMs: [300_000, 500_000] },
    })
    await send(phone, NUMBERS[7]!, 'Hello', '-s', '1')
    expect(await list(phone, '-t', 'inbox')).toEqual([])
    phone.passTime(600_000)
    const texts = await list(phone, '--message-selection=type == 1 AND sub_id == 2')
    expect(texts[0]).toMatchObject({ address: NUMBERS[7], body: texts[1]?.body })
    expect(texts[0]?._id).not.toBe(texts[1]?._id)
    expect(phone.arrivals().map(arrival => arrival.kind)).toEqual(['wording', 'wording'])
    expect(phone.people()).toEqual([{ number: NUMBERS[7], texts: 1, answers: 1, stopped: true }])
  })

  test('a text that did not leave is answered by nobody', async () => {
    const phone = phoneWith({ people: { replyShare: 1, delayMs: 0 }, faults: { silentLoss: true } })
    await send(phone, NUMBERS[7]!, 'Hello')
    expect([phone.people(), phone.pending(), phone.arrivals()]).toEqual([[], [], []])
  })

  test('shares that make no sense are refused', () => {
    expect(() => phoneWith({ people: { replyShare: 1.5 } })).toThrow('replyShare is a share between 0 and 1, not 1.5.')
    expect(() => phoneWith({ people: { stopShare: 0.7, wordingShare: 0.6 } })).toThrow('cannot exceed 1 together')
  })
})

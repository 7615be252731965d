import { afterAll, describe, expect, it } from 'vitest'
import { createStrength } from '../../../src/main/services/auth/strength.ts'

const strength = createStrength()
afterAll(() => strength.stop())
const anna = { username: 'anna.holmberg', fullName: 'Anna Holmberg', email: 'anna@bakery.example' }

describe('how hard a password is to guess', () => {
  it.each([
    ['qwertzuiop', 'keyboard'],
    ['abcdefgh1', 'sequences'],
    ['holmberg1', 'personal'],
    ['iloveyouanna', 'guess'],
    ['campaign24', 'personal'],
    ['p@ssword99', 'guess'],
    ['ab1ab1ab1ab1', 'Repeated'],
  ])('%s is refused, with what is wrong', async (password, why) => {
    expect(await strength.problem(password, anna)).toContain(why)
    expect((await strength.score(password, anna)).score).toBeLessThan(2)
  })

  it.each(['correct horse battery staple', 'Tr0ub4dor&3', 'wirbelnde Kastanien', '密码很难猜到的句子'])(
    '%s may be used',
    async password => {
      expect(await strength.problem(password, anna)).toBeNull()
      expect((await strength.score(password, anna)).score).toBeGreaterThanOrEqual(2)
    },
  )

  it('keeps the rules that need no dictionary', async () => {
    expect(await strength.problem('short', anna)).toContain('at least 8')
    expect(await strength.problem('x'.repeat(129), anna)).toContain('at most')
    expect(await strength.problem('anna.holmberg', anna)).toContain('user name')
  })

  it('judges a long one by more than its weak beginning', async () => {
    const long = `${'a'.repeat(30)}Tr0ub4dor&3 wirbelnde Kastanien`
    expect(await strength.problem(long, anna)).toBeNull()
  })

  it('refuses a flood instead of letting it wait, and answers the others', async () => {
    const asked = Array.from({ length: 40 }, (_, n) => strength.score(`password ${n}`, anna))
    const settled = await Promise.allSettled(asked)
    const refused = settled.filter(result => result.status === 'rejected')
    expect(refused).toHaveLength(24)
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'too_many' })
  })
})

describe('the thread that scores', () => {
  it('is started when it is needed, let go when it is idle, and started again', async () => {
    const restless = createStrength(1)
    const first = await restless.score('qwertzuiop', anna)
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(await restless.score('qwertzuiop', anna)).toEqual(first)
    await restless.stop()
  })

  it('that is stopped leaves nobody waiting', async () => {
    const stopped = createStrength()
    const asked = expect(stopped.score('qwertzuiop', anna)).rejects.toMatchObject({ code: 'unavailable' })
    await stopped.stop()
    await asked
  })
})

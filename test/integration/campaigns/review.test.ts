import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GivenOf } from '../../../src/shared/operations/index.ts'
import type { LaneLimits } from '../../../src/shared/phone-protocol.ts'
import { ALL_WEEK, manhattan, Office, OPERATOR, TEMPLATE } from './kit.ts'

const HOUR = 3_600_000
const FAST: LaneLimits = {
  windows: [
    { segments: 60, windowMs: HOUR },
    { segments: 500, windowMs: 24 * HOUR },
  ],
  recipientsPerMonth: 250,
  pauseMs: [1000, 1000],
}

let office: Office

beforeEach(() => {
  office = new Office()
})
afterEach(() => office.close())

async function codes(id: number): Promise<string[]> {
  const { findings } = await office.ask('campaigns.review', { id })
  return findings.map(finding => `${finding.level} ${finding.code}`)
}

/** The sentence of a finding; fails the test when there is none. */
async function sentence(id: number, code: string): Promise<string> {
  const { findings } = await office.ask('campaigns.review', { id })
  const found = findings.find(finding => finding.code === code)
  if (!found) throw new Error(`no finding ${code} among ${findings.map(finding => finding.code).join(', ')}`)
  return found.message
}

describe('the review of a sound campaign', () => {
  it('counts people, messages and segments, says how long it takes, and finds nothing', async () => {
    office.addPhone({ limits: FAST })
    for (let index = 0; index < 61; index += 1) office.addContact(manhattan(index))
    office.addContact(manhattan(100), { firstName: 'A'.repeat(140) })
    const id = await office.draft()
    const review = await office.ask('campaigns.review', { id }, OPERATOR)
    expect(review).toMatchObject({
      audience: 62,
      messages: 62,
      leftOut: [],
      segments: 63,
      bySegments: [
        [1, 61],
        [2, 1],
      ],
      ucs2: 0,
      perDay: [{ date: '2026-01-14', messages: 62, lanes: [{ name: 'Phone 1', messages: 62 }] }],
      findings: [],
      startable: true,
    })
    // 60 segments an hour: the last three have to wait for the window.
    expect(review.durationMs).toBeGreaterThan(0.9 * HOUR)
    expect(review.durationMs).toBeLessThan(1.2 * HOUR)
    expect(review.endsAt).toBe(office.world.now + review.durationMs!)
    expect(review.limitedBy).toContain('per minute and hour')
  })

  it('changes nothing, not even the audit log', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.draft()
    const before = office.db.get('SELECT count(*) AS n FROM audit')
    await office.ask('campaigns.review', { id })
    expect(office.db.get('SELECT count(*) AS n FROM audit')).toEqual(before)
    expect(office.db.get('SELECT count(*) AS n FROM messages')).toEqual({ n: 0 })
  })

  it('lets others work while it looks at a large audience', async () => {
    office.addPhone()
    office.db.write(() => {
      for (let index = 0; index < 2000; index += 1) office.addContact(manhattan(index))
    })
    const id = await office.draft()
    let turns = 0
    let running = true
    const count = () => {
      turns += 1
      if (running) setImmediate(count)
    }
    setImmediate(count)
    const review = await office.ask('campaigns.review', { id })
    running = false
    expect(review.messages).toBe(2000)
    expect(turns).toBeGreaterThan(15)
  })

  it('counts the hours of several lanes together, and of the recipients', async () => {
    // 20:30 in New York: half an hour is left today.
    office.world.now = Date.parse('2026-01-15T01:30:00Z')
    const limits = { ...FAST, windows: [{ segments: 10, windowMs: HOUR }] }
    office.addPhone({ limits })
    office.addPhone({ limits })
    for (let index = 0; index < 40; index += 1) office.addContact(manhattan(index))
    const id = await office.draft()
    const review = await office.ask('campaigns.review', { id })
    const ten = (name: string) => ({ simId: expect.any(Number), name, messages: 10 })
    expect(review.perDay).toEqual([
      { date: '2026-01-14', messages: 20, lanes: [ten('Phone 1'), ten('Phone 2')] },
      { date: '2026-01-15', messages: 20, lanes: [ten('Phone 1'), ten('Phone 2')] },
    ])
    expect(review.limitedBy).toContain('allowed hours')
  })
})

describe('who is left out', () => {
  it('leaves out and counts whose consent is not of the kind that the campaign requires', async () => {
    office.addPhone()
    const kinds = ['unspecified', 'informational', 'marketing'] as const
    for (const [at, kind] of kinds.entries()) {
      office.addContact(manhattan(at + 1))
      office.db.write(tx => tx.run('UPDATE consents SET kind = ? WHERE id = ?', kind, at + 1))
    }
    office.addContact(manhattan(4), { consent: false })
    const left = async (change: Partial<GivenOf<'campaigns.create'>>) => {
      const id = await office.draft({ template: 'Hi. Reply STOP to opt out', ...change })
      const { leftOut, messages } = await office.ask('campaigns.review', { id })
      for (const { message } of leftOut) expect(message).toMatch(/\.$/)
      return [messages, ...leftOut.map(({ code, contacts }) => `${code} ${contacts}`)]
    }
    expect(await left({})).toEqual([4])
    expect(await left({ requireConsent: true })).toEqual([3, 'consent_missing 1'])
    expect(await left({ consentKind: 'informational' })).toEqual([2, 'consent_missing 1', 'consent_other_kind 1'])
    expect(await left({ consentKind: 'marketing' })).toEqual([1, 'consent_missing 1', 'consent_other_kind 2'])
    const id = await office.started({ consentKind: 'marketing', template: 'Hi. Reply STOP to opt out' })
    expect(office.messages(id).map(message => message.number)).toEqual([manhattan(3)])
    expect((await office.ask('campaigns.progress', { id })).leftOut).toEqual({
      consent_missing: 1,
      consent_other_kind: 2,
    })
  })

  it('takes a kind as the requirement, and lets both go together', async () => {
    const id = await office.draft({ consentKind: 'marketing' })
    expect(await office.ask('campaigns.get', { id })).toMatchObject({ requireConsent: true, consentKind: 'marketing' })
    const off = await office.ask('campaigns.update', { id, requireConsent: false })
    expect(off).toMatchObject({ requireConsent: false, consentKind: null })
    const both = { id, requireConsent: false, consentKind: 'marketing' } as const
    expect((await office.refusal('campaigns.update', both)).code).toBe('invalid_input')
  })

  it('has a sentence for each reason, with the fields that are missing', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    office.addContact(manhattan(2), { suppressed: true })
    office.addContact(manhattan(3), { consent: false })
    office.addContact(manhattan(4), { firstName: '' })
    office.addContact(manhattan(5), { firstName: 'x'.repeat(1600) })
    office.addContact(manhattan(6), { attributes: { plan: 'none' } })
    office.addContact(manhattan(7), { attributes: { day: 'soon' } })
    office.addContact('+18005550199', { country: null })
    const id = await office.draft({
      template:
        '{% if plan == "none" %}{% else %}Dear {{ first_name }}{% if day %} {{ day | date: "%d" }}{% endif %}, reply STOP to end{% endif %}',
      requireConsent: true,
      hours: { from: 540, to: 600, days: ALL_WEEK },
    })
    const { leftOut, audience, messages } = await office.ask('campaigns.review', { id })
    expect([audience, messages]).toEqual([8, 1])
    expect(leftOut.map(({ code, contacts }) => [code, contacts])).toEqual([
      ['suppressed', 1],
      ['zone_ambiguous', 1],
      ['field_missing', 1],
      ['body_too_long', 1],
      ['body_empty', 1],
      ['template_error', 1],
      ['consent_missing', 1],
    ])
    expect(leftOut.find(({ code }) => code === 'field_missing')!.message).toContain('first_name (1)')
    for (const { message } of leftOut) expect(message).toMatch(/^[A-Z].{20,}\.$|default: "there"/)
  })

  it('counts a person who was erased and is suppressed by hash only', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    office.addContact(manhattan(2))
    office.suppress(manhattan(2))
    office.db.write(tx => tx.run("UPDATE suppressions SET number = NULL, reason = 'erased'"))
    const id = await office.draft()
    expect(await office.ask('campaigns.review', { id })).toMatchObject({
      messages: 1,
      leftOut: [{ code: 'suppressed', contacts: 1 }],
    })
  })

  it('counts those who have a message already, in a campaign that has begun', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.started()
    office.addContact(manhattan(2))
    const review = await office.ask('campaigns.review', { id })
    expect(review).toMatchObject({ messages: 1, leftOut: [{ code: 'has_message', contacts: 1 }], startable: false })
    expect(review.findings[0]).toMatchObject({ code: 'not_startable', message: expect.stringContaining('running') })
  })
})

describe('errors', () => {
  it('are a template that cannot be read, and a field that nobody has', async () => {
    office.addPhone()
    office.addContact(manhattan(1), { attributes: { shop: 'Oslo' } })
    const broken = await office.draft({ template: 'Hi {{ first_name ' })
    expect(await sentence(broken, 'template_error')).toContain('Line 1')
    const unknown = await office.draft({ template: 'Hi {{ nick | default: "you" }} in {{ shop }}. Reply STOP to end' })
    expect(await sentence(unknown, 'unknown_field')).toContain('No contact has nick.')
    expect((await office.ask('campaigns.review', { id: unknown })).startable).toBe(false)
  })

  it('are an empty audience, a list that is gone, and nobody left', async () => {
    office.addPhone()
    const empty = await office.draft()
    expect(await codes(empty)).toEqual(['error audience_empty'])
    office.addContact(manhattan(1), { suppressed: true })
    expect(await codes(empty)).toEqual(['error nobody_left'])
    const gone = await office.draft({ audience: { lists: ['Summer'], exceptTags: ['never'] } })
    expect(await sentence(gone, 'unknown_list')).toContain('list "Summer"')
    expect(await codes(gone)).toContain('warning unknown_exception')
  })

  it('are no phone, no SIM that is on, and phones that cannot prove a send', async () => {
    office.addContact(manhattan(1))
    const id = await office.draft()
    expect(await codes(id)).toEqual(['error no_phone'])
    const lane = office.addPhone({ enabled: false })
    expect(await codes(id)).toEqual(['error no_lane'])
    office.lanes = [{ ...lane, enabled: true, canProve: false }]
    expect(await codes(id)).toEqual(['error cannot_prove'])
    expect(await sentence(id, 'cannot_prove')).toContain('administrator')
    expect(await office.ask('campaigns.review', { id })).toMatchObject({
      endsAt: null,
      durationMs: null,
      startable: false,
    })
  })

  it('are an expiry that is over, or that comes before anybody may be texted', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const past = await office.draft({ expiresAt: office.world.now + 1000 })
    office.world.now += 2000
    expect(await codes(past)).toContain('error expired')
    office.world.now = Date.parse('2026-01-14T08:00:00Z')
    const closed = await office.draft({ expiresAt: Date.parse('2026-01-14T12:30:00Z') })
    expect(await codes(closed)).toContain('error expires_closed')
    const open = await office.draft({ expiresAt: Date.parse('2026-01-14T13:30:00Z') })
    expect((await office.ask('campaigns.review', { id: open })).startable).toBe(true)
  })
})

describe('warnings', () => {
  it('speak of opt-out wording, curly quotes, consent and wide hours', async () => {
    office.addPhone()
    office.addContact(manhattan(1), { consent: false })
    const id = await office.draft({
      template: 'Hi {{ first_name }}, “big” sale',
      hours: { from: 360, to: 1320, days: ALL_WEEK },
    })
    expect(await codes(id)).toEqual(['warning no_opt_out', 'warning hours_wide', 'warning ucs2', 'warning no_consent'])
    expect(await sentence(id, 'ucs2')).toContain('“ ”')
    expect(await sentence(id, 'hours_wide')).toContain('06:00-22:00')
    expect((await office.ask('campaigns.review', { id })).startable).toBe(true)
  })

  it('do not ask to replace what cannot be replaced', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.draft({ template: 'Привет. Reply STOP to end' })
    const review = await office.ask('campaigns.review', { id })
    expect(review.ucs2).toBe(1)
    expect(review.findings).toEqual([])
  })

  it('know the words that the administrator added', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.draft({ template: 'Sale. Reply BASTA to end' })
    expect(await codes(id)).toEqual(['warning no_opt_out'])
    await office.ask('optouts.add-word', { phrase: 'BASTA' })
    expect(await codes(id)).toEqual([])
  })

  it('speak of phones: offline, unproven, limits above what carriers bear, a monthly cap too small', async () => {
    office.addPhone({
      phoneName: 'Alpha',
      connected: false,
      limits: { ...FAST, windows: [{ segments: 300, windowMs: HOUR }] },
    })
    office.addPhone({ phoneName: 'Beta', canProve: false })
    office.addPhone({ phoneName: 'Gamma', recipientsThisMonth: 249 })
    for (let index = 0; index < 252; index += 1) office.addContact(manhattan(index))
    const id = await office.draft()
    expect((await codes(id)).slice(0, 3)).toEqual(['warning cannot_prove', 'warning offline', 'warning limits_high'])
    expect(await sentence(id, 'cannot_prove')).toContain('Beta')
    expect(await sentence(id, 'offline')).toContain('Alpha')
    expect(await sentence(id, 'limits_high')).toContain('Alpha')
    expect(await sentence(id, 'monthly_cap')).toContain('251 more different people')
  })

  it('finds the usual limits of the settings careful enough', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    expect(await codes(await office.draft())).toEqual([])
  })

  it('speak of a campaign that ends after its expiry, or takes for weeks, or never ends', async () => {
    const slow = { ...FAST, windows: [{ segments: 10, windowMs: 24 * HOUR }] }
    const lane = office.addPhone({ limits: slow })
    for (let index = 0; index < 100; index += 1) office.addContact(manhattan(index))
    const id = await office.draft()
    expect(await sentence(id, 'long')).toMatch(/about (8|9|10) days/)
    const short = await office.draft({ expiresAt: office.world.now + 48 * HOUR })
    expect(await sentence(short, 'ends_late')).toMatch(/of 100 messages/)
    expect((await office.ask('campaigns.review', { id: short })).endsAt).toBeNull()
    office.lanes = [{ ...lane, limits: { ...slow, windows: [{ segments: 1, windowMs: 24 * HOUR }] } }]
    const long = await office.draft({ template: `${TEMPLATE} ${'x'.repeat(200)}` })
    expect(await sentence(long, 'never_sent')).toContain('shorten the text')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ALL_WEEK, manhattan, Office, OPERATOR, TEMPLATE } from './kit.ts'

const HOUR = 3_600_000
let office: Office

beforeEach(() => {
  office = new Office()
})
afterEach(() => office.close())

describe('writing a campaign', () => {
  it('takes the hours of the settings, and the whole plan as given', async () => {
    office.addPhone()
    const campaign = await office.ask('campaigns.create', { name: ' Sale ', template: TEMPLATE }, OPERATOR)
    expect(campaign).toMatchObject({
      name: 'Sale',
      state: 'draft',
      hours: { from: 480, to: 1260, days: ALL_WEEK },
      audience: { lists: [], tags: [], search: '', exceptTags: [] },
      sims: null,
      createdBy: 'user:7',
      startedAt: null,
    })
    expect(await office.ask('campaigns.get', { id: campaign.id })).toEqual(campaign)
  })

  it('refuses an expiry in the past and a SIM that there is not', async () => {
    const past = await office.refusal('campaigns.create', { name: 'A', template: 'B', expiresAt: office.world.now - 1 })
    expect(past).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('past') })
    const sim = await office.refusal('campaigns.create', { name: 'A', template: 'B', sims: [99] })
    expect(sim).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('no SIM 99') })
  })

  it('changes what is given and nothing else, as long as it is a draft', async () => {
    const id = await office.draft({ audience: { tags: ['vip'] } })
    const changed = await office.ask('campaigns.update', { id, name: 'Other', requireConsent: true })
    expect(changed).toMatchObject({
      name: 'Other',
      requireConsent: true,
      template: TEMPLATE,
      audience: { tags: ['vip'] },
    })
  })

  it('allows hours, lanes and expiry only once it has begun, and nothing once it is over', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.started()
    const refusal = await office.refusal('campaigns.update', { id, template: 'Other', name: 'Other' })
    expect(refusal).toMatchObject({ code: 'conflict', message: expect.stringContaining('name, template') })
    const hours = { from: 600, to: 700, days: [1] }
    expect(await office.ask('campaigns.update', { id, hours })).toMatchObject({ hours, template: TEMPLATE })
    await office.ask('campaigns.cancel', { id })
    expect((await office.refusal('campaigns.update', { id, hours })).message).toContain('Duplicate')
  })

  it('keeps a scheduled one startable', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.draft()
    await office.ask('campaigns.start', { id, at: office.world.now + HOUR })
    const refusal = await office.refusal('campaigns.update', { id, template: 'Hi {{ nickname }}' })
    expect(refusal).toMatchObject({ code: 'review_failed', message: expect.stringContaining('nickname') })
    expect((await office.ask('campaigns.get', { id })).template).toBe(TEMPLATE)
  })

  it('lists newest first, by state and page by page', async () => {
    const ids = [await office.draft(), await office.draft(), await office.draft(), await office.draft()]
    await office.ask('campaigns.cancel', { id: ids[1]! })
    const first = await office.ask('campaigns.list', { limit: 2, states: ['draft'] })
    expect(first.items.map(({ id }) => id)).toEqual([ids[3], ids[2]])
    const rest = await office.ask('campaigns.list', { limit: 2, states: ['draft'], after: first.next! })
    expect(rest.items.map(({ id }) => id)).toEqual([ids[0]])
    expect(rest.next).toBeNull()
    expect((await office.ask('campaigns.list', {})).items).toHaveLength(4)
    expect(await office.refusal('campaigns.list', { after: 'nonsense' })).toMatchObject({ code: 'invalid_input' })
  })

  it('duplicates the plan as a draft, without an expiry that is over', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const expiresAt = office.world.now + HOUR
    const id = await office.started({ name: 'x'.repeat(120), expiresAt, requireConsent: true })
    office.world.now += 2 * HOUR
    const copy = await office.ask('campaigns.duplicate', { id })
    expect(copy).toMatchObject({
      state: 'draft',
      expiresAt: null,
      requireConsent: true,
      template: TEMPLATE,
      startedAt: null,
    })
    expect(copy.name).toHaveLength(120)
    expect(copy.name).toMatch(/ \(copy\)$/)
    expect((await office.ask('campaigns.duplicate', { id, name: 'Again' })).name).toBe('Again')
  })

  it('deletes drafts only', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const draft = await office.draft()
    await office.ask('campaigns.delete', { id: draft })
    expect(await office.refusal('campaigns.get', { id: draft })).toMatchObject({ code: 'not_found' })
    const id = await office.started()
    expect(await office.refusal('campaigns.delete', { id })).toMatchObject({ code: 'conflict' })
  })
})

describe('starting', () => {
  it('refuses with the sentences of the review, and changes nothing', async () => {
    const id = await office.draft({ template: 'Hi {{ nickname }}' })
    const refusal = await office.refusal('campaigns.start', { id })
    expect(refusal.code).toBe('review_failed')
    expect(refusal.message).toContain('nickname')
    expect(refusal.message).toContain('No phone is paired')
    expect((await office.ask('campaigns.get', { id })).state).toBe('draft')
  })

  it('refuses when everybody is left out, even without a whole review', async () => {
    office.addPhone()
    office.addContact(manhattan(1), { suppressed: true })
    const id = await office.draft()
    expect((await office.refusal('campaigns.start', { id })).message).toContain('left out')
  })

  it('lets only an administrator agree to phones that cannot prove a send', async () => {
    office.addPhone({ canProve: false })
    office.addContact(manhattan(1))
    const id = await office.draft()
    expect(await office.refusal('campaigns.start', { id }, OPERATOR)).toMatchObject({ code: 'review_failed' })
    expect(await office.refusal('campaigns.start', { id, allowUnproven: true }, OPERATOR)).toMatchObject({
      code: 'forbidden',
    })
    expect(await office.ask('campaigns.start', { id, allowUnproven: true })).toMatchObject({
      state: 'running',
      allowUnproven: true,
    })
  })

  it('refuses a second start, and a plan that was changed while it was reviewed', async () => {
    office.addPhone()
    for (let index = 0; index < 250; index += 1) office.addContact(manhattan(index), { suppressed: index < 249 })
    const id = await office.draft()
    const starting = office.refusal('campaigns.start', { id })
    await office.ask('campaigns.update', { id, template: 'Other text. Reply STOP to end' })
    expect(await starting).toMatchObject({ code: 'conflict', message: expect.stringContaining('changed') })
    await office.ask('campaigns.start', { id })
    expect(await office.refusal('campaigns.start', { id })).toMatchObject({ code: 'conflict' })
  })

  it('writes every change and refusal to the audit log, by id only', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.draft()
    await office.ask('campaigns.start', { id }, OPERATOR)
    await office.ask('campaigns.pause', { id })
    await office.refusal('campaigns.pause', { id })
    const rows = office.db.all('SELECT actor, action, subject, outcome, code FROM audit ORDER BY seq')
    expect(rows).toEqual([
      { actor: 'local', action: 'campaigns.create', subject: `campaign:${id}`, outcome: 'ok', code: '' },
      { actor: 'user:7', action: 'campaigns.start', subject: `campaign:${id}`, outcome: 'ok', code: '' },
      { actor: 'local', action: 'campaigns.pause', subject: `campaign:${id}`, outcome: 'ok', code: '' },
      { actor: 'local', action: 'campaigns.pause', subject: '', outcome: 'refused', code: 'conflict' },
    ])
  })
})

describe('schedules', () => {
  it('begin when their time has come, once, audited as the system', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.draft()
    const at = office.world.now + HOUR
    expect(await office.ask('campaigns.start', { id, at })).toMatchObject({
      state: 'scheduled',
      scheduledAt: at,
      startedAt: null,
    })
    expect(office.work.startDue(at - 1)).toBe(0)
    office.world.now = at + 500
    office.restart()
    expect(office.work.startDue(office.world.now)).toBe(1)
    expect(office.work.startDue(office.world.now)).toBe(0)
    await office.parts.background.idle()
    expect(await office.ask('campaigns.progress', { id })).toMatchObject({
      state: 'running',
      messages: 1,
      startedAt: at + 500,
    })
    expect(office.db.get('SELECT actor, action, subject FROM audit ORDER BY seq DESC LIMIT 1')).toEqual({
      actor: 'system',
      action: 'campaigns.start',
      subject: `campaign:${id}`,
    })
  })

  it('refuse a time in the past, and can be moved or taken back', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.draft()
    const { now } = office.world
    expect(await office.refusal('campaigns.start', { id, at: now - 1 })).toMatchObject({ code: 'invalid_input' })
    await office.ask('campaigns.start', { id, at: now + HOUR })
    expect(await office.ask('campaigns.start', { id, at: now + 2 * HOUR })).toMatchObject({
      scheduledAt: now + 2 * HOUR,
    })
    expect(office.work.startDue(now + HOUR)).toBe(0)
    expect(await office.ask('campaigns.unschedule', { id })).toMatchObject({ state: 'draft', scheduledAt: null })
    expect(office.work.startDue(now + 3 * HOUR)).toBe(0)
    await office.ask('campaigns.start', { id, at: now + HOUR })
    expect(await office.ask('campaigns.start', { id })).toMatchObject({ state: 'running', scheduledAt: null })
  })

  it('refuse an expiry that comes before their time', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const { now } = office.world
    const id = await office.draft({ expiresAt: now + HOUR })
    const refusal = await office.refusal('campaigns.start', { id, at: now + 2 * HOUR })
    expect(refusal).toMatchObject({
      code: 'review_failed',
      message: expect.stringContaining('expires before it starts'),
    })
  })
})

describe('pause, resume, cancel', () => {
  it('takes back what phones hold at a pause, and says what for', async () => {
    const lane = office.addPhone()
    office.addContact(manhattan(1))
    office.addContact(manhattan(2))
    const id = await office.started()
    office.db.write(tx => tx.run("UPDATE messages SET state = 'accepted', body = 'Hi', sim_id = ?", lane.simId))
    expect(await office.ask('campaigns.pause', { id })).toMatchObject({ state: 'paused' })
    expect(office.db.all('SELECT recall FROM messages')).toEqual([{ recall: 'queued' }, { recall: 'queued' }])
    expect(await office.ask('campaigns.resume', { id })).toMatchObject({ state: 'running' })
    await office.ask('campaigns.cancel', { id })
    expect(office.db.all('SELECT recall FROM messages')).toEqual([{ recall: 'cancelled' }, { recall: 'cancelled' }])
  })

  it('completes when every message has come to an end, and not before', async () => {
    const lane = office.addPhone()
    for (let index = 0; index < 3; index += 1) office.addContact(manhattan(index))
    const id = await office.started()
    const end = (state: string, number: string) =>
      office.db.write(tx =>
        tx.run(
          "UPDATE messages SET state = ?, body = 'x', segments = 1, sim_id = ? WHERE number = ?",
          state,
          lane.simId,
          number,
        ),
      )
    end('sent', manhattan(0))
    end('handed_over', manhattan(1))
    end('unknown', manhattan(2))
    expect(office.work.completeDone()).toBe(0)
    end('sent', manhattan(1))
    expect(office.work.completeDone()).toBe(1)
    expect(await office.ask('campaigns.progress', { id })).toMatchObject({
      state: 'completed',
      finishedAt: office.world.now,
      segmentsSent: 2,
      states: { sent: 2, unknown: 1, queued: 0 },
    })
    expect(office.work.completeDone()).toBe(0)
  })

  it('completes by itself in the background, but not while it is paused or still being made', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.draft()
    await office.ask('campaigns.start', { id })
    expect(office.work.completeDone()).toBe(0)
    await office.background.idle()
    await office.ask('campaigns.pause', { id })
    office.db.write(tx => tx.run("UPDATE messages SET state = 'failed'"))
    await office.background.idle()
    expect((await office.ask('campaigns.get', { id })).state).toBe('paused')
    await office.ask('campaigns.resume', { id })
    await office.background.idle()
    expect((await office.ask('campaigns.get', { id })).state).toBe('completed')
  })

  it('cancels drafts and scheduled ones too, which never begin then', async () => {
    office.addPhone()
    office.addContact(manhattan(1))
    const id = await office.draft()
    await office.ask('campaigns.start', { id, at: office.world.now + HOUR })
    expect(await office.ask('campaigns.cancel', { id })).toMatchObject({ state: 'cancelled' })
    expect(office.work.startDue(office.world.now + 2 * HOUR)).toBe(0)
  })
})

describe('the test message', () => {
  it('renders for a contact and goes to the number given, at any hour', async () => {
    const lane = office.addPhone()
    office.addPhone()
    office.addContact(manhattan(1), { firstName: 'Ann' })
    const bob = office.addContact(manhattan(2), { firstName: 'Bob' })
    office.world.now = Date.parse('2026-01-14T07:00:00Z')
    const id = await office.draft({ sims: [lane.simId] })
    const first = await office.ask('campaigns.test', { id, number: '+12125559999' })
    expect(first).toMatchObject({ text: 'Hi Ann, sale today. Reply STOP to opt out', segments: 1 })
    const second = await office.ask('campaigns.test', { id, number: '+12125559999', contactId: bob })
    expect(second.text).toContain('Hi Bob')
    const stored = office.db.get(
      'SELECT kind, campaign_id AS campaignId, number, state, body, due_at AS dueAt, sim_id AS simId FROM messages WHERE id = ?',
      first.messageId,
    )
    expect(stored).toEqual({
      kind: 'test',
      campaignId: null,
      number: '+12125559999',
      state: 'queued',
      body: first.text,
      dueAt: office.world.now,
      simId: lane.simId,
    })
    expect((await office.ask('campaigns.progress', { id })).messages).toBe(0)
  })

  it('is refused for a suppressed number, without a phone, and without anybody to render it for', async () => {
    const id = await office.draft()
    const test = { id, number: '+12125559999' }
    expect((await office.refusal('campaigns.test', test)).message).toContain('Nobody is in the audience')
    office.addContact(manhattan(1))
    expect((await office.refusal('campaigns.test', test)).message).toContain('No phone')
    office.addPhone()
    office.suppress('+12125559999')
    expect(await office.refusal('campaigns.test', test)).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('suppression list'),
    })
    await office.ask('campaigns.update', { id, template: '{{ email }}' })
    expect((await office.refusal('campaigns.test', { id, number: manhattan(7) })).message).toContain('no email')
  })
})

describe('the preview', () => {
  it('shows the text for real contacts, with segments and the characters that force UCS-2', async () => {
    office.addContact(manhattan(1), { firstName: 'Ann', lastName: 'Lee' })
    office.addContact(manhattan(2), { firstName: 'Bo' })
    const template = 'Hi {{ first_name }} “now” {{ nickname | default: "" }}'
    const preview = await office.ask('campaigns.preview', { template, contacts: 1 })
    expect(preview.previews).toHaveLength(1)
    expect(preview.previews[0]).toMatchObject({
      contact: { number: manhattan(1), name: 'Ann Lee' },
      ok: true,
      text: 'Hi Ann “now”',
      encoding: 'UCS-2',
      segments: 1,
      forcing: [
        { char: '“', suggestion: '"' },
        { char: '”', suggestion: '"' },
      ],
    })
    expect(preview.unknownFields).toEqual(['nickname'])
    expect(preview.replaced).toBe('Hi {{ first_name }} "now" {{ nickname | default: "" }}')
  })

  it('says what is wrong for one contact or with the template, and shows field names while there is nobody', async () => {
    const nobody = await office.ask('campaigns.preview', { template: 'Hi {{ first_name }}' })
    expect(nobody.previews).toMatchObject([{ contact: null, ok: true, text: 'Hi (first_name)' }])
    expect(nobody.replaced).toBeNull()
    const id = office.addContact(manhattan(1), { firstName: '' })
    const missing = await office.ask('campaigns.preview', { template: 'Hi {{ first_name }}', contactId: id })
    expect(missing.previews).toMatchObject([{ ok: false, text: '', error: expect.stringContaining('no first_name') }])
    const broken = await office.ask('campaigns.preview', { template: 'Hi {{ first_name' })
    expect(broken.previews).toMatchObject([{ ok: false, error: expect.stringMatching(/^Line 1, column \d+: /) }])
    expect(await office.refusal('campaigns.preview', { template: 'Hi', contactId: 999 })).toMatchObject({
      code: 'not_found',
    })
  })
})

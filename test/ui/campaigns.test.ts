import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SimulatedPhone } from '../support/simulated-phone.ts'
import { Ui } from './kit.ts'

let ui: Ui
const ALL_DAY = { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false }
const PEOPLE = [
  { number: '+12122000001', firstName: 'Ada', lastName: 'Marsh' },
  { number: '+12122000002', firstName: 'Ben', lastName: 'Okoye' },
  { number: '+12122000003', firstName: '', lastName: '' },
]

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
  await ui.hub.done('settings.update', {
    hours: ALL_DAY,
    proofSeconds: 10,
    pollSeconds: { active: 0.5, idle: 0.5 },
    limits: { windows: [{ segments: 6_000, windowMs: 60_000 }], recipientsPerMonth: null, pauseMs: [0, 5] },
  })
  for (const person of PEOPLE) {
    await ui.hub.done('contacts.create', {
      ...person,
      lists: ['Spring'],
      tags: ['regular'],
      consent: { source: 'form' },
    })
  }
  await ui.hub.done('contacts.create', { number: '+12122000009', firstName: 'Zed', tags: ['quiet'] })
})
afterAll(() => ui?.close())

/** A draft that somebody could have written. */
function draft(name: string, template = 'Hi {{ first_name | default: "there" }}, sale today. Reply STOP to opt out.') {
  return ui.hub.done('campaigns.create', { name, template, audience: { lists: ['Spring'] } })
}

describe.each([false, true])('writing a campaign (dark: %s)', dark => {
  const suffix = dark ? '-dark' : ''

  it('begins at an empty list, shows the text as people get it, and says what is missing', async () => {
    const screen = await ui.signedIn({ dark, path: '/campaigns' })
    const { page } = screen
    if (!dark) {
      await page.getByText('No campaign yet').waitFor()
      await screen.isAccessible()
      await screen.shot('campaigns-empty')
    }
    await page.getByRole('link', { name: 'New campaign' }).click()
    await page.getByRole('button', { name: 'Save draft' }).click()
    await page.getByText('Give the campaign a name.').waitFor()
    await page.getByText('Write the message.').waitFor()
    await page.getByLabel('Name').fill(`Spring sale${suffix}`)
    await page.getByLabel('Message', { exact: true }).fill('Hi ')
    await page.getByRole('button', { name: 'Insert field' }).click()
    await page.getByRole('menuitem', { name: /^first_name/ }).click()
    await expect
      .poll(() => page.getByLabel('Message', { exact: true }).inputValue())
      .toBe('Hi {{ first_name | default: "there" }}')
    await page.getByLabel('Message', { exact: true }).press('End')
    await page.keyboard.type(', it’s the spring sale.')
    await page.getByText('The text does not say how to opt out.').waitFor()
    const preview = page.getByRole('group', { name: 'Preview' })
    await preview.getByText('Hi Ada, it’s the spring sale.').waitFor()
    await page.getByText(/makes it UCS-2/).waitFor()
    await screen.isAccessible()
    await screen.shot(`campaigns-editor-warnings${suffix}`)
    await page.getByRole('button', { name: 'Use plain quotes and dashes' }).click()
    await page.getByRole('button', { name: 'Add it' }).click()
    await preview.getByText("Hi Ada, it's the spring sale. Reply STOP to opt out.").waitFor()
    await preview.getByRole('button', { name: 'Next contact' }).click()
    await preview.getByText("Hi Ben, it's the spring sale.").waitFor()
    await page.getByText('1 segment', { exact: true }).waitFor()
    await page.getByRole('combobox', { name: 'Lists' }).click()
    await page.getByRole('option', { name: 'Spring' }).click()
    await page.keyboard.press('Escape')
    await page.getByText(/^3 contacts in this audience/).waitFor()
    await screen.isAccessible()
    await screen.shot(`campaigns-editor${suffix}`)
    await page.getByRole('button', { name: 'Save draft' }).click()
    await page.getByText('Draft saved.').waitFor()
    await page.getByRole('heading', { name: `Spring sale${suffix}` }).waitFor()
    // An unknown field is no blank: it is named before anybody gets it.
    await page.getByLabel('Message', { exact: true }).fill('Hi {{ nickname }}')
    await page.getByText(/No contact has nickname/).waitFor()
    await page.getByRole('link', { name: 'Campaigns' }).click()
    await page.getByText('What you wrote was kept as a draft.').waitFor()
    await page.getByRole('link', { name: `Spring sale${suffix}` }).waitFor()
    await screen.done()
  })

  it('reviews it, and says what keeps it from starting', async () => {
    const { id } = await draft(`Held up${suffix}`)
    const screen = await ui.signedIn({ dark, path: `/campaigns/${id}/review` })
    const { page } = screen
    await page.getByText('This keeps it from starting').waitFor()
    await page.getByText(/No phone is paired/).waitFor()
    expect(await page.getByRole('button', { name: 'Start now' }).isDisabled()).toBe(true)
    await screen.isAccessible()
    await screen.shot(`campaigns-review${suffix}`)
    await screen.done()
  })
})

it('fits a window of 900 px', async () => {
  const { id } = await draft(
    'A campaign with a name that is so long that it has to be cut somewhere in the list of them',
  )
  const screen = await ui.signedIn({ width: 900, path: '/campaigns' })
  const { page } = screen
  await page.getByRole('link', { name: /^A campaign with/ }).waitFor()
  await screen.shot('campaigns-900')
  await page.goto(`/#/campaigns/${id}/edit`)
  await page.getByText('Hi Ada, sale today.').waitFor()
  await screen.shot('campaigns-editor-900')
  const wider = await page.evaluate(
    '[...document.querySelectorAll("main *")].filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === "visible" && one.getBoundingClientRect().right > innerWidth + 1).length',
  )
  expect(wider).toBe(0)
  await screen.done()
})

/** A campaign that has begun and was paused, with messages that came to different ends. */
async function begun(name: string): Promise<number> {
  const { id } = await draft(name)
  const ends = [
    ['sent', ''],
    ['unknown', 'no_proof'],
    ['failed', 'address_refused'],
    ['queued', ''],
    ['queued', ''],
  ] as const
  ui.hub.peek.write(tx => {
    for (const [place, [state, reason]] of ends.entries()) {
      tx.run(
        `INSERT INTO messages (id, kind, campaign_id, number, state, reason, body, body_hash, segments, due_at, created_by, created_at, settled_at)
           VALUES (?, 'campaign', ?, ?, ?, ?, 'Hi there', x'01', 1, 0, 'local', 1, ?)`,
        `01J0000000000000000${String(id).padStart(6, '0')}${place}`,
        id,
        `+1212300000${place}`,
        state,
        reason,
        state === 'queued' ? null : Date.now(),
      )
    }
    tx.run("UPDATE campaigns SET state = 'paused', started_at = ? WHERE id = ?", Date.now() - 60_000, id)
    tx.run("INSERT INTO campaign_left_out VALUES (?, 1, 'consent_missing')", id)
  })
  return id
}

describe.each([false, true])('a campaign that has begun (dark: %s)', dark => {
  const suffix = dark ? '-dark' : ''

  it('shows what went wrong and why, and takes a decision', async () => {
    const id = await begun(`Trouble${suffix}`)
    const screen = await ui.signedIn({ dark, path: `/campaigns/${id}`, ...(dark && { width: 900 }) })
    const { page } = screen
    await page.getByText('1 sent of 5 messages').waitFor()
    await page.getByText(/Most likely it did not leave/).waitFor()
    await page.getByText(/refused the number three times/).waitFor()
    await page.getByText('No consent on record').waitFor()
    await screen.isAccessible()
    await screen.shot(`campaigns-trouble${suffix}`)

    await page.getByRole('tab', { name: 'Messages' }).click()
    await page.getByRole('combobox', { name: 'State' }).click()
    await page.getByRole('option', { name: 'Unknown (1)' }).click()
    await page.getByText('+12123000001').waitFor()
    await page.getByText('+12123000000').waitFor({ state: 'detached' })
    await screen.isAccessible()
    await screen.shot(`campaigns-messages${suffix}`)
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByText(/I accept that they may get it twice/).waitFor()
    await screen.isAccessible()
    await page.keyboard.press('Escape')

    await page.getByRole('tab', { name: 'States' }).click()
    await page.getByRole('button', { name: 'Mark as failed' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Mark as failed' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText(/Most likely it did not leave/).waitFor({ state: 'detached' })
    await page.getByText('Marked as failed by a person.').waitFor()
    expect((await ui.hub.done('campaigns.progress', { id })).states).toMatchObject({ unknown: 0, failed: 2 })
    await screen.done()
  })

  it('takes other hours, and is cancelled after a question', async () => {
    const id = await begun(`Other hours${suffix}`)
    const screen = await ui.signedIn({ dark, path: `/campaigns/${id}` })
    const { page } = screen
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Change hours and phones' }).click()
    await page.getByLabel('From', { exact: true }).fill('22:00')
    await page.getByLabel('To', { exact: true }).fill('08:00')
    await page.getByText('The end must come after the start.').waitFor()
    await page.getByLabel('From', { exact: true }).fill('09:00')
    await page.getByLabel('To', { exact: true }).fill('17:30')
    await page.getByRole('checkbox', { name: 'Sun' }).uncheck()
    await page.getByRole('checkbox', { name: 'Public' }).check()
    await page.getByRole('checkbox', { name: 'Keep the stricter hours of states' }).uncheck()
    await screen.isAccessible()
    await screen.shot(`campaigns-hours${suffix}`)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await ui.hub.done('campaigns.get', { id })).hours).toEqual({
      from: 540,
      to: 1050,
      days: [1, 2, 3, 4, 5, 6],
      holidays: ['public'],
      regional: false,
    })

    // Neither today nor tomorrow where the recipient is: what waits is held, and says why.
    ui.hub.peek.write(tx => tx.run("UPDATE messages SET zones = 'Asia/Kolkata' WHERE campaign_id = ?", id))
    const today = Math.floor((Date.now() + 5.5 * 3_600_000) / 86_400_000)
    const days = [2, 3, 4, 5].map(ahead => ((today + ahead + 3) % 7) + 1)
    await ui.hub.done('campaigns.update', { id, hours: { ...ALL_DAY, from: 540, days } })
    const held = page.getByRole('table', { name: 'Messages that are held' })
    await expect.poll(async () => (await ui.hub.done('campaigns.outlook', { id })).held.length).toBe(1)
    await page.reload()
    await held.getByText(/in Kolkata is none of the allowed days/).waitFor()
    await held.getByText(/until \w{3} 09:00 \(\w{3} \d\d:\d\d for you\)/).waitFor()
    await screen.isAccessible()
    await screen.shot(`campaigns-held${suffix}`)
    await page.getByRole('tab', { name: 'Messages' }).click()
    await page
      .getByText(/^until \w{3} 09:00 .* because/)
      .first()
      .waitFor()
    await screen.isAccessible()
    await screen.shot(`campaigns-held-messages${suffix}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Cancel campaign' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel campaign' }).click()
    await page.getByText('cancelled', { exact: true }).waitFor()
    await page.goto('/#/campaigns')
    await page.getByRole('link', { name: `Other hours${suffix}` }).waitFor()
    await screen.isAccessible()
    await screen.shot(`campaigns${suffix}`)
    await screen.done()
  })
})

it.each([false, true])('compares variants and follows up (dark: %s)', async dark => {
  const suffix = dark ? '-dark' : ''
  const screen = await ui.signedIn({ dark, path: '/campaigns/new', ...(dark && { width: 900 }) })
  const { page } = screen
  await page.getByLabel('Name').fill(`Two texts${suffix}`)
  await page.getByLabel('Message', { exact: true }).fill('Hi {{ first_name | default: "there" }}, sale today.')
  await page.getByRole('button', { name: 'Add variant' }).click()
  const second = page.getByRole('group', { name: 'Variant B' })
  await second.getByLabel('Message B').fill('Everything 20% off, {{ first_name | default: "friend" }}!')
  await page.getByRole('group', { name: 'Preview' }).getByText('Everything 20% off, Ada!').waitFor()
  await second.getByText('1 segment', { exact: true }).waitFor()
  await page.getByText('A, B do not say how to opt out.').waitFor()
  await page.getByRole('button', { name: 'Add it' }).click()
  await second.getByLabel('Share').fill('60')
  await page.getByRole('button', { name: 'Add follow-up' }).click()
  const step = page.getByRole('group', { name: 'Follow-up 1' })
  await page.getByRole('button', { name: 'Save draft' }).click()
  await page.getByText('The shares add up to 110%, and must add up to 100%.').waitFor()
  await step.getByText('Write the message.').waitFor()
  await screen.isAccessible()
  await screen.shot(`campaigns-variants-wrong${suffix}`)
  await second.getByLabel('Share').fill('50')
  await step.getByLabel('Text of follow-up 1').fill('Did you see it? Reply STOP to opt out.')
  await page.getByRole('button', { name: 'Add follow-up' }).click()
  const tagged = page.getByRole('group', { name: 'Follow-up 2' })
  await tagged.getByRole('combobox', { name: 'When' }).click()
  await page.getByRole('option', { name: 'After a tag' }).click()
  await tagged.getByLabel('Tag').fill('hot')
  await tagged.getByLabel('Wait', { exact: true }).fill('1')
  await tagged.getByLabel('Text of follow-up 2').fill('Come in! Reply STOP to opt out.')
  await page.getByRole('button', { name: 'Save draft' }).click()
  await page.getByText('Draft saved.').waitFor()
  await page.getByRole('heading', { name: `Two texts${suffix}` }).waitFor()
  await screen.isAccessible()
  await screen.shot(`campaigns-variants${suffix}`)
  await page.evaluate('document.querySelector(\'[aria-label="Follow-up 1"]\').scrollIntoView()')
  await screen.shot(`campaigns-steps${suffix}`)
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await page.getByText(/Follow-up 1, 3 days without a reply: to everybody who stays silent, at most 4 texts/).waitFor()
  await page.getByText(/waits for the tag "hot", which no conversation has yet/).waitFor()
  await screen.isAccessible()
  await screen.shot(`campaigns-review-steps${suffix}`)

  const { items } = await ui.hub.done('campaigns.list', { limit: 1 })
  const { id, variants, steps } = items[0]!
  expect(variants).toMatchObject([
    { label: 'A', share: 50 },
    { label: 'B', share: 50, template: expect.stringMatching(/^Everything.*Reply STOP to opt out\.$/) },
  ])
  expect(steps).toMatchObject([
    { condition: 'no_reply', delayHours: 72 },
    { condition: 'tag', tag: 'hot', delayHours: 24 },
  ])
  ui.hub.peek.write(tx => {
    tx.run("UPDATE campaigns SET state = 'completed', started_at = 1, finished_at = 2 WHERE id = ?", id)
    for (const [variant, answered] of [
      [0, 50],
      [1, 90],
    ])
      tx.run("INSERT INTO campaign_step_counts VALUES (?, 0, ?, 'sent', 1000, ?, 12)", id, variant!, answered!)
  })
  await page.goto(`/#/campaigns/${id}`)
  // It was changed behind the back of the page.
  await page.reload()
  await page.getByRole('tab', { name: 'Results' }).click()
  await page.getByText('B (9.0%) got more replies than A (5.0%), and that is probably not chance.').waitFor()
  await page.getByText('better', { exact: true }).waitFor()
  await screen.isAccessible()
  await screen.shot(`campaigns-results${suffix}`)
  await screen.done()
})

it('duplicates a campaign and deletes the draft', async () => {
  const { id } = await draft('To be copied')
  const screen = await ui.signedIn({ path: '/campaigns' })
  const { page } = screen
  await page.getByRole('button', { name: 'Actions for To be copied', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Duplicate' }).click()
  await page.getByRole('heading', { name: 'To be copied (copy)' }).waitFor()
  await page.goto('/#/campaigns')
  await page.getByRole('button', { name: 'Actions for To be copied (copy)' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete draft' }).click()
  await page.getByRole('link', { name: 'To be copied (copy)' }).waitFor({ state: 'detached' })
  expect((await ui.hub.done('campaigns.get', { id })).state).toBe('draft')
  await screen.done()
})

it('is written, reviewed, started, watched to its end, and a reply is answered', async () => {
  const simulated = new SimulatedPhone(ui.hub.folder)
  const screen = await ui.signedIn({ path: '/campaigns/new' })
  const { page } = screen
  try {
    const { link } = await ui.hub.done('phones.pair', { name: 'Shop phone' })
    await simulated.pair(link)
    await expect
      .poll(async () => (await ui.hub.done('phones.list', {})).phones.some(one => one.connected && one.canProve), {
        timeout: 30_000,
      })
      .toBe(true)

    // By keyboard alone, from the name to the start.
    await page.getByLabel('Name').waitFor()
    await page.keyboard.type('Open day')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Hi {{ first_name | default: "there" }}, open day on Sunday. Reply STOP to opt out.')
    await page.getByText('Hi Ada, open day on Sunday.').waitFor()
    await screen.tabTo('button "Add variant"')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Spring')
    await page.getByRole('option', { name: 'Spring' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await page.getByText(/^3 contacts in this audience/).waitFor()
    await page.keyboard.press('Control+s')
    await page.getByText('Draft saved.').waitFor()
    await screen.tabTo('button "Review"')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Start now' }).waitFor()
    await page.getByText('Everybody in the audience gets a message.').waitFor()
    await screen.isAccessible()
    await screen.shot('campaigns-review-ready')
    await screen.tabTo('button "Start now"')
    await page.keyboard.press('Enter')

    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText(/^It is paused/).waitFor()
    await screen.shot('campaigns-paused')
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByText('running', { exact: true }).waitFor()
    await screen.isAccessible()
    await screen.shot('campaigns-running')
    await page.getByText('completed', { exact: true }).waitFor({ timeout: 90_000 })
    await page.getByText('3 sent of 3 messages').waitFor()
    expect(simulated.phone.radioLog().map(line => line.body)).toContain(
      'Hi Ben, open day on Sunday. Reply STOP to opt out.',
    )

    await page.getByRole('tab', { name: /^Replies/ }).click()
    await page.getByText('No reply yet').waitFor()
    simulated.phone.receive({ from: '+12122000002', body: 'Sounds great, when does it open?' })
    await page.getByText('Sounds great, when does it open?').waitFor({ timeout: 30_000 })
    await screen.isAccessible()
    await screen.shot('campaigns-completed')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export results' }).click()
    expect((await saved).suggestedFilename()).toBe('Open-day.csv')

    await page.getByRole('link', { name: 'Ben Okoye' }).click()
    const said = page.getByRole('log', { name: 'What was said' })
    await said.getByText('Sounds great, when does it open?').waitFor()
    await said.getByRole('link', { name: 'Open day' }).first().waitFor()
    await page.getByRole('textbox', { name: 'Reply' }).fill('At nine. See you!')
    await page.keyboard.press('Control+Enter')
    await said.getByText('At nine. See you!').waitFor()
    await expect
      .poll(() => simulated.phone.radioLog().filter(line => line.body === 'At nine. See you!').length, {
        timeout: 30_000,
      })
      .toBe(1)
    await expect.poll(() => said.getByText('Sent', { exact: true }).count(), { timeout: 60_000 }).toBe(2)
    // A text of somebody else comes in while this thread is open.
    simulated.phone.receive({ from: '+12122000001', body: 'Is there parking?' })
    await page.getByRole('navigation', { name: 'Threads' }).getByText('Is there parking?').waitFor({ timeout: 30_000 })
    await screen.isAccessible()
    await screen.shot('campaigns-reply')

    const { id } = await draft('Next week')
    await page.goto(`/#/campaigns/${id}/review`)
    await page.getByLabel('Or at').fill('2099-05-04T10:30')
    await page.getByRole('button', { name: 'Schedule' }).click()
    await page.getByText('scheduled', { exact: true }).waitFor()
    await page.getByText(/starts May 4, 2099/).waitFor()
    await screen.isAccessible()
    await page.getByRole('button', { name: 'Back to draft' }).click()
    await page.getByRole('button', { name: 'Save draft' }).waitFor()
    expect(await ui.hub.done('campaigns.get', { id })).toMatchObject({ state: 'draft', scheduledAt: null })
    await screen.done()
  } finally {
    await simulated.close()
  }
}, 300_000)

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertInbound } from '../../src/main/db/inbound.ts'
import { insertSuppression } from '../../src/main/db/suppression.ts'
import { touchThread } from '../../src/main/db/threads.ts'
import { Ui } from './kit.ts'

let ui: Ui
const ADA = '+12122000001'
const BEN = '+12122000002'
const HOUR = 3_600_000
const POLL = { timeout: 10_000 }

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
  await ui.hub.done('contacts.create', { number: ADA, firstName: 'Ada', lastName: 'Marsh' })
  await ui.hub.done('contacts.create', { number: BEN, firstName: 'Ben', lastName: 'Okoye' })
  await ui.hub.done('campaigns.create', { name: 'Open day', template: 'Open on Sunday. Reply STOP to opt out.' })
  ui.hub.peek.write(tx => {
    tx.run(
      "INSERT INTO phones (id, name, key_hash, journal, can_prove, paired_at) VALUES (1, 'Phone', x'01', 'J', 1, 1)",
    )
    tx.run('INSERT INTO sims (id, phone_id, slot) VALUES (1, 1, 0)')
  })
})
afterAll(() => ui?.close())

let rows = 0

/** A text that came in, as the link would have stored it. */
function text(number: string, body: string, agoMs: number, intent: 'none' | 'stop_likely' = 'none'): number {
  const at = Date.now() - agoMs
  rows += 1
  return ui.hub.peek.write(tx => {
    const threadId = touchThread(tx, { number, contactId: null, at, text: body, unreadBy: 1 })
    const inboundId = insertInbound(tx, {
      threadId,
      phoneId: 1,
      store: 'S',
      rowId: rows,
      sender: number,
      body,
      bodyHash: Buffer.from(`hash ${rows}`),
      receivedAt: at,
      storedAt: at,
      intent,
      campaignId: 1,
    })
    if (intent === 'stop_likely') {
      insertSuppression(tx, {
        number,
        hash: Buffer.from(`number ${number}`),
        reason: 'likely',
        note: '',
        inboundId,
        createdBy: 'phone:1',
        createdAt: at,
      })
    }
    return threadId
  })
}

it('says what comes here while nobody has written', async () => {
  const screen = await ui.signedIn({ path: '/inbox' })
  await screen.page.getByText('Nobody has written yet.', { exact: false }).waitFor()
  await screen.isAccessible()
  await screen.shot('inbox-empty')
  await screen.done()
})

describe.each([false, true])('threads (dark: %s)', dark => {
  const suffix = dark ? '-dark' : ''

  it('are found, read, answered, tagged and noted on', async () => {
    const thread = text(ADA, 'Hello, is it open to everybody?', 2 * HOUR)
    text(ADA, 'And is there parking?', HOUR)
    text(BEN, 'Great!', 3 * HOUR)
    const screen = await ui.signedIn({ dark, path: '/inbox' })
    const { page } = screen
    const threads = page.getByRole('navigation', { name: 'Threads' })
    await threads.getByText('Ada Marsh').waitFor()
    await page.getByLabel('Search threads').fill('okoy')
    await threads.getByText('Ada Marsh').waitFor({ state: 'detached' })
    await threads.getByText('Ben Okoye').waitFor()
    await page.getByLabel('Search threads').fill('2000001')
    await threads.getByText('Ben Okoye').waitFor({ state: 'detached' })
    await threads.getByRole('link', { name: /Ada Marsh/ }).click()
    const said = page.getByRole('log', { name: 'What was said' })
    await said.getByText('And is there parking?').last().waitFor()
    await said.getByRole('link', { name: 'Open day' }).first().waitFor()
    // Whoever looks at it has read it.
    await expect
      .poll(async () => (await ui.hub.done('inbox.thread', { id: thread })).unread, { timeout: 10_000 })
      .toBe(0)
    await page.getByLabel('Search threads').fill('')

    await page.getByRole('textbox', { name: 'Reply' }).fill('It’s open to all – see you there.')
    await page.getByText(/UCS-2/).waitFor()
    await page.getByRole('button', { name: 'Use plain quotes' }).click()
    await page.getByText(/GSM-7/).waitFor()
    await page.getByRole('button', { name: 'Saved replies' }).click()
    await page.getByRole('menuitem', { name: 'Keep this text as a saved reply' }).click()
    await page.getByLabel('Name').fill(`Open to all${suffix}`)
    await screen.isAccessible()
    await page.getByRole('button', { name: 'Save reply' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Send reply' }).click()
    await said.getByText("It's open to all - see you there.").last().waitFor()
    await expect.poll(() => page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe('')
    await page.getByRole('button', { name: 'Saved replies' }).click()
    await page
      .getByRole('menuitem', { name: `Open to all${suffix}` })
      .last()
      .click()
    await expect
      .poll(() => page.getByRole('textbox', { name: 'Reply' }).inputValue())
      .toBe("It's open to all - see you there.")

    await page.getByText('Internal note', { exact: true }).click()
    await page.getByRole('textbox', { name: 'Internal note' }).fill(`Comes by car${suffix}.`)
    await page.keyboard.press('Control+Enter')
    await said.getByText(`Comes by car${suffix}.`, { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Tags' }).click()
    await page.getByRole('combobox', { name: 'Tags of this thread' }).fill(`Visitor${suffix}`)
    await page.keyboard.press('Enter')
    await threads.getByText(`Visitor${suffix}`, { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('combobox', { name: 'Tags of this thread' }).waitFor({ state: 'hidden' })
    await screen.isAccessible()
    await screen.shot(`inbox-thread${suffix}`)
    const { tags, notes } = await ui.hub.done('inbox.thread', { id: thread })
    expect(tags).toContain(`Visitor${suffix}`)
    expect(notes.map(note => note.body)).toContain(`Comes by car${suffix}.`)

    await screen.done()
  })

  it('of likely opt-outs wait for a word', async () => {
    const number = dark ? '+12122000005' : '+12122000004'
    const thread = text(number, 'please leave me alone', HOUR, 'stop_likely')
    const screen = await ui.signedIn({ dark, path: `/inbox/${thread}` })
    const { page } = screen
    await page.getByText(/Their text likely asks to stop/).waitFor()
    await page.getByRole('link', { name: 'Decide' }).click()
    await page.getByText('please leave me alone').first().waitFor()
    await screen.isAccessible()
    await screen.shot(`inbox-review${suffix}`)
    if (dark) {
      await page.getByRole('button', { name: `It is none: ${number}` }).click()
      await page.getByText('Nothing to decide').waitFor()
      expect((await ui.hub.done('inbox.thread', { id: thread })).suppressed).toBeNull()
    } else {
      await page.getByRole('button', { name: `It is an opt-out: ${number}` }).click()
      await page.getByText('Nothing to decide').waitFor()
      expect((await ui.hub.done('inbox.thread', { id: thread })).suppressed).toMatchObject({ reason: 'wording' })
    }
    await screen.done()
  })
})

it('opts a number out with a reason, and lets it in again', async () => {
  const thread = text('+12122000006', 'My neighbour wants no texts', HOUR)
  const screen = await ui.signedIn({ path: `/inbox/${thread}` })
  const { page } = screen
  await page.getByRole('button', { name: 'Opt out' }).click()
  await page.getByLabel('Reason').fill('Asked on the phone')
  await screen.isAccessible()
  await page.getByRole('dialog').getByRole('button', { name: 'Opt out' }).click()
  await page.getByText(/Somebody opted them out\. “Asked on the phone”/).waitFor()
  await screen.isAccessible()
  await screen.shot('inbox-opted-out')
  expect(await page.getByRole('radio', { name: 'Reply' }).isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Allow texts again' }).click()
  await page.getByLabel('Why they may be texted again').fill('Asked us to')
  await page.getByRole('dialog').getByRole('button', { name: 'Allow texts again' }).click()
  await page.getByRole('textbox', { name: 'Reply' }).waitFor()
  await screen.done()
})

it('goes back to older entries, and fits a window of 900 px', async () => {
  const number = '+12122000007'
  let thread = 0
  for (let place = 0; place < 120; place += 1) thread = text(number, `Line ${place}`, (120 - place) * 60_000)
  const screen = await ui.signedIn({ width: 900, path: `/inbox/${thread}` })
  const { page } = screen
  const said = page.getByRole('log', { name: 'What was said' })
  await said.getByText('Line 119', { exact: true }).waitFor()
  expect(await said.getByText('Line 69', { exact: true }).count()).toBe(0)
  await screen.shot('inbox-900')
  await page.getByRole('button', { name: 'Show older' }).click()
  await said.getByText('Line 69', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Show older' }).click()
  await said.getByText('Line 0', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Show older' }).waitFor({ state: 'detached' })
  expect(await said.getByText(/^Line \d+$/).count()).toBe(120)
  await screen.done()
})

it('notes call people, threads are seen by where they stand, and one chooses what one is told of', async () => {
  const bea = await ui.hub.user('bea', 'user')
  const number = '+12122000008'
  const thread = text(number, 'Who takes care of me?', HOUR)
  await ui.hub.done('inbox.add-note', { threadId: thread, body: '@ann could you?' })
  const screen = await ui.signedIn({ path: '/inbox' })
  const { page } = screen
  const threads = page.getByRole('navigation', { name: 'Threads' })
  await page.getByRole('link', { name: 'Mentions (1)' }).click()
  await page.getByText('@ann could you?').waitFor()
  await screen.isAccessible()
  await screen.shot('inbox-mentions')
  await page.getByRole('region', { name: 'Thread' }).getByRole('link', { name: number }).click()
  await page.locator('[data-about]').getByText('@ann could you?').waitFor()
  await page.getByRole('link', { name: /^Mentions/ }).waitFor({ state: 'detached' })

  await page.getByText('Internal note', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Internal note' }).fill('I do.')
  await page.getByRole('button', { name: 'Add note' }).click()
  await page.getByRole('button', { name: 'Change the note' }).click()
  await page.getByRole('textbox', { name: 'The note' }).fill('Or @bea does.')
  await screen.shot('inbox-note-changed')
  await page.getByRole('button', { name: 'Keep the change' }).click()
  await page.getByText('Or @bea does.').waitFor()
  expect(ui.hub.peek.all('SELECT user_id AS id FROM note_mentions WHERE seen_at IS NULL')).toEqual([{ id: bea }])

  await page.getByRole('button', { name: 'Assign' }).click()
  await page.getByRole('button', { name: 'bea' }).click()
  await page.getByText(`bea has the thread of ${number} now.`).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(async () => (await ui.hub.done('inbox.thread', { id: thread })).assignedTo, POLL).toBeNull()
  await page.getByRole('heading', { name: number }).waitFor()
  await page.getByRole('button', { name: 'Snooze' }).click()
  const tomorrow = new Date(Date.now() + 24 * HOUR).toISOString().slice(0, 10)
  await page.getByLabel('Another time').fill(`${tomorrow}T09:00`)
  await page.getByRole('dialog').getByRole('button', { name: 'Snooze', exact: true }).click()
  await threads.getByText(number).waitFor({ state: 'detached' })
  await page.getByRole('combobox', { name: 'Which threads' }).click()
  await page.getByRole('option', { name: /Snoozed/ }).click()
  await threads.getByText(number).waitFor()
  await threads.getByText(/until .*9:00/).waitFor()
  await screen.isAccessible()
  await screen.shot('inbox-snoozed')

  await page.goto('/#/account')
  await page.getByText('Replies in my threads').waitFor()
  await page.getByLabel('Every reply').click()
  await page.getByLabel('Quiet hours').click()
  await page.getByLabel('From').fill('21:30')
  await screen.isAccessible()
  await screen.shot('account-notifications')
  await expect
    .poll(() => ui.hub.peek.get('SELECT any_reply AS any, quiet_from AS "from" FROM notification_rules'), POLL)
    .toEqual({ any: 0, from: 21 * 60 + 30 })
  await screen.done()
})

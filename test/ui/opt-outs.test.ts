import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertAutomaticAction } from '../../src/main/db/automatic-actions.ts'
import { insertInbound } from '../../src/main/db/inbound.ts'
import { touchThread } from '../../src/main/db/threads.ts'
import { Ui } from './kit.ts'

let ui: Ui
const LONG = 'A list with a name that somebody has written out at great length, spring and summer'

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
  await ui.hub.done('contacts.create', { number: '+12122000001', firstName: 'Ada', lists: ['Spring', LONG] })
})
afterAll(() => ui?.close())

it.each([false, true])('words are tried, added, refused and removed (dark: %s)', async dark => {
  const suffix = dark ? '-dark' : ''
  const screen = await ui.signedIn({ dark, width: dark ? 900 : 1280, path: '/admin/opt-outs' })
  const { page } = screen
  const tryIt = page.getByRole('region', { name: 'Try it' })
  const own = page.getByRole('region', { name: 'Your own words' })
  await own.getByText('No words of your own').waitFor()
  await screen.shot(`opt-outs-empty${suffix}`)
  await tryIt.getByLabel('What would this text do?').fill('please take me off this list')
  await tryIt.getByRole('status').getByText('Opts out at once').waitFor()
  await tryIt.getByText('“take me off” asks not to be texted.').waitFor()

  await own.getByLabel('Word or phrase').fill('stop')
  await own.getByRole('combobox', { name: 'What it does' }).click()
  await page.getByRole('option', { name: 'is no opt-out' }).click()
  await own.getByRole('button', { name: 'Add' }).click()
  await own.getByText(/The law names this word/).waitFor()
  await screen.isAccessible()
  await screen.shot(`opt-outs-refused${suffix}`)

  await own.getByLabel('Word or phrase').fill('no ads')
  await own.getByRole('combobox', { name: 'What it does' }).click()
  await page.getByRole('option', { name: 'is held for review' }).click()
  await own.getByRole('combobox', { name: 'Where it stands' }).click()
  await page.getByRole('option', { name: 'anywhere in the text' }).click()
  await own.getByRole('combobox', { name: 'For people on' }).click()
  await page.getByRole('option', { name: LONG }).click()
  await own.getByRole('button', { name: 'Add' }).click()
  await own.getByRole('cell', { name: 'no ads', exact: true }).waitFor()
  await tryIt.getByLabel('What would this text do?').fill('please, no ads for me')
  await tryIt.getByText('No opt-out', { exact: true }).waitFor()
  await tryIt.getByRole('combobox', { name: 'From somebody on the list' }).click()
  await page.getByRole('option', { name: LONG }).click()
  await tryIt.getByText('Held for review').waitFor()
  await screen.isAccessible()
  await screen.shot(`opt-outs${suffix}`)

  await own.getByRole('button', { name: 'Remove no ads' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await own.getByText('No words of your own').waitFor()
  expect((await ui.hub.done('optouts.words', {})).words).toEqual([])
  await screen.done()
})

/** A text whose answer was held back, as the link would have stored it. */
function heldText(): number {
  const at = Date.now()
  return ui.hub.peek.write(tx => {
    tx.run(
      "INSERT OR IGNORE INTO phones (id, name, key_hash, journal, can_prove, paired_at) VALUES (1, 'P', x'01', 'J', 1, 1)",
    )
    const number = '+12122000001'
    const threadId = touchThread(tx, { number, contactId: null, at, text: 'hours', unreadBy: 1 })
    const inboundId = insertInbound(tx, {
      ...{ threadId, phoneId: 1, store: 'S', rowId: 1, sender: number, body: 'Auto-reply: our hours are 9 to 5' },
      ...{ bodyHash: Buffer.from('hash'), receivedAt: at, storedAt: at, intent: 'none', campaignId: null },
    })
    insertAutomaticAction(tx, {
      ...{ inboundId, cause: 'rule', ruleId: null, ruleName: 'Hours', answer: 'held', heldFor: 'automatic' },
      ...{ tag: 'asked', list: '', consent: 'marketing', notified: true, at },
    })
    return threadId
  })
}

it('rules are made, tried, ordered, switched off, and what was held back is shown', async () => {
  const screen = await ui.signedIn({ path: '/admin/rules' })
  const { page } = screen
  await page.getByText('No rules', { exact: true }).waitFor()
  await page.getByText('No automatic answer was held back.').waitFor()
  await screen.isAccessible()
  await screen.shot('rules-empty')

  await page.getByRole('button', { name: 'Add a rule' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Hours')
  await dialog.getByRole('combobox', { name: 'When' }).click()
  await page.getByRole('option', { name: 'Anywhere in the text' }).click()
  await dialog.getByLabel('Words').fill('stop')
  await page.keyboard.press('Enter')
  await dialog.getByLabel('Answer').fill('Hi {{ first_name | default: "there" }}, we open at 9.')
  await dialog.getByLabel('Tag the contact').fill('asked')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.getByText(/is read as an opt-out/).waitFor()
  await screen.isAccessible()
  await screen.shot('rules-refused')
  await dialog.getByLabel('Words').focus()
  await page.keyboard.press('Backspace')
  for (const word of ['hours', 'when open']) {
    await dialog.getByLabel('Words').fill(word)
    await page.keyboard.press('Enter')
  }
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.waitFor({ state: 'detached' })
  const hours = page.getByRole('region', { name: 'Hours' })
  await hours.getByText('“hours” or “when open”').waitFor()

  await page.getByRole('button', { name: 'Add a rule' }).click()
  await dialog.getByLabel('Name').fill('Offers')
  await dialog.getByRole('combobox', { name: 'When' }).click()
  await page.getByRole('option', { name: 'Anywhere in the text' }).click()
  await dialog.getByLabel('Words').fill('offers')
  await page.keyboard.press('Enter')
  await dialog.getByRole('combobox', { name: 'Records consent' }).click()
  await page.getByRole('option', { name: 'To marketing' }).click()
  // “No offers” has the word, too.
  await expect.poll(() => dialog.getByRole('combobox', { name: 'When' }).inputValue()).toBe('The whole text is')
  expect(await dialog.getByRole('combobox', { name: 'When' }).isDisabled()).toBe(true)
  expect(await dialog.getByRole('button', { name: 'Add' }).isDisabled()).toBe(true)
  await dialog.getByLabel('What they agree to').fill('Text OFFERS for our weekly offers.')
  await screen.isAccessible()
  await screen.shot('rules-consent')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.waitFor({ state: 'detached' })
  const offers = page.getByRole('region', { name: 'Offers' })
  await offers.getByText('They agree to: “Text OFFERS for our weekly offers.”').waitFor()
  await offers.getByText('records consent to marketing').waitFor()
  const made = (await ui.hub.done('rules.list', {})).rules.find(rule => rule.name === 'Offers')!
  expect(made).toMatchObject({
    fits: 'whole',
    consent: { kind: 'marketing', wording: 'Text OFFERS for our weekly offers.' },
  })
  await ui.hub.done('rules.delete', { id: made.id })

  await ui.hub.done('rules.create', { name: LONG, phrases: ['join'], list: LONG, notify: true, waitMinutes: 60 })
  const thread = heldText()
  const tryIt = page.getByRole('region', { name: 'Try it' })
  await tryIt.getByLabel('What would this text do?').fill('What are your HOURS?')
  await tryIt.getByLabel('From this number').fill('+1 212 200 0001')
  await tryIt.getByText('Answer: Hi Ada, we open at 9.').waitFor()
  await page.reload()
  await page.getByRole('region', { name: LONG }).waitFor()
  await page.getByText('The text says of itself that nobody wrote it.').waitFor()
  await page.getByRole('button', { name: `Try ${LONG} earlier` }).click()
  await expect
    .poll(async () => (await ui.hub.done('rules.list', {})).rules.map(rule => rule.name))
    .toEqual([LONG, 'Hours'])
  await hours.getByRole('switch', { name: 'Active' }).click()
  await expect
    .poll(async () => (await ui.hub.done('rules.list', {})).rules.map(rule => rule.active))
    .toEqual([true, false])
  await screen.isAccessible()
  await screen.shot('rules')

  await page.goto(`/#/inbox/${thread}`)
  await page
    .getByRole('log', { name: 'What was said' })
    .getByText('rule Hours, tagged “asked”, consent to marketing recorded, notified')
    .waitFor()
  await page.getByText('not answered').waitFor()
  await screen.isAccessible()
  await screen.shot('rules-thread')
  await screen.done()

  const dark = await ui.signedIn({ dark: true, width: 900, path: '/admin/rules' })
  await dark.page.getByRole('region', { name: 'Hours' }).waitFor()
  await dark.page.getByRole('button', { name: 'Edit Hours' }).click()
  await dark.page.getByRole('dialog').getByLabel('Name').waitFor()
  await dark.isAccessible()
  await dark.shot('rules-edit-dark')
  await dark.page.keyboard.press('Escape')
  await dark.page.getByRole('dialog').waitFor({ state: 'detached' })
  await dark.shot('rules-dark')
  await dark.done()
})

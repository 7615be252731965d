import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SimulatedPhone } from '../support/simulated-phone.ts'
import { Ui } from './kit.ts'

let ui: Ui
const folder = mkdtempSync(join(tmpdir(), 'cc-ui-keyboard-'))
const LIST = [
  'First name;Last name;Mobile phone;Town;Shoe size',
  'Ada;Marsh;(202) 555-0143;Dover;38',
  'Ben;Okoye;(202) 555-0144;Salem;41',
  'Nobody;Here;12;York;40',
].join('\n')

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
  await ui.hub.done('settings.update', {
    hours: { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false },
    proofSeconds: 10,
    pollSeconds: { active: 0.5, idle: 0.5 },
    limits: { windows: [{ segments: 6_000, windowMs: 60_000 }], recipientsPerMonth: null, pauseMs: [0, 5] },
  })
})
afterAll(async () => {
  await ui?.close()
  rmSync(folder, { recursive: true, force: true })
})

it('a list becomes a campaign that runs, by the keyboard alone', { timeout: 300_000 }, async () => {
  const simulated = new SimulatedPhone(ui.hub.folder)
  try {
    const { link } = await ui.hub.done('phones.pair', { name: 'Shop phone' })
    await simulated.pair(link)
    await expect
      .poll(async () => (await ui.hub.done('phones.list', {})).phones.some(one => one.connected && one.canProve), {
        timeout: 30_000,
      })
      .toBe(true)
    const file = join(folder, 'fair.csv')
    writeFileSync(file, LIST)
    const screen = await ui.signedIn({ path: '/imports' })
    const { page } = screen
    const press = (key: string) => page.keyboard.press(key)
    const type = (text: string) => page.keyboard.type(text)

    // The list.
    await page.getByText('No list was imported yet').waitFor()
    await screen.tabTo('link "Import a list"')
    await press('Enter')
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    await screen.tabTo('button "Choose a file"')
    const choosing = page.waitForEvent('filechooser')
    await press('Space')
    await (await choosing).setFiles(file)

    // Its columns: one is left out, another gets a name of its own.
    await page.getByRole('table', { name: 'Columns of the list' }).getByText('Ada · Ben').waitFor()
    await screen.tabTo('combobox "What Town holds"')
    await press('Enter')
    await type('Leave')
    await press('ArrowDown')
    await press('Enter')
    await screen.tabTo('textbox "Name of the field Shoe size in templates"')
    await press('Control+a')
    await type('shoe')
    await screen.tabTo('button "Check the rows"')
    await press('Enter')

    await page.getByRole('table', { name: 'The first rows of the list' }).getByText('not taken in').waitFor()
    await screen.tabTo('switch "Only rows with something to say"')
    await press('Space')
    await page.getByRole('cell', { name: 'Ada Marsh' }).waitFor({ state: 'detached' })
    await screen.tabTo('button "Go on"')
    await press('Enter')

    // The consent, and where they go.
    await screen.tabTo('textbox "Source"')
    await type('Form at the fair')
    await screen.tabTo('combobox "They agreed to"')
    await press('ArrowDown')
    await press('ArrowDown')
    await press('Enter')
    await screen.tabTo('combobox "List"')
    await press('Control+a')
    await type('Fair')
    await screen.tabTo('combobox "Tags"')
    await type('visitor')
    await press('Enter')
    await screen.tabTo('button "Start the import"')
    await screen.shot('keyboard-1-consent')
    await press('Enter')
    await page.getByText('completed', { exact: true }).waitFor()
    await screen.shot('keyboard-2-imported')

    // On to the campaign.
    await screen.tabTo('link "Campaigns"', { back: true })
    await press('Enter')
    await page.getByText('No campaign yet').waitFor()
    await screen.tabTo('link "New campaign"')
    await press('Enter')
    await page.getByRole('textbox', { name: 'Name' }).waitFor()
    await screen.tabTo('textbox "Name"')
    await type('After the fair')
    await screen.tabTo('textbox "Message"')
    await type('Hi {{ first_name }}, thank you for coming. Reply STOP to opt out.')
    await screen.tabTo('combobox "Lists"')
    await type('Fair')
    await press('ArrowDown')
    await press('Enter')
    await press('Escape')
    await page.getByText(/^2 contacts in this audience/).waitFor()
    await screen.tabTo('button "Review"')
    await press('Enter')
    await page.getByText('Everybody in the audience gets a message.').waitFor()
    await screen.tabTo('button "Start now"')
    await screen.shot('keyboard-3-review')
    await press('Enter')
    await page.getByText('2 sent of 2 messages').waitFor({ timeout: 90_000 })
    await screen.shot('keyboard-4-sent')
    expect(simulated.phone.radioLog().map(line => line.body)).toContain(
      'Hi Ada, thank you for coming. Reply STOP to opt out.',
    )
    const { items } = await ui.hub.done('contacts.search', { lists: ['Fair'] })
    expect(items.map(item => [item.firstName, item.attributes, item.tags, item.consent?.source])).toEqual([
      ['Ada', { shoe: '38' }, ['visitor'], 'Form at the fair'],
      ['Ben', { shoe: '41' }, ['visitor'], 'Form at the fair'],
    ])
    await screen.done()
  } finally {
    await simulated.close()
  }
})

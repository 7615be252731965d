import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Ui } from './kit.ts'

let ui: Ui
const folder = mkdtempSync(join(tmpdir(), 'cc-ui-imports-'))

/** Semicolons, two phone columns, and rows of every kind. */
const LIST = [
  'Vorname;Nachname;Mobile phone;Home phone;E-mail;Shoe size;PLZ;Consent type',
  'Ada;Lovelace;(202) 555-0143;;ada@example.org;38;10001;Promotional',
  'Grace;Hopper;;(202) 555-0144;grace@example.org;39;60601;Service',
  'Ada;Again;+1 202 555 0143;;;40;;',
  'Nobody;Here;12;;;41;;',
  '=1+2;Formula;(202) 555-0145;;;42;;',
  'Olga;Odd;(202) 555-0146;;;43;;gold',
].join('\r\n')

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(async () => {
  await ui?.close()
  rmSync(folder, { recursive: true, force: true })
})

function file(name: string, content: string = LIST): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe.each([false, true])('importing a list (dark: %s)', dark => {
  const name = dark ? 'night' : 'day'
  const shot = (what: string) => `imports-${what}${dark ? '-dark' : ''}`

  it('goes from the file to the report, and back by undo', async () => {
    const screen = await ui.signedIn({ dark, path: '/imports/new' })
    const { page } = screen
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    await screen.isAccessible()
    await screen.shot(shot('1-list'))
    await page.getByLabel('The list to import').setInputFiles(file(`${name}.csv`))

    // What was recognised, with examples, and another field name.
    const columns = page.getByRole('table', { name: 'Columns of the list' })
    await columns.getByText('Ada · Grace').waitFor()
    expect(await page.getByRole('combobox', { name: 'Separator' }).inputValue()).toBe('Semicolon ;')
    expect(await page.getByRole('combobox', { name: 'What Mobile phone holds' }).inputValue()).toBe('Phone number')
    expect(await page.getByRole('combobox', { name: 'What PLZ holds' }).inputValue()).toBe('ZIP code or postcode')
    expect(await page.getByRole('combobox', { name: 'What Consent type holds' }).inputValue()).toBe('Agreed to what')
    await page.getByText('tells the time zone').waitFor()
    await page.getByRole('button', { name: 'Try first: Home phone' }).click()
    await page.getByRole('button', { name: 'Try first: Mobile phone' }).waitFor()
    await page.getByLabel('Name of the field Shoe size in templates').fill('shoe')
    await screen.isAccessible()
    await screen.shot(shot('2-columns'))
    await page.getByRole('button', { name: 'Check the rows' }).click()

    const check = page.getByRole('table', { name: 'The first rows of the list' })
    await check.getByText('not taken in').nth(1).waitFor()
    await check.getByText('An earlier row has the same number.').waitFor()
    await screen.isAccessible()
    await screen.shot(shot('3-check'))

    // Leaving and coming back loses nothing.
    await page.getByRole('link', { name: 'All imports' }).click()
    await page.getByText(`${name}.csv was sent`).waitFor()
    await page.getByRole('link', { name: 'Go on with it' }).last().click()
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByLabel('Source').fill('Form at the fair')
    await page.getByLabel('Wording').fill('Text me news')
    await page.getByRole('combobox', { name: 'Tags' }).fill('fair')
    await page.keyboard.press('Enter')
    expect(await page.getByRole('combobox', { name: 'List' }).inputValue()).toBe(name)
    await screen.isAccessible()
    await screen.shot(shot('4-consent'))
    await page.getByRole('button', { name: 'Start the import' }).click()

    await page.getByText('completed', { exact: true }).waitFor()
    await page.getByRole('table', { name: 'Rows that were not taken in' }).getByText('12', { exact: true }).waitFor()
    await page.getByRole('table', { name: 'Rows that were not taken in' }).getByText('gold', { exact: true }).waitFor()
    await page
      .getByText(/Write marketing or informational, or leave the cell empty/)
      .first()
      .waitFor()
    await screen.isAccessible()
    await screen.shot(shot('5-report'))
    const { items } = await ui.hub.done('contacts.search', { lists: [name] })
    expect(items.map(item => item.postcode)).toEqual(['10001', '60601', null])
    expect(items.map(item => item.consent?.kind)).toEqual(['marketing', 'informational', 'unspecified'])
    expect(items.map(item => [item.number, item.firstName, item.attributes, item.tags, item.consent?.source])).toEqual([
      ['+12025550143', 'Ada', { shoe: '38' }, ['fair'], 'Form at the fair'],
      ['+12025550144', 'Grace', { shoe: '39' }, ['fair'], 'Form at the fair'],
      ['+12025550145', '1+2', { shoe: '42' }, ['fair'], 'Form at the fair'],
    ])

    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save them as CSV' }).click()
    expect((await saving).suggestedFilename()).toBe(`${name} - not taken in.csv`)

    await page.getByRole('link', { name: 'All imports' }).click()
    await page.getByRole('table', { name: 'Imports' }).getByText('completed').first().waitFor()
    await screen.isAccessible()
    await screen.shot(shot('6-history'))
    await page.getByRole('link', { name: `${name}.csv` }).click()

    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Undo this import' }).click()
    await page.getByRole('dialog').getByText('3 new contacts are removed').waitFor()
    await screen.isAccessible()
    await page.getByRole('button', { name: 'Undo the import' }).click()
    await page.getByText('3 contacts removed').waitFor()
    expect((await ui.hub.done('contacts.search', { lists: [name] })).items).toEqual([])
    await screen.done()
  })
})

it('says what a file is that is no list, and offers nothing that cannot work', async () => {
  const screen = await ui.signedIn({ path: '/imports/new', width: 900, height: 700 })
  const { page } = screen
  await page
    .getByLabel('The list to import')
    .setInputFiles(file('book.xlsx.csv', 'PK\x03\x04 [Content_Types].xml xl/workbook.xml'))
  await page
    .getByRole('alert')
    .getByText(/not a CSV file|no list|cannot be read/i)
    .first()
    .waitFor()
  await screen.isAccessible()
  await screen.shot('imports-refused-900')
  await page.goto('/#/imports/new')
  await page.getByLabel('The list to import').setInputFiles(file('names.csv', 'name,town\nAda,London\nGrace,York\n'))
  await page.getByText('No column holds telephone numbers yet.').waitFor()
  expect(await page.getByRole('button', { name: 'Check the rows' }).isDisabled()).toBe(true)
  await screen.shot('imports-no-phone-900')
  await screen.done()
})

it('goes on while nobody looks, and can be held up and stopped', async () => {
  // Long enough on a fast computer too: letters of other alphabets are not read the quick way.
  const rows = Array.from({ length: 1_000_000 }, (_, at) => `Имя ${at},+1212${2_000_000 + at}`)
  const screen = await ui.signedIn({ path: '/imports/new', width: 900 })
  const { page } = screen
  await page.getByLabel('The list to import').setInputFiles(file('long.csv', `name,phone\n${rows.join('\n')}\n`))
  for (const name of ['Check the rows', 'Go on', 'Start the import']) {
    await page.getByRole('button', { name, exact: true }).click()
  }
  await page.getByText(/You can leave this screen.* of the file, [1-9]/).waitFor()
  await screen.shot('imports-9-running-900')
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Nothing is read until you go on.').waitFor()
  await screen.isAccessible()
  await screen.shot('imports-7-paused-900')
  await page.getByRole('link', { name: 'All imports' }).click()
  const history = page.getByRole('table', { name: 'Imports' })
  await history.getByText('paused').waitFor()
  await screen.shot('imports-8-history-900')
  await history.getByRole('link', { name: 'long.csv' }).click()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('You can leave this screen').waitFor()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Stop importing' }).click()
  await page.getByText('It was stopped before its end.').waitFor()
  await page.getByRole('link', { name: 'Show the contacts' }).click()
  await page.getByText('of import').waitFor()
  await page.getByRole('table', { name: 'Contacts' }).getByText('Имя 0', { exact: true }).waitFor()
  await screen.done()
})

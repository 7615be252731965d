import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { indexSearch } from '../../src/main/db/contact-search.ts'
import { insertContactRow } from '../../src/main/db/contacts.ts'
import { addMembers, ensureGroup } from '../../src/main/db/lists.ts'
import { type Screen, Ui } from './kit.ts'

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
})
afterAll(() => ui?.close())

it('says what to do where nobody is yet', async () => {
  const screen = await ui.signedIn({ path: '/contacts' })
  await screen.page.getByText('Nobody is here yet').waitFor()
  await screen.isAccessible()
  await screen.shot('contacts-empty')
  await screen.done()
})

/** Many people, of whom every tenth is on the list Press. */
function seed(): void {
  ui.hub.peek.write(tx => {
    const ids: number[] = []
    for (let number = 0; number < 2500; number += 1) {
      const contact = {
        number: `+1202555${String(number).padStart(4, '0')}`,
        ...{ country: 'US', lastName: `Person ${number}`, email: `p${number}@example.org`, zone: null },
        ...{ firstName: number % 2 === 0 ? 'Ada' : 'Grace', attributes: '{}', consentId: null, importId: null },
      }
      const id = insertContactRow(tx, contact, 1_700_000_000_000)!
      if (number % 10 === 0) ids.push(id)
    }
    addMembers(tx, 'list', ensureGroup(tx, 'list', 'Press', null, 1), ids, null)
    indexSearch(tx, 5000)
  })
}

const rowsOf = ({ page }: Screen) => page.getByRole('table', { name: 'Contacts' })

describe.each([false, true])('many contacts (dark: %s)', dark => {
  beforeAll(() => {
    if (!dark) seed()
  })
  const shot = (what: string) => `contacts-${what}${dark ? '-dark' : ''}`

  it('scroll, are found by what is typed, and by lists', async () => {
    const screen = await ui.signedIn({ dark, path: '/contacts' })
    const { page } = screen
    const rows = rowsOf(screen)
    await rows.getByText('Ada Person 0', { exact: true }).waitFor()
    await page.getByText('2,500 contacts').waitFor()
    await screen.isAccessible()
    await screen.shot(shot('1-list'))

    // From page to page down to the last one, and back at once.
    await rows.getByRole('rowgroup').focus()
    for (let turns = 0; turns < 200; turns += 1) {
      await page.keyboard.press('End')
      if (await rows.getByText('Grace Person 2499', { exact: true }).isVisible()) break
      await page.waitForTimeout(150)
    }
    await rows.getByText('Grace Person 2499', { exact: true }).waitFor()
    await page.keyboard.press('Home')
    await rows.getByText('Ada Person 0', { exact: true }).waitFor()

    await page.getByLabel('Search contacts').fill('1202 555 1234')
    await page.getByText('1 contact matches').waitFor()
    await rows.getByText('Ada Person 1234', { exact: true }).waitFor()
    await page.getByLabel('Search contacts').fill('nobody of this name')
    await page.getByText('Nobody matches').waitFor()
    await screen.isAccessible()
    await page.getByRole('button', { name: 'Show everybody' }).first().click()

    await page.getByRole('button', { name: 'Filter' }).click()
    await page.getByRole('combobox', { name: 'On one of these lists' }).click()
    await page.getByRole('option', { name: 'Press (250)' }).click()
    await page.getByText('250 contacts match').waitFor()
    await screen.isAccessible()
    await screen.shot(shot('2-filter'))
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Remove the filter on Press' }).click()
    await page.getByText('2,500 contacts').waitFor()
    await screen.done()
  })
})

it('keeps a choice as a segment, and does the same to everybody in it', async () => {
  const screen = await ui.signedIn({ path: '/contacts' })
  const { page } = screen
  const rows = rowsOf(screen)
  await page.getByLabel('Search contacts').fill('ada')
  await page.getByText('1,250 contacts match').waitFor()
  await page.getByRole('button', { name: 'Segments' }).click()
  await page.getByRole('button', { name: 'Save this choice' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('All Adas')
  await screen.isAccessible()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Show everybody' }).or(page.getByLabel('Clear the search')).first().click()
  await page.getByText('2,500 contacts').waitFor()
  await page.getByRole('button', { name: 'Segments' }).click()
  await screen.shot('contacts-3-segments')
  await page.getByRole('button', { name: 'All Adas', exact: true }).click()
  await page.getByText('1,250 contacts match').waitFor()

  await rows.getByLabel('Choose everybody who is shown').check()
  await page.getByText('1,250 contacts chosen').waitFor()
  await screen.isAccessible()
  await screen.shot('contacts-4-chosen')
  await page.getByRole('button', { name: 'Tags' }).click()
  await page.getByRole('menuitem', { name: 'Put a tag on them' }).click()
  await page.getByRole('combobox', { name: 'Tag' }).fill('first')
  await screen.isAccessible()
  await page.getByRole('button', { name: 'Put the tag on' }).click()
  await page.getByText('1,250 contacts now have the tag “first”').waitFor()
  expect(await ui.hub.done('contacts.count', { tags: ['first'] })).toEqual({ contacts: 1250 })
  await rows.getByText('#first').first().waitFor()

  // Some of them, one by one.
  for (const name of ['Ada Person 0', 'Ada Person 2']) await rows.getByLabel(`Choose ${name}`, { exact: true }).check()
  await page.getByText('2 contacts chosen').waitFor()
  await page.getByRole('button', { name: 'Tags' }).click()
  await page.getByRole('menuitem', { name: 'Take a tag off them' }).click()
  await page.getByRole('combobox', { name: 'Tag' }).fill('first')
  await page.getByRole('button', { name: 'Take the tag off' }).click()
  await page.getByText('2 contacts no longer have the tag “first”').waitFor()

  for (const name of ['Ada Person 4', 'Ada Person 6']) await rows.getByLabel(`Choose ${name}`, { exact: true }).check()
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Type delete to go on').fill('delete')
  await screen.isAccessible()
  await page.keyboard.press('Enter')
  await page.getByText('2 contacts were deleted').waitFor()
  await page.getByText('1,248 contacts match').waitFor()
  await screen.done()
})

it.each([false, true])('shows one beside the list, and changes it (dark: %s)', async dark => {
  const suffix = dark ? '-dark' : ''
  const [number, second] = dark ? ['2125550101', '2125550102'] : ['2125550103', '2125550104']
  const screen = await ui.signedIn({ dark, path: '/contacts/new', width: dark ? 900 : 1280 })
  const { page } = screen
  await page.getByLabel('Number', { exact: true }).fill('12')
  await page.getByRole('button', { name: 'Add the contact' }).waitFor()
  await page.getByLabel('Number', { exact: true }).fill('123')
  await page.getByRole('button', { name: 'Add the contact' }).click()
  await page.getByText('This is not a valid phone number').waitFor()
  await screen.isAccessible()
  await screen.shot(`contact-1-new${suffix}`)
  await page.getByLabel('Number', { exact: true }).fill(number)
  await page.getByLabel('First name').fill('Katherine')
  await page.getByLabel('Last name').fill('Johnson')
  await page.getByRole('button', { name: 'Add the contact' }).click()

  const drawer = page.getByRole('dialog', { name: 'Katherine Johnson', exact: true })
  await drawer.getByText(`+1${number}`).waitFor()
  await page.waitForTimeout(300)
  await screen.isAccessible()
  await screen.shot(`contact-2-drawer${suffix}`)
  await drawer.getByRole('button', { name: 'Edit' }).click()
  await drawer.getByRole('button', { name: 'Add a field' }).click()
  await drawer.getByLabel('Name of field 1').fill('desk')
  await drawer.getByLabel('Value of desk').fill('West area')
  await drawer.getByLabel('Source').fill('Badge')
  await drawer.getByLabel('Postcode').fill('10001')
  await drawer.getByLabel('Time zone').fill('Asia/Kolkata')
  await page.keyboard.press('Escape')
  await screen.isAccessible()
  await screen.shot(`contact-3-edit${suffix}`)
  await drawer.getByRole('button', { name: 'Save' }).click()
  await drawer.getByText('West area').waitFor()
  await drawer.getByText('set by hand').waitFor()
  await drawer.getByText(/^(open|closed) until \w{3} \d\d:\d\d \(/).waitFor()
  await screen.isAccessible()
  await screen.shot(`contact-3-hours${suffix}`)

  await drawer.getByRole('button', { name: 'Never text again' }).click()
  await page.getByLabel('Reason').fill('Told us on the telephone')
  await screen.isAccessible()
  await page.getByRole('button', { name: 'Put it on the list' }).click()
  await drawer.getByText('Gets no messages').waitFor()
  await drawer.getByRole('tab', { name: 'Timeline' }).click()
  await drawer.getByText('Told us on the telephone').waitFor()
  await drawer.getByText('Badge').waitFor()
  await screen.isAccessible()
  await screen.shot(`contact-4-timeline${suffix}`)

  // The same person with another number, who opted out with this one.
  await ui.hub.done('contacts.create', { number: `+1${second}`, firstName: 'Kathy', attributes: { floor: '2' } })
  await page.keyboard.press('Escape')
  await page.getByLabel('Search contacts').fill('Kathy')
  await rowsOf(screen).getByRole('link', { name: 'Kathy' }).click()
  const other = page.getByRole('dialog', { name: 'Kathy', exact: true })
  await other.getByRole('button', { name: 'Merge' }).click()
  await page.getByLabel('Who is the same person?').fill(number)
  await page.getByRole('radio', { name: /Katherine Johnson/ }).check()
  await screen.isAccessible()
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('The second one opted out').waitFor()
  await page.getByLabel('Type merge to go on').fill('merge')
  await screen.isAccessible()
  await screen.shot(`contact-5-merge${suffix}`)
  await page.getByRole('dialog', { name: 'Make one contact of two?' }).getByRole('button', { name: 'Merge' }).click()
  const merged = page.getByRole('dialog', { name: 'Kathy Johnson', exact: true })
  await merged.getByText('West area').waitFor()
  await merged.getByText('Gets no messages').waitFor()
  const { items } = await ui.hub.done('contacts.search', { search: `1${number}` })
  expect(items).toEqual([])

  await merged.getByRole('button', { name: 'Delete' }).click()
  await page.getByLabel('Type delete to go on').fill('delete')
  await page.keyboard.press('Enter')
  await merged.waitFor({ state: 'hidden' })
  await page.getByText('Nobody matches').waitFor()
  await screen.done()
})

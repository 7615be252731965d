import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Screen, Ui } from './kit.ts'

let ui: Ui
const PEOPLE = ['Ada', 'Ben', 'Cleo', 'Dan'].map((firstName, at) => ({ firstName, number: `+1202555010${at}` }))

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
  for (const person of PEOPLE) await ui.hub.done('contacts.create', { ...person, lists: ['Spring'] })
})
afterAll(() => ui?.close())
// Each test sees its own changes alone.
beforeEach(() => ui.hub.peek.write(tx => tx.run('DELETE FROM undos')))

const tagged = async (tag: string) => (await ui.hub.done('contacts.count', { tags: [tag] })).contacts
const members = async (list: string) => (await ui.hub.done('contacts.count', { lists: [list] })).contacts
const lists = async () => (await ui.hub.done('lists.list', {})).lists.map(list => list.name).sort()

/** Chooses these in the list of contacts, and does this to them. */
async function bulk({ page }: Screen, names: readonly string[], menu: 'Tags' | 'Lists', item: string, name: string) {
  const rows = page.getByRole('table', { name: 'Contacts' })
  for (const one of names) await rows.getByLabel(`Choose ${one}`, { exact: true }).check()
  await page.getByRole('button', { name: menu, exact: true }).click()
  await page.getByRole('menuitem', { name: item }).click()
  await page.getByRole('combobox').fill(name)
  await page.keyboard.press('Enter')
}

async function openChanges({ page }: Screen): Promise<void> {
  await page.getByRole('button', { name: 'More', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Recent changes' }).click()
  await page.getByRole('heading', { level: 1, name: 'Recent changes' }).waitFor()
}

/** The row of the recent changes that says this. */
const changed = ({ page }: Screen, words: string) =>
  page.getByRole('table', { name: 'Recent changes' }).getByRole('row').filter({ hasText: words })

describe('the notice of a change', () => {
  it('takes back a tag that many have got, with the keyboard', async () => {
    const screen = await ui.signedIn({ path: '/contacts' })
    const { page } = screen
    await bulk(screen, ['Ada', 'Ben', 'Cleo'], 'Tags', 'Put a tag on them', 'vip')
    await page.getByText('3 contacts now have the tag “vip”').waitFor()
    expect(await tagged('vip')).toBe(3)
    // Nothing has the focus now, and notices stand at the end of the page.
    await screen.tabTo('button "Undo"', { back: true, most: 3 })
    await screen.isAccessible()
    await screen.shot('undo-notice')
    await page.keyboard.press('Enter')
    await page.getByText('Undone for 3 contacts.').waitFor()
    expect(await tagged('vip')).toBe(0)
    await page.getByText('3 contacts now have the tag “vip”').waitFor({ state: 'detached' })
    await screen.done()
  })

  it('takes back by Ctrl+Z what came last, and leaves the fields their own', async () => {
    const screen = await ui.signedIn({ path: '/contacts', dark: true })
    const { page } = screen
    await bulk(screen, ['Ada'], 'Lists', 'Add them to a list', 'First')
    await page.getByText('1 contact was added to “First”.').waitFor()
    await bulk(screen, ['Ben', 'Dan'], 'Lists', 'Remove them from a list', 'Spring')
    await page.getByText('2 contacts were removed from “Spring”').waitFor()
    expect([await members('First'), await members('Spring')]).toEqual([1, 2])
    await page.getByLabel('Search contacts').pressSequentially('Be')
    await page.keyboard.press('Control+z')
    await expect.poll(() => page.getByLabel('Search contacts').inputValue()).not.toBe('Be')
    expect(await members('Spring')).toBe(2)
    await page.getByLabel('Search contacts').blur()
    await page.keyboard.press('Control+z')
    await page.getByText('Undone for 2 contacts.').waitFor()
    expect([await members('First'), await members('Spring')]).toEqual([1, 4])
    await page.keyboard.press('Control+z')
    await page.getByText('Undone for 1 contact.').waitFor()
    expect(await members('First')).toBe(0)
    await screen.shot('undo-notices-dark')
    await screen.done()
  })

  it('stays while the focus is in it', async () => {
    const screen = await ui.signedIn({ path: '/contacts' })
    const { page } = screen
    await page.clock.install()
    await bulk(screen, ['Ada'], 'Tags', 'Put a tag on them', 'brief')
    const undo = page.getByRole('button', { name: 'Undo' })
    await undo.focus()
    await page.clock.fastForward(60_000)
    expect(await undo.isVisible()).toBe(true)
    await undo.blur()
    await page.clock.fastForward(60_000)
    await undo.waitFor({ state: 'detached' })
    await screen.done()
  })

  it('brings a list, a segment and a draft back', async () => {
    await ui.hub.done('segments.create', { name: 'All of Spring', audience: { lists: ['Spring'] } })
    await ui.hub.done('campaigns.create', { name: 'Early draft', template: 'Hello' })
    const screen = await ui.signedIn({ path: '/contacts' })
    const { page } = screen
    const undo = page.getByRole('button', { name: 'Undo' })

    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('menuitem', { name: 'Lists' }).click()
    await page.getByRole('button', { name: 'Delete Spring' }).click()
    await screen.isAccessible()
    await page.getByRole('button', { name: 'Delete the list' }).click()
    await page.getByText('The list “Spring” was deleted.').waitFor()
    expect(await lists()).not.toContain('Spring')
    // The lists are still shown: the notice stands outside of their dialog.
    await page.keyboard.press('Control+z')
    await page.getByText('Undone.').waitFor()
    await page.getByRole('button', { name: 'Delete Spring' }).waitFor()
    expect(await members('Spring')).toBe(4)
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: 'Segments' }).click()
    await page.getByRole('button', { name: 'Remove the segment All of Spring' }).click()
    await page.getByText('The segment “All of Spring” was deleted.').waitFor()
    await undo.click()
    await page.getByText('Undone.').last().waitFor()
    await page.getByRole('button', { name: 'Segments' }).click()
    await page.getByRole('button', { name: 'All of Spring', exact: true }).waitFor()
    await page.keyboard.press('Escape')

    await page.getByRole('link', { name: 'Campaigns' }).click()
    await page.getByRole('button', { name: 'Actions for Early draft' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Delete draft' }).click()
    await page.getByRole('link', { name: 'Early draft' }).waitFor({ state: 'detached' })
    await undo.click()
    await page.getByRole('link', { name: 'Early draft' }).waitFor()
    await screen.done()
  })
})

describe.each([false, true])('recent changes (dark: %s)', dark => {
  const suffix = dark ? '-dark' : ''

  it('are all there, are undone, and say why not', async () => {
    const screen = await ui.signedIn({ dark, path: '/contacts', ...(dark && { width: 900, height: 640 }) })
    const { page } = screen
    if (!dark) {
      await openChanges(screen)
      await page.getByText('Nothing in the last day').waitFor()
      await screen.isAccessible()
      await screen.shot('changes-empty')
      await page.getByRole('link', { name: 'Contacts' }).click()
    }
    const [tag, list, other] = [`loud${suffix}`, `Summer${suffix}`, `Winter${suffix}`]
    await bulk(screen, ['Ada', 'Ben', 'Cleo'], 'Tags', 'Put a tag on them', tag)
    await page.getByText(`3 contacts now have the tag “${tag}”`).waitFor()
    await bulk(screen, ['Ada', 'Ben'], 'Lists', 'Add them to a list', list)
    await page.getByText(`2 contacts were added to “${list}”`).waitFor()
    const added = (await ui.hub.done('lists.list', {})).lists.find(one => one.name === list)!
    await ui.hub.done('lists.delete', { id: added.id })
    const made = await ui.hub.done('campaigns.create', { name: `A text for ${list}`, template: 'Hello' })
    await ui.hub.done('campaigns.delete', { id: made.id })
    // One of them was taken out by somebody since, and another list has the name now.
    const ben = (await ui.hub.done('contacts.search', { search: 'Ben' })).items[0]!
    await ui.hub.done('contacts.update', { id: ben.id, tags: [] })
    await ui.hub.done('contacts.update', { id: ben.id, lists: ['Spring', list] })

    await openChanges(screen)
    await changed(screen, `Tag “${tag}” put on 3 contacts`).getByText('ann').waitFor()
    await changed(screen, `Draft “A text for ${list}” deleted`).waitFor()
    await screen.isAccessible()
    await screen.shot(`changes${suffix}`)

    await screen.tabTo(`button "Undo: Draft “A text for ${list}” deleted"`)
    await page.keyboard.press('Enter')
    await changed(screen, `Draft “A text for ${list}” deleted`).getByText('Undone').waitFor()
    expect((await ui.hub.done('campaigns.get', { id: made.id })).state).toBe('draft')

    await screen.tabTo(`button "Undo: List “${list}” deleted"`)
    await page.keyboard.press('Space')
    const refused = changed(screen, `List “${list}” deleted`)
    await refused.getByRole('alert').getByText(`There is another list "${list}" now. Rename that first.`).waitFor()
    // Its members cannot come back before it does.
    await page.getByRole('button', { name: `Undo: 2 contacts added to “${list}”` }).press('Enter')
    await changed(screen, `2 contacts added to “${list}”`)
      .getByRole('alert')
      .getByText(`"${list}" was deleted since. Bring that back first.`)
      .waitFor()
    await screen.isAccessible()
    await screen.shot(`changes-refused${suffix}`)
    const taken = (await ui.hub.done('lists.list', {})).lists.find(one => one.name === list)!
    await ui.hub.done('lists.rename', { id: taken.id, name: other })
    await refused.getByRole('button', { name: 'Undo' }).press('Enter')
    await refused.getByText('Undone').waitFor()
    expect(await lists()).toEqual(expect.arrayContaining([list, other]))

    const partly = changed(screen, `Tag “${tag}” put on 3 contacts`)
    await partly.getByRole('button').press('Enter')
    await partly.getByText('Undone: 2').waitFor()
    await partly.getByText('1 was changed since and stays as it is.').waitFor()
    // Its notice offers it no more.
    await page.getByText(`3 contacts now have the tag “${tag}”`).waitFor({ state: 'detached' })
    await screen.isAccessible()
    await screen.shot(`changes-undone${suffix}`)
    await screen.done()
  })
})

it('says that a day is over', async () => {
  const screen = await ui.signedIn({ path: '/contacts' })
  const { page } = screen
  await bulk(screen, ['Dan'], 'Tags', 'Put a tag on them', 'late')
  const undo = page.getByRole('button', { name: 'Undo' })
  await undo.waitFor()
  ui.hub.peek.write(tx => tx.run('UPDATE undos SET created_at = created_at - 86400000'))
  await undo.click()
  await page.getByText('changes can be undone for a day').waitFor()
  expect(await tagged('late')).toBe(1)
  await openChanges(screen)
  await page.getByText('Nothing in the last day').waitFor()
  await screen.done()
})

it('is found by Ctrl+K', async () => {
  const screen = await ui.signedIn()
  const { page } = screen
  await page.keyboard.press('Control+k')
  await page.getByLabel('Search and commands').fill('bring back')
  await page.getByRole('button', { name: 'Recent changes' }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Recent changes' }).waitFor()
  await screen.done()
})

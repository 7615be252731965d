import { afterAll, beforeAll, expect, it } from 'vitest'
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

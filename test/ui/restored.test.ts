import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemPorts } from '../../src/main/app-ports.ts'
import { folderPaths } from '../../src/main/services/folder.ts'
import { restoreBackup } from '../../src/main/services/restore.ts'
import { PASSWORD } from '../integration/http/kit.ts'
import { QUIET } from '../support/folder.ts'
import { Ui } from './kit.ts'

let ui: Ui

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
  ui.hub.peek.write(tx => {
    tx.run(
      "INSERT INTO phones (id, name, key_hash, journal, can_prove, paired_at) VALUES (1, 'Shop phone', x'01', 'J', 1, 1)",
    )
    tx.run('INSERT INTO sims (id, phone_id, slot) VALUES (1, 1, 0)')
  })
})
afterAll(() => ui?.close())

it('a browser cannot restore, and is led through what a restore leaves to be done', async () => {
  await ui.hub.done('contacts.create', { number: '+12025550123', firstName: 'Walt' })
  const backup = await ui.hub.done('backups.create', {})
  await ui.hub.done('contacts.create', { number: '+12025550124', firstName: 'Eve' })
  const screen = await ui.signedIn({ path: '/admin/system' })
  const { page } = screen
  await page.getByText('Backups are made, checked and restored on the computer of the hub').waitFor()
  expect(await page.getByRole('button', { name: /Restore/ }).count()).toBe(0)
  await screen.isAccessible()

  await ui.restart(async folder =>
    restoreBackup({
      ...{ paths: folderPaths(folder), file: backup.path, withoutSuppressionsSince: false, log: QUIET },
      ...systemPorts(),
    }),
  )
  // Everybody signs in anew, where they were.
  await page.getByLabel('User name').waitFor()
  await screen.isAccessible()
  await page.getByLabel('User name').fill('ann')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('tab', { name: 'System', selected: true }).waitFor()
  await page.getByRole('link', { name: 'Contacts' }).click()
  await page.getByText('1 contact', { exact: true }).waitFor()

  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('alert').getByText('A backup was restored, and Shop phone has not yet told').waitFor()
  await screen.isAccessible()
  await page.getByRole('link', { name: 'Phones', exact: true }).first().click()
  const card = page.getByRole('region', { name: 'Shop phone' })
  await card.getByText('Nothing is sent until this phone has told what it sent since.').waitFor()
  await screen.isAccessible()
  await screen.shot('restored-phones')
  await card.getByRole('button', { name: 'Write it off' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.getByRole('button', { name: 'Write it off' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Type Shop phone to go on').fill('Shop phone')
  await screen.isAccessible()
  await dialog.getByRole('button', { name: 'Write it off' }).click()
  await card.getByText('A backup was restored').waitFor({ state: 'detached' })
  await page.getByText('Nothing is sent at the moment').waitFor({ state: 'detached' })
  // While the hub was away nothing could be asked.
  const refused = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/
  screen.faults.splice(0, screen.faults.length, ...screen.faults.filter(fault => !refused.test(fault)))
  await screen.done()
})

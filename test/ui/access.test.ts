import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Nginx, nginxProgram } from '../integration/access/kit.ts'
import { Ui } from './kit.ts'

let ui: Ui
let nginx: Nginx | null = null
let file: string

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
  file = join(ui.hub.folder, 'wiki.htpasswd')
  writeFileSync(file, '# by hand\nteam:{PLAIN}shared\nanna:{PLAIN}own\n')
  nginx = nginxProgram && (await Nginx.start(nginxProgram, ui.hub.folder, { wiki: file }))
})
afterAll(async () => {
  await nginx?.stop()
  await ui?.close()
})

/** What the proxy says of a credential; without a proxy nothing is asked. */
async function opens(username: string, password: string, expected: boolean): Promise<void> {
  if (nginx) expect(await nginx.get('wiki', { username, password })).toBe(expected ? 200 : 401)
}

it('takes over a file, grants, shows, renews, lets expire and revokes', async () => {
  const screen = await ui.signedIn({ path: '/admin/services' })
  const { page } = screen
  await page.getByText('No services').waitFor()
  await screen.isAccessible()
  await page.getByRole('button', { name: 'Add a service' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Wiki')
  await dialog.getByRole('textbox', { name: 'Address' }).fill(nginx?.address('wiki') ?? 'http://127.0.0.1:9/')
  await dialog.getByLabel('htpasswd file').fill('wiki')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.getByText('the whole path of the file').waitFor()
  await screen.isAccessible()
  await screen.shot('access-service-refused')
  await dialog.getByLabel('htpasswd file').fill(file)
  if (nginx) await dialog.getByLabel('Access log of the proxy').fill(nginx.accessLog)
  await dialog.getByRole('switch', { name: 'People may make a new password themselves' }).click()
  await dialog.getByRole('switch', { name: 'Offer to sign in by the address' }).click()
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await page.getByText('2 entries of the file belong to nobody yet').waitFor()

  const card = page.getByRole('region', { name: 'Wiki' })
  await card.getByRole('button', { name: 'Entries of Wiki' }).click()
  await card.getByRole('button', { name: 'Say whose anna is' }).click()
  await page.getByRole('combobox', { name: 'Person' }).fill('Anna Berg')
  await page.getByRole('button', { name: 'It is theirs' }).click()
  await card.getByRole('cell', { name: 'Anna Berg' }).waitFor()
  expect(await card.getByText('Belongs to nobody').count()).toBe(1)
  await opens('anna', 'own', true)
  await screen.isAccessible()
  await screen.shot('access-services')

  await page.goto('/#/admin/people')
  await page.getByRole('button', { name: 'Add a person' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Ben Okri')
  await page.getByRole('dialog').getByRole('combobox', { name: 'May open' }).click()
  await page.getByRole('option', { name: 'Wiki' }).click()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
  const ben = page.getByRole('region', { name: 'Ben Okri' })
  await ben.getByRole('button', { name: 'Services of Ben Okri' }).click()
  await ben.getByRole('button', { name: 'Show the password of Ben Okri at Wiki' }).click()
  const shown = await page.getByLabel('Password', { exact: true }).inputValue()
  expect(shown).toHaveLength(24)
  await opens('ben-okri_wiki', shown, true)
  await screen.isAccessible()
  await screen.shot('access-credential')
  await page.getByRole('button', { name: 'Done' }).click()

  await ben.getByRole('button', { name: 'More for Ben Okri at Wiki' }).click()
  await page.getByRole('menuitem', { name: 'New password' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make it' }).click()
  const renewed = page.getByLabel('Password', { exact: true })
  await renewed.waitFor()
  expect(await renewed.inputValue()).not.toBe(shown)
  await opens('ben-okri_wiki', shown, false)
  await opens('ben-okri_wiki', await renewed.inputValue(), true)
  await page.getByRole('button', { name: 'Done' }).click()

  await ben.getByRole('button', { name: 'More for Ben Okri at Wiki' }).click()
  await page.getByRole('menuitem', { name: 'How long it counts' }).click()
  await page.getByRole('switch', { name: 'It ends by itself' }).click()
  await page.getByLabel('Days from now').fill('3')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await ben.getByText('Expires soon').waitFor()
  await screen.isAccessible()
  await screen.shot('access-people')
  ui.hub.peek.write(tx => tx.run("UPDATE grants SET expires_at = 1 WHERE username = 'ben-okri_wiki'"))
  await ui.hub.app.services.access.expireDue()
  await page.goto('/#/overview')
  await page.getByRole('link', { name: '1 credential ends soon or has ended' }).click()
  await ben.getByText('Expired').first().waitFor()

  await page.getByRole('region', { name: 'Anna Berg' }).getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await opens('anna', 'own', false)
  await opens('team', 'shared', true)
  await screen.done()
})

it('shows a person their own page, and hands over only after three seconds that can be stopped', async () => {
  const access = ui.hub.app.services.access
  await ui.hub.done('settings.update', {
    personalPage: { enabled: true, host: '127.0.0.1', port: 0, address: '', proxies: [] },
  })
  await expect.poll(() => access.pageState.current).not.toBeNull()
  const { services } = await ui.hub.done('services.list', {})
  const person = await ui.hub.done('friends.create', { name: 'Cleo', services: [services[0]!.id] })
  const { url } = await ui.hub.done('friends.new-link', { id: person.id })
  const { username, password } = await ui.hub.done('grants.reveal', { id: person.grants[0]!.id })

  const screen = await ui.screen({ width: 900 })
  const { page } = screen
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(url!)
  await page.getByRole('heading', { name: 'Your services' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/f')
  await screen.isAccessible()
  await screen.shot('personal-list')
  await page.getByRole('link', { name: /Wiki/ }).click()
  await page.getByText(username).waitFor()
  expect(await page.content()).not.toContain(password)
  await page.getByRole('button', { name: 'Show' }).click()
  await page.getByText(password).waitFor()
  await screen.isAccessible()
  await screen.shot('personal-service')
  await page.getByRole('button', { name: 'Hide' }).click()
  expect(await page.content()).not.toContain(password)
  await page.getByRole('button', { name: 'Copy' }).last().click()
  await page.getByText('The password is copied.').waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(password)

  await page.getByText('Make a new password', { exact: true }).first().click()
  await page.getByRole('button', { name: 'Make a new password' }).click()
  await page.getByText('This is your new password.').waitFor()
  await opens(username, password, false)

  await page.getByRole('link', { name: 'Sign me in' }).click()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('Stopped. Nothing was opened.').waitFor()
  await screen.isAccessible()
  await screen.shot('personal-continue')
  if (nginx) {
    await page.reload()
    await page.getByText('inside').waitFor()
    // The page that handed over is not gone back to.
    await page.goBack()
    expect(new URL(page.url()).pathname).toBe('/auth/wiki')
  }
  await screen.done()
})

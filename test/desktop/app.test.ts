import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../../src/shared/operations/index.ts'
import { SimulatedPhone } from '../support/simulated-phone.ts'
import { Desk, desktop, newFolder, PASSWORD, type PageWorld, removeFolder, startShipped, until } from './kit.ts'

/** Contacts that nobody here wrote, beside the checkout or its main worktree; three of our own where they are not. */
function sampleList(): { path: string; rows: number } {
  const common = resolve(execFileSync('git', ['rev-parse', '--git-common-dir'], { encoding: 'utf8' }).trim())
  const places = [resolve('..'), dirname(dirname(common))].map(place => join(place, 'shared/data/us-500.csv'))
  const path = places.find(place => existsSync(place))
  return path === undefined ? { path: resolve('resources/samples/contacts.csv'), rows: 0 } : { path, rows: 500 }
}

describe.skipIf(desktop === null)('the packaged application', () => {
  let folder: string
  let desk: Desk
  let phone: SimulatedPhone

  beforeAll(async () => {
    folder = await newFolder()
    phone = new SimulatedPhone(folder)
    desk = await Desk.open(folder)
  })
  afterAll(async () => {
    await phone?.close()
    await desk?.app.close().catch(() => undefined)
    removeFolder(folder)
  })

  it('asks for the first administrator, and lets them in', async () => {
    const { page } = desk
    await page.getByRole('heading', { name: 'Welcome' }).waitFor()
    expect(page.url()).toBe('app://connector/')
    await page.getByLabel('User name').fill('ann')
    await page.getByRole('textbox', { name: 'New password', exact: true }).fill(PASSWORD)
    await page.getByRole('textbox', { name: /again/ }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Make the account' }).click()
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
  })

  it('offers its page the bridge exactly as it is declared, and no Node', async () => {
    const seen = await desk.page.evaluate(() => {
      const world = globalThis as unknown as PageWorld & Record<string, unknown>
      const names = (value: object) => Object.keys(value).sort()
      const { connector } = world
      return {
        connector: names(connector),
        operations: names(connector.operations),
        session: names(connector.session),
        files: names(connector.files),
        window: names(connector.window),
        restore: names(connector.restore),
        node: ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname', 'electron'].filter(
          name => world[name] !== undefined,
        ),
        frozen: (() => {
          try {
            ;(world as { connector: unknown }).connector = {}
          } catch {
            return true
          }
          return world.connector === connector
        })(),
      }
    })
    expect(seen).toEqual({
      connector: ['files', 'on', 'openGuide', 'operations', 'restore', 'session', 'window'],
      operations: operations.map(({ name }) => name).sort(),
      session: ['begin', 'lock', 'signIn', 'signOut', 'state', 'unlock'],
      files: ['save', 'upload'],
      window: ['change', 'checkForUpdates', 'settings'],
      restore: ['choose', 'run'],
      node: [],
      frozen: true,
    })
  })

  it('goes nowhere else, whatever a page contains', async () => {
    const { page, app } = desk
    await page.evaluate(() => {
      const { document } = globalThis as unknown as {
        document: { createElement(name: string): Record<string, unknown>; body: { append(one: unknown): void } }
      }
      const link = (href: string, target: string) => {
        const made = document.createElement('a')
        Object.assign(made, { href, target, textContent: 'x' })
        document.body.append(made)
        ;(made['click'] as () => void)()
      }
      for (const href of ['https://example.com/', 'file:///etc/passwd', 'app://other/', 'javascript:alert(1)']) {
        link(href, '_self')
        link(href, '_blank')
      }
      const frame = document.createElement('iframe')
      Object.assign(frame, { src: 'app://connector/', srcdoc: '<script>top.hurt = 1</script>' })
      document.body.append(frame)
    })
    const reached = await page.evaluate(async () => {
      const tried = await Promise.allSettled(
        ['https://example.com/', 'http://127.0.0.1:9/', 'file:///etc/passwd', 'app://other/'].map(url => fetch(url)),
      )
      return tried.map(one => one.status)
    })
    expect(reached).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
    expect(page.url()).toMatch(/^app:\/\/connector\//)
    expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt)).toBeUndefined()
    expect(app.windows()).toHaveLength(1)
    // What was stopped is told on the console, and that is what this test was for.
    desk.faults.length = 0
    await page.reload()
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
  })

  it('takes in a list that a person picks', async () => {
    const { page } = desk
    const { path, rows } = sampleList()
    await page.evaluate(() => {
      const { document } = globalThis as unknown as {
        document: { createElement(name: string): Record<string, unknown>; body: { append(one: unknown): void } }
      }
      const input = document.createElement('input')
      Object.assign(input, { type: 'file', id: 'picked' })
      document.body.append(input)
    })
    await page.setInputFiles('#picked', path)
    const upload = await page.evaluate(async () => {
      const { document, connector } = globalThis as unknown as PageWorld & {
        document: { querySelector(name: string): { files: File[] } }
      }
      return connector.files.upload(document.querySelector('#picked').files[0]!)
    })
    if (!upload.ok) throw new Error(upload.error.message)
    const made = await page.evaluate(async () => {
      const { connector } = globalThis as unknown as PageWorld
      return connector.files.upload(new File(['phone\n'], '/etc/passwd'))
    })
    expect(made).toMatchObject({ ok: false, error: { code: 'file_refused' } })
    const started = await desk.do('uploads.start', {
      upload: upload.data.id,
      settings: { options: { defaultCountry: 'US', list: 'Spring' } },
    })
    await until('the import', async () => (await desk.do('imports.get', { id: started.id })).state === 'completed')
    const { contacts } = await desk.do('contacts.count', {})
    expect(contacts).toBeGreaterThan(0)
    if (rows > 0) expect(contacts).toBeGreaterThan(rows * 0.9)
  })

  it('sends a campaign through a phone to its end', async () => {
    const { link } = await desk.do('phones.pair', { name: 'Pixel' })
    await phone.pair(link)
    await until('the phone', async () => (await desk.do('phones.list', {})).phones[0]?.connected === true)
    await desk.do('settings.update', {
      hours: { from: 0, to: 1440, days: [1, 2, 3, 4, 5, 6, 7], regional: false },
      limits: { windows: [{ segments: 1000, windowMs: 60_000 }], recipientsPerMonth: 1000, pauseMs: [0, 0] },
    })
    await desk.do('contacts.create', { number: '+12025550123', firstName: 'Walt', lists: ['Walkers'] } as never)
    const { id } = await desk.do('campaigns.create', {
      name: 'Spring market',
      template: 'Hi {{ first_name }}, the market opens at 9. Reply STOP to opt out.',
      audience: { lists: ['Walkers'] },
    } as never)
    await desk.do('campaigns.start', { id, allowUnproven: true } as never)
    await until('the campaign', async () => (await desk.do('campaigns.get', { id })).state === 'completed', 150)
  })

  it('brings the window forward when it is started again', async () => {
    const { app } = desk
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.minimize())
    const { child } = startShipped(['--data-dir', join(folder, 'data')], desktop!.inspectable)
    const [code] = (await once(child, 'exit')) as [number]
    expect(code).toBe(0)
    await until('the window', () =>
      app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows()
        return !window!.isMinimized() && window!.isVisible()
      }),
    )
    expect(app.windows()).toHaveLength(1)
  })

  it('has everything again after a restart, and asks who is there', async () => {
    expect(desk.faults).toEqual([])
    const { contacts } = await desk.do('contacts.count', {})
    await desk.quit()
    desk = await Desk.open(folder)
    await desk.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await desk.page.getByRole('checkbox', { name: /Stay signed in/ }).isDisabled()).toBe(true)
    await desk.page.getByLabel('User name').fill('ann')
    await desk.page.getByRole('textbox', { name: 'Password', exact: true }).fill(PASSWORD)
    await desk.page.getByRole('button', { name: 'Sign in' }).click()
    await desk.page.getByRole('navigation', { name: 'Screens' }).waitFor()
    expect((await desk.do('contacts.count', {})).contacts).toBe(contacts)
    expect((await desk.do('campaigns.list', {})).items[0]).toMatchObject({ name: 'Spring market', state: 'completed' })
    expect(desk.faults).toEqual([])
  })

  it('hides everything behind the password when it is locked', async () => {
    const { page } = desk
    await page.evaluate(() => (globalThis as unknown as PageWorld).connector.session.lock())
    await page.getByRole('heading', { name: 'Locked' }).waitFor()
    await expect(desk.do('contacts.count', {})).rejects.toThrow('Sign in first')
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Unlock' }).click()
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    expect((await desk.do('contacts.count', {})).contacts).toBeGreaterThan(0)
    expect(desk.faults).toEqual([])
  })

  it('locks by itself when nobody was there for as long as the settings say', async () => {
    const { page } = desk
    const { window } = await desk.do('settings.get', {})
    await desk.do('settings.update', { window: { ...window, lockAfterMinutes: 5 } })
    await desk.idle(301)
    await page.getByRole('heading', { name: 'Locked' }).waitFor()
    await desk.idle(0)
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Unlock' }).click()
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    expect(desk.faults).toEqual([])
  })

  it('goes on in the tray when that was chosen, and says what this build does not do', async () => {
    const { app, page } = desk
    await page.goto('app://connector/#/account')
    const card = page.getByRole('region', { name: 'This computer' })
    await card.getByText(/Updates are off\./).waitFor()
    await desk.shot('this-computer')
    await card.getByLabel('Go on in the tray when the window is closed').check()
    await until('the choice', async () => {
      const answer = await page.evaluate(() => (globalThis as unknown as PageWorld).connector.window.settings())
      return answer.ok && answer.data.closeToTray === true
    })
    const isVisible = () => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible())
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    await until('the window to hide', async () => !(await isVisible()))
    const { child } = startShipped(['--data-dir', join(folder, 'data')], desktop!.inspectable)
    await once(child, 'exit')
    await until('the window', isVisible)
    expect(desk.faults).toEqual([])
  })

  it('puts a backup in place, says what that means, and waits for the phones', async () => {
    const { page } = desk
    const { contacts } = await desk.do('contacts.count', {})
    await desk.do('backups.create', {} as never)
    await desk.do('contacts.create', { number: '+12025550187', firstName: 'Since' } as never)
    await page.goto('app://connector/#/admin/system')
    await page
      .getByRole('button', { name: /^Restore hub-/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog', { name: 'Put a backup in place' })
    await dialog
      .getByRole('row', { name: /^Contacts/ })
      .getByText('1', { exact: true })
      .waitFor()
    await desk.shot('restore-preview')
    await dialog.getByLabel(/^Type: /).fill('replace everything with this backup')
    await dialog.getByRole('textbox', { name: 'Your password' }).fill('wrong')
    await dialog.getByRole('button', { name: 'Put it in place' }).click()
    await dialog.getByText(/This is not your password/).waitFor()
    await dialog.getByRole('textbox', { name: 'Your password' }).fill(PASSWORD)
    await dialog.getByRole('button', { name: 'Put it in place' }).click()
    await page.getByRole('heading', { name: 'The backup is in place' }).waitFor()
    await page.getByText('Waiting for phones').waitFor()
    await desk.shot('restore-done')
    await page.getByRole('dialog', { name: 'Restore' }).getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('dialog', { name: 'Restore' }).waitFor({ state: 'hidden' })
    await page.getByLabel('User name').fill('ann')
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('navigation', { name: 'Screens' }).waitFor()
    expect((await desk.do('contacts.count', {})).contacts).toBe(contacts)
    // The hub took another free port, so this phone is gone for good.
    expect((await desk.do('system.status', {})).sendingBlockedBy).toHaveLength(1)
    await page.goto('app://connector/#/phones')
    await page.getByText('A backup was restored', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Write it off' }).click()
    await page.getByLabel(/^Type Pixel/).fill('Pixel')
    await page.getByRole('dialog').getByRole('button', { name: 'Write it off' }).click()
    await page.getByText('A backup was restored', { exact: true }).waitFor({ state: 'hidden' })
    expect((await desk.do('system.status', {})).sendingBlockedBy).toEqual([])
    expect(desk.faults).toEqual([])
  })
})

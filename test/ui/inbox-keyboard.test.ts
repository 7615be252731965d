import { afterAll, beforeAll, expect, it } from 'vitest'
import { insertInbound } from '../../src/main/db/inbound.ts'
import { touchThread } from '../../src/main/db/threads.ts'
import { type Screen, Ui } from './kit.ts'

/** Fifty people who have answered, the newest first. */
const PEOPLE = Array.from({ length: 50 }, (_, at) => ({
  number: `+1212300${String(at).padStart(4, '0')}`,
  firstName: ['Ada', 'Ben', 'Chloé', 'Dario', 'Emil'][at % 5]!,
  lastName: `Number ${at + 1}`,
  body: ['Thanks, see you there', 'Is there parking?', 'Can I bring my dog?', 'Who are you?', 'Maybe next year'][
    at % 5
  ]!,
}))
/** Each letter of it, and the question mark, is a key of the inbox while nothing is being written. */
const REPLY = 'jazz or steak / no?'
/** What is done with each, in turn. */
const DOES = ['close', 'snooze', 'assign', 'reply', 'note', 'opt-out', 'saved'] as const

let ui: Ui
const threads: number[] = []

beforeAll(async () => {
  const opened = await Ui.open()
  if (!opened) throw new Error('There is no browser for these tests: set CHROMIUM_PATH to a Chromium or Chrome.')
  ui = opened
  await ui.hub.done('campaigns.create', { name: 'Open day', template: 'Open on Sunday. Reply STOP to opt out.' })
  await ui.hub.done('inbox.save-template', { name: 'Parking', body: 'Hi {{ first_name }}, park behind the hall.' })
  for (const { number, firstName, lastName } of PEOPLE.filter((_, at) => at % 7 === 6 || at === 0))
    await ui.hub.done('contacts.create', { number, firstName, lastName })
  const now = Date.now()
  ui.hub.peek.write(tx => {
    tx.run(
      "INSERT INTO phones (id, name, key_hash, journal, can_prove, paired_at) VALUES (1, 'Phone', x'01', 'J', 1, 1)",
    )
    tx.run('INSERT INTO sims (id, phone_id, slot) VALUES (1, 1, 0)')
    tx.run(
      `INSERT INTO messages (id, kind, campaign_id, number, state, sim_id, body, body_hash, segments, due_at, created_by,
         created_at, assigned_at, attempted_at) VALUES ('01J00000000000000000000001', 'campaign', 1, ?, 'sent', 1,
         'Open on Sunday. Reply STOP to opt out.', x'01', 1, 0, 'local', ?, ?, ?)`,
      ...[PEOPLE[0]!.number, now - 9_000_000, now - 9_000_000, now - 9_000_000],
    )
    for (const [at, { number, body }] of PEOPLE.entries()) {
      const received = now - (at + 1) * 60_000
      const threadId = touchThread(tx, { number, contactId: null, at: received, text: body, unreadBy: 1 })
      threads.push(threadId)
      insertInbound(tx, {
        ...{ threadId, phoneId: 1, store: 'S', rowId: at, sender: number, body, bodyHash: Buffer.from(`hash ${at}`) },
        ...{ receivedAt: received, storedAt: received, intent: 'none', campaignId: at === 0 ? 1 : null },
      })
    }
  })
})
afterAll(() => ui?.close())

/** The thread is open, and the focus, which can be seen, is on its row. */
function isAt({ page }: Screen, thread: number): Promise<void> {
  return page.locator(`[data-thread="${thread}"][aria-current="page"]:focus-visible`).waitFor()
}

it('fifty replies are worked through by the keyboard alone', { timeout: 180_000 }, async () => {
  const screen = await ui.signedIn({ path: '/inbox' })
  const { page } = screen
  const key = (name: string) => page.keyboard.press(name)
  const said = page.getByRole('log', { name: 'What was said' })
  await page.getByRole('navigation', { name: 'Threads' }).getByText('Ada Number 1').waitFor()
  // Nothing has the focus, and no mouse is used from here on.
  await key('j')
  await isAt(screen, threads[0]!)
  await said.getByRole('link', { name: 'this message' }).waitFor()
  await screen.isAccessible()
  await screen.shot('inbox-keyboard')
  // Undone, it is there again.
  await key('e')
  await isAt(screen, threads[1]!)
  await page.getByText('The thread of Ada Number 1 is closed.').waitFor()
  await screen.shot('inbox-keyboard-undo')
  await key('z')
  await isAt(screen, threads[0]!)
  expect((await ui.hub.done('inbox.counts', {})).closed).toBe(0)
  await key('ArrowDown')
  await isAt(screen, threads[1]!)
  await key('k')
  await isAt(screen, threads[0]!)

  for (const [at, thread] of threads.entries()) {
    const does = DOES[at % DOES.length]!
    const first = at < DOES.length
    await isAt(screen, thread)
    await page
      .getByRole('heading', { level: 2 })
      .filter({ hasText: nameOf(at) })
      .waitFor()
    if (does === 'close') await key('e')
    if (does === 'snooze') {
      await key('s')
      if (first) {
        // Thought better of it.
        await page.getByRole('dialog').waitFor()
        await key('Escape')
        await isAt(screen, thread)
        await key('s')
      }
      const when = page.getByRole('dialog', { name: 'Snooze until' })
      await when.getByRole('button', { name: /In 1 hour/ }).waitFor()
      if (first) await screen.isAccessible()
      if (first) await screen.shot('inbox-keyboard-snooze')
      await key('1')
    }
    if (does === 'assign') {
      await key('a')
      const who = page.getByRole('dialog', { name: 'Assign to' })
      await who.getByRole('button', { name: 'Me' }).waitFor()
      if (first) await screen.shot('inbox-keyboard-assign')
      await key('Enter')
    }
    if (does === 'reply') {
      await key('r')
      // Keys are letters here.
      await page.keyboard.type(REPLY)
      await key('Control+Shift+Enter')
    }
    if (does === 'note') {
      await key('n')
      await page.keyboard.type('Asks')
      await key('Control+Enter')
      await said.getByText('Asks', { exact: true }).waitFor()
      await key('Escape')
      await isAt(screen, thread)
      await key('e')
    }
    if (does === 'opt-out') {
      await key('o')
      await page.getByRole('dialog', { name: 'Opt this number out?' }).waitFor()
      await page.keyboard.type('Asked us')
      if (first) await screen.shot('inbox-keyboard-opt-out')
      await key('Control+Enter')
      await page.getByText(/Somebody opted them out/).waitFor()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await isAt(screen, thread)
      await key('e')
    }
    if (does === 'saved') {
      await key('t')
      await page.getByRole('menuitem', { name: /Parking/ }).waitFor()
      await page.locator('[role="menu"]:focus-within').waitFor()
      await key('ArrowDown')
      await key('Enter')
      // The text is put in, and the next key goes to it.
      await page.locator('textarea[aria-label="Reply"]:focus').waitFor()
      expect(await page.getByRole('textbox', { name: 'Reply' }).inputValue()).toBe(
        `Hi ${PEOPLE[at]!.firstName}, park behind the hall.`,
      )
      if (first) await screen.shot('inbox-keyboard-saved')
      await key('Control+Shift+Enter')
    }
  }
  const count = (what: (typeof DOES)[number]) => threads.filter((_, at) => DOES[at % DOES.length] === what).length
  await expect
    .poll(() => ui.hub.done('inbox.counts', {}), { timeout: 10_000 })
    .toMatchObject({
      ...{ open: count('assign'), mine: 0, snoozed: count('snooze'), unread: 0 },
      closed: 50 - count('assign') - count('snooze'),
    })
  const counted = (sql: string) => ui.hub.peek.get<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)!.n
  expect(counted('threads WHERE assigned_to = 1')).toBe(count('assign'))
  expect(counted("messages WHERE kind = 'reply'")).toBe(count('reply') + count('saved'))
  expect(counted(`messages WHERE body = '${REPLY}'`)).toBe(count('reply'))
  expect(counted('thread_notes')).toBe(count('note'))
  expect(counted("suppressions WHERE note = 'Asked us'")).toBe(count('opt-out'))
  await screen.shot('inbox-keyboard-done')
  await screen.done()
})

function nameOf(at: number): string {
  return at % 7 === 6 || at === 0 ? `${PEOPLE[at]!.firstName} ${PEOPLE[at]!.lastName}` : PEOPLE[at]!.number
}

it('shows its keys, and searches all that was said', async () => {
  const screen = await ui.signedIn({ path: '/inbox', dark: true, width: 900 })
  const { page } = screen
  const key = (name: string) => page.keyboard.press(name)
  await page.getByRole('navigation', { name: 'Threads' }).getByRole('link').first().waitFor()
  await key('?')
  await page.getByRole('dialog', { name: 'Keys of the inbox' }).getByText('Snooze').waitFor()
  await screen.isAccessible()
  await screen.shot('inbox-keys-dark-900')
  await key('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await key('/')
  await page.keyboard.type('sunday')
  const result = page.locator('.said')
  await result.getByText('Sunday', { exact: true }).waitFor()
  await screen.isAccessible()
  await screen.shot('inbox-search-dark-900')
  await result.getByRole('link').first().press('Enter')
  await page.locator('[data-about]').getByText('Open on Sunday.', { exact: false }).waitFor()
  await screen.shot('inbox-found-dark-900')
  await screen.done()
})

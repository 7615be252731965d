import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Session } from '../../../src/main/cli/session.ts'
import { usersMenu } from '../../../src/main/cli/users-menu.ts'
import { listUsers } from '../../../src/main/db/users.ts'
import { createPasswords } from '../../../src/main/services/passwords.ts'
import { userHandlers } from '../../../src/main/services/users.ts'
import { QUICK_STRENGTH } from '../../support/auth.ts'
import { changeContext, dataFolder } from '../../support/folder.ts'

const DOWN = '\x1b[B'
const ENTER = '\r'
const ESCAPE = '\x03'

/** A person at a terminal: presses keys once a question has been shown. */
class Person {
  readonly input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} })
  readonly output = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 40 })
  #shown = ''

  constructor() {
    this.output.on('data', chunk => {
      this.#shown += stripVTControlCharacters(String(chunk))
    })
  }

  async answer(question: string, keys: string): Promise<void> {
    while (!this.#shown.includes(question)) await new Promise(resolve => setImmediate(resolve))
    this.#shown = ''
    for (const key of keys.match(/\x1b\[.|[\s\S]/g) ?? []) {
      this.input.write(key)
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  async sees(text: string): Promise<void> {
    while (!this.#shown.includes(text)) await new Promise(resolve => setImmediate(resolve))
  }
}

function world() {
  const { db, clock } = dataFolder()
  const handlers = userHandlers({ db, clock, passwords: createPasswords(), strength: QUICK_STRENGTH }) as Record<
    string,
    (input: unknown, context: unknown) => unknown
  >
  const session = {
    do: async (name: string, input: object) =>
      handlers[name]!({ email: '', mustChangePassword: false, ...input }, changeContext(db)),
  } as unknown as Session
  const person = new Person()
  return { db, person, menu: usersMenu(session, person) }
}

const MENU = 'What do you want to do?'
const choose = (position: number) => DOWN.repeat(position) + ENTER

describe('the menu of users', () => {
  it('creates, lists, changes a password, deactivates and deletes, and never shows a password', async () => {
    const { db, person, menu } = world()
    let everything = ''
    person.output.on('data', chunk => {
      everything += String(chunk)
    })
    for (const [name, role] of [
      ['anna', DOWN + ENTER],
      ['bob', ENTER],
    ] as const) {
      await person.answer(MENU, choose(1))
      await person.answer('User name', name + ENTER)
      await person.answer('Full name', ENTER)
      await person.answer('Role', role)
      await person.answer('Password', `a good long one${ENTER}`)
      await person.answer('The same again', `a good long one${ENTER}`)
    }
    await person.answer(MENU, choose(0))
    await person.sees('bob')
    expect(listUsers(db)).toMatchObject([
      { username: 'anna', role: 'admin' },
      { username: 'bob', role: 'user' },
    ])
    const before = listUsers(db)[1]!.password_hash

    await person.answer(MENU, choose(2))
    await person.answer('Whose password?', choose(1))
    await person.answer('New password', `another good one${ENTER}`)
    await person.answer('The same again', `another good one${ENTER}`)
    await person.answer(MENU, choose(3))
    await person.answer('Who?', choose(1))
    await person.answer(MENU, choose(5))
    await menu
    expect(listUsers(db)[1]).toMatchObject({ active: 0 })
    expect(listUsers(db)[1]!.password_hash).not.toBe(before)
    expect(everything).not.toContain('good')
  })

  it('tells a refusal and goes on, and deletes only after a yes', async () => {
    const { db, person, menu } = world()
    await person.answer(MENU, choose(1))
    await person.answer('User name', `anna${ENTER}`)
    await person.answer('Full name', ENTER)
    await person.answer('Role', DOWN + ENTER)
    await person.answer('Password', `a good long one${ENTER}`)
    await person.answer('The same again', `a good long one${ENTER}`)
    await person.answer(MENU, choose(4))
    await person.answer('Who is to be deleted?', ENTER)
    await person.answer('for good?', ENTER)
    expect(listUsers(db)).toHaveLength(1)
    await person.answer(MENU, choose(4))
    await person.answer('Who is to be deleted?', ENTER)
    await person.answer('for good?', `y${ENTER}`)
    await person.sees('last active administrator')
    expect(listUsers(db)).toHaveLength(1)
    await person.answer(MENU, ESCAPE)
    await menu
  })
})

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { Journal } from '../../phone-agent/src/journal.ts'
import type { Erasure } from '../../src/shared/operations/privacy.ts'
import { checkDatabase } from './harness/checks.ts'
import type { Rig } from './harness/rig.ts'
import { stage } from './harness/stage.ts'
import { until } from './harness/wait.ts'

const LIMIT = 180_000
const WAIT = 60_000
const ANN = '+14152510143'
const BOB = '+14152510144'
const CAT = '+14152510145'
/** Stands in every text from and to Ann, and in what is noted about her. */
const MARK = 'quux'

const createRig = stage(LIMIT)
let rig: Rig

async function begin(): Promise<void> {
  rig = await createRig()
  await rig.startHub()
  await rig.startPhone()
}

/** Orders a text, and returns how to ask what has become of it. */
async function send(number: string, message: string): Promise<() => Promise<string>> {
  const { id } = await rig.hub.call('sms.send', { phone: number, message })
  return async () => (await rig.hub.call('messages.get', { id })).state
}

async function sent(number: string, message: string): Promise<void> {
  const state = await send(number, message)
  await until(`"${message}" is sent`, async () => ((await state()) === 'sent' ? true : null), WAIT)
}

async function received(number: string, body: string): Promise<void> {
  rig.phone.sim.receive({ from: number, body })
  await until(
    `"${body}" is in the inbox`,
    async () => ((await rig.hub.call('inbox.threads', {})).items.some(one => one.lastText === body) ? true : null),
    WAIT,
  )
}

function erase(number: string): Promise<Erasure> {
  return rig.hub.call('person.erase', { number, confirm: number })
}

/** The receipt, once the phone has said that its journal names them no more. */
function confirmed(id: number): Promise<Erasure> {
  return until(
    'The phone confirms',
    async () => {
      const receipt = await rig.hub.call('person.erasure', { id })
      return receipt.phones.some(phone => phone.confirmedAt !== null) ? receipt : null
    },
    WAIT,
  )
}

/** Files under a folder in whose bytes one of these stands. */
function holding(root: string, ...texts: string[]): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => {
    const path = join(root, name)
    if (!statSync(path).isFile()) return false
    const bytes = readFileSync(path)
    return texts.some(text => bytes.includes(text))
  })
}

/** How often a text left the phone for each number, with what the hub says by itself. */
function left(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { to } of rig.phone.sim.radioLog()) counts[to] = (counts[to] ?? 0) + 1
  return counts
}

interface Known {
  readonly acked_seq: number
  readonly acked_hash: string
  readonly journal: string
  readonly journal_problem: string | null
}

/** Opens a copy of the journal, which checks every line, and compares it with what the hub has of it. */
async function agrees(): Promise<void> {
  const db = new BetterSqlite(rig.hub.database, { readonly: true })
  const known = db.prepare('SELECT acked_seq, acked_hash, journal, journal_problem FROM phones').get() as Known
  db.close()
  const copy = mkdtempSync(join(rig.root, 'journal-'))
  cpSync(rig.phone.journal, copy, { recursive: true })
  const journal = Journal.open(copy, { now: () => 0, onLine: () => {} })
  expect(known.journal_problem).toBeNull()
  expect(journal.identity).toBe(known.journal)
  expect(journal.lastSeq).toBeGreaterThanOrEqual(known.acked_seq)
  expect(journal.hashAt(known.acked_seq)).toBe(known.acked_hash)
  await journal.close()
}

describe('somebody who is erased while a text is on its way to them', () => {
  it(
    'gets it, and then neither the hub nor the journal of the phone has anything of them',
    async () => {
      await begin()
      await rig.hub.call('contacts.create', {
        number: ANN,
        firstName: `${MARK}ann`,
        attributes: { note: `${MARK}pet` },
      })
      await rig.hub.call('contacts.create', { number: CAT })
      await received(ANN, `${MARK} reply`)
      const { items } = await rig.hub.call('inbox.threads', {})
      await rig.hub.call('inbox.add-note', { threadId: items[0]!.id, body: `${MARK} note` })
      await received(CAT, 'STOP')
      await until('Cat is told', () => (left()[CAT] === 1 ? true : null), WAIT)

      rig.phone.sim.setFaults({ slow: { ms: [4_000, 4_000], commands: ['termux-sms-send'] } })
      const state = await send(ANN, `${MARK} on its way`)
      await until('It is on its way', async () => ((await state()) === 'attempting' ? true : null), WAIT, 20)
      const ordered = await erase(ANN)
      expect(ordered).toMatchObject({ state: 'waiting', underway: 1, finishedAt: null })
      expect(await rig.hub.call('suppression.check', { number: ANN })).toMatchObject({ reason: 'erased' })
      rig.phone.sim.setFaults({ slow: null })

      const receipt = await confirmed(ordered.id)
      expect(receipt).toMatchObject({ state: 'done', underway: 0, removed: { contacts: 1, replies: 1, notes: 1 } })
      expect(receipt.stays.join(' ')).toMatch(/On each phone, in Android’s own messages app/)
      expect(await state()).toBe('sent')
      expect(left()[ANN]).toBe(1)

      const out = await erase(CAT)
      await confirmed(out.id)
      const plain = [ANN, CAT].map(number => number.slice(2))
      expect(holding(rig.phone.home, MARK, ...plain)).toEqual([])
      expect(holding(rig.hub.folder, MARK, ...plain)).toEqual([])
      // The phone's own store is its owner's, as the receipt says.
      expect(rig.phone.sim.rows().filter(row => row.body.includes(MARK))).toHaveLength(2)

      await rig.phone.program.end('SIGKILL')
      rig.phone.start()
      await sent(BOB, 'for Bob')
      await agrees()
      expect(left()).toEqual({ [ANN]: 1, [BOB]: 1, [CAT]: 1 })
      expect((await rig.hub.call('phones.list', {})).phones[0]).toMatchObject({ connected: true, journalProblem: null })

      // Who had opted out and was erased is still known by the hash.
      expect(await rig.hub.call('suppression.check', { number: CAT })).toEqual({ suppressed: true, reason: 'erased' })
      await expect(send(CAT, 'for Cat')).rejects.toThrow(/opted out|suppress/i)
      await rig.hub.program.end('SIGTERM')
      expect(holding(rig.hub.folder, MARK, ...plain)).toEqual([])
      const db = new BetterSqlite(rig.hub.database, { readonly: true })
      expect(db.prepare('SELECT number, reason, length(number_hash) AS bytes FROM suppressions').all()).toEqual([
        { number: null, reason: 'erased', bytes: 32 },
        { number: null, reason: 'erased', bytes: 32 },
      ])
      db.close()
      // Nothing is unread where no thread is left, of which that count knows nothing.
      expect(checkDatabase(rig.hub.database).filter(text => !text.includes('unread'))).toEqual([])
    },
    LIMIT,
  )
})

/** Which of the two files that know the person are new when the agent dies at a step. */
const NEW_AT: Readonly<Record<string, readonly boolean[]>> = {
  'journal-change:1': [false, false],
  'journal-changed:1': [true, false],
  'journal-change:2': [true, false],
  'journal-changed:2': [true, true],
}

/** The first two files of the journal. */
function texts(): string[] {
  return ['000001.jsonl', '000002.jsonl'].map(name => readFileSync(join(rig.phone.journal, name), 'utf8'))
}

describe('an agent that is switched off while it takes somebody out of its journal', () => {
  it.each(Object.keys(NEW_AT))(
    'at "%s" finishes it after the next start, and nothing is sent twice',
    async step => {
      await begin()
      // Two files that know Ann: for Bob's erasure a second one is begun.
      await Promise.all([sent(ANN, `${MARK} one`), sent(BOB, 'for Bob')])
      await confirmed((await erase(BOB)).id)
      await Promise.all([received(ANN, `${MARK} reply`), sent(ANN, `${MARK} two`)])
      await rig.phone.program.end('SIGTERM')
      const before = texts()
      expect(before.map(text => text.includes(ANN))).toEqual([true, true])
      rig.phone.start(step)
      const { id } = await erase(ANN)
      await until('The agent dies', () => (rig.phone.program.runs ? null : true), WAIT, 20)

      await agrees()
      const between = texts()
      expect((await rig.hub.call('person.erasure', { id })).phones).toMatchObject([{ confirmedAt: null }])

      await rig.phone.losePower()
      rig.phone.start()
      await confirmed(id)
      expect(holding(rig.phone.home, MARK, ANN.slice(2), BOB.slice(2))).toEqual([])
      expect(readdirSync(rig.phone.journal).filter(name => name.endsWith('.change'))).toEqual([])
      // Each file was the old one, to which the start has added something, or the new one.
      const after = texts()
      const isNew = before.map((old, at) =>
        between[at]!.startsWith(old) ? false : between[at] === after[at] || 'mixed',
      )
      expect(isNew).toEqual(NEW_AT[step])
      await sent(CAT, 'for Cat')
      await agrees()
      expect(left()).toEqual({ [ANN]: 2, [BOB]: 1, [CAT]: 1 })
      const { items } = await rig.hub.call('messages.list', {})
      expect(items.map(({ number, state }) => [number, state]).sort()).toEqual([
        [CAT, 'sent'],
        ...[1, 2, 3].map(() => ['erased', 'sent']),
      ])
    },
    LIMIT,
  )

  it(
    'and the hub is, too, before it has heard of it, is asked again until it has said so',
    async () => {
      await begin()
      await sent(ANN, `${MARK} one`)
      await rig.phone.program.end('SIGTERM')
      const { id } = await erase(ANN)
      rig.phone.start('journal-changed')
      await until('The agent dies', () => (rig.phone.program.runs ? null : true), WAIT, 20)
      await rig.hub.program.end('SIGKILL')
      await rig.startHub()
      expect((await rig.hub.call('person.erasure', { id })).phones).toMatchObject([{ confirmedAt: null }])
      rig.phone.start()
      await confirmed(id)
      await agrees()
      expect(holding(rig.phone.home, MARK, ANN.slice(2))).toEqual([])
      expect(left()).toEqual({ [ANN]: 1 })
    },
    LIMIT,
  )
})

describe('a journal from before an erasure that is put back', () => {
  it.each(['accepts it', 'pairs the phone anew'])(
    'is changed once more when an admin %s',
    async decision => {
      await begin()
      await sent(ANN, `${MARK} one`)
      await rig.phone.program.end('SIGTERM')
      const copy = join(rig.root, 'copy')
      rig.phone.copyJournal(copy)
      rig.phone.start()
      await sent(BOB, 'for Bob')
      const { id } = await erase(ANN)
      await confirmed(id)
      await rig.phone.program.end('SIGTERM')
      rig.phone.putJournal(copy)
      rig.phone.start()
      const { id: phone } = await until(
        'The hub refuses the phone',
        async () => (await rig.hub.call('phones.list', {})).phones.find(one => one.journalProblem !== null) ?? null,
        WAIT,
      )
      expect((await rig.hub.call('person.erasure', { id })).phones).toMatchObject([{ confirmedAt: null }])
      await rig.phone.program.end('SIGTERM')
      if (decision === 'accepts it') await rig.hub.call('phones.accept-journal', { id: phone })
      else {
        await rig.hub.call('phones.revoke', { id: phone })
        expect((await rig.phone.command('unpair')).status).toBe(0)
        const { link } = await rig.hub.call('phones.pair', {})
        await rig.phone.pair(link)
      }
      expect(holding(rig.phone.home, MARK)).not.toEqual([])
      rig.phone.start()
      await confirmed(id)
      expect(holding(rig.phone.home, MARK, ANN.slice(2))).toEqual([])
      expect(holding(rig.hub.folder, MARK, ANN.slice(2))).toEqual([])
      expect(left()).toEqual({ [ANN]: 1, [BOB]: 1 })
    },
    LIMIT,
  )
})

it(
  'texts in the phone’s own store, which a pairing reads once more, stay in the journal no longer than it takes to say so',
  async () => {
    await begin()
    await rig.hub.call('settings.update', { takeAllTexts: true })
    await received(ANN, `${MARK} reply`)
    const { id } = await erase(ANN)
    await confirmed(id)
    await rig.phone.program.end('SIGTERM')
    const [phone] = (await rig.hub.call('phones.list', {})).phones
    await rig.hub.call('phones.revoke', { id: phone!.id })
    expect((await rig.phone.command('unpair')).status).toBe(0)
    rmSync(rig.phone.home, { recursive: true })
    const { link } = await rig.hub.call('phones.pair', {})
    await rig.phone.pair(link)
    rig.phone.start()
    await until(
      'The journal has told the text and forgotten it',
      () => (readFileSync(join(rig.phone.journal, '000001.jsonl'), 'utf8').includes('"type":"erased"') ? true : null),
      WAIT,
    )
    const receipt = await until(
      'The new phone confirms',
      async () => {
        const one = await rig.hub.call('person.erasure', { id })
        return one.phones.some(({ revoked, confirmedAt }) => !revoked && confirmedAt !== null) ? one : null
      },
      WAIT,
    )
    expect(receipt.phones).toHaveLength(2)
    expect(holding(rig.phone.home, MARK, ANN.slice(2))).toEqual([])
    expect(holding(rig.hub.folder, MARK, ANN.slice(2))).toEqual([])
  },
  LIMIT,
)

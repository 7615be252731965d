import type { DatabaseSync } from 'node:sqlite'
import { enter, notifyError, open, print } from './call.ts'
import type { PhoneConfig } from './config.ts'
import { type ConversationRequest, type ListRequest, parseNew, parseOld } from './list-arguments.ts'
import { toE164 } from './numbers.ts'
import { restrictedView } from './store.ts'

/** One row as the command prints it. */
interface Listed {
  threadid: number
  type: string
  read: boolean
  sender?: string
  address: string
  number: string
  received: string
  body: string
  _id: number
}

interface StoredRow {
  _id: number
  thread_id: number
  type: number
  read: number
  address: string
  date: number
  body: string
}

/** The command `termux-sms-list`. @returns its exit code. */
export async function smsList(dir: string, args: readonly string[]): Promise<number> {
  const phone = open(dir)
  const request = isOldPackage(phone.config) ? parseOld(args) : parseNew(args)
  if ('code' in request) {
    if (request.stderr) process.stderr.write(request.stderr)
    return print(request.stdout, request.code)
  }
  const { prints } = await enter(phone, 'termux-sms-list')
  if (prints !== undefined) return print(prints, 0)
  const { db, config } = phone
  // As on a phone, where every process lives in the phone's zone: rows are dated in local time without an offset.
  if (config.zone) process.env.TZ = config.zone
  try {
    const now = Date.now()
    const found = request.conversations
      ? conversations(db, config, request, request.conversations, now)
      : messages(db, config, request, now)
    return print(`${JSON.stringify(found, null, 2)}\n`, 0)
  } catch (error) {
    // An exception while reading reaches the phone's screen only: the command prints nothing at all.
    notifyError(db, `android.database.sqlite.SQLiteException: ${(error as Error).message}`)
    return 0
  }
}

/** Package 0.59 brought `--message-selection` and its kin. */
export function isOldPackage(config: PhoneConfig): boolean {
  const [major = 0, minor = 0] = packageVersion(config).split('.').map(Number)
  return major === 0 && minor < 59
}

/** What `termux-api --version` prints. */
export function packageVersion(config: PhoneConfig): string {
  return config.faults.oldPackage ? '0.58.0' : config.packageVersion
}

function messages(db: DatabaseSync, config: PhoneConfig, request: ListRequest, now: number): Listed[] {
  // A selection makes the app forget the address, and an address makes it forget the type.
  const byType = request.address === '' && request.type >= 1 && request.type <= 4 ? `type = ${request.type}` : '1'
  const byAddress = request.selection === '' && request.address !== ''
  const selection = byAddress ? 'address LIKE $address' : request.selection
  const order = sortOrder(request.sortOrder, request.limit, request.offset)
  const rows = query(db, 'sms', byType, selection, order, now, byAddress ? { $address: request.address } : {})
  if (!request.keepOrder) rows.reverse()
  return rows.map(row => listed(row, config))
}

/** The list of conversations, nested by thread id or flat, with the newest or with several messages of each. */
function conversations(
  db: DatabaseSync,
  config: PhoneConfig,
  request: ListRequest,
  wanted: ConversationRequest,
  now: number,
): Listed[] | Record<string, Listed[]> {
  if (/(^|[ \t\n])thread_id[ \t\n]/.test(request.selection)) throw new Error("The selection cannot contain 'thread_id'")
  const table = '(SELECT *, MAX(date) FROM sms GROUP BY thread_id)'
  const order = sortOrder(wanted.sortOrder, wanted.limit, wanted.offset)
  const threads = query(db, table, '1', wanted.selection, order, now)
  if (!wanted.keepOrder) threads.reverse()
  const nested: Record<string, Listed[]> = {}
  const flat: Listed[] = []
  for (const { thread_id } of threads) {
    const inThread = `${request.selection} thread_id == '${thread_id}'`
    const found = query(db, 'sms', '1', inThread, sortOrder(request.sortOrder, request.limit, request.offset), now)
    const shown = wanted.severalMessages ? found : found.slice(0, 1)
    if (wanted.severalMessages && !request.keepOrder) shown.reverse()
    const rows = shown.map(row => listed(row, config))
    nested[String(thread_id)] = rows
    flat.push(...rows)
  }
  return wanted.nested ? nested : flat
}

function query(
  db: DatabaseSync,
  table: string,
  fixed: string,
  selection: string,
  order: string,
  now: number,
  values: Record<string, string> = {},
): StoredRow[] {
  for (const part of [selection, order]) {
    // Android lets an app that is not the default SMS app ask no subqueries.
    if (/\bselect\b|;/i.test(part.replace(/'(?:[^']|'')*'/g, "''"))) throw new Error(`Illegal token in: ${part}`)
  }
  const start = `${restrictedView(now)} SELECT * FROM ${table} WHERE (${fixed})`
  const end = order ? ` ORDER BY ${order}` : ''
  if (selection.trim() === '') return db.prepare(start + end).all() as unknown as StoredRow[]
  // Like Android, compile it bare and run it in brackets, so that a selection cannot close the brackets itself.
  db.prepare(`${start} AND (${selection})${end}`)
  return db.prepare(`${start} AND ((${selection}))${end}`).all(values) as unknown as StoredRow[]
}

/** Limit and offset are simply appended, so an offset without a limit is an error of SQL. */
function sortOrder(order: string, limit: number, offset: number): string {
  return `${order}${limit >= 0 ? ` LIMIT ${limit}` : ''}${offset >= 0 ? ` OFFSET ${offset}` : ''}`
}

function listed(row: StoredRow, config: PhoneConfig): Listed {
  const type = ['', 'inbox', 'sent', 'draft', 'outbox', 'failed'][row.type] ?? ''
  const name = config.contacts[toE164(row.address, config.sims[0]?.country ?? '')]
  return {
    threadid: row.thread_id,
    type,
    read: row.read !== 0,
    ...(name === undefined ? {} : { sender: type === 'inbox' ? name : 'You' }),
    address: row.address,
    number: row.address,
    received: localTime(new Date(row.date)),
    body: row.body,
    _id: row._id,
  }
}

function localTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

import type { DatabaseSync } from 'node:sqlite'
import { enter, notifyError, print } from './call.ts'
import type { PhoneConfig } from './config.ts'
import { type ListRequest, parseNew, parseOld } from './list-arguments.ts'
import { toE164 } from './numbers.ts'
import { readConfig, restrictedView } from './store.ts'

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
  const { openStore } = await import('./store.ts')
  const parse = isOld(readConfig(openStore(dir))) ? parseOld : parseNew
  const request = parse(args)
  if ('code' in request) {
    if (request.stderr) process.stderr.write(request.stderr)
    return print(request.stdout, request.code)
  }
  const { prints, call } = await enter(dir, 'termux-sms-list')
  if (prints !== undefined) return print(prints, 0)
  // As on a phone, where every process lives in the phone's zone: the row is dated in local time without an offset.
  if (call.config.zone) process.env.TZ = call.config.zone
  try {
    const found = request.conversations ? conversations(call.db, call.config, request) : messages(call.db, call.config, request)
    return print(`${JSON.stringify(found, null, 2)}\n`, 0)
  } catch (error) {
    notifyError(call.db, `android.database.sqlite.SQLiteException: ${(error as Error).message}`)
    return 0
  }
}

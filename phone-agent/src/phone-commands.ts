import type { RefusalReason } from '../../src/shared/phone-protocol.ts'
import type { SmsRow } from './rows.ts'

/** How termux-sms-send ended. */
export type SendResult =
  /** It printed nothing and ended by itself: handed to Android, or lost. */
  | { kind: 'empty' }
  /** It printed something, or could not be started: nothing was handed over. */
  | { kind: 'refused'; reason: RefusalReason; detail: string }
  /** It was killed by the time limit (`timeout`), or ended in a way that tells nothing. */
  | { kind: 'unknown'; timeout: boolean }

export interface SmsQuery {
  readonly type: 'inbox' | 'sent' | 'all'
  readonly limit: number
  readonly offset?: number
  /** SQL over the columns of the store, of constants only. Needs a command that `canSelect`. */
  readonly selection?: string
}

/** What Android tells of the phone; null for what it does not. */
export interface DeviceInfo {
  readonly slots: number | null
  readonly carrier: string | null
  /** ISO 3166, upper case. */
  readonly country: string | null
  readonly simState: string | null
}

/** Everything the agent asks of the phone. */
export interface PhoneCommands {
  /** Sends one text to one number. Never rejects. `started` is called when the command runs. */
  send(slot: number, number: string, body: string, started: () => void): Promise<SendResult>
  /** Rows of the SMS store, those with the highest ids first to be chosen. @throws StoreUnreadable */
  list(query: SmsQuery): Promise<SmsRow[]>
  /** Whether `list` takes a selection, so that rows can be told apart by the app that wrote them. */
  canSelect(): Promise<boolean>
  /** Version of the package termux-api. */
  packageVersion(): Promise<string | null>
  /** A system property, such as `persist.sys.timezone`; null when it is not set or cannot be read. */
  property(name: string): Promise<string | null>
  device(): Promise<DeviceInfo>
  battery(): Promise<{ percent: number; plugged: boolean } | null>
  /** A global setting of Android; null when it cannot be read, `null` as text when it is not set. */
  setting(name: string): Promise<string | null>
  /** Keeps the phone awake, or lets it sleep. */
  wakeLock(on: boolean): Promise<void>
  /** Shows a line in the notification bar; null takes it away. */
  notify(text: string | null): Promise<void>
  /** Commands of Termux that are not installed. */
  missing(): Promise<string[]>
}

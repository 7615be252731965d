import type { Handset } from './handset.ts'
import type { Plan } from './schedule.ts'
import type { Workload } from './workload.ts'

/** From a moment on, to another one or to the end of the run; real time in ms. */
export interface Span {
  readonly from: number
  to: number | null
}

/** Text and hash are null where the hub did not know them. */
export interface Forgotten {
  readonly number: string
  readonly body: string | null
  readonly bodyHash: string | null
}

/** What the run did itself, and what it saw on the way: what the checks need beside the databases. */
export interface Records {
  readonly plan: Plan
  readonly workload: Workload
  readonly handsets: readonly Handset[]
  readonly startedAt: number
  /** When each number was seen on the suppression list. */
  readonly suppressed: Map<string, Span[]>
  /** When each campaign (by name) was paused or cancelled, from the moment the operation was done. */
  readonly halted: Map<string, Span[]>
  /** When the store of a phone was emptied. */
  readonly emptied: { readonly phone: string; readonly at: number }[]
  /** When the journal of a phone was exchanged: what it knew of attempts may be gone, or be with a copy elsewhere. */
  readonly exchanged: { readonly phone: string; readonly at: number }[]
  /** When people were erased, by their numbers: the moment at which the hub had taken the order. */
  readonly erased: Map<string, number>
  /** What the hub knew of messages and attempts to them, by id, until it forgot it. */
  readonly forgotten: Map<string, Forgotten>
  /** How often each thing went wrong. */
  readonly counts: Map<string, number>
  /** What nobody may ever see, each as a sentence. */
  readonly broken: string[]
  kills: number
}

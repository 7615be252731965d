import type { z } from 'zod'
import { campaigns, inbox, messages } from './campaigns.ts'
import { contacts, lists, suppression } from './contacts.ts'
import { imports } from './imports.ts'
import { backups, phones, settings, system } from './phones.ts'
import { audit, users } from './users.ts'

/** The table: every thing that can be done, whichever door it comes through. */
export const operations = [
  ...users,
  ...audit,
  ...contacts,
  ...lists,
  ...suppression,
  ...imports,
  ...campaigns,
  ...messages,
  ...inbox,
  ...phones,
  ...settings,
  ...system,
  ...backups,
] as const

export type OperationName = (typeof operations)[number]['name']
type Of<N extends OperationName> = Extract<(typeof operations)[number], { name: N }>

/** What a handler gets: parsed, with defaults filled in. */
export type InputOf<N extends OperationName> = z.output<Of<N>['input']>
/** What a caller hands in: defaults may be left out. */
export type GivenOf<N extends OperationName> = z.input<Of<N>['input']>
export type OutputOf<N extends OperationName> = z.output<Of<N>['output']>

export type ChangeName = Extract<(typeof operations)[number], { effect: 'change' }>['name']
export type ReadName = Exclude<OperationName, ChangeName>

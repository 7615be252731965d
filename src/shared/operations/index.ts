import type { z } from 'zod'
import { account, sessions } from './accounts.ts'
import { analytics } from './analytics.ts'
import { brandings } from './branding.ts'
import { campaigns } from './campaigns.ts'
import { contactWork, segments } from './contact-work.ts'
import { contacts, lists } from './contacts.ts'
import { database } from './database.ts'
import { friends } from './friends.ts'
import { grants } from './grants.ts'
import { imports } from './imports.ts'
import { inbox } from './inbox.ts'
import { keys } from './keys.ts'
import { messages } from './messages.ts'
import { optOuts } from './opt-outs.ts'
import { backups, phones, settings, system } from './phones.ts'
import { privacy } from './privacy.ts'
import { rules } from './rules.ts'
import { services } from './services.ts'
import { sms } from './sms.ts'
import { suppression } from './suppression.ts'
import { notificationRules, triage } from './triage.ts'
import { undo } from './undo.ts'
import { uploads } from './uploads.ts'
import { audit, users } from './users.ts'
import { webhooks } from './webhooks.ts'

/** The table: every thing that can be done, whichever door it comes through. */
export const operations = [
  ...users,
  ...audit,
  ...account,
  ...sessions,
  ...keys,
  ...contacts,
  ...contactWork,
  ...segments,
  ...lists,
  ...undo,
  ...suppression,
  ...imports,
  ...uploads,
  ...campaigns,
  ...messages,
  ...analytics,
  ...inbox,
  ...optOuts,
  ...rules,
  ...triage,
  ...notificationRules,
  ...sms,
  ...phones,
  ...settings,
  ...brandings,
  ...system,
  ...backups,
  ...database,
  ...privacy,
  ...webhooks,
  ...friends,
  ...services,
  ...grants,
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

import { z } from 'zod'
import { CAMPAIGN_STATES } from './campaigns.ts'
import { count, nothing, time } from './common.ts'
import { operation } from './define.ts'
import { MESSAGE_STATES } from './messages.ts'

/** What has to be typed to empty the database. */
export const RESET_CONFIRMATION = 'delete contacts, campaigns and messages'

const reset = z.strictObject({
  contacts: count,
  imports: count,
  campaigns: count,
  messages: count,
  threads: count,
})

export const database = [
  operation({
    name: 'system.stats',
    permission: 'system:read',
    effect: 'read',
    input: nothing,
    output: z.strictObject({
      schema: count,
      bytes: count,
      users: count,
      phones: count,
      contacts: count,
      lists: count,
      imports: count,
      suppressions: count,
      threads: count,
      unreadThreads: count,
      inbound: count,
      campaigns: z.record(z.enum(CAMPAIGN_STATES), count),
      messages: z.record(z.enum(MESSAGE_STATES), count),
    }),
    http: { method: 'GET', path: '/api/database/stats' },
  }),
  operation({
    name: 'system.reset',
    permission: 'system:reset',
    effect: 'change',
    /**
     * Removes contacts, lists, imports, campaigns, messages and threads. Users, keys, settings, phones, opt-outs, webhooks
     * and the audit log stay. `password`: of the user who asks; only the owner at the command line leaves it out.
     */
    input: z.strictObject({ confirm: z.string().max(100), password: z.string().max(128).optional() }),
    /** `backup`: the name of the file in the folder of backups that holds everything as it was before. */
    output: z.strictObject({
      backup: z.strictObject({ name: z.string(), bytes: count, createdAt: time }),
      removed: reset,
    }),
    http: { method: 'POST', path: '/api/database/reset' },
  }),
] as const

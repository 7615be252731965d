import { isErasedNumber } from '../../../shared/erased.ts'

const TITLES: Readonly<Record<string, string>> = {
  contact: 'Contact',
  changedByLists: 'What imported lists have changed',
  bulkActions: 'Changed together with others',
  consents: 'Consent',
  conversation: 'Conversation',
  received: 'Messages from this number',
  sent: 'Messages to this number',
  notes: 'Notes about the conversation',
  attemptsKnownToPhones: 'Attempts that only a phone knows of',
  leftOutOfCampaigns: 'Campaigns without them',
  suppression: 'On the suppression list',
  earlierSuppressions: 'Was on the suppression list before',
  importReports: 'Rows in reports of imported lists',
  savedSearches: 'Segments and campaigns that search for the number',
  webhooksTold: 'Told to other programs',
  auditLog: 'In the audit log',
  erasures: 'Erasures',
}

/** A person's record for people: a heading for each part, and a line for each thing in it. */
export function readable(data: Readonly<Record<string, unknown>>, found: boolean): string {
  const lines = [`Everything about ${String(data['number'])}`, `As of ${String(data['exportedAt'])}`]
  if (!found) lines.push('', 'Nothing is known about this number.')
  for (const [key, value] of Object.entries(data)) {
    if (key === 'number' || key === 'exportedAt') continue
    const title = TITLES[key] ?? words(key)
    lines.push('', title, '-'.repeat(title.length))
    const items = Array.isArray(value) ? (value as unknown[]) : [value]
    if (items.length === 0) lines.push('none')
    for (const [at, item] of items.entries()) {
      if (at > 0) lines.push('')
      lines.push(...linesOf(item))
    }
  }
  return `${lines.join('\n')}\n`
}

function linesOf(item: unknown): string[] {
  if (typeof item !== 'object' || item === null) return [String(item)]
  return Object.entries(item).flatMap(([key, value]) => {
    const text = shown(value)
    return text === '' ? [] : [`${words(key)}: ${text}`]
  })
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === false) return ''
  if (value === true) return 'yes'
  if (Array.isArray(value)) return value.map(shown).join(', ')
  if (typeof value === 'object') return linesOf(value).join('; ')
  return typeof value === 'string' && isErasedNumber(value) ? 'erased' : String(value)
}

function words(key: string): string {
  return key.replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
}

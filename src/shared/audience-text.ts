import type { Audience } from './operations/contacts.ts'

/** An audience in one line. */
export function audienceText({ lists, tags, search, exceptTags }: Audience): string {
  const parts = [
    ...(lists.length > 0 ? [`in ${lists.join(' or ')}`] : []),
    ...(tags.length > 0 ? [`tagged ${tags.join(' or ')}`] : []),
    ...(search !== '' ? [`found by “${search}”`] : []),
    ...(exceptTags.length > 0 ? [`not tagged ${exceptTags.join(' or ')}`] : []),
  ]
  return parts.length === 0 ? 'all contacts' : `contacts ${parts.join(', ')}`
}

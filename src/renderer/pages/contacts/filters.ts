import type { Audience } from '../../../shared/operations/contacts.ts'

/** Which contacts are shown. */
export interface Filters extends Audience {
  /** Those of one import. */
  readonly importId: number | null
}

export const ALL: Filters = { lists: [], tags: [], search: '', exceptTags: [], importId: null }

export function isFiltered(filters: Filters): boolean {
  const { lists, tags, search, exceptTags, importId } = filters
  return search.trim() !== '' || importId !== null || lists.length + tags.length + exceptTags.length > 0
}

export function audienceOf({ lists, tags, search, exceptTags }: Filters): Audience {
  return { lists, tags, search: search.trim(), exceptTags }
}

/** What a person calls a contact. */
export function nameOf({ firstName, lastName }: { readonly firstName: string; readonly lastName: string }): string {
  return `${firstName} ${lastName}`.trim()
}

/** What is on record as the reason of a suppression, in words. */
export const REASONS: Readonly<Record<string, string>> = {
  stop: 'texted STOP',
  wording: 'asked to stop in their own words',
  likely: 'probably asked to stop, waits for your word',
  manual: 'put on the list by hand',
  import: 'an imported list said so',
  erased: 'the person was erased',
}

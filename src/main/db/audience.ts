import type { Audience } from '../../shared/operations/contacts.ts'
import { SEARCHED, type SearchQuery, searchQuery } from './contact-search.ts'
import { type AudienceContact, CONTACT_COLUMNS, type ContactRow } from './contacts.ts'
import type { Reader, Value } from './database.ts'
import { GROUPS, type GroupKind, groupsByName, spanOfGroups } from './lists.ts'

export type { AudienceContact } from './contacts.ts'

/** An audience, or the part of it that one import made. */
export interface Selection extends Audience {
  readonly importId?: number | undefined
}

/** The next contacts of an audience by id, those after `afterId`. Reads about as many rows as it returns. */
export function nextOfAudience(
  db: Reader,
  audience: Selection,
  afterId: number,
  limit: number,
): (AudienceContact & ContactRow)[] {
  const plan = planOf(db, audience)
  if (!plan) return []
  const rough = plan.search && nextByRoughSearch(db, plan, plan.search, afterId, limit)
  if (rough) return rough
  // Several groups: the next of each, put together. A union in SQL would sort all of them for every page.
  const pages = plan.drivers.map(driver =>
    db.all<ContactRow>(
      `SELECT ${CONTACT_COLUMNS} FROM (SELECT ${driver.id} AS id FROM ${driver.from} WHERE ${plan.where(driver)}
         AND ${driver.id} > ? ORDER BY ${driver.id} LIMIT ?) f CROSS JOIN contacts c ON c.id = f.id`,
      ...driver.values,
      ...plan.values,
      afterId,
      limit,
    ),
  )
  if (pages.length === 1) return pages[0]!
  const byId = new Map(pages.flat().map(contact => [contact.id, contact]))
  return [...byId.values()].sort((one, other) => one.id - other.id).slice(0, limit)
}

/** Contacts that a rough search finds for each one that is wanted: enough where many of them are meant. */
const ROUGHLY = 10

/** The same by the rough search alone; null where too few of those that it finds are meant, or that cannot be told. */
function nextByRoughSearch(
  db: Reader,
  plan: Plan,
  search: SearchQuery,
  afterId: number,
  limit: number,
): ContactRow[] | null {
  const [driver] = plan.drivers
  if (search.rough === null || !driver) return null
  const [, ...values] = driver.values
  const found = db.all<ContactRow & { words: string }>(
    `SELECT ${CONTACT_COLUMNS}, ${SEARCHED} AS words FROM (SELECT ${driver.id} AS id FROM ${driver.from}
       WHERE ${plan.where(driver)} AND ${driver.id} > ? ORDER BY ${driver.id} LIMIT ?) f CROSS JOIN contacts c ON c.id = f.id`,
    ...[search.rough, ...values, ...plan.values, afterId, limit * ROUGHLY],
  )
  const meant: ContactRow[] = []
  for (const { words, ...contact } of found) {
    const fits = search.fits(words)
    if (fits === null) return null
    if (fits) meant.push(contact)
    if (meant.length === limit) return meant
  }
  return found.length < limit * ROUGHLY ? meant : null
}

/** How many contacts an audience has. Walks over all of them. */
export function countAudience(db: Reader, audience: Selection): number {
  const plan = planOf(db, audience)
  if (!plan) return 0
  const [first] = plan.drivers
  if (!first) return 0
  const [from, where, values] =
    plan.drivers.length === 1
      ? [first.from, plan.where(first), first.values]
      : ['contacts c', `${plan.where(BY_ID)} AND ${anyOf(plan.kind!, false, BY_ID.id, plan.groupIds.length)}`, []]
  const sql = `SELECT count(*) AS contacts FROM ${from} WHERE ${where}`
  const ids = plan.drivers.length === 1 ? [] : plan.groupIds
  return db.get<{ contacts: number }>(sql, ...values, ...plan.values, ...ids)!.contacts
}

/** What the contacts are found by; all other conditions are checked on each id that it finds, before the contact is read. */
interface Driver {
  readonly from: string
  readonly where: string
  /** The column with the ids of the contacts, which come in the order of it. */
  readonly id: string
  readonly values: readonly Value[]
}

interface Plan {
  /** More than one where the contacts of several groups are meant. */
  readonly drivers: readonly Driver[]
  /** Kind and ids of the groups that drive, if they do. */
  readonly kind: GroupKind | null
  readonly groupIds: readonly number[]
  where(driver: Driver): string
  readonly values: readonly Value[]
  /** Where a search drives. */
  readonly search: SearchQuery | undefined
}

const BY_ID: Driver = { from: 'contacts c', where: '1', id: 'c.id', values: [] }

/** How to find the contacts of a selection; null when there can be none. */
function planOf(db: Reader, selection: Selection): Plan | null {
  const wanted = (['list', 'tag'] as const)
    .map(kind => ({ kind, names: kind === 'list' ? selection.lists : selection.tags }))
    .filter(({ names }) => names.length > 0)
    .map(({ kind, names }) => ({ kind, groups: groupsByName(db, kind, names) }))
  if (wanted.some(({ groups }) => groups.length === 0)) return null
  const search = selection.search.trim() === '' ? undefined : searchQuery(selection.search)
  if (search === null) return null

  // Lists and tags drive unless there is a search; of both the smaller kind.
  const sized = wanted
    .map(({ kind, groups }) => ({
      kind,
      ids: groups.map(group => group.id),
      size: groups.reduce((sum, group) => sum + group.contacts, 0),
    }))
    .sort((one, other) => one.size - other.size)
  const driving = search === undefined ? sized[0] : undefined

  const conditions: ((id: string) => string)[] = []
  const values: Value[] = []
  for (const { kind, ids } of sized) {
    if (kind === driving?.kind) continue
    conditions.push(id => anyOf(kind, false, id, ids.length))
    values.push(...ids)
  }
  const except = groupsByName(db, 'tag', selection.exceptTags)
  if (except.length > 0) {
    conditions.push(id => anyOf('tag', true, id, except.length))
    values.push(...except.map(group => group.id))
  }
  const importDrives = selection.importId !== undefined && search === undefined && driving === undefined
  if (selection.importId !== undefined && !importDrives) {
    conditions.push(id => `EXISTS (SELECT 1 FROM contacts x WHERE x.id = ${id} AND +x.import_id = ?)`)
    values.push(selection.importId)
  }
  const drivers =
    search !== undefined
      ? searchDriver(db, search.exact, sized)
      : driving
        ? driving.ids.map(id => groupDriver(driving.kind, id))
        : importDrives
          ? [{ ...BY_ID, where: 'c.import_id = ?', values: [selection.importId!] }]
          : [BY_ID]
  if (!drivers) return null
  return {
    drivers,
    kind: driving?.kind ?? null,
    groupIds: driving?.ids ?? [],
    where: driver => [driver.where, ...conditions.map(condition => condition(driver.id))].join(' AND '),
    values,
    search,
  }
}

function groupDriver(kind: GroupKind, id: number): Driver {
  const { members, key } = GROUPS[kind]
  return {
    from: `${members} m`,
    where: `m.${key} = ?`,
    id: 'm.contact_id',
    values: [id],
  }
}

/**
 * Contacts of a list mostly have ids close together, since they came in one import: so the search looks between the
 * first and the last of them only, instead of asking every contact found whether it is on the list.
 */
function searchDriver(
  db: Reader,
  expression: string,
  groups: readonly { kind: GroupKind; ids: readonly number[] }[],
): Driver[] | null {
  let first = 0
  let last = Number.MAX_SAFE_INTEGER
  for (const { kind, ids } of groups) {
    const span = spanOfGroups(db, kind, ids)
    if (!span) return null
    first = Math.max(first, span.first)
    last = Math.min(last, span.last)
  }
  return [
    {
      from: 'contacts_search s',
      where: 'contacts_search MATCH ? AND s.rowid >= ? AND s.rowid <= ?',
      id: 's.rowid',
      // The expression first: a rough one may take its place.
      values: [expression, first, last],
    },
  ]
}

/** Whether the contact with this id is in one of so many groups. The ids of these are given one by one: a JSON array takes twice as long. */
function anyOf(kind: GroupKind, not: boolean, id: string, groups: number): string {
  const { members, key } = GROUPS[kind]
  return `${not ? 'NOT ' : ''}EXISTS (SELECT 1 FROM ${members} x WHERE x.contact_id = ${id} AND x.${key} IN (${'?'.repeat(groups).split('').join()}))`
}

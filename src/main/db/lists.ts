import type { Reader, Writer } from './database.ts'

/** Lists and tags are groups of contacts that differ in name only. */
export type GroupKind = 'list' | 'tag'

export interface GroupRow {
  readonly id: number
  readonly name: string
  readonly contacts: number
}

/** By name. */
export function allGroups(db: Reader, kind: GroupKind): GroupRow[] {
  return db.all(`SELECT id, name, contacts FROM ${GROUPS[kind].groups} WHERE name IS NOT NULL ORDER BY name`)
}

export function groupById(db: Reader, kind: GroupKind, id: number): GroupRow | undefined {
  return db.get(`SELECT id, name, contacts FROM ${GROUPS[kind].groups} WHERE id = ? AND name IS NOT NULL`, id)
}

/** Those of the names that there are, in whatever case they are written. */
export function groupsByName(db: Reader, kind: GroupKind, names: readonly string[]): GroupRow[] {
  const sql = `SELECT id, name, contacts FROM ${GROUPS[kind].groups} WHERE name = ?`
  const found = new Map<number, GroupRow>()
  for (const name of names) {
    const group = db.get<GroupRow>(sql, name)
    if (group) found.set(group.id, group)
  }
  return [...found.values()]
}

/** The id of the group with this name, which is made where there is none. `importId`: the import that makes it. */
export function ensureGroup(db: Writer, kind: GroupKind, name: string, importId: number | null, at: number): number {
  const there = groupsByName(db, kind, [name])[0]
  if (there) return there.id
  if (kind === 'tag') return db.run('INSERT INTO tags (name, import_id) VALUES (?, ?)', name, importId).id
  return db.run('INSERT INTO lists (name, import_id, created_at) VALUES (?, ?, ?)', name, importId, at).id
}

export function renameList(db: Writer, id: number, name: string): boolean {
  return db.run('UPDATE lists SET name = ? WHERE id = ?', name, id).changes === 1
}

/** The list is gone for everyone, and its name is free. Its members stay for as long as it can be undone. */
export function deleteList(db: Writer, id: number): boolean {
  return db.run('UPDATE lists SET name = NULL WHERE id = ? AND name IS NOT NULL', id).changes === 1
}

/** Gives a deleted list, whose members are still there, its name back. Returns whether there was one. */
export function restoreList(db: Writer, id: number, name: string): boolean {
  return db.run('UPDATE lists SET name = ? WHERE id = ? AND name IS NULL', name, id).changes === 1
}

/** Deleted for good. */
const GONE = `name IS NULL
  AND NOT EXISTS (SELECT 1 FROM undos u WHERE u.kind = 'delete-list' AND u.subject = lists.id AND u.state = 'open')`

export function hasDeletedLists(db: Reader): boolean {
  return db.get(`SELECT 1 FROM lists WHERE ${GONE} LIMIT 1`) !== undefined
}

/** Removes up to `limit` members of a deleted list; once none is left, the list. */
export function clearDeletedList(db: Writer, limit: number): void {
  const list = db.get<{ id: number }>(`SELECT id FROM lists WHERE ${GONE} LIMIT 1`)
  if (!list) return
  const { changes } = db.run(
    'DELETE FROM list_members WHERE list_id = ? AND contact_id IN (SELECT contact_id FROM list_members WHERE list_id = ? LIMIT ?)',
    list.id,
    list.id,
    limit,
  )
  if (changes > 0) count(db, 'list', list.id, -changes)
  if (changes < limit) db.run('DELETE FROM lists WHERE id = ?', list.id)
}

/** Puts contacts into a group. Returns how many were not in it. */
export function addMembers(
  db: Writer,
  kind: GroupKind,
  id: number,
  contactIds: readonly number[],
  importId: number | null,
): number {
  const { members, key } = GROUPS[kind]
  const sql = `INSERT INTO ${members} (${key}, contact_id, import_id) SELECT ?, value, ? FROM json_each(?) WHERE true
    ON CONFLICT DO NOTHING`
  const added = db.run(sql, id, importId, JSON.stringify(contactIds)).changes
  if (added > 0) count(db, kind, id, added)
  return added
}

/** Takes contacts out of a group. Returns how many were in it. */
export function removeMembers(db: Writer, kind: GroupKind, id: number, contactIds: readonly number[]): number {
  const { members, key } = GROUPS[kind]
  const sql = `DELETE FROM ${members} WHERE ${key} = ? AND contact_id IN (SELECT value FROM json_each(?))`
  const removed = db.run(sql, id, JSON.stringify(contactIds)).changes
  if (removed > 0) count(db, kind, id, -removed)
  return removed
}

/** Those of the contacts that are in a group. */
export function membersAmong(db: Reader, kind: GroupKind, id: number, contactIds: readonly number[]): number[] {
  const { members, key } = GROUPS[kind]
  const rows = db.all<{ id: number }>(
    `SELECT m.contact_id AS id FROM json_each(?) j CROSS JOIN ${members} m ON m.${key} = ? AND m.contact_id = j.value`,
    JSON.stringify(contactIds),
    id,
  )
  return rows.map(row => row.id)
}

/** Makes these the groups of a contact. */
export function setGroupsOf(
  db: Writer,
  kind: GroupKind,
  contactId: number,
  names: readonly string[],
  at: number,
): void {
  const wanted = new Set(names.map(name => ensureGroup(db, kind, name, null, at)))
  for (const id of groupIdsOf(db, kind, contactId)) if (!wanted.has(id)) removeMember(db, kind, id, contactId)
  for (const id of wanted) addMembers(db, kind, id, [contactId], null)
}

/** Takes a contact out of all groups, or out of those that an import put it into. Call it before a contact goes. */
export function leaveGroups(db: Writer, contactId: number, importId?: number): void {
  for (const kind of ['list', 'tag'] as const) {
    const { members, key } = GROUPS[kind]
    const ids =
      importId === undefined
        ? groupIdsOf(db, kind, contactId)
        : db
            .all<{ id: number }>(
              `SELECT ${key} AS id FROM ${members} WHERE contact_id = ? AND import_id = ?`,
              contactId,
              importId,
            )
            .map(row => row.id)
    for (const id of ids) removeMember(db, kind, id, contactId)
  }
}

/** Names of the groups of some contacts, by contact. */
export function groupNamesOf(db: Reader, kind: GroupKind, contactIds: readonly number[]): Map<number, string[]> {
  const { groups, members, key } = GROUPS[kind]
  const rows = db.all<{ contactId: number; name: string }>(
    `SELECT m.contact_id AS contactId, g.name FROM json_each(?) j
       CROSS JOIN ${members} m ON m.contact_id = j.value
       CROSS JOIN ${groups} g ON g.id = m.${key} AND g.name IS NOT NULL ORDER BY g.name`,
    JSON.stringify(contactIds),
  )
  const names = new Map<number, string[]>()
  for (const { contactId, name } of rows) {
    const known = names.get(contactId)
    if (known) known.push(name)
    else names.set(contactId, [name])
  }
  return names
}

/** The smallest and the largest contact in any of these groups; null when they are empty. */
export function spanOfGroups(
  db: Reader,
  kind: GroupKind,
  ids: readonly number[],
): { first: number; last: number } | null {
  const { members, key } = GROUPS[kind]
  let span: { first: number; last: number } | null = null
  for (const id of ids) {
    // One query with both would walk the whole group.
    const first = db.get<{ id: number | null }>(`SELECT min(contact_id) AS id FROM ${members} WHERE ${key} = ?`, id)!.id
    const last = db.get<{ id: number | null }>(`SELECT max(contact_id) AS id FROM ${members} WHERE ${key} = ?`, id)!.id
    if (first === null || last === null) continue
    span = span ? { first: Math.min(span.first, first), last: Math.max(span.last, last) } : { first, last }
  }
  return span
}

/** Removes the lists and tags that an import made and in which nobody is left. */
export function deleteEmptyGroupsOf(db: Writer, importId: number): void {
  for (const kind of ['list', 'tag'] as const) {
    db.run(`DELETE FROM ${GROUPS[kind].groups} WHERE import_id = ? AND contacts = 0`, importId)
  }
}

/** Tables and key of each kind; parts of statements, never of values. */
export const GROUPS = {
  list: { groups: 'lists', members: 'list_members', key: 'list_id', ofContact: 'lists_of_contact' },
  tag: { groups: 'tags', members: 'contact_tags', key: 'tag_id', ofContact: 'tags_of_contact' },
} as const

function groupIdsOf(db: Reader, kind: GroupKind, contactId: number): number[] {
  const { members, key } = GROUPS[kind]
  return db
    .all<{ id: number }>(`SELECT ${key} AS id FROM ${members} WHERE contact_id = ?`, contactId)
    .map(row => row.id)
}

function removeMember(db: Writer, kind: GroupKind, id: number, contactId: number): void {
  const { members, key } = GROUPS[kind]
  const { changes } = db.run(`DELETE FROM ${members} WHERE ${key} = ? AND contact_id = ?`, id, contactId)
  if (changes > 0) count(db, kind, id, -changes)
}

function count(db: Writer, kind: GroupKind, id: number, by: number): void {
  db.run(`UPDATE ${GROUPS[kind].groups} SET contacts = contacts + ? WHERE id = ?`, by, id)
}

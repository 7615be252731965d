/**
 * htpasswd files as nginx and Apache read them: `user:hash`, what follows another colon is a comment, lines that begin
 * with # are comments. Nothing that is not asked for is changed, to the last byte.
 */

export interface HtpasswdEntry {
  readonly username: string
  readonly hash: string
}

/** How a password is kept, as its first characters tell. */
export type HashKind = 'bcrypt' | 'apr1' | 'sha' | 'crypt' | 'plain' | 'other'

interface Line {
  /** Without its end. */
  readonly text: string
  readonly end: string
}

/** The entries in the order of the file. A proxy takes the first of several with the same name. */
export function htpasswdEntries(text: string): HtpasswdEntry[] {
  return linesOf(text)
    .map(line => entryOf(line.text))
    .filter(entry => entry !== null)
}

/**
 * Sets or (null) removes entries. One that is there keeps its place and its comment; later ones of the same name go, since
 * they would come to life when the first is removed. New ones are added at the end, in the order of the map.
 */
export function editHtpasswd(text: string, changes: ReadonlyMap<string, string | null>): string {
  const left = new Map(changes)
  const kept: Line[] = []
  for (const line of linesOf(text)) {
    const entry = entryOf(line.text)
    if (!entry || !changes.has(entry.username)) {
      kept.push(line)
      continue
    }
    const hash = left.get(entry.username)
    left.delete(entry.username)
    if (hash === undefined || hash === null) continue
    const rest = line.text.slice(entry.username.length + 1 + entry.hash.length)
    kept.push({ text: `${entry.username}:${hash}${rest}`, end: line.end })
  }
  const added = [...left].filter((change): change is [string, string] => change[1] !== null)
  if (added.length === 0) return kept.map(line => line.text + line.end).join('')
  const end = kept.find(line => line.end !== '')?.end ?? '\n'
  const last = kept.at(-1)
  if (last && last.end === '') kept[kept.length - 1] = { text: last.text, end }
  return [...kept, ...added.map(([username, hash]) => ({ text: `${username}:${hash}`, end }))]
    .map(line => line.text + line.end)
    .join('')
}

/** The hash that counts for each of the names; null: none. */
export function hashesOf(text: string, usernames: Iterable<string>): Map<string, string | null> {
  const first = new Map<string, string>()
  for (const { username, hash } of htpasswdEntries(text)) if (!first.has(username)) first.set(username, hash)
  return new Map([...usernames].map(username => [username, first.get(username) ?? null]))
}

/** The number of the first line that is no entry, comment or blank line; null: it is an htpasswd file. */
export function foreignLine(text: string): number | null {
  const at = linesOf(text).findIndex(
    ({ text: line }) => line.trim() !== '' && !line.startsWith('#') && entryOf(line) === null,
  )
  return at === -1 ? null : at + 1
}

export function hashKind(hash: string): HashKind {
  if (/^\$2[abxy]?\$/.test(hash)) return 'bcrypt'
  if (hash.startsWith('$apr1$')) return 'apr1'
  if (/^\{S?SHA\}/.test(hash)) return 'sha'
  if (hash.startsWith('{PLAIN}')) return 'plain'
  if (/^\$[156]\$|^\$y\$|^[./0-9A-Za-z]{13}$/.test(hash)) return 'crypt'
  return 'other'
}

function entryOf(line: string): HtpasswdEntry | null {
  if (line.startsWith('#')) return null
  const match = /^([^:\0]+):([^:\0]+)/.exec(line)
  return match ? { username: match[1]!, hash: match[2]! } : null
}

function linesOf(text: string): Line[] {
  return [...text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)]
    .map(match => ({ text: match[1]!, end: match[2]! }))
    .filter(line => line.text !== '' || line.end !== '')
}

import { foldUsername } from './passwords.ts'

/** `@` at the beginning of a word, and what a user name may be made of (see `username` of the users' operations). */
const MENTION = /(?<![\p{L}\p{N}._@-])@([\p{L}\p{N}][\p{L}\p{N}._@-]{0,63})/gu

/**
 * Whom a note calls by `@name`: the ids of the users meant, each once, in order of appearance. Capitals do not matter. A name
 * may be followed by punctuation that could belong to it, as in "ask @ann.": the longest name that somebody has is meant.
 */
export function mentionedUsers(
  text: string,
  users: readonly { readonly id: number; readonly username: string }[],
): number[] {
  const byName = new Map(users.map(({ id, username }) => [foldUsername(username), id]))
  const found = new Set<number>()
  for (const [, written = ''] of text.matchAll(MENTION)) {
    for (let name = foldUsername(written); name !== ''; name = shortened(name)) {
      const id = byName.get(name)
      if (id === undefined) continue
      found.add(id)
      break
    }
  }
  return [...found]
}

/** Without what stands behind its last punctuation mark, or without that mark; empty when there is none. */
function shortened(name: string): string {
  const shorter = name.replace(/[._@-]$|(?<=[._@-])[^._@-]+$/u, '')
  return shorter === name ? '' : shorter
}

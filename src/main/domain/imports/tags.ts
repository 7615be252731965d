import { cut } from './cell-text.ts'

const LONGEST = 120
const MOST = 50

/** The tags that a cell names. `onCut`: called for each that is too long, and once when there are too many. */
export function tagsFrom(cell: string, onCut: () => void): readonly string[] {
  const tags = new Set<string>()
  // Google writes "Friends ::: * myContacts".
  for (const part of cell.split(/[,;|\n]|:::/)) {
    const tag = part.replace(/^\s*\*\s/, '').trim()
    if (tag === '') continue
    if (tag.length > LONGEST || tags.size === MOST) {
      onCut()
      if (tags.size === MOST) break
    }
    tags.add(cut(tag, LONGEST))
  }
  return [...tags]
}

import type { OwnWord } from '../domain/opt-out-words.ts'
import type { Reader, Writer } from './database.ts'

/** A word or phrase of the operator, with the list whose people it is for. */
export interface OptOutWordRow extends OwnWord {
  readonly id: number
  /** Null: for everybody. */
  readonly listId: number | null
  readonly listName: string | null
}

const WORDS = `SELECT w.id, w.list_id AS listId, l.name AS listName, w.phrase, w.act, w.place
  FROM opt_out_words w LEFT JOIN lists l ON l.id = w.list_id`

/** All words: those of everybody first, then by list; of deleted lists none. */
export function allOptOutWords(db: Reader): OptOutWordRow[] {
  return db.all(
    `${WORDS} WHERE w.list_id IS NULL OR l.name IS NOT NULL ORDER BY l.name IS NOT NULL, l.name, w.phrase COLLATE NOCASE, w.id`,
  )
}

export function optOutWordById(db: Reader, id: number): OptOutWordRow | undefined {
  return db.get(`${WORDS} WHERE w.id = ?`, id)
}

/** What applies to a person: the words of everybody and those of the lists that they are on. */
export function optOutWordsFor(db: Reader, contactId: number | null): OwnWord[] {
  return db.all(
    `SELECT phrase, act, place FROM opt_out_words WHERE list_id IS NULL
       OR list_id IN (SELECT m.list_id FROM list_members m JOIN lists l ON l.id = m.list_id WHERE m.contact_id = ? AND l.name IS NOT NULL)
       ORDER BY id`,
    contactId,
  )
}

/** What applies to people of these lists, beside the words of everybody. */
export function optOutWordsOfLists(db: Reader, listIds: readonly number[]): OwnWord[] {
  return db.all(
    `SELECT phrase, act, place FROM opt_out_words WHERE list_id IS NULL OR list_id IN (SELECT value FROM json_each(?))
       ORDER BY id`,
    JSON.stringify(listIds),
  )
}

/** Words that act at once as a whole text for everybody on one of these lists (none: for all contacts), so that a campaign may name them. */
export function stopPhrases(db: Reader, lists: readonly string[]): string[] {
  const only = lists.length === 1 ? lists[0]! : null
  return db
    .all<{ phrase: string }>(
      `SELECT DISTINCT w.phrase FROM opt_out_words w LEFT JOIN lists l ON l.id = w.list_id
         WHERE w.act = 'stop' AND w.place = 'whole' AND (w.list_id IS NULL OR l.name = ?)`,
      only,
    )
    .map(row => row.phrase)
}

export function insertOptOutWord(
  db: Writer,
  word: OwnWord & { readonly listId: number | null; readonly by: string; readonly at: number },
): number {
  return db.run(
    'INSERT INTO opt_out_words (list_id, phrase, act, place, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    word.listId,
    word.phrase,
    word.act,
    word.place,
    word.by,
    word.at,
  ).id
}

export function deleteOptOutWord(db: Writer, id: number): void {
  db.run('DELETE FROM opt_out_words WHERE id = ?', id)
}

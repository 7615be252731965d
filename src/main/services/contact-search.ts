import { indexSearch, isSearchComplete, mergeSearch } from '../db/contact-search.ts'
import type { Database } from '../db/database.ts'
import { IndexKeeper } from './index-keeper.ts'
import type { Clock } from './ports.ts'

/**
 * Takes contacts that imports have made into the search index. An import of many does not wait for it: the index costs as
 * much again as storing the contacts. Whoever chooses people by search waits for `complete`.
 */
export class ContactSearch extends IndexKeeper {
  constructor(parts: { db: Database; clock: Clock }) {
    super(parts, { isComplete: isSearchComplete, add: indexSearch, merge: mergeSearch })
  }
}

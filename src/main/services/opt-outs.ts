import { Refusal } from '../../shared/errors.ts'
import type { OptOutWord } from '../../shared/operations/opt-outs.ts'
import { reasonSentence } from '../../shared/opt-out-reasons.ts'
import type { Database } from '../db/database.ts'
import { groupById } from '../db/lists.ts'
import {
  allOptOutWords,
  deleteOptOutWord,
  insertOptOutWord,
  type OptOutWordRow,
  optOutWordById,
  optOutWordsOfLists,
} from '../db/opt-out-words.ts'
import { keptWord, phraseKey, readIntent } from '../domain/opt-out.ts'
import { DEFAULT_WORDS } from '../domain/opt-out-words.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock } from './ports.ts'

/** So many words are compared with every text that comes in. */
const MOST_WORDS = 500

type OptOutOperations = 'optouts.words' | 'optouts.add-word' | 'optouts.remove-word' | 'optouts.try'

/** The operator's own opt-out words, for everybody and for lists. */
export function optOutHandlers(parts: { readonly db: Database; readonly clock: Clock }): HandlersFor<OptOutOperations> {
  const { db, clock } = parts
  return {
    'optouts.words': () => ({ words: allOptOutWords(db).map(shown), builtIn: builtInWords() }),

    'optouts.add-word': ({ phrase, act, place, listId }, { actor, commit }) => {
      refuseOdd(phrase, act, place)
      return commit((tx, about) => {
        if (listId !== null && !groupById(tx, 'list', listId)) {
          const message = 'There is no such list (any more).'
          throw new Refusal('not_found', message, { listId: message })
        }
        const words = allOptOutWords(tx)
        const key = phraseKey(phrase)
        for (const before of words.filter(word => word.listId === listId && phraseKey(word.phrase) === key)) {
          deleteOptOutWord(tx, before.id)
        }
        if (words.length >= MOST_WORDS) {
          throw new Refusal('conflict', `There are ${MOST_WORDS} words already. Remove some that nobody uses.`)
        }
        const id = insertOptOutWord(tx, { phrase, act, place, listId, by: actor, at: clock.now() })
        about('opt-out-word', id)
        return shown(optOutWordById(tx, id)!)
      })
    },

    'optouts.remove-word': ({ id }, { commit }) => {
      commit((tx, about) => {
        if (!optOutWordById(tx, id)) throw new Refusal('not_found', 'There is no such word (any more).')
        about('opt-out-word', id)
        deleteOptOutWord(tx, id)
      })
      return { done: true }
    },

    'optouts.try': ({ text, listIds, sent }) => {
      const { intent, reason, matched } = readIntent(text, {
        own: optOutWordsOfLists(db, listIds),
        campaignBodies: sent === '' ? [] : [sent],
      })
      return {
        intent,
        reason: reason ?? '',
        matched: matched ?? '',
        why: reasonSentence(intent, reason ?? '', matched ?? ''),
      }
    },
  }
}

function shown({ id, phrase, act, place, listId, listName }: OptOutWordRow): OptOutWord {
  return { id, phrase, act, place, list: listId === null ? null : { id: listId, name: listName ?? '' } }
}

function builtInWords(): { word: string; law: boolean }[] {
  return DEFAULT_WORDS.stop.map(word => ({ word, law: keptWord(word) === 'law' }))
}

function refuseOdd(phrase: string, act: string, place: string): void {
  if (phraseKey(phrase) === '') throw odd('phrase', 'Give a word with letters or digits.')
  const { intent } = readIntent(phrase)
  if (act === 'ignore') {
    if (place !== 'whole') throw odd('place', 'Only a whole text can be ignored: words around it may mean anything.')
    const kept = keptWord(phrase)
    if (kept === 'law') {
      throw odd('phrase', `The law names this word as an opt-out (47 CFR 64.1200(a)(10)), so it always is one.`)
    }
    if (kept === 'wording') throw odd('phrase', 'This asks in plain words not to be texted, which always counts.')
    if (intent !== 'stop' && intent !== 'stop_likely') throw odd('phrase', 'This is no opt-out anyway.')
    return
  }
  if (intent === 'start' || intent === 'help') {
    throw odd('phrase', `This word means ${intent.toUpperCase()}: people who text it ask for something else.`)
  }
  if (act === 'review' && intent === 'stop') {
    throw odd('phrase', 'This is an opt-out that acts at once already.')
  }
}

function odd(field: string, message: string): Refusal {
  return new Refusal('invalid_input', message, { [field]: message })
}

import { CONSENT_TO } from '../../shared/consent.ts'
import { Refusal } from '../../shared/errors.ts'
import { heldSentence } from '../../shared/held-reasons.ts'
import type { KeywordRule, ShownAction } from '../../shared/operations/rules.ts'
import { reasonSentence } from '../../shared/opt-out-reasons.ts'
import { MAX_SEGMENTS, measure } from '../../shared/sms/segments.ts'
import { parseTemplate } from '../../shared/sms/template.ts'
import { type AutomaticAction, listAutomaticActions } from '../db/automatic-actions.ts'
import { contactByNumber } from '../db/contacts.ts'
import type { Database, Reader } from '../db/database.ts'
import {
  activeKeywordRules,
  allKeywordRules,
  deleteKeywordRule,
  insertKeywordRule,
  type KeywordRulePlan,
  type KeywordRuleRow,
  keywordRuleById,
  keywordRuleNamed,
  orderKeywordRules,
  updateKeywordRule,
} from '../db/keyword-rules.ts'
import { optOutWordsFor } from '../db/opt-out-words.ts'
import { suppressionOf } from '../db/suppression.ts'
import { threadByNumber } from '../db/threads.ts'
import { consentAnswer } from '../domain/imports/consent.ts'
import { ruleFor } from '../domain/keyword-rules.ts'
import { phraseKey, readIntent } from '../domain/opt-out.ts'
import { renderAnswer, ruleHeldFor } from './automatic-answers.ts'
import { idCursor, nextCursor } from './cursor.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock, NumberHash } from './ports.ts'
import type { SettingsView } from './settings.ts'

/** So many rules are compared with every text that comes in. */
const MOST_RULES = 200

type RuleOperations =
  | 'rules.list'
  | 'rules.create'
  | 'rules.update'
  | 'rules.delete'
  | 'rules.order'
  | 'rules.try'
  | 'rules.actions'

export function keywordRuleHandlers(parts: {
  readonly db: Database
  readonly clock: Clock
  readonly settings: SettingsView
  /** Finds what can be found without the data key. */
  readonly lookupHash: NumberHash
}): HandlersFor<RuleOperations> {
  const { db, clock, settings, lookupHash } = parts
  return {
    'rules.list': () => ({ rules: allKeywordRules(db).map(shown) }),

    'rules.create': (plan, { actor, commit }) => {
      refuseOdd(plan)
      return commit((tx, about) => {
        if (allKeywordRules(tx).length >= MOST_RULES) {
          throw new Refusal('conflict', `There are ${MOST_RULES} rules already. Delete some that nobody needs.`)
        }
        refuseSameName(tx, plan.name, null)
        const id = insertKeywordRule(tx, plan, actor, clock.now())
        about('rule', id)
        return shown(keywordRuleById(tx, id)!)
      })
    },

    'rules.update': ({ id, ...given }, { commit }) =>
      commit((tx, about) => {
        const before = wanted(tx, id)
        about('rule', id)
        const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
        const plan: KeywordRulePlan = { ...before, ...changes }
        refuseOdd(plan)
        refuseSameName(tx, plan.name, id)
        updateKeywordRule(tx, id, plan, clock.now())
        return shown(wanted(tx, id))
      }),

    'rules.delete': ({ id }, { commit }) => {
      commit((tx, about) => {
        about('rule', wanted(tx, id).id)
        deleteKeywordRule(tx, id)
      })
      return { done: true }
    },

    'rules.order': ({ ids }, { commit }) =>
      commit((tx, about) => {
        const there = allKeywordRules(tx).map(rule => rule.id)
        if (new Set(ids).size !== there.length || !there.every(id => ids.includes(id)) || ids.length !== there.length) {
          throw new Refusal('conflict', 'Name every rule once: somebody may have added or deleted one meanwhile.')
        }
        for (const id of ids) about('rule', id)
        orderKeywordRules(tx, ids)
        return { rules: allKeywordRules(tx).map(shown) }
      }),

    'rules.try': ({ text, number }) => {
      const contact = number === undefined ? undefined : contactByNumber(db, number)
      const isOut = number !== undefined && suppressionOf(db, number, lookupHash.of(number)) !== undefined
      const reading = readIntent(text, { own: optOutWordsFor(db, contact?.id ?? null) })
      const intent = reading.intent === 'start' && !isOut ? 'none' : reading.intent
      const nothing = { intent, rule: null, phrase: '', answer: '', heldFor: '' }
      if (intent !== 'none') {
        const why = reasonSentence(intent, reading.reason ?? '', reading.matched ?? '')
        return { ...nothing, why: `It is ${READ_AS[intent]}, so no rule is tried. ${why}` }
      }
      const found = ruleFor(activeKeywordRules(db), text)
      if (!found) return { ...nothing, why: 'No rule has words that stand in it.' }
      const { rule, phrase } = found
      const at = clock.now()
      const thread = number === undefined ? undefined : threadByNumber(db, number)
      const from = {
        ...{ inboundId: 0, threadId: thread?.id ?? 0, number: number ?? '', contactId: contact?.id ?? null },
        ...{ body: text, receivedAt: at, at, phoneId: 0, maybeAnswered: false },
      }
      const answer = rule.answer === '' ? '' : (renderAnswer(db, rule, from) ?? '')
      const held =
        rule.answer === ''
          ? null
          : (ruleHeldFor(db, rule, from, isOut, settings.current().autoAnswers) ?? (answer === '' ? 'template' : null))
      const why = [
        `“${phrase}” is in it.`,
        ...(rule.consent === null ? [] : [`It gives consent to ${CONSENT_TO[rule.consent.kind]}.`]),
        ...(held === null ? [] : [`The answer is held back. ${heldSentence(held)}`]),
      ].join(' ')
      return { intent, rule: { id: rule.id, name: rule.name }, phrase, answer, heldFor: held ?? '', why }
    },

    'rules.actions': ({ limit, after, held }) => {
      const rows = listAutomaticActions(db, held, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      return {
        items: rows.map(({ inboundId, threadId, number, body, at, ...action }) => ({
          ...shownAction(action),
          ...{ inboundId, threadId, number, body, at },
        })),
        next: nextCursor(rows, limit, row => row.inboundId),
      }
    },
  }
}

const READ_AS = {
  stop: 'an opt-out',
  stop_likely: 'a likely opt-out',
  start: 'START of somebody who had opted out',
  help: 'HELP',
} as const

/** What a text caused, as people see it. */
export function shownAction(action: Omit<AutomaticAction, 'inboundId' | 'at'>): ShownAction {
  const { cause, ruleName, answer, heldFor, tag, list, consent, notified } = action
  return { cause, rule: ruleName, answer, heldFor, why: heldSentence(heldFor), tag, list, consent, notified }
}

function shown(rule: KeywordRuleRow): KeywordRule {
  return { ...rule, phrases: [...rule.phrases] }
}

function wanted(db: Reader, id: number): KeywordRuleRow {
  const rule = keywordRuleById(db, id)
  if (!rule) throw new Refusal('not_found', 'There is no such rule (any more).')
  return rule
}

function refuseSameName(db: Reader, name: string, id: number | null): void {
  const same = keywordRuleNamed(db, name)
  if (!same || same.id === id) return
  const message = `There is a rule "${same.name}" already. Choose another name.`
  throw new Refusal('exists_already', message, { name: message })
}

function refuseOdd(plan: KeywordRulePlan): void {
  for (const phrase of plan.phrases) {
    if (phraseKey(phrase) === '') throw odd('phrases', `"${phrase}" has no letters or digits.`)
    const { intent } = readIntent(phrase)
    if (intent === 'help') throw odd('phrases', `"${phrase}" gets the answer to HELP, which is a setting.`)
    if (intent === 'stop' || intent === 'stop_likely') {
      throw odd('phrases', `"${phrase}" is read as an opt-out, so no rule can act on it. Choose other words.`)
    }
  }
  const { answer, tag, list, notify, consent } = plan
  if (answer === '' && tag === '' && list === '' && !notify && consent === null) {
    throw odd('answer', 'Say what the rule does: answer, tag, add to a list, record consent or notify.')
  }
  if (consent !== null) refuseUnclearConsent(plan)
  if (plan.answer === '') return
  const parsed = parseTemplate(plan.answer)
  if (!parsed.ok) throw odd('answer', parsed.error.message)
  const { segments } = measure(plan.answer)
  if (segments > MAX_SEGMENTS)
    throw odd('answer', `The answer has ${segments} segments; at most ${MAX_SEGMENTS} are possible.`)
}

/** What a text has to say to be a consent that can be shown to somebody. */
function refuseUnclearConsent({ phrases, fits }: KeywordRulePlan): void {
  if (fits !== 'whole') {
    throw odd(
      'fits',
      'To give consent, a text has to be the keyword and nothing else: “do not join” has the word, too.',
    )
  }
  const no = phrases.find(phrase => consentAnswer(phraseKey(phrase)) === 'no')
  if (no !== undefined) throw odd('phrases', `"${no}" says no, so it gives no consent. Choose other words.`)
}

function odd(field: string, message: string): Refusal {
  return new Refusal('invalid_input', message, { [field]: message })
}

import type { RequirableKind } from '../../shared/consent.ts'
import type { Keywords } from '../domain/keyword-rules.ts'
import type { Reader, Writer } from './database.ts'

/** What a rule does with a text that has its words. */
export interface KeywordRulePlan extends Keywords {
  readonly name: string
  readonly active: boolean
  /** A template; empty: it answers nothing. */
  readonly answer: string
  /** Of the contact; empty: none. */
  readonly tag: string
  /** That the contact comes onto, by name; empty: none. */
  readonly list: string
  readonly notify: boolean
  /** What people agree to by the words; null: nothing. */
  readonly consent: { readonly kind: RequirableKind; readonly wording: string } | null
  /** So long it does not answer the same person again, in minutes. */
  readonly waitMinutes: number
}

export interface KeywordRuleRow extends KeywordRulePlan {
  readonly id: number
}

type Stored = Omit<KeywordRuleRow, 'active' | 'notify' | 'phrases' | 'consent'> & {
  readonly active: number
  readonly notify: number
  readonly phrases: string
  readonly consentKind: RequirableKind | null
  readonly consentWording: string
}

const RULES = `SELECT id, name, active, phrases, fits, answer, tag, list, notify, consent_kind AS consentKind,
  consent_wording AS consentWording, wait_minutes AS waitMinutes FROM keyword_rules`

/** In the order in which they are tried. */
export function allKeywordRules(db: Reader): KeywordRuleRow[] {
  return db.all<Stored>(`${RULES} ORDER BY place, id`).map(read)
}

/** Those that are switched on, in the order in which they are tried. */
export function activeKeywordRules(db: Reader): KeywordRuleRow[] {
  return db.all<Stored>(`${RULES} WHERE active = 1 ORDER BY place, id`).map(read)
}

export function keywordRuleById(db: Reader, id: number): KeywordRuleRow | undefined {
  const row = db.get<Stored>(`${RULES} WHERE id = ?`, id)
  return row && read(row)
}

export function keywordRuleNamed(db: Reader, name: string): KeywordRuleRow | undefined {
  const row = db.get<Stored>(`${RULES} WHERE name = ?`, name)
  return row && read(row)
}

/** Makes a rule, which is tried after all others, and returns its id. */
export function insertKeywordRule(db: Writer, rule: KeywordRulePlan, by: string, at: number): number {
  return db.run(
    `INSERT INTO keyword_rules (place, name, active, phrases, fits, answer, tag, list, notify, consent_kind, consent_wording,
         wait_minutes, created_by, created_at, updated_at)
       VALUES ((SELECT coalesce(max(place), 0) + 1 FROM keyword_rules), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...values(rule),
    by,
    at,
    at,
  ).id
}

export function updateKeywordRule(db: Writer, id: number, rule: KeywordRulePlan, at: number): void {
  db.run(
    `UPDATE keyword_rules SET name = ?, active = ?, phrases = ?, fits = ?, answer = ?, tag = ?, list = ?, notify = ?,
       consent_kind = ?, consent_wording = ?, wait_minutes = ?, updated_at = ? WHERE id = ?`,
    ...values(rule),
    at,
    id,
  )
}

export function deleteKeywordRule(db: Writer, id: number): void {
  db.run('DELETE FROM keyword_rules WHERE id = ?', id)
}

/** They are tried in this order from now on. */
export function orderKeywordRules(db: Writer, ids: readonly number[]): void {
  for (const [place, id] of ids.entries()) db.run('UPDATE keyword_rules SET place = ? WHERE id = ?', place + 1, id)
}

/** A list has another name now. */
export function renameListInRules(db: Writer, before: string, name: string, at: number): void {
  db.run('UPDATE keyword_rules SET list = ?, updated_at = ? WHERE list = ? COLLATE NOCASE', name, at, before)
}

function read({ active, notify, phrases, consentKind, consentWording, ...rule }: Stored): KeywordRuleRow {
  return {
    ...{ ...rule, active: active === 1, notify: notify === 1, phrases: JSON.parse(phrases) as string[] },
    consent: consentKind === null ? null : { kind: consentKind, wording: consentWording },
  }
}

function values(rule: KeywordRulePlan) {
  return [
    ...[rule.name, rule.active ? 1 : 0, JSON.stringify(rule.phrases), rule.fits],
    ...[rule.answer, rule.tag, rule.list, rule.notify ? 1 : 0],
    ...[rule.consent?.kind ?? null, rule.consent?.wording ?? '', rule.waitMinutes],
  ]
}

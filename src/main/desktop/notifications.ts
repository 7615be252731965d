import type { OutputOf } from '../../shared/operations/index.ts'
import type { Settings } from '../../shared/operations/phones.ts'
import type { NotificationRules } from '../../shared/operations/triage.ts'
import { isWanted, TOLD_OF_EVERYTHING } from '../domain/notification-rules.ts'
import { type Caller, LOCAL } from '../services/operations/caller.ts'
import type { Dispatcher } from '../services/operations/dispatch.ts'
import type { Happening, Log } from '../services/ports.ts'
import { counted } from './running.ts'

/** What a notification of the desktop says, and the page that it leads to. */
export interface Notice {
  readonly title: string
  readonly body: string
  readonly path: string
}

interface Parts {
  readonly dispatch: Dispatcher
  readonly log: Log
  readonly settings: () => Settings['window']
  /** Whose rules count: who has signed in at this window, also while it is locked; null: nobody. */
  readonly user: () => Extract<Caller, { kind: 'user' }> | null
  /** The minute of the day on this computer, 0 to 1439. */
  readonly minute: () => number
  /** Whether somebody is looking at the window at this moment: then it says everything itself. */
  readonly isLookedAt: () => boolean
  readonly show: (notice: Notice) => void
}

type Text = OutputOf<'inbox.texts'>['items'][number]
type Phone = OutputOf<'phones.list'>['phones'][number]

/** Replies come in bursts: they are told together, after so many ms. */
const GATHER_MS = 1_500
const MOST_TEXTS = 50
/** Credentials come to their end without anything happening: that is looked for this often, in ms. */
const CREDENTIALS_EVERY_MS = 3_600_000

/** Tells of replies, notes and troubles, each user of what they want. Neither numbers nor texts, unless an administrator has chosen that. */
export class Notifier {
  readonly #parts: Parts
  #newest: number | null = null
  #troubles: ReadonlySet<string> | null = null
  /** The newest note that called the user, so far. */
  #mentioned: { readonly userId: number; readonly newest: number } | null = null
  #timer: NodeJS.Timeout | null = null
  /** Grants whose end was told, until this program ends. */
  readonly #ending = new Set<number>()
  #hourly: NodeJS.Timeout | null = null
  #looking: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Begins from what there is now. Only what ends soon is told all the same: nobody may have been here when it began to. */
  start(): Promise<void> {
    this.#hourly = setInterval(() => void this.look(), CREDENTIALS_EVERY_MS)
    return this.look()
  }

  note({ type }: Happening): void {
    if (type !== 'thread' && type !== 'phone') return
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      void this.look()
    }, GATHER_MS)
  }

  /** Tells what is new since it looked last. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look()).catch(error => this.#parts.log.error('notifications', error))
    return this.#looking
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    if (this.#hourly) clearInterval(this.#hourly)
    this.#timer = null
    this.#hourly = null
  }

  async #look(): Promise<void> {
    const { settings, isLookedAt, show } = this.#parts
    const { notifications, notificationTexts } = settings()
    const rules = await this.#rules()
    const notices = [
      ...(await this.#replies(rules, notificationTexts)),
      ...(await this.#mentions(rules)),
      ...(await this.#newTroubles()),
      ...(await this.#endingCredentials()),
    ]
    if (notifications && !isLookedAt()) for (const notice of notices) show(notice)
  }

  /** Nobody is signed in: then replies are told as they are to somebody who has chosen nothing. */
  async #rules(): Promise<NotificationRules> {
    const user = this.#parts.user()
    const answer = user && (await this.#parts.dispatch('account.notification-rules', {}, user))
    return answer?.ok ? answer.data : TOLD_OF_EVERYTHING
  }

  async #replies(rules: NotificationRules, withTexts: boolean): Promise<Notice[]> {
    const from = this.#newest
    const page = from === null ? { limit: 1 } : { after: String(from), limit: MOST_TEXTS }
    const answer = await this.#parts.dispatch('inbox.texts', page, LOCAL)
    if (!answer.ok) return []
    const { items, newest } = answer.data
    this.#newest = from === null ? newest : Math.max(from, newest, ...items.map(text => text.id))
    if (from === null) return []
    const userId = this.#parts.user()?.id ?? null
    const called = items.filter(text => text.notifies !== '')
    const wanted = items.filter(
      ({ assignedTo, intent, notifies }) =>
        notifies === '' &&
        isWanted(
          rules,
          { type: 'text', assignedTo, isLikelyOptOut: intent === 'stop_likely' },
          userId,
          this.#parts.minute(),
        ),
    )
    return [...ruleNotices(called), ...(wanted.length === 0 ? [] : [replyNotice(wanted, withTexts)])]
  }

  /** Nothing of what was there before the user signed in. */
  async #mentions(rules: NotificationRules): Promise<Notice[]> {
    const user = this.#parts.user()
    if (!user) return []
    const answer = await this.#parts.dispatch('inbox.mentions', { limit: MOST_TEXTS, unseen: true }, user)
    if (!answer.ok) return []
    const { items } = answer.data
    const before = this.#mentioned?.userId === user.id ? this.#mentioned.newest : null
    this.#mentioned = { userId: user.id, newest: Math.max(before ?? 0, ...items.map(note => note.id)) }
    if (before === null || !isWanted(rules, { type: 'mention' }, user.id, this.#parts.minute())) return []
    return items
      .filter(note => note.id > before)
      .map(({ by, threadId }) => ({
        title: 'You are called in a note',
        body: `${by} wrote it in a thread.`,
        path: `/inbox/${threadId}`,
      }))
  }

  async #newTroubles(): Promise<Notice[]> {
    const answer = await this.#parts.dispatch('phones.list', {}, LOCAL)
    if (!answer.ok) return []
    const before = this.#troubles
    const found = troublesOf(answer.data.phones)
    this.#troubles = new Set(found.map(({ key }) => key))
    if (before === null) return []
    return found
      .filter(({ key }) => !before.has(key))
      .map(({ body }) => ({ title: 'A phone needs you', body, path: '/phones' }))
  }

  /** For administrators, and while nobody is signed in. */
  async #endingCredentials(): Promise<Notice[]> {
    const user = this.#parts.user()
    if (user && user.role !== 'admin') return []
    const answer = await this.#parts.dispatch('grants.list', {}, LOCAL)
    if (!answer.ok) return []
    const fresh = answer.data.grants.filter(grant => grant.expiresSoon && !this.#ending.has(grant.id))
    for (const { id } of fresh) this.#ending.add(id)
    return fresh.length === 0 ? [] : [endingNotice(fresh.length)]
  }
}

/** Of credentials for services that end within their days of warning: how many, and for whom is on the page. */
export function endingNotice(count: number): Notice {
  const body = count === 1 ? 'Renew it before its person is cut off.' : 'Renew them before their people are cut off.'
  return {
    title: counted(count, 'credential') + (count === 1 ? ' ends soon' : ' end soon'),
    body,
    path: '/admin/people',
  }
}

/** Rules that are to be told are, whatever people want to be told of replies: one notice for each rule. */
export function ruleNotices(texts: readonly Text[]): Notice[] {
  return [...new Set(texts.map(text => text.notifies))].map(rule => {
    const own = texts.filter(text => text.notifies === rule)
    const body = own.length === 1 ? 'Somebody wrote its words.' : `Its words came in ${own.length} texts.`
    return { title: `Rule: ${rule}`, body, path: own.length === 1 ? `/inbox/${own[0]!.threadId}` : '/inbox' }
  })
}

export function replyNotice(texts: readonly Text[], withTexts: boolean): Notice {
  const [last] = texts.slice(-1)
  const threads = new Set(texts.map(text => text.threadId))
  const path = threads.size === 1 ? `/inbox/${last!.threadId}` : '/inbox'
  if (withTexts && texts.length === 1)
    return { title: `Reply from ${last!.number}`, body: last!.body.slice(0, 200), path }
  const people = threads.size === 1 ? 'one person' : counted(threads.size, 'person').replace('persons', 'people')
  return { title: counted(texts.length, 'new reply').replace('replys', 'replies'), body: `From ${people}.`, path }
}

/** What keeps a phone from sending until somebody does something. */
export function troublesOf(phones: readonly Phone[]): { readonly key: string; readonly body: string }[] {
  return phones.flatMap(({ id, name, journalProblem, replayNeeded, status }) => [
    ...(journalProblem ? [{ key: `${id}:${journalProblem}`, body: `${name} came with another journal.` }] : []),
    ...(replayNeeded
      ? [{ key: `${id}:replay`, body: `${name} has to tell what it did before anything is sent.` }]
      : []),
    ...(status?.lanes ?? []).flatMap(({ slot, halt }) =>
      halt === null ? [] : [{ key: `${id}:${slot}:${halt}`, body: `SIM ${slot + 1} of ${name} has paused itself.` }],
    ),
  ])
}

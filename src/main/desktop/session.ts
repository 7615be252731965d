import { z } from 'zod'
import type { SessionState } from '../../shared/bridge.ts'
import { type Answer, ERRORS, Refusal } from '../../shared/errors.ts'
import { password, username } from '../../shared/operations/users.ts'
import type { Auth } from '../services/auth/service.ts'
import type { Source } from '../services/auth/source.ts'
import { type Caller, LOCAL } from '../services/operations/caller.ts'
import type { Dispatcher } from '../services/operations/dispatch.ts'
import type { Log } from '../services/ports.ts'
import type { KeptSession } from './kept-session.ts'
import { refusedBy } from './refused.ts'

const signInSchema = z.strictObject({
  username: z.string().min(1).max(200),
  password: z.string().min(1).max(1024),
  remember: z.boolean(),
})
const beginSchema = z.strictObject({ username, password, fullName: z.string().trim().max(200) })
const unlockSchema = z.strictObject({ password: z.string().min(1).max(1024) })

interface Parts {
  readonly auth: Pick<Auth, 'login' | 'logout' | 'callerOfSession' | 'checkPassword'>
  readonly dispatch: Dispatcher
  readonly kept: KeptSession
  readonly log: Log
  readonly userAgent: string
  /** Called when the session has become another one, or was locked or unlocked. */
  readonly changed: () => void
  /** Of the session that was there before the hub was opened anew. */
  readonly token?: string | null
}

type SignedInCaller = Extract<Caller, { kind: 'user' }>

/** Who sits at the window. The token stays in this process; the page learns who it is, and nothing that would prove it. */
export class DesktopSession {
  readonly #parts: Parts
  readonly #source: Source
  #token: string | null
  #locked: boolean
  /** One first administrator, however quickly somebody asks. */
  #beginning = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#source = { ip: null, userAgent: parts.userAgent }
    this.#token = parts.token ?? parts.kept.token()
    this.#locked = this.#token !== null && parts.kept.isLocked()
  }

  /** For the same person on a hub that is opened anew. It never leaves this process. */
  handOver(): string | null {
    return this.#token
  }

  /** Who does what the page asks for; null while nobody is signed in or the window is locked. */
  caller(): SignedInCaller | null {
    return this.#locked ? null : this.#signedIn()
  }

  /** Who has signed in, also while the window is locked. */
  owner(): SignedInCaller | null {
    return this.#signedIn()
  }

  get isLocked(): boolean {
    return this.#locked
  }

  async state(): Promise<SessionState> {
    const caller = this.#signedIn()
    if (caller) {
      const answer = await this.#parts.dispatch('auth.status', {}, caller)
      if (answer.ok && answer.data.user !== null) {
        const { user } = answer.data
        if (this.#locked) return { kind: 'locked', username: user.username }
        const { role, mustChangePassword } = caller
        return { kind: 'signed-in', user: { ...user, role, mustChangePassword } }
      }
    }
    if (await this.#isFirstRun()) return { kind: 'first-run' }
    const rememberProblem = this.#parts.kept.problem()
    return { kind: 'signed-out', ...(rememberProblem !== null && { rememberProblem }) }
  }

  begin(given: unknown): Promise<Answer<SessionState>> {
    return this.#answer(async () => {
      const input = parse(beginSchema, given)
      const refusal = new Refusal('conflict', 'There is an administrator already. Sign in.')
      if (this.#beginning) throw refusal
      this.#beginning = true
      try {
        if (!(await this.#isFirstRun())) throw refusal
        const made = await this.#parts.dispatch('users.create', { ...input, role: 'admin' }, LOCAL)
        if (!made.ok) return made
      } finally {
        this.#beginning = false
      }
      return this.#enter({ username: input.username, password: input.password, remember: false })
    })
  }

  signIn(given: unknown): Promise<Answer<SessionState>> {
    return this.#answer(() => this.#enter(parse(signInSchema, given)))
  }

  /** Ends the session here and in the database. */
  signOut(): void {
    const token = this.#token
    this.#forget()
    if (token !== null) this.#parts.auth.logout(token)
    this.#parts.changed()
  }

  /** Hides everything until the password is typed. Returns whether there was somebody to lock out. */
  lock(): boolean {
    if (this.#locked || this.#signedIn() === null) return false
    this.#locked = true
    this.#parts.kept.setLocked(true)
    this.#parts.changed()
    return true
  }

  unlock(given: unknown): Promise<Answer<SessionState>> {
    return this.#answer(async () => {
      const { password: typed } = parse(unlockSchema, given)
      const caller = this.#signedIn()
      if (!caller) throw new Refusal('authentication_required', 'The session has ended. Sign in again.')
      if (this.#locked) {
        if (!(await this.#parts.auth.checkPassword(caller.id, typed, this.#source))) {
          throw new Refusal('sign_in_refused', 'The password is wrong, or the account is locked for now.')
        }
        this.#unlocked()
      }
      return { ok: true, data: await this.state() }
    })
  }

  async #enter(input: z.infer<typeof signInSchema>): Promise<Answer<SessionState>> {
    const before = this.#token
    const { token } = await this.#parts.auth.login(input, this.#source)
    if (before !== null) this.#parts.auth.logout(before)
    this.#token = token
    this.#parts.kept.keep(input.remember ? token : null)
    this.#unlocked()
    return { ok: true, data: await this.state() }
  }

  #unlocked(): void {
    this.#locked = false
    this.#parts.kept.setLocked(false)
    this.#parts.changed()
  }

  #signedIn(): SignedInCaller | null {
    if (this.#token === null) return null
    const caller = this.#parts.auth.callerOfSession(this.#token, this.#source)
    if (caller?.kind === 'user') return caller
    this.#forget()
    this.#parts.changed()
    return null
  }

  #forget(): void {
    this.#token = null
    this.#locked = false
    this.#parts.kept.keep(null)
    this.#parts.kept.setLocked(false)
  }

  async #isFirstRun(): Promise<boolean> {
    const answer = await this.#parts.dispatch('users.list', {}, LOCAL)
    return answer.ok && answer.data.users.length === 0
  }

  async #answer(work: () => Promise<Answer<SessionState>>): Promise<Answer<SessionState>> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Refusal)) this.#parts.log.error('the session could not be changed', error)
      return refusedBy(error)
    }
  }
}

function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const fields: Record<string, string> = {}
  for (const issue of result.error.issues) fields[issue.path.join('.') || 'input'] ??= issue.message
  throw new Refusal('invalid_input', ERRORS.invalid_input.message, fields)
}

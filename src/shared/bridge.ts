import type { Answer } from './errors.ts'
import type { GivenOf, OperationName, OutputOf } from './operations/index.ts'
import type { Upload } from './operations/uploads.ts'

/** Who sits at the screen. */
export type SessionState =
  /** Nobody has an account yet: the first one that is made is the administrator's. The window on the workstation only. */
  | { readonly kind: 'first-run' }
  /** `rememberProblem`: why "stay signed in" is not possible on this computer. */
  | { readonly kind: 'signed-out'; readonly rememberProblem?: string }
  /** Signed in, and the window asks for the password since nobody was there for a while. */
  | { readonly kind: 'locked'; readonly username: string }
  | { readonly kind: 'signed-in'; readonly user: SignedInUser }

export interface SignedInUser {
  readonly id: number
  readonly username: string
  readonly fullName: string
  readonly email: string
  readonly role: 'admin' | 'user'
  /** Nothing else is possible until they have chosen a password of their own. */
  readonly mustChangePassword: boolean
}

export interface SignIn {
  readonly username: string
  readonly password: string
  /** For 30 days instead of 24 hours. */
  readonly remember: boolean
}

/** What happened, so that a page asks again for what it shows. Never holds numbers or texts. */
export type PageEvent =
  | { readonly type: 'campaign' | 'import' | 'phone' | 'thread'; readonly id: number }
  /** Messages moved, or something was changed. */
  | { readonly type: 'work' }
  /** The phone link listens, or does not any more. */
  | { readonly type: 'link' }
  /** The session ended, was locked, or became another one. */
  | { readonly type: 'session' }
  /** A notification or a menu asks for a page: its path, such as `/inbox/3`. */
  | { readonly type: 'open'; readonly path: string }

/** Operations that write a file: the person is asked where, and the page never names a path. */
export const SAVING = [
  'contacts.export',
  'campaigns.export',
  'analytics.export',
  'imports.export-rejections',
  'suppression.export',
  'person.save',
  'backups.create',
] as const
export type SavingName = (typeof SAVING)[number]

/** What a page may do with the hub. The window reaches it by its bridge, a browser over HTTP. */
export interface Session {
  state(): Promise<SessionState>
  signIn(input: SignIn): Promise<Answer<SessionState>>
  signOut(): Promise<void>
}

/** All that the page of the window can reach: `window.connector`. */
export interface Connector {
  /** Each operation by its name. */
  readonly operations: { readonly [N in OperationName]: (input: GivenOf<N>) => Promise<Answer<OutputOf<N>>> }
  readonly session: Session & {
    /** Makes the first administrator and signs them in. Refused once there is a user. */
    begin(input: { username: string; password: string; fullName: string }): Promise<Answer<SessionState>>
    /** Asks for the password from now on. */
    lock(): Promise<void>
    unlock(input: { password: string }): Promise<Answer<SessionState>>
  }
  readonly files: {
    /** Takes a list that was dropped or chosen. Only a file that a person has picked has a path. */
    upload(file: File): Promise<Answer<Upload>>
    /** Asks where to write, and writes. Null: the person thought better of it. */
    save<N extends SavingName>(
      name: N,
      input: Omit<GivenOf<N>, 'path'>,
      fileName: string,
    ): Promise<Answer<OutputOf<N> | null>>
  }
  /** Opens one of the product's own pages on the web in the browser. */
  openGuide(topic: string): Promise<void>
  /** Returns the function that ends the subscription. */
  on(listener: (event: PageEvent) => void): () => void
}

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
  /** How far a restore is, for whoever has begun it. */
  | { readonly type: 'restore'; readonly step: 'closing' | 'checking' | 'merging' | 'replacing' | 'opening' }
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

/** Whether there is a newer version. */
export type UpdateState =
  /** Nobody is asked. `why`: a sentence. */
  | { readonly kind: 'off'; readonly why: string }
  /** Null: it was not looked yet. Milliseconds since 1970 UTC. */
  | { readonly kind: 'current'; readonly checkedAt: number | null }
  /** `installs`: whether the application can load and install it itself. */
  | { readonly kind: 'found'; readonly version: string; readonly installs: boolean }
  | { readonly kind: 'loading'; readonly version: string }
  /** It is installed when the application ends. */
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'failed'; readonly at: number }

/** How the window behaves on this computer. Kept beside the database; null where this computer does not offer it. */
export interface WindowSettings {
  readonly version: string
  /** Closing the window leaves the application running, with its icon in the tray. */
  readonly closeToTray: boolean | null
  readonly notifications: boolean | null
  readonly startAtLogin: boolean | null
  readonly update: UpdateState
}

export interface WindowChange {
  readonly closeToTray?: boolean
  readonly notifications?: boolean
  readonly startAtLogin?: boolean
}

export interface RestoreOrder {
  /** A backup that the hub lists, or that was picked. */
  readonly path: string
  /** The words that have to be typed. */
  readonly confirm: string
  /** Of the administrator who asks. */
  readonly password: string
  /** Opens a backup of another computer. */
  readonly passphrase?: string
  /** Goes on although the present database cannot be read: people who said stop since may be texted. */
  readonly withoutSuppressionsSince?: boolean
}

/** What a restore did. */
export interface RestoreReport {
  readonly contacts: number
  readonly messages: number
  /** Taken over from the replaced database. */
  readonly suppressionsMerged: number
  readonly erasuresMerged: number
  readonly attemptsMerged: number
  readonly textsMerged: number
  readonly phonesMerged: number
  /** Phones that have to tell what they sent before anything is sent. */
  readonly phonesToReplay: number
  /** Where the database lies that was replaced. */
  readonly replaced: string | null
  readonly keyProblem: string | null
}

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
  /** For whoever is signed in at this computer. */
  readonly window: {
    settings(): Promise<Answer<WindowSettings>>
    change(input: WindowChange): Promise<Answer<WindowSettings>>
    checkForUpdates(): Promise<Answer<WindowSettings>>
  }
  readonly restore: {
    /** Asks for the file of a backup. Null: the person thought better of it. */
    choose(): Promise<Answer<{ readonly path: string } | null>>
    /** Puts a backup in the place of the database. Everybody is signed out afterwards. Refused: nothing was changed. */
    run(order: RestoreOrder): Promise<Answer<RestoreReport>>
  }
  /** Opens one of the product's own pages on the web in the browser. */
  openGuide(topic: string): Promise<void>
  /** Returns the function that ends the subscription. */
  on(listener: (event: PageEvent) => void): () => void
}

import type { Role } from '../../../shared/operations/define.ts'

/** Who asks. `local`: the owner of the data folder at the command line. */
export type Caller =
  | { readonly kind: 'local'; readonly role: 'admin' }
  | {
      readonly kind: 'user'
      readonly id: number
      readonly role: 'admin' | 'user'
      readonly sessionId: number
      /** Until they have chosen a password of their own they may do nothing else. */
      readonly mustChangePassword: boolean
    }
  /** An API key; `environment` where it is none of the stored ones but comes from the environment. */
  | { readonly kind: 'key'; readonly id: number | 'environment'; readonly role: Role }

export const LOCAL: Caller = { kind: 'local', role: 'admin' }

/** How the caller stands in records: `local`, `user:3`, `key:7`. Others that act: `system`, `phone:2`. */
export function actorOf(caller: Caller): string {
  return caller.kind === 'local' ? 'local' : `${caller.kind}:${caller.id}`
}

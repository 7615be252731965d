import type { Role } from '../../../shared/operations/define.ts'

/** Who asks. `local`: the owner of the data folder at the command line. */
export type Caller =
  | { readonly kind: 'local'; readonly role: 'admin' }
  | { readonly kind: 'user'; readonly id: number; readonly role: 'admin' | 'user' }
  | { readonly kind: 'key'; readonly id: number; readonly role: Role }

export const LOCAL: Caller = { kind: 'local', role: 'admin' }

/** How the caller stands in records: `local`, `user:3`, `key:7`. Others that act: `system`, `phone:2`. */
export function actorOf(caller: Caller): string {
  return caller.kind === 'local' ? 'local' : `${caller.kind}:${caller.id}`
}

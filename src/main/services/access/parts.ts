import type { Database } from '../../db/database.ts'
import type { Clock, Log, Randomness } from '../ports.ts'
import type { Vault } from '../vault.ts'
import type { Locks } from './locks.ts'

/** What everything about people and services needs. */
export interface AccessParts {
  readonly db: Database
  readonly clock: Clock
  readonly random: Randomness
  readonly log: Log
  readonly vault: Vault
  readonly locks: Locks
}

export function serviceKey(id: number): string {
  return `service:${id}`
}

/**
 * Holds people first and services second, whoever it is: only so does nobody wait for somebody who waits. `services` is
 * asked once the people are held, since their grants do not change from then on.
 */
export function holding<T>(
  { locks }: Pick<AccessParts, 'locks'>,
  people: readonly number[],
  services: () => readonly number[],
  work: () => Promise<T>,
): Promise<T> {
  return locks.hold(
    people.map(id => `person:${id}`),
    () => locks.hold(services().map(serviceKey), work),
  )
}

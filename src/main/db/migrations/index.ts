import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { steps } from './0002-steps.ts'

export const migrations: readonly Migration[] = [core, steps]

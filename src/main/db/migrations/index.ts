import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { outcomeSums } from './0002-outcome-sums.ts'

export const migrations: readonly Migration[] = [core, outcomeSums]

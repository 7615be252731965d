import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { reportSums } from './0002-report-sums.ts'

export const migrations: readonly Migration[] = [core, reportSums]

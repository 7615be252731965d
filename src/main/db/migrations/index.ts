import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { rights } from './0002-rights.ts'

export const migrations: readonly Migration[] = [core, rights]

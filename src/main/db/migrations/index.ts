import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'

export const migrations: readonly Migration[] = [core]

import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { optOutWords } from './0002-opt-out-words.ts'

export const migrations: readonly Migration[] = [core, optOutWords]

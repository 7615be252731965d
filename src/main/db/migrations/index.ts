import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { talks } from './0002-talks.ts'

export const migrations: readonly Migration[] = [core, talks]

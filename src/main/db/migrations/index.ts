import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { postcodes } from './0002-postcodes.ts'

export const migrations: readonly Migration[] = [core, postcodes]

import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { serviceAccess } from './0002-service-access.ts'

export const migrations: readonly Migration[] = [core, serviceAccess]

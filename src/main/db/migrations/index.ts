import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { serviceAccess } from './0002-service-access.ts'
import { accessLog } from './0003-access-log.ts'
import { personalPage } from './0004-personal-page.ts'

export const migrations: readonly Migration[] = [core, serviceAccess, accessLog, personalPage]

import type { Migration } from '../migrate.ts'
import { core } from './0001-core.ts'
import { logo } from './0002-logo.ts'
import { talks } from './0003-talks.ts'
import { steps } from './0004-steps.ts'
import { rights } from './0005-rights.ts'
import { postcodes } from './0006-postcodes.ts'
import { reportSums } from './0007-report-sums.ts'
import { undo } from './0008-undo.ts'
import { serviceAccess } from './0009-service-access.ts'
import { optOutWords } from './0010-opt-out-words.ts'
import { keywordRules } from './0011-keyword-rules.ts'
import { privacy } from './0012-privacy.ts'
import { ruleConsent } from './0013-rule-consent.ts'
import { pauseReason } from './0014-pause-reason.ts'

export const migrations: readonly Migration[] = [
  core,
  logo,
  talks,
  steps,
  rights,
  postcodes,
  reportSums,
  undo,
  serviceAccess,
  optOutWords,
  keywordRules,
  privacy,
  ruleConsent,
  pauseReason,
]

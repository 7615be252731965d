import type { Reader } from '../../db/database.ts'
import { heardSince, repliedSince, stepTexts, stoppedSince, tagTimes } from '../../db/follow-ups.ts'
import { firstTextAt, type Reactions, type StepText } from '../../domain/follow-ups.ts'

const SILENT: Reactions = { heardAt: null, repliedAt: null, tags: new Map(), stopped: false }

/** The texts of a campaign to a number, and what its person did since the first of them. */
export function reactionsOf(db: Reader, campaignId: number, number: string): { texts: StepText[]; person: Reactions } {
  const texts = stepTexts(db, campaignId, number)
  const since = firstTextAt(texts)
  if (since === null) return { texts, person: SILENT }
  const person = {
    heardAt: heardSince(db, number, since),
    repliedAt: repliedSince(db, number, since),
    tags: tagTimes(db, number),
    stopped: stoppedSince(db, number, since),
  }
  return { texts, person }
}

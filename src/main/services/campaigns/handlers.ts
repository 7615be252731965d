import { Refusal } from '../../../shared/errors.ts'
import type { Campaign } from '../../../shared/operations/campaigns.ts'
import type { InputOf } from '../../../shared/operations/index.ts'
import { repliesTo } from '../../db/campaign-answers.ts'
import {
  beginCampaign,
  type CampaignRow,
  deleteCampaign,
  endCampaign,
  insertCampaign,
  listCampaigns,
  setCampaignState,
  setSchedule,
} from '../../db/campaigns.ts'
import type { Writer } from '../../db/database.ts'
import { wholeRow } from '../../db/undo.ts'
import { type CampaignEvent, changeCampaign } from '../../domain/campaign-states.ts'
import { fullName } from '../../domain/fields.ts'
import { idCursor, nextCursor } from '../cursor.ts'
import type { ChangeContext, HandlersFor } from '../operations/dispatch.ts'
import { noteUndo } from '../undo-note.ts'
import { exportOutcomes, outcomesByReason } from './outcomes.ts'
import { outlookOf } from './outlook.ts'
import { type CampaignParts, wantedCampaign } from './parts.ts'
import { copyName, editCampaign, firstTexts, isSamePlan, refusePast, wantedConsent, wantedSims } from './plan.ts'
import { previewOf } from './preview.ts'
import { progressOf, withProgress } from './progress.ts'
import { resultsOf } from './results.ts'
import { reviewCampaign, startProblems } from './review.ts'
import { sendTest } from './test-message.ts'

type CampaignOperations =
  | 'campaigns.create'
  | 'campaigns.update'
  | 'campaigns.list'
  | 'campaigns.get'
  | 'campaigns.preview'
  | 'campaigns.review'
  | 'campaigns.start'
  | 'campaigns.unschedule'
  | 'campaigns.pause'
  | 'campaigns.resume'
  | 'campaigns.cancel'
  | 'campaigns.duplicate'
  | 'campaigns.delete'
  | 'campaigns.progress'
  | 'campaigns.outlook'
  | 'campaigns.outcomes'
  | 'campaigns.results'
  | 'campaigns.replies'
  | 'campaigns.export'
  | 'campaigns.test'

export function campaignHandlers(parts: CampaignParts): HandlersFor<CampaignOperations> {
  const { db, clock } = parts
  return {
    'campaigns.create': ({ hours, template, variants, ...input }, { actor, commit }) =>
      told(
        parts,
        commit((tx, about) => {
          const plan = {
            ...input,
            ...firstTexts(template, variants, null),
            ...wantedConsent(input, { requireConsent: false, consentKind: null }),
            hours: hours ?? parts.settings.current().hours,
            sims: wantedSims(input.sims, parts),
          }
          refusePast(plan.expiresAt, clock.now())
          const id = insertCampaign(tx, plan, actor, clock.now())
          about('campaign', id)
          return shown(wantedCampaign(tx, id))
        }),
      ),

    'campaigns.update': (input, { commit }) =>
      told(
        parts,
        commit((tx, about) => {
          about('campaign', input.id)
          return shown(editCampaign(tx, wantedCampaign(tx, input.id), input, parts))
        }),
      ),

    'campaigns.list': ({ limit, after, states }) => {
      const rows = listCampaigns(db, states, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      return { items: withProgress(db, rows.map(shown)), next: nextCursor(rows, limit, row => row.id) }
    },

    'campaigns.get': ({ id }) => shown(wantedCampaign(db, id)),

    'campaigns.preview': input => previewOf(db, input),

    'campaigns.review': ({ id }) => reviewCampaign(parts, wantedCampaign(db, id)),

    'campaigns.start': (input, context) => start(parts, input, context),

    'campaigns.unschedule': ({ id }, { commit }) =>
      told(
        parts,
        commit((tx, about) => {
          about('campaign', id)
          move(tx, id, 'unschedule', clock.now())
          setSchedule(tx, id, null, false)
          return shown(wantedCampaign(tx, id))
        }),
      ),

    'campaigns.pause': ({ id }, { commit }) =>
      told(
        parts,
        commit((tx, about) => {
          about('campaign', id)
          move(tx, id, 'pause', clock.now())
          parts.dispatch.takeBack(tx, id, 'queued')
          return shown(wantedCampaign(tx, id))
        }),
      ),

    'campaigns.resume': ({ id }, { commit }) =>
      told(
        parts,
        commit((tx, about) => {
          about('campaign', id)
          move(tx, id, 'resume', clock.now())
          return shown(wantedCampaign(tx, id))
        }),
      ),

    'campaigns.cancel': ({ id }, { commit }) =>
      told(
        parts,
        commit((tx, about) => {
          about('campaign', id)
          move(tx, id, 'cancel', clock.now())
          endCampaign(tx, id, clock.now())
          parts.dispatch.takeBack(tx, id, 'cancelled')
          return shown(wantedCampaign(tx, id))
        }),
      ),

    'campaigns.duplicate': ({ id, name }, { actor, commit }) =>
      told(
        parts,
        commit((tx, about) => {
          const old = wantedCampaign(tx, id)
          const now = clock.now()
          const expiresAt = old.expiresAt !== null && old.expiresAt > now ? old.expiresAt : null
          const made = insertCampaign(tx, { ...old, name: name ?? copyName(old.name), expiresAt }, actor, now)
          about('campaign', id)
          about('campaign', made)
          return shown(wantedCampaign(tx, made))
        }),
      ),

    'campaigns.delete': ({ id }, { actor, commit }) => {
      const undo = commit((tx, about) => {
        const { name, state } = wantedCampaign(tx, id)
        about('campaign', id)
        if (state !== 'draft') {
          throw new Refusal(
            'conflict',
            `Only a draft can be deleted, and this campaign is ${state}. What was sent stays on record.`,
          )
        }
        const before = wholeRow(tx, 'campaigns', id)!
        deleteCampaign(tx, id)
        const change = { kind: 'delete-campaign', subject: id, name, before } as const
        return noteUndo(tx, { ...change, createdBy: actor, createdAt: clock.now() })
      })
      parts.happenings.tell({ type: 'campaign', id })
      return { done: true, undo }
    },

    'campaigns.progress': ({ id }) => progressOf(db, id),

    'campaigns.outlook': ({ id }) => outlookOf(parts, wantedCampaign(db, id)),

    'campaigns.outcomes': ({ id }) => outcomesByReason(db, wantedCampaign(db, id).id),

    'campaigns.results': ({ id }) => resultsOf(db, wantedCampaign(db, id)),

    'campaigns.replies': ({ id, limit, after }) => {
      const rows = repliesTo(db, wantedCampaign(db, id).id, idCursor(after, Number.MAX_SAFE_INTEGER), limit)
      return {
        items: rows.map(({ firstName, lastName, ...row }) => ({ ...row, name: fullName({ firstName, lastName }) })),
        next: nextCursor(rows, limit, row => row.id),
      }
    },

    'campaigns.export': ({ id, path }) => exportOutcomes(db, wantedCampaign(db, id).id, path),

    'campaigns.test': (input, context) => sendTest(parts, input, context),
  }
}

/** Starts now, or at a time to come. What the review calls an error stands against both. */
async function start(
  parts: CampaignParts,
  input: InputOf<'campaigns.start'>,
  context: ChangeContext,
): Promise<Campaign> {
  const { db, clock } = parts
  const { id, at } = input
  const event = at === undefined ? 'start' : 'schedule'
  const campaign = wantedCampaign(db, id)
  refuseIllegal(campaign, event)
  if (input.allowUnproven && context.caller.role !== 'admin') {
    throw new Refusal(
      'forbidden',
      'Only an administrator can agree to send through a phone that cannot prove what it sent.',
    )
  }
  if (at !== undefined && at <= clock.now()) {
    const message = 'This time lies in the past. Choose a later one, or start it now.'
    throw new Refusal('invalid_input', message, { at: message })
  }
  const allowUnproven = input.allowUnproven || campaign.allowUnproven
  const problems = await startProblems(parts, { ...campaign, allowUnproven }, at ?? clock.now())
  if (problems.length > 0) throw new Refusal('review_failed', problems.join(' '))
  return told(
    parts,
    context.commit((tx, about) => {
      about('campaign', id)
      const now = clock.now()
      // The plan may have been changed while it was reviewed.
      if (!isSamePlan(campaign, wantedCampaign(tx, id))) {
        throw new Refusal(
          'conflict',
          'The campaign was changed while it was being started. Look at it and start it again.',
        )
      }
      move(tx, id, event, now)
      setSchedule(tx, id, at ?? null, allowUnproven)
      if (at === undefined) beginCampaign(tx, id, now)
      return shown(wantedCampaign(tx, id))
    }),
  )
}

function move(tx: Writer, id: number, event: CampaignEvent, now: number): void {
  const change = refuseIllegal(wantedCampaign(tx, id), event)
  setCampaignState(tx, id, change.to, now)
}

function refuseIllegal(campaign: CampaignRow, event: CampaignEvent) {
  const change = changeCampaign(campaign.state, event)
  if (!change.ok) throw new Refusal('conflict', change.message)
  return change
}

/** After the commit: whoever waits for a change of this campaign hears of it. */
function told(parts: CampaignParts, campaign: Campaign): Campaign {
  parts.happenings.tell({ type: 'campaign', id: campaign.id })
  parts.background.wake()
  parts.dispatch.wake()
  return campaign
}

function shown(campaign: CampaignRow): Campaign {
  const { fillingAfter: _filling, fittingAfter: _fitting, lastTextAt: _last, sims, variants, steps, ...rest } = campaign
  return { ...rest, variants: [...variants], steps: [...steps], sims: sims === null ? null : [...sims] }
}

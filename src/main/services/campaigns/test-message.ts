import { textCalled, textOf } from '../../../shared/campaign-steps.ts'
import { Refusal } from '../../../shared/errors.ts'
import type { InputOf, OutputOf } from '../../../shared/operations/index.ts'
import { measure } from '../../../shared/sms/segments.ts'
import { parseTemplate, renderTemplate } from '../../../shared/sms/template.ts'
import { type AudienceContact, nextOfAudience } from '../../db/audience.ts'
import type { CampaignRow } from '../../db/campaigns.ts'
import { audienceContactById, contactByNumber } from '../../db/contacts.ts'
import type { Reader } from '../../db/database.ts'
import { queueMessage } from '../../db/messages.ts'
import { suppressionOf } from '../../db/suppression.ts'
import { templateValues } from '../../domain/fields.ts'
import type { ChangeContext } from '../operations/dispatch.ts'
import { chosenLanes } from './lanes.ts'
import { type CampaignParts, wantedCampaign } from './parts.ts'
import { problemText } from './preview.ts'

/** How long a test is good, in ms: one that comes hours later helps nobody, and might come at night. */
export const TEST_MS = 3_600_000

/** Queues one message of a campaign to the operator's own number, as one contact would get it. Its number is exempt from hours. */
export function sendTest(
  parts: CampaignParts,
  input: InputOf<'campaigns.test'>,
  { actor, commit }: ChangeContext,
): OutputOf<'campaigns.test'> {
  const sent = commit((tx, about) => {
    const campaign = wantedCampaign(tx, input.id)
    const text = textFor(wantedText(campaign, input), contactFor(tx, campaign, input.contactId))
    const simId = laneFor(parts, campaign)
    if (suppressionOf(tx, input.number, parts.numberHash.of(input.number))) {
      throw new Refusal(
        'conflict',
        `${input.number} is on the suppression list. Text START from it, or take it off the list, and test again.`,
      )
    }
    const now = parts.clock.now()
    const messageId = parts.ids.next()
    const { segments } = measure(text)
    about('campaign', campaign.id)
    about('message', messageId)
    queueMessage(
      tx,
      {
        id: messageId,
        kind: 'test',
        number: input.number,
        contactId: contactByNumber(tx, input.number)?.id ?? null,
        body: text,
        segments,
        simId,
        zones: '',
        dueAt: now,
        expiresAt: now + TEST_MS,
        causeId: null,
        repeats: null,
        campaignId: null,
        createdBy: actor,
      },
      now,
    )
    return { messageId, text, segments }
  })
  parts.dispatch.wake()
  return sent
}

function contactFor(db: Reader, campaign: CampaignRow, contactId: number | undefined): AudienceContact {
  if (contactId !== undefined) {
    const contact = audienceContactById(db, contactId)
    if (!contact) throw new Refusal('not_found', `There is no contact ${contactId}.`)
    return contact
  }
  const [first] = nextOfAudience(db, campaign.audience, 0, 1)
  if (!first) {
    throw new Refusal(
      'conflict',
      'Nobody is in the audience of this campaign. Choose a contact to render the test for.',
    )
  }
  return first
}

/** The first text, or that of a variant or follow-up. */
function wantedText(campaign: CampaignRow, { step, variant }: InputOf<'campaigns.test'>): string {
  const template = textCalled(campaign, step, variant)
  if (template === undefined) {
    const what = textOf(campaign, step, 0) === undefined ? `follow-up ${step}` : `variant "${variant}"`
    throw new Refusal('not_found', `This campaign has no ${what}.`)
  }
  return template
}

function textFor(template: string, contact: AudienceContact): string {
  const parsed = parseTemplate(template)
  if (!parsed.ok) throw new Refusal('conflict', `The template cannot be used. ${problemText(parsed.error)}`)
  const rendered = renderTemplate(parsed.template, templateValues(contact))
  if (!rendered.ok) throw new Refusal('conflict', `${rendered.message} Mend the template, or choose another contact.`)
  return rendered.text
}

/** One of the campaign's own lanes, so that the test shows what the campaign will do; null: any. */
function laneFor(parts: CampaignParts, campaign: CampaignRow): number | null {
  const lanes = chosenLanes(campaign, parts.phones.lanes())
  if (lanes.length === 0) {
    throw new Refusal(
      'conflict',
      'No phone can send this campaign. Pair one, or switch a SIM of it on, and test again.',
    )
  }
  if (campaign.sims === null) return null
  return (lanes.find(lane => lane.connected) ?? lanes[0]!).simId
}

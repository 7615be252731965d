import type { Command } from 'commander'
import { textCalled } from '../../shared/campaign-steps.ts'
import type { Review } from '../../shared/operations/campaigns.ts'
import type { OutputOf } from '../../shared/operations/index.ts'
import { templateOf } from './campaign-options.ts'
import { daysText } from './campaign-progress.ts'
import { withSession } from './command.ts'
import { EXIT, UsageError } from './exit.ts'
import { type AudienceOptions, aCount, anId, audienceOf, hasAudience, withAudience } from './options.ts'
import { clean, counted, span, when } from './print.ts'

interface PreviewOptions extends AudienceOptions {
  readonly template?: string
  readonly templateFile?: string
  readonly contact?: number
  readonly contacts: number
  readonly step: number
  readonly variant?: string
}

export function addCampaignReview(campaigns: Command): void {
  const preview = campaigns
    .command('preview')
    .description('how it reads for some of the people, with encoding and segments')
    .argument('[campaign]', 'its id; without one give --template', anId)
    .option('--template <text>', 'try this text instead')
    .option('--template-file <file>', 'the text from a file')
    .option('--contact <id>', 'for this contact', anId)
    .option('--contacts <n>', 'for so many contacts', aCount(1, 20), 3)
    .option('--step <n>', 'this follow-up instead of the first text', aCount(1, 8), 0)
    .option('--variant <label>', 'this variant of the first text')
  withAudience(preview).action(
    withSession<[number | undefined], PreviewOptions>(async (session, [id], options) => {
      const campaign = id === undefined ? null : await session.do('campaigns.get', { id })
      const { step, variant } = options
      const template = templateOf(options) ?? (campaign ? textCalled(campaign, step, variant) : undefined)
      if (template === undefined && campaign) throw new UsageError('This campaign has no such follow-up or variant.')
      if (template === undefined) throw new UsageError('Give the id of a campaign, or a text with --template.')
      const data = await session.do('campaigns.preview', {
        template,
        audience: campaign && !hasAudience(options) ? campaign.audience : audienceOf(options),
        contacts: options.contacts,
        ...(options.contact && { contactId: options.contact }),
      })
      const good = data.unknownFields.length === 0 && data.previews.every(one => one.ok)
      return { data, text: () => previewText(data), exit: good ? EXIT.ok : EXIT.failed }
    }),
  )
  campaigns
    .command('review')
    .description('how many texts, who is left out and why, how long it takes; ends with 1 while it cannot start')
    .argument('<campaign>', 'its id', anId)
    .action(
      withSession<[number]>(async (session, [id]) => {
        const review = await session.do('campaigns.review', { id })
        return { data: review, text: () => reviewText(review), exit: review.startable ? EXIT.ok : EXIT.failed }
      }),
    )
}

function previewText({ previews, unknownFields, replaced }: OutputOf<'campaigns.preview'>): string {
  const lines = previews.flatMap(one => {
    const who = one.contact
      ? `${one.contact.name || one.contact.number} (contact ${one.contact.id})`
      : 'Nobody in particular'
    if (!one.ok) return [`${clean(who)}: ${one.error}`]
    const forcing = one.forcing.map(
      ({ char, suggestion }) => `${char}${suggestion === null ? '' : ` (instead: ${suggestion})`}`,
    )
    return [
      clean(who),
      `  ${clean(one.text)}`,
      `  ${one.encoding}, ${counted(one.segments, 'segment')}, room for ${one.unitsLeft} more`,
      ...(forcing.length > 0 ? [`  These characters make it longer: ${forcing.join(', ')}`] : []),
    ]
  })
  if (unknownFields.length > 0)
    lines.push(`No contact has: ${unknownFields.join(', ')}. See: campaign-connector contacts fields`)
  if (replaced !== null) lines.push(`With plain quotes and dashes instead: ${clean(replaced)}`)
  return lines.join('\n')
}

function reviewText(review: Review): string {
  const lines = [
    `${counted(review.messages, 'message')} to ${counted(review.audience, 'contact')}, ${counted(review.segments, 'segment')}`,
    ...review.bySegments.map(
      ([segments, messages]) => `  ${counted(messages, 'message')} of ${counted(segments, 'segment')}`,
    ),
    ...(review.ucs2 > 0 ? [`  ${counted(review.ucs2, 'message')} in UCS-2, where a segment holds 70 characters`] : []),
    ...review.leftOut
      .filter(entry => entry.contacts > 0)
      .map(entry => `Left out: ${entry.contacts.toLocaleString('en-US')}. ${entry.message}`),
  ]
  for (const { label, share, messages, segments } of review.variants)
    lines.push(`Variant ${label} (${share}%): ${counted(messages, 'message')}, ${counted(segments, 'segment')}`)
  if (review.durationMs !== null && review.endsAt !== null) {
    lines.push(`It takes about ${span(review.durationMs)} and would end ${when(review.endsAt)}; ${review.limitedBy}`)
  } else if (review.limitedBy !== '') lines.push(review.limitedBy)
  lines.push(...daysText(review.perDay))
  for (const { message, beginsAt, endsAt } of review.steps) {
    const end = endsAt === null ? '' : `, the last about ${when(endsAt)}`
    lines.push(beginsAt === null ? message : `${message} The first at ${when(beginsAt)} at the soonest${end}.`)
  }
  for (const { level, message } of review.findings)
    lines.push(`${level === 'error' ? 'ERROR  ' : 'warning'}  ${message}`)
  lines.push(review.startable ? 'It can start.' : 'It cannot start before the errors are mended.')
  return lines.join('\n')
}

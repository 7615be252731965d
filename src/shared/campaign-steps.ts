import type { Step, Variant } from './operations/campaigns.ts'

/** What of a campaign says which texts there are. */
export interface CampaignTexts {
  readonly template: string
  readonly variants: readonly Variant[]
  readonly steps: readonly Step[]
}

/** The template of a first text (step 0; `variant` is its place among the variants) or of a follow-up; undefined: none. */
export function textOf(
  { template, variants, steps }: CampaignTexts,
  step: number,
  variant: number,
): string | undefined {
  if (step > 0) return steps[step - 1]?.template
  return variants.length === 0 ? template : variants[variant]?.template
}

/** The same by the label of the variant, whose case does not matter; without one that of the first. */
export function textCalled(campaign: CampaignTexts, step: number, label: string | undefined): string | undefined {
  const wanted = label?.toLowerCase()
  const place =
    wanted === undefined ? 0 : campaign.variants.findIndex(variant => variant.label.toLowerCase() === wanted)
  return place < 0 ? undefined : textOf(campaign, step, place)
}

/** Every template of a campaign with what it is called where there are several. */
export function namedTexts(campaign: CampaignTexts): { name: string; template: string }[] {
  const { template, variants, steps } = campaign
  const first =
    variants.length === 0
      ? [{ name: steps.length === 0 ? '' : 'First text', template }]
      : variants.map(one => ({ name: `Variant ${one.label}`, template: one.template }))
  return [...first, ...steps.map((step, at) => ({ name: `Follow-up ${at + 1}`, template: step.template }))]
}

/** When a follow-up goes, in words: `3 days without a reply`, `2 hours after a reply`, `after the tag "hot"`. */
export function stepText(step: Step): string {
  const delay = delayText(step.delayHours)
  if (step.condition === 'no_reply') return `${delay} without a reply`
  const event = step.condition === 'reply' ? 'after a reply' : `after the tag "${step.tag}"`
  return delay === '' ? event : `${delay} ${event}`
}

/** `3 days`, `36 hours`; empty for none. */
export function delayText(hours: number): string {
  if (hours === 0) return ''
  const [count, unit] = hours % 24 === 0 ? [hours / 24, 'day'] : [hours, 'hour']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

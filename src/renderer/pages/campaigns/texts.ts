import type { Step, Variant } from '../../../shared/operations/campaigns.ts'

/** A first text as the editor has it. The label of the only one is not shown. */
export interface VariantDraft {
  /** Stays the same while the list changes. */
  readonly key: number
  readonly label: string
  /** Percent, as the field has it. */
  readonly share: string
  readonly template: string
}

export type Condition = Step['condition']

/** A follow-up as the editor has it. */
export interface StepDraft {
  readonly key: number
  readonly condition: Condition
  readonly tag: string
  /** A whole number, as the field has it. */
  readonly delay: string
  readonly unit: 'hours' | 'days'
  readonly template: string
}

export const MOST_VARIANTS = 5
export const MOST_STEPS = 8
const MOST_HOURS = 2160

let made = 0

/** A key that no other item of this page has. */
function nextKey(): number {
  made += 1
  return made
}

export function variantDrafts(template: string, variants: readonly Variant[]): VariantDraft[] {
  if (variants.length === 0) return [{ key: nextKey(), label: 'A', share: '100', template }]
  return variants.map(one => ({ ...one, key: nextKey(), share: String(one.share) }))
}

export function stepDrafts(steps: readonly Step[]): StepDraft[] {
  return steps.map(step => {
    const isDays = step.delayHours > 0 && step.delayHours % 24 === 0
    return {
      key: nextKey(),
      condition: step.condition,
      tag: step.condition === 'tag' ? step.tag : '',
      delay: String(isDays ? step.delayHours / 24 : step.delayHours),
      unit: isDays ? 'days' : 'hours',
      template: step.template,
    }
  })
}

/** With one more, which starts as the last one; all get an equal share. */
export function withVariant(variants: readonly VariantDraft[]): VariantDraft[] {
  const taken = new Set(variants.map(one => one.label))
  const label = [...'ABCDEFGH'].find(letter => !taken.has(letter)) ?? String(variants.length + 1)
  return shared([...variants, { key: nextKey(), label, share: '', template: variants.at(-1)?.template ?? '' }])
}

export function withoutVariant(variants: readonly VariantDraft[], key: number): VariantDraft[] {
  return shared(variants.filter(one => one.key !== key))
}

/** Equal shares that add up to 100. */
function shared(variants: readonly VariantDraft[]): VariantDraft[] {
  const each = Math.floor(100 / variants.length)
  const rest = 100 - each * variants.length
  return variants.map((one, at) => ({ ...one, share: String(at < rest ? each + 1 : each) }))
}

export function newStep(): StepDraft {
  return { key: nextKey(), condition: 'no_reply', tag: '', delay: '3', unit: 'days', template: '' }
}

/** What is wrong with the variants, by the key of each and for all of them; empty when they can be saved. */
export function variantProblems(variants: readonly VariantDraft[]): { all?: string; [key: number]: string } {
  const problems: { all?: string; [key: number]: string } = {}
  for (const { key, label, template } of variants) {
    if (template.trim() === '') problems[key] = 'Write the message.'
    else if (variants.length > 1 && label.trim() === '') problems[key] = 'Give this variant a label.'
  }
  if (variants.length < 2) return problems
  const shares = variants.map(one => wholeOf(one.share))
  const sum = shares.reduce<number>((all, share) => all + (share ?? 0), 0)
  const labels = new Set(variants.map(one => one.label.trim().toLowerCase()))
  if (shares.some(share => share === null || share < 1)) problems.all = 'Each variant needs a share of 1% or more.'
  else if (sum !== 100) problems.all = `The shares add up to ${sum}%, and must add up to 100%.`
  else if (labels.size < variants.length) problems.all = 'Each variant needs a label of its own.'
  return problems
}

/** What is wrong with the follow-ups, by the key of each. */
export function stepProblems(steps: readonly StepDraft[]): { [key: number]: string } {
  const problems: { [key: number]: string } = {}
  for (const step of steps) {
    const hours = hoursOf(step)
    if (hours === null || hours > MOST_HOURS)
      problems[step.key] = 'Wait a whole number of hours or days, 90 days at most.'
    else if (step.condition === 'no_reply' && hours === 0) problems[step.key] = 'Say after how long without a reply.'
    else if (step.condition === 'tag' && step.tag.trim() === '') problems[step.key] = 'Say after which tag.'
    else if (step.template.trim() === '') problems[step.key] = 'Write the message.'
  }
  return problems
}

/** As the hub takes them. Only for variants and steps without problems. */
export function variantsOf(variants: readonly VariantDraft[]): Variant[] {
  if (variants.length < 2) return []
  return variants.map(({ label, share, template }) => ({ label: label.trim(), share: Number(share), template }))
}

export function stepsOf(steps: readonly StepDraft[]): Step[] {
  return steps.map(step => {
    const { condition, template } = step
    const delayHours = hoursOf(step) ?? 0
    return condition === 'tag'
      ? { condition, tag: step.tag.trim(), delayHours, template }
      : { condition, delayHours, template }
  })
}

function hoursOf({ delay, unit }: StepDraft): number | null {
  const count = wholeOf(delay)
  return count === null ? null : count * (unit === 'days' ? 24 : 1)
}

function wholeOf(text: string): number | null {
  return /^\d{1,4}$/.test(text.trim()) ? Number(text) : null
}

import { stepText } from '../../../shared/campaign-steps.ts'
import type { Goal, Results } from '../../../shared/operations/campaigns.ts'
import type { CampaignRow } from '../../db/campaigns.ts'
import type { Reader } from '../../db/database.ts'
import { type StepCount, stepCounts } from '../../db/follow-ups.ts'
import { type Comparison, compare, interval, type Sample } from '../../domain/proportions.ts'

type Step = Results['steps'][number]
type Variant = Step['variants'][number]

/** What came of each text, side by side. Reads counters, so it costs the same for ten messages and for a million. */
export function resultsOf(db: Reader, campaign: CampaignRow): Results {
  const counts = stepCounts(db, campaign.id)
  const { goal, steps, state } = campaign
  const isOpen = state === 'running' || state === 'paused'
  const labels = campaign.variants.length === 0 ? [''] : campaign.variants.map(variant => variant.label)
  return {
    goal,
    steps: ['the first text', ...steps.map(stepText)].map((about, step): Step => {
      const variants = labels.map((label, variant) =>
        variantOf(
          label,
          counts.filter(count => count.step === step && count.variant === variant),
        ),
      )
      return { step, about, variants, verdict: labels.length < 2 ? null : verdictOf(variants, goal, isOpen) }
    }),
  }
}

function variantOf(label: string, counts: readonly StepCount[]): Variant {
  const sum = (of: (count: StepCount) => number): number => counts.reduce((all, count) => all + of(count), 0)
  const trials = sum(count => count.messages)
  return {
    label,
    sent: counts.find(count => count.state === 'sent')?.messages ?? 0,
    unknown: counts.find(count => count.state === 'unknown')?.messages ?? 0,
    replies: rateOf({ hits: sum(count => count.answered), trials }),
    optOuts: rateOf({ hits: sum(count => count.stopped), trials }),
  }
}

function rateOf(sample: Sample): Variant['replies'] {
  const { hits, trials } = sample
  return { people: hits, rate: trials === 0 ? null : hits / trials, interval: interval(sample) }
}

function verdictOf(variants: readonly Variant[], goal: Goal, isOpen: boolean): NonNullable<Step['verdict']> {
  const samples = variants.map(({ sent, unknown, replies, optOuts }) => ({
    hits: (goal === 'replies' ? replies : optOuts).people,
    trials: sent + unknown,
  }))
  const said = compare(samples, goal === 'replies' ? 'many' : 'few')
  return {
    kind: said.kind,
    best: said.kind === 'difference' ? variants[said.best]!.label : null,
    p: said.kind === 'too_few' ? null : said.p,
    sentence: sentenceOf(said, variants, samples, goal) + (isOpen && said.kind !== 'too_few' ? SO_FAR : ''),
  }
}

const SO_FAR = ' This is how it stands so far: decide once the campaign is over.'

function sentenceOf(said: Comparison, variants: readonly Variant[], samples: readonly Sample[], goal: Goal): string {
  const what = goal === 'replies' ? 'replies' : 'opt-outs'
  if (said.kind === 'too_few') return `Too few to say: each variant needs about five ${what} or more.`
  if (said.kind === 'chance') return `The difference in ${what} is probably chance.`
  const share = (place: number): string => percent(samples[place]!)
  const others = said.worse.map(place => `${variants[place]!.label} (${share(place)})`)
  const rest = variants.filter((_, place) => place !== said.best && !said.worse.includes(place)).map(one => one.label)
  const better = goal === 'replies' ? 'got more replies' : 'led to fewer opt-outs'
  return (
    `${variants[said.best]!.label} (${share(said.best)}) ${better} than ${list(others)}, and that is probably not chance.` +
    (rest.length === 0 ? '' : ` Against ${list(rest)} nothing can be said.`)
  )
}

function percent({ hits, trials }: Sample): string {
  return `${((hits / trials) * 100).toFixed(1)}%`
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

import { Random } from './random.ts'

/** A campaign of the run: which contacts (by their tag) get which text. */
export interface PlannedCampaign {
  readonly name: string
  readonly tag: string
  readonly template: string
  readonly phase: number
}

export interface Workload {
  readonly campaigns: readonly PlannedCampaign[]
  /** The list of contacts, with the tags of their campaigns. */
  readonly csv: string
  /** Numbers that get the same text twice, by two campaigns. */
  readonly twins: readonly string[]
  readonly knows: (number: string) => boolean
  /** What a campaign (by name) says to a number. */
  readonly textTo: (campaign: string, number: string) => string
}

const NAMES = [
  'Ada',
  'Bjørn',
  'Chloé',
  'Dmitri',
  'Éloïse',
  'Femi',
  'Grace',
  'Hanna',
  'Iván',
  'Jürgen',
  'Kay',
  'Łucja',
  'Mia',
  'Zoë',
]
/** Texts that phones rewrite: two segments, letters of two code points, double spaces, other alphabets, emojis. */
const NOTES = [
  '',
  '',
  'See you soon.',
  'Bring  two  friends.',
  'Cafe\u0301 at nine\u00a0sharp.',
  'Привет из города',
  'Free cake 🎂 for all.',
  'We open at nine in the morning and close at six in the evening on every day of the week, and on the last Friday of each month we stay open until midnight.',
]
const PLACES = ['415', '212', '312', '617', '206', '303', '404', '512']

/**
 * People and campaigns for so many messages: in each phase one campaign to a part of them, so that most are in several,
 * and two campaigns of the first phase with one and the same text to a few.
 */
export function makeWorkload(messages: number, phases: number, seed: number): Workload {
  const random = Random.of(seed, 'people')
  const twinCount = Math.max(4, Math.round(messages * 0.02))
  const perPhase = Math.ceil((messages - 2 * twinCount) / phases)
  const people = numbers(Math.round(perPhase * 1.25), random)
  const tags = new Map<string, string[]>(people.map(number => [number, []]))
  const campaigns: PlannedCampaign[] = []
  for (let phase = 0; phase < phases; phase += 1) {
    const name = `Campaign ${phase + 1}`
    const template = `{{ first_name | default: "Hello" }}, this is news ${phase + 1} of seed ${seed}. {{ note | default: "" }}`
    campaigns.push({ name, tag: `phase-${phase}`, template, phase })
    for (const number of random.shuffled(people).slice(0, perPhase)) tags.get(number)!.push(`phase-${phase}`)
  }
  const twins = random.shuffled(people).slice(0, twinCount)
  for (const number of twins) tags.get(number)!.push('twins')
  for (const which of ['one', 'two']) {
    campaigns.push({ name: `Twin ${which}`, tag: 'twins', template: 'The very same words for everybody.', phase: 0 })
  }
  const known = new Map(people.map(number => [number, { name: random.pick(NAMES), note: random.pick(NOTES) }]))
  const rows = people.map(number => {
    const { name, note } = known.get(number)!
    return [number, name, note, tags.get(number)!.join(';')].map(cell => `"${cell}"`).join(',')
  })
  return {
    campaigns,
    csv: `phone,first_name,note,tags\n${rows.join('\n')}\n`,
    twins,
    knows: number => known.has(number),
    textTo: (campaign, number) => {
      const { name, note } = known.get(number)!
      const { template } = campaigns.find(one => one.name === campaign)!
      return template.replace(/\{\{ (\w+) .*?\}\}/g, (_all, field) => (field === 'note' ? note : name))
    },
  }
}

/** Numbers that libphonenumber takes for real ones, no two with the same last seven digits. */
function numbers(count: number, random: Random): string[] {
  const ends = new Set<string>()
  const found: string[] = []
  while (found.length < count) {
    const end = `${random.int(220, 989)}${String(random.int(0, 9999)).padStart(4, '0')}`
    // Exchanges that end in 11 are services.
    if (ends.has(end) || end.startsWith('555') || end.slice(1, 3) === '11') continue
    ends.add(end)
    found.push(`+1${random.pick(PLACES)}${end}`)
  }
  return found
}

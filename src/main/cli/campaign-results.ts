import type { Command } from 'commander'
import type { Results } from '../../shared/operations/campaigns.ts'
import { withSession } from './command.ts'
import { anId } from './options.ts'
import { table } from './print.ts'

export function addCampaignResults(campaigns: Command): void {
  campaigns
    .command('results')
    .description('replies and opt-outs of each text side by side, and whether a difference means anything')
    .argument('<campaign>', 'its id', anId)
    .action(
      withSession<[number]>(async (session, [id]) => {
        const results = await session.do('campaigns.results', { id })
        return { data: results, text: () => resultsText(results) }
      }),
    )
}

function resultsText({ steps }: Results): string {
  const rows = steps.flatMap(({ step, variants }) =>
    variants.map(({ label, sent, unknown, replies, optOuts }) => [
      step === 0 ? 'first text' : `follow-up ${step}`,
      label,
      sent,
      unknown,
      share(replies),
      share(optOuts),
    ]),
  )
  const notes = steps.flatMap(({ step, about, verdict }) => [
    ...(step === 0 ? [] : [`Follow-up ${step}: ${about}.`]),
    ...(verdict === null ? [] : [`${step === 0 ? 'First text' : `Follow-up ${step}`}: ${verdict.sentence}`]),
  ])
  return [table(['text', 'variant', 'sent', 'unknown', 'replies', 'opt-outs'], rows), ...notes].join('\n')
}

/** Such as "30 (7.5%, 5.3 to 10.5)": how many, their rate, and where the true one lies. */
function share({ people, rate, interval }: Results['steps'][number]['variants'][number]['replies']): string {
  if (rate === null || interval === null) return String(people)
  const [from, to] = interval.map(bound => (bound * 100).toFixed(1))
  return `${people} (${(rate * 100).toFixed(1)}%, ${from} to ${to})`
}

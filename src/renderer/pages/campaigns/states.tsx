import { Progress, Tooltip } from '@mantine/core'
import type { CampaignState } from '../../../shared/operations/campaigns.ts'
import type { MessageState } from '../../../shared/operations/messages.ts'
import { Pill, type Tone } from '../../components/pill.tsx'
import { figure } from '../../lib/times.ts'

const LOOK: Readonly<Record<CampaignState, Tone>> = {
  draft: 'quiet',
  scheduled: 'busy',
  running: 'busy',
  paused: 'wait',
  completed: 'good',
  cancelled: 'quiet',
}

export function CampaignPill({ state }: { readonly state: CampaignState }) {
  return <Pill tone={LOOK[state]}>{state}</Pill>
}

/** What people call the states of a message, and what each means. */
export const MESSAGE_WORDS: Readonly<Record<MessageState, { readonly label: string; readonly about: string }>> = {
  queued: { label: 'Waiting', about: 'Its turn has not come.' },
  assigned: { label: 'With a phone', about: 'Given to a phone, which has not confirmed it.' },
  accepted: { label: 'On a phone', about: 'A phone holds it and has not tried it.' },
  attempting: { label: 'Being sent', about: 'The phone is sending it right now.' },
  handed_over: { label: 'Handed to Android', about: 'Android took it; the proof is awaited.' },
  sent: { label: 'Sent', about: 'The phone shows it as sent. Whether it arrived, nobody is told.' },
  unknown: { label: 'Unknown', about: 'There is no proof either way. It is never sent again by itself.' },
  suppressed: { label: 'Held back', about: 'The number opted out before its turn came.' },
  expired: { label: 'Expired', about: 'Its time was over before it could be sent.' },
  cancelled: {
    label: 'Cancelled',
    about: 'It was ended before its turn came: with its campaign, or since it is not needed any more.',
  },
  failed: { label: 'Failed', about: 'It could not be made or addressed.' },
}

const TONES: Partial<Record<MessageState, Tone>> = { sent: 'good', unknown: 'wait', failed: 'bad' }
const ON_ITS_WAY: ReadonlySet<MessageState> = new Set(['assigned', 'accepted', 'attempting', 'handed_over'])

const COLOURS: Readonly<Record<MessageState, string>> = {
  queued: 'gray',
  assigned: 'ink.3',
  accepted: 'ink.4',
  attempting: 'ink.5',
  handed_over: 'ink.6',
  sent: 'teal',
  unknown: 'orange',
  suppressed: 'violet',
  expired: 'gray.6',
  cancelled: 'gray.6',
  failed: 'red',
}

export function MessagePill({ state }: { readonly state: MessageState }) {
  const { label, about } = MESSAGE_WORDS[state]
  return (
    <Tooltip label={about} multiline maw={280}>
      <span>
        <Pill tone={TONES[state] ?? (ON_ITS_WAY.has(state) ? 'busy' : 'quiet')}>{label}</Pill>
      </span>
    </Tooltip>
  )
}

/** What is drawn of the messages: the ends first, then what is on its way; the rest is still waiting. */
const DRAWN: readonly MessageState[] = [
  ...(['sent', 'unknown', 'failed', 'suppressed', 'expired', 'cancelled'] as const),
  ...(['handed_over', 'attempting', 'accepted', 'assigned'] as const),
]

/** How the messages of a campaign stand, as shares of one bar. */
export function StatesBar({
  states,
  messages,
}: {
  readonly states: Readonly<Record<MessageState, number>>
  readonly messages: number
}) {
  const shown = DRAWN.filter(state => states[state] > 0)
  return (
    <Progress.Root size="lg" role="group" aria-label="How the messages stand">
      {shown.map(state => {
        const label = `${MESSAGE_WORDS[state].label}: ${figure(states[state])}`
        return (
          <Tooltip key={state} label={label}>
            <Progress.Section value={(states[state] / messages) * 100} color={COLOURS[state]} aria-label={label} />
          </Tooltip>
        )
      })}
    </Progress.Root>
  )
}

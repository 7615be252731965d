import type { Stopped } from '../../../shared/operations/suppression.ts'
import { counted } from '../../lib/times.ts'

/** What became of messages that were waiting for suppressed numbers, as sentences; empty where there were none. */
export function stoppedText({ queued, assigned, accepted, underway }: Stopped): string {
  const messages = (count: number): string => counted(count, 'message')
  const parts = [
    queued > 0 && `${messages(queued)} that waited will not be sent.`,
    assigned + accepted > 0 && `${messages(assigned + accepted)} on phones are being taken back.`,
    underway > 0 && `${messages(underway)} were being sent already, which nothing can stop.`,
  ]
  return parts.filter(part => part !== false).join(' ')
}

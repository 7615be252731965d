import type { Assign, Entry } from '../../src/shared/phone-protocol.ts'
import type { NewLine } from './journal-lines.ts'
import type { AgentState, Message } from './state.ts'

type Attempted = 'attempting' | 'handed_over' | 'sent' | 'unknown'

/** What to journal when the hub gives a message to this phone. Empty: the journal already tells all there is to say. */
export function onAssign(state: AgentState, command: Assign): NewLine[] {
  const message = state.messages.get(command.id)
  const accepted: NewLine = {
    entry: { type: 'accepted', id: command.id, assignment: command.assignment },
    local: { command },
  }
  if (!message) return [accepted]
  // The same or an earlier assignment: denied, returned, accepted or attempted, and its entry says which.
  if (command.assignment <= message.assignment) return []
  if (message.attempted > 0) return [{ entry: attemptedBefore(message, command.assignment) }]
  if (message.phase !== 'accepted') return [accepted]
  return [returned(message), accepted]
}

/** What to journal when the hub takes an assignment back. Its answer is final. */
export function onRecall(state: AgentState, id: string, assignment: number): NewLine[] {
  const message = state.messages.get(id)
  if (!message || assignment > message.assignment) {
    if (message && message.attempted > 0) return [{ entry: attemptedBefore(message, assignment) }]
    // A higher assignment replaces the one that is held, which must not be attempted after this either.
    const held = message?.phase === 'accepted' ? [returned(message)] : []
    return [...held, { entry: { type: 'denied', id, assignment } }]
  }
  if (message.phase === 'accepted' && assignment === message.assignment) return [returned(message)]
  return []
}

function returned(message: Message): NewLine {
  return { entry: { type: 'returned', id: message.id, assignment: message.assignment, reason: 'recalled' } }
}

function attemptedBefore(message: Message, assignment: number): Entry {
  return {
    type: 'attempted_before',
    id: message.id,
    assignment,
    attempted: message.attempted,
    outcome: message.phase as Attempted,
  }
}

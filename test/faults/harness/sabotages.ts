import type { Sabotage } from './copy.ts'

/** Each of these must be caught by a run. They are applied to a copy, never to the project. */
export const SABOTAGES: Readonly<Record<string, Sabotage>> = {
  'skip-journal-sync': {
    about: 'the agent writes its journal and does not sync it',
    patches: [
      {
        file: 'phone-agent/src/journal.ts',
        from: 'await this.#files.sync(this.#fd)',
        to: 'await Promise.resolve()',
      },
    ],
  },
  'resend-on-timeout': {
    about: 'a termux-sms-send that hangs counts as not sent, and is tried again',
    patches: [
      {
        file: 'phone-agent/src/lane.ts',
        from: "if (result.kind === 'unknown') {",
        to:
          "if (result.kind === 'unknown') {\n" +
          "      await core.recordOrLater([this.#refused(message, { reason: 'command_error', detail: 'timeout' }, true)])\n" +
          "    } else if (String(result.kind) === 'never') {",
      },
    ],
  },
  'acknowledge-before-commit': {
    about: 'the hub acknowledges entries before they are stored',
    patches: [
      {
        file: 'src/main/services/dispatch/service.ts',
        from: 'acknowledge(db, phone.id, seq, hash)\n',
        to: 'live.connection.ack(seq)\n      acknowledge(db, phone.id, seq, hash)\n',
      },
    ],
  },
  'drop-opt-out-check': {
    about: 'nobody looks for an opt-out when a message is assigned',
    patches: [
      {
        file: 'src/main/services/dispatch/assign.ts',
        from: "if (message.kind !== 'confirmation' && suppressionOf(",
        to: "if (message.kind === 'confirmation' && suppressionOf(",
      },
    ],
  },
  'believe-an-empty-journal': {
    about: 'a phone that comes with another journal is let in, and what it held counts as not attempted',
    patches: [
      {
        file: 'src/main/services/phones/service.ts',
        from: 'loseMemory(tx, heldByPhone(tx, phoneId), reason, at, log)\n',
        to:
          "for (const held of heldByPhone(tx, phoneId)) moveMessage(tx, held.id, 'queued', '', at)\n" +
          '      noteJournalProblem(tx, phoneId, problem, offered)\n' +
          '      adoptJournal(tx, phoneId)\n' +
          '      if (reason) return\n',
      },
      {
        file: 'src/main/services/phones/service.ts',
        from: 'import { heldByPhone, laneLoad, loseQueuedOfPhone } ',
        to: 'import { heldByPhone, laneLoad, loseQueuedOfPhone, moveMessage } ',
      },
    ],
  },
  'one-row-proves-all': {
    about: 'a row with the number and the body proves every message with them',
    patches: [
      {
        file: 'phone-agent/src/proof.ts',
        from: 'byKey.get(claimant.key)?.filter(row => !used.has(row) && isNewer(row, claimant.baseline)) ?? []',
        to: 'byKey.get(claimant.key) ?? []',
      },
      {
        file: 'phone-agent/src/proof.ts',
        from: 'rows.filter(row => !isClaimed(row))',
        to: 'rows.filter(row => !isClaimed(row) || row.id > 0)',
      },
    ],
  },
  'forget-the-lease': {
    about: 'the agent goes on without a lease',
    patches: [
      {
        file: 'phone-agent/src/core.ts',
        from: 'return leaseLeft(grant, this.instant())',
        to: 'return Math.max(60_000, leaseLeft(grant, this.instant()))',
      },
    ],
  },
  'keep-the-erased': {
    about: 'the agent says that it has taken a person out of its journal, and has not',
    patches: [
      {
        file: 'phone-agent/src/erase.ts',
        from: 'const { left } = await journal.change(this.#acked, person)',
        to: 'const { left } = await journal.change(0, person).then(() => ({ left: 0 }))',
      },
    ],
  },
}

import type { LaneHalt } from '../../../shared/phone-protocol.ts'

/** Why a SIM does not send at the moment, and what the operator does about it. */
export const HALTS: Readonly<
  Record<LaneHalt, { readonly what: string; readonly fix: string; readonly mend: boolean }>
> = {
  gate: {
    what: 'Waiting: its limits are used up for now',
    fix: 'It goes on by itself.',
    mend: false,
  },
  no_proof: {
    what: 'Stopped: two texts in a row left no proof',
    fix: 'Look at the phone: does its messages app show them as sent, has it signal and credit? Then let it go on.',
    mend: true,
  },
  refused: {
    what: 'Stopped: the phone refused to send',
    fix: 'Look at the phone, then let it go on.',
    mend: true,
  },
  permission: {
    what: 'Stopped: Termux:API may not send texts',
    fix: 'On the phone: Settings, Apps, Termux:API, Permissions, allow SMS. Then let it go on.',
    mend: true,
  },
  sim_swapped: {
    what: 'Stopped: there is another SIM in this slot',
    fix: 'Check its limits below, then let it go on.',
    mend: true,
  },
  sim_missing: { what: 'Stopped: there is no SIM in this slot', fix: 'Put the SIM back.', mend: false },
  store_unreadable: {
    what: 'Stopped: the list of texts cannot be read',
    fix: 'On the phone: Settings, Apps, Termux:API, Permissions, allow SMS.',
    mend: false,
  },
  cannot_prove: {
    what: 'This phone cannot prove what it sends',
    fix: 'Update Termux:API, and run the doctor below.',
    mend: false,
  },
  disk_full: { what: 'Stopped: the storage of the phone is full', fix: 'Make room on the phone.', mend: false },
}

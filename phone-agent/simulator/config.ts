import type { Span } from './chance.ts'
import type { Faults } from './faults.ts'

/** Package name of the app behind the Termux commands; Android writes it in the hidden column `creator`. */
export const TERMUX_API = 'com.termux.api'

/** Package name of the phone's default SMS app, by which the owner texts. */
export const DEFAULT_SMS_APP = 'com.google.android.apps.messaging'

/** One SIM card in its slot. */
export interface Sim {
  /** Zero-based, as `termux-sms-send -s` takes it. */
  slot: number
  /** Android's subscription id (hidden column `sub_id`): it belongs to the card, so a swap changes it. */
  subId: number
  /** The card's own number in E.164. */
  number: string
  carrier: string
  /** ISO 3166, lower case, as Android reports it. */
  country: string
}

/** What `termux-battery-status` tells. */
interface Battery {
  percentage: number
  plugged: 'UNPLUGGED' | 'PLUGGED_AC' | 'PLUGGED_USB' | 'PLUGGED_WIRELESS'
  status: 'CHARGING' | 'DISCHARGING' | 'FULL' | 'NOT_CHARGING' | 'UNKNOWN'
  temperature: number
  health: string
  /** Percent per hour it loses (negative: gains), counted from the moment it was set. */
  drainPerHour: number
  /** Fields this phone does not report. */
  missing: readonly string[]
}

/** People who answer what they are texted. Shares are between 0 and 1; who does what is fixed by seed and number. */
export interface People {
  seed: number
  /** Share of the people texted who answer at all. */
  replyShare: number
  /** Of those who answer: share whose answer is an opt-out word such as `STOP`. */
  stopShare: number
  /** Of those who answer: share who opt out in words of their own. */
  wordingShare: number
  /** Of those who answer: share who ask for `HELP` (once). */
  helpShare: number
  /** Of those who answer: share whose every answer arrives twice, as two identical texts. */
  twiceShare: number
  /** Of those who opted out: share who come back with `START` later. */
  startShare: number
  /** How long an answer takes, in milliseconds. */
  delayMs: Span
  /** How many texts one person answers at most, so that two automatons cannot talk for ever. */
  answersAtMost: number
}

/** Everything a phone is made with; kept in its store, so that each command process sees the same phone. */
export interface PhoneConfig {
  /** Decides every draw of the phone itself (faults, delays). */
  seed: number
  sims: readonly Sim[]
  /** The slot that is used without `-s`, and the one `termux-telephony-deviceinfo` describes. */
  defaultSlot: number
  /** IANA zone of the phone; null follows the zone of the process that runs the command. */
  zone: string | null
  /** How far the phone's clock is ahead of the real one, in milliseconds. */
  clockOffsetMs: number
  /** Version of the package termux-api; below 0.59 `termux-sms-list` is the old one. */
  packageVersion: string
  /** Names by number (E.164), for the field `sender`. */
  contacts: Readonly<Record<string, string>>
  battery: Battery
  /** When the battery was last set (real time); it drains from there. */
  batterySince: number
  /** What `getprop` and the device info tell about the device. */
  device: { release: string; sdk: number; manufacturer: string; model: string }
  /** Permissions the Termux:API app does not hold, without the prefix `android.permission.`. */
  denied: readonly string[]
  /**
   * What sending on a slot does without READ_PHONE_STATE: nothing at all (`silent`), or an error object as the newest
   * app prints it (`error`).
   */
  phoneState: 'silent' | 'error'
  /** How long after the hand-over Android writes the row of a sent text. */
  rowDelayMs: Span
  /** How long the row of a failed text shows as sent before it is hidden. */
  failureShowsMs: Span
  /** How long a text to the phone's own number travels. */
  ownTextMs: Span
  people: People | null
  faults: Faults
}

/** How a phone may differ from the usual one. */
export type PhoneOptions = Partial<Omit<PhoneConfig, 'sims' | 'battery' | 'batterySince' | 'device' | 'people'>> & {
  sims?: readonly Partial<Sim>[]
  battery?: Partial<Battery>
  device?: Partial<PhoneConfig['device']>
  people?: Partial<People> | null
}

/** A phone on charge with one American SIM, Android 14, all permissions, today's gate, and people who never answer. */
export function usualPhone(now: number): PhoneConfig {
  return {
    seed: 1,
    sims: [usualSim(0)],
    defaultSlot: 0,
    zone: null,
    clockOffsetMs: 0,
    packageVersion: '0.59.1',
    contacts: {},
    battery: {
      percentage: 87,
      plugged: 'PLUGGED_USB',
      status: 'CHARGING',
      temperature: 27.4,
      health: 'GOOD',
      drainPerHour: 0,
      missing: [],
    },
    batterySince: now,
    device: { release: '14', sdk: 34, manufacturer: 'Fairphone', model: 'FP5' },
    denied: [],
    phoneState: 'silent',
    rowDelayMs: [30, 120],
    failureShowsMs: [200, 800],
    ownTextMs: [100, 300],
    people: null,
    faults: { gate: { segments: 30, windowMs: 60_000 } },
  }
}

const USUAL_PEOPLE: People = {
  seed: 1,
  replyShare: 0,
  stopShare: 0,
  wordingShare: 0,
  helpShare: 0,
  twiceShare: 0,
  startShare: 0,
  delayMs: [500, 3000],
  answersAtMost: 3,
}

/**
 * The configuration with some of it changed: objects are merged one level deep, lists replaced.
 * @param now real time, from which a newly set battery drains.
 * @throws Error with a sentence when an option is unknown or out of range.
 */
export function changed(config: PhoneConfig, options: PhoneOptions, now: number): PhoneConfig {
  const { sims, battery, device, people, faults, ...plain } = options
  for (const name of Object.keys(plain)) {
    if (!(name in config)) throw new Error(`A phone has no option "${name}".`)
  }
  const next: PhoneConfig = { ...config, ...plain }
  if (sims) next.sims = sims.map((sim, index) => ({ ...usualSim(sim.slot ?? index), ...sim }))
  if (battery) {
    next.battery = { ...config.battery, ...battery }
    next.batterySince = now
  }
  if (device) next.device = { ...config.device, ...device }
  if (people !== undefined) next.people = people ? { ...USUAL_PEOPLE, ...config.people, ...people } : null
  if (faults) next.faults = { ...config.faults, ...faults }
  check(next)
  return next
}

function usualSim(slot: number): Sim {
  return { slot, subId: slot + 1, number: `+1415555010${slot}`, carrier: 'Example Mobile', country: 'us' }
}

function check(config: PhoneConfig): void {
  const slots = new Set(config.sims.map(sim => sim.slot))
  if (slots.size < config.sims.length) throw new Error('Two SIMs cannot be in one slot.')
  for (const sim of config.sims) {
    if (sim.slot !== 0 && sim.slot !== 1) throw new Error(`A phone has the slots 0 and 1, not ${sim.slot}.`)
    if (!/^\+[0-9]{3,15}$/.test(sim.number))
      throw new Error(`Give the SIM's number as + and digits, not ${sim.number}.`)
    if (!/^[a-z]{2}$/.test(sim.country))
      throw new Error(`Give the SIM's country as two small letters, not ${sim.country}.`)
  }
  if (config.zone !== null) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: config.zone })
    } catch {
      throw new Error(`There is no time zone "${config.zone}". Use a name such as Europe/Berlin.`)
    }
  }
  if (!/^\d+\.\d+(\.\d+)?$/.test(config.packageVersion)) {
    throw new Error(`"${config.packageVersion}" is no version of termux-api. Use one such as 0.59.1.`)
  }
  for (const [name, value] of Object.entries(config.people ?? {})) {
    if (name.endsWith('Share') && !(Number(value) >= 0 && Number(value) <= 1)) {
      throw new Error(`${name} is a share between 0 and 1, not ${value}.`)
    }
  }
  const { people } = config
  if (people && people.stopShare + people.wordingShare + people.helpShare > 1) {
    throw new Error('stopShare, wordingShare and helpShare are parts of those who answer and cannot exceed 1 together.')
  }
}

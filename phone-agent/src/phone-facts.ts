import type { PhoneStatus } from '../../src/shared/phone-protocol.ts'
import type { Config } from './config.ts'
import type { Core } from './core.ts'
import type { DeviceInfo } from './phone-commands.ts'
import type { StoreReader } from './store-reader.ts'

/** A clock that is off by more, in ms, is worth a warning. */
const CLOCK_OFF_MS = 120_000

/** What is known of the phone itself: its SIMs, its battery, and what is wrong with it. */
export class PhoneFacts {
  device: DeviceInfo
  battery: PhoneStatus['battery'] = null
  readonly #core: Core
  readonly #reader: StoreReader
  readonly #config: () => Config

  constructor(core: Core, reader: StoreReader, device: DeviceInfo, config: () => Config) {
    this.#core = core
    this.#reader = reader
    this.device = device
    this.#config = config
  }

  /** Asks the phone again. */
  async look(): Promise<void> {
    const { commands } = this.#core
    const [device, battery] = await Promise.all([commands.device(), commands.battery()])
    if (device.slots !== null || device.simState !== null) this.device = device
    this.battery = battery
  }

  /** The slots of the phone, and those that the hub or the operator speaks of. */
  slots(): number[] {
    const slots = new Set<number>(this.#config().slots ?? [])
    for (let slot = 0; slot < (this.device.slots ?? 1); slot++) slots.add(slot)
    for (const lane of this.#core.settings?.lanes ?? []) slots.add(lane.slot)
    return [...slots].sort((a, b) => a - b).slice(0, 4)
  }

  /**
   * A text through a slot without a SIM is lost without a word, and most phones with two slots have one SIM. So every
   * slot but the first has to be named by the operator, or to have sent something that was seen.
   */
  hasSim(slot: number): boolean {
    if (this.device.simState === 'absent' && (this.device.slots ?? 1) === 1) return false
    const { slots, tested } = this.#config()
    if (slots) return slots.includes(slot)
    const { proven, subId } = this.#core.state.lane(slot)
    return slot === 0 || proven || subId !== null || tested[slot] === true
  }

  /** False after a self-test whose text was not seen, until any text is. */
  isTested(): boolean {
    return !Object.values(this.#config().tested).includes(false)
  }

  /** Sentences for the operator. */
  warnings(): string[] {
    const { diskProblem, settings } = this.#core
    const { problem, cannotProve } = this.#reader
    const ahead = this.#core.clockAhead()
    const found: string[] = []
    if (diskProblem) found.push(diskProblem)
    if (problem) found.push(`The texts on the phone cannot be read: ${problem}`)
    else if (cannotProve && settings) found.push(cannotProve)
    if (ahead !== null && Math.abs(ahead) > CLOCK_OFF_MS) {
      found.push(
        `The phone's clock is ${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} the hub's.`,
      )
    }
    for (const [slot, passed] of Object.entries(this.#config().tested)) {
      if (!passed)
        found.push(`The last self-test of SIM ${Number(slot) + 1} was not seen in the SMS store. Run the doctor.`)
    }
    return found
  }
}

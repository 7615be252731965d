import { enter, open, print } from './call.ts'
import type { PhoneConfig } from './config.ts'
import { getopts } from './getopts.ts'
import { packageVersion } from './list.ts'
import { transaction } from './store.ts'

/** The command `termux-battery-status`. @returns its exit code. */
export async function batteryStatus(dir: string, args: readonly string[]): Promise<number> {
  const ended = noArguments('termux-battery-status', 'Get the status of the device battery.', args)
  if (ended !== undefined) return ended
  const phone = open(dir)
  const { prints } = await enter(phone, 'termux-battery-status')
  if (prints !== undefined) return print(prints, 0)
  const { battery } = phone.config
  const percentage = batteryLevel(phone.config, Date.now())
  const all: Record<string, unknown> = {
    present: true,
    technology: 'Li-ion',
    health: battery.health,
    plugged: battery.plugged,
    status: battery.status,
    temperature: battery.temperature,
    voltage: 3700 + Math.round(percentage * 6),
    current: battery.plugged === 'UNPLUGGED' ? -310000 : 420000,
    percentage,
    level: percentage,
    scale: 100,
    charge_counter: 39000 * percentage,
  }
  for (const field of battery.missing) delete all[field]
  return printJson(all)
}

/** Percent of the battery that are left at this moment. */
export function batteryLevel({ battery, batterySince }: PhoneConfig, now: number): number {
  const hours = Math.max(0, now - batterySince) / 3_600_000
  return Math.min(100, Math.max(0, Math.round(battery.percentage - hours * battery.drainPerHour)))
}

/** The command `termux-telephony-deviceinfo`, which describes the default SIM alone. @returns its exit code. */
export async function deviceInfo(dir: string, args: readonly string[]): Promise<number> {
  const name = 'termux-telephony-deviceinfo'
  const ended = noArguments(name, 'Get information about the telephony device.', args)
  if (ended !== undefined) return ended
  const phone = open(dir)
  const { prints } = await enter(phone, name)
  if (prints !== undefined) return print(prints, 0)
  const { sims, defaultSlot, faults } = phone.config
  const sim = sims.find(card => card.slot === defaultSlot)
  const onAir = sim !== undefined && !faults.airplane
  return printJson({
    data_enabled: 'true',
    data_activity: 'none',
    data_state: onAir ? 'connected' : 'disconnected',
    device_id: null,
    device_software_version: '00',
    phone_count: 2,
    phone_type: 'gsm',
    network_operator: onAir ? '00101' : '',
    network_operator_name: onAir ? sim.carrier : '',
    network_country_iso: onAir ? sim.country : '',
    network_type: onAir ? 'lte' : 'unknown',
    network_roaming: false,
    sim_country_iso: sim?.country ?? '',
    sim_operator: sim ? '00101' : '',
    sim_operator_name: sim?.carrier ?? '',
    sim_serial_number: null,
    sim_subscriber_id: null,
    sim_state: sim ? 'ready' : 'absent',
  })
}

/** The command `getprop`: one property, or all of them. @returns its exit code. */
export function getprop(dir: string, args: readonly string[]): number {
  const { config } = open(dir)
  const properties = propertiesOf(config)
  if (args[0] !== undefined) return print(`${properties[args[0]] ?? args[1] ?? ''}\n`, 0)
  const lines = Object.entries(properties).map(([name, value]) => `[${name}]: [${value}]\n`)
  return print(lines.join(''), 0)
}

/** The program `termux-api` itself, of which only `--version` is called by hand. @returns its exit code. */
export function termuxApi(dir: string, args: readonly string[]): number {
  if (args.length === 1 && args[0] === '--version') return print(`${packageVersion(open(dir).config)}\n`, 0)
  process.stderr.write('termux-api: this simulated one answers --version only; call the termux-* commands.\n')
  return 1
}

/** The commands `termux-wake-lock` and `termux-wake-unlock`. @returns the exit code. */
export function wakeLock(dir: string, args: readonly string[], name: string): number {
  if (args.length > 0) return print(`usage: ${name}\n`, 1)
  const { db } = open(dir)
  const held = name === 'termux-wake-lock' ? 1 : 0
  transaction(db, () => db.prepare("INSERT OR REPLACE INTO counters VALUES ('wake lock', ?)").run(held))
  return 0
}

/** What the scripts without arguments do with `-h` and with arguments; undefined when they go on. */
export function noArguments(name: string, about: string, args: readonly string[]): number | undefined {
  const { options, rest } = getopts('h', args)
  const first = options[0]
  if (first?.option === 'h') return print(`Usage: ${name}\n${about}\n`, 0)
  if (first) return print(`${name}: illegal option -${first.value}\n`, 1)
  if (rest.length > 0) return print(`${name}: too many arguments\n`, 1)
  return undefined
}

function propertiesOf({ device, zone, sims, faults }: PhoneConfig): Record<string, string> {
  return {
    'gsm.operator.alpha': sims.map(sim => (faults.airplane ? '' : sim.carrier)).join(','),
    'gsm.operator.iso-country': sims.map(sim => (faults.airplane ? '' : sim.country)).join(','),
    'gsm.sim.operator.alpha': sims.map(sim => sim.carrier).join(','),
    'gsm.sim.operator.iso-country': sims.map(sim => sim.country).join(','),
    'gsm.sim.state': [0, 1].map(slot => (sims.some(sim => sim.slot === slot) ? 'LOADED' : 'ABSENT')).join(','),
    'persist.radio.airplane_mode_on': faults.airplane ? '1' : '0',
    'persist.sys.timezone': zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    'ro.build.version.release': device.release,
    'ro.build.version.sdk': String(device.sdk),
    'ro.product.manufacturer': device.manufacturer,
    'ro.product.model': device.model,
  }
}

function printJson(value: unknown): number {
  return print(`${JSON.stringify(value, null, 2)}\n`, 0)
}

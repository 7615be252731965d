import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The commands of a phone, by the folder under `usr` that holds them. */
export const COMMANDS = {
  bin: [
    'termux-sms-send',
    'termux-sms-list',
    'termux-battery-status',
    'termux-telephony-deviceinfo',
    'termux-wake-lock',
    'termux-wake-unlock',
    'termux-notification',
    'termux-notification-remove',
    'getprop',
  ],
  libexec: ['termux-api'],
} as const

/** Which program the wrapper scripts run. */
export interface Programs {
  /** The Node that runs the simulator; by default the one that runs now. */
  node?: string
  /** The simulator's entry: `main.ts` or the bundled file; by default the one that belongs to this module. */
  mainFile?: string
}

/** Makes the folders, the wrapper scripts and the empty radio log of a phone. */
export function makeFolder(dir: string, programs: Programs): void {
  const node = programs.node ?? process.execPath
  const mainFile = programs.mainFile ?? defaultMainFile()
  for (const folder of ['home', 'tmp', 'usr/bin', 'usr/libexec']) mkdirSync(join(dir, folder), { recursive: true })
  for (const [folder, names] of Object.entries(COMMANDS)) {
    for (const name of names) {
      const file = join(dir, 'usr', folder, name)
      writeFileSync(file, wrapper(node, mainFile, name, dir))
      chmodSync(file, 0o755)
    }
  }
  writeFileSync(clockFile(dir), CLOCK_SCRIPT)
  writeFileSync(join(dir, 'radio.log'), '')
}

/** A module that gives a process the phone's clock instead of the computer's. */
export function clockFile(dir: string): string {
  return join(dir, 'usr', 'libexec', 'phone-clock.mjs')
}

/** The file from which that module reads, when a process starts and each second after, how far the clock is ahead. */
export function writeClock(dir: string, offsetMs: number): void {
  writeFileSync(join(dir, 'usr', 'libexec', 'phone-clock'), String(offsetMs))
}

/**
 * `exec` keeps the process id, so that whoever kills the command kills all of it. The simulator itself lives by the
 * real clock, whatever its caller was given. Run from the source tree, Node would strip the types at each start.
 */
function wrapper(node: string, mainFile: string, name: string, dir: string): string {
  const words = [node, '--disable-warning=ExperimentalWarning', mainFile, name, dir].map(quoted)
  const cache = mainFile.endsWith('.ts') ? `export NODE_COMPILE_CACHE=${quoted(join(dir, '.compiled'))}\n` : ''
  return `#!/bin/sh\nunset NODE_OPTIONS\n${cache}exec ${words.join(' ')} "$@"\n`
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

/** Beside this module lies `main.ts` in the source tree; in a bundle it is `phone-simulator.mjs`, perhaps this one. */
function defaultMainFile(): string {
  const here = fileURLToPath(import.meta.url)
  const main = basename(here) === 'folder.ts' ? './main.ts' : './phone-simulator.mjs'
  return fileURLToPath(new URL(main, import.meta.url))
}

const CLOCK_SCRIPT = `import { readFileSync } from 'node:fs'
const RealDate = Date
const file = new URL('./phone-clock', import.meta.url)
let offset = 0
let readAt = -Infinity
function now() {
  const time = RealDate.now()
  if (Math.abs(time - readAt) >= 1000) {
    readAt = time
    try { offset = Number(readFileSync(file, 'utf8')) || 0 } catch {}
  }
  return time + offset
}
globalThis.Date = class Date extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now())
    else super(...parts)
  }
  static now() { return now() }
}
`

import { enter, hang, notifyError, open, permissionError, print, readInput } from './call.ts'
import type { PhoneConfig, Sim } from './config.ts'
import { strike } from './faults.ts'
import { echo, getopts } from './getopts.ts'
import { isDialable } from './numbers.ts'
import { handToAndroid } from './outgoing.ts'
import { appendRadio, type RadioLine } from './radio.ts'
import { transaction } from './store.ts'

const NAME = 'termux-sms-send'

/** The command `termux-sms-send`. @returns its exit code, which says nothing about the text. */
export async function smsSend(dir: string, args: readonly string[]): Promise<number> {
  const { options, rest } = getopts('hn:s:', args)
  let recipients: string | undefined
  let slot = DEFAULT_SIM
  for (const { option, value } of options) {
    if (option === 'n') recipients = value
    else if (option === 's') slot = Number(value)
    else if (option === 'h') return print(USAGE, 0)
    else return print(`${NAME}: illegal option -${value}\n`, 1)
  }
  if (recipients === undefined) return print(`${NAME}: no recipient number given\n`, 1)

  // The script expands the number unquoted, so only its first word becomes the list of recipients.
  const numbers = (recipients.trim().split(/\s+/)[0] ?? '').split(',')
  const phone = open(dir)
  const { db, config } = phone
  const { prints, ordinal } = await enter(phone, NAME, { texts: numbers.length, to: numbers[0] ?? '' })
  if (prints !== undefined) return print(prints, 0)
  if (config.denied.includes('READ_PHONE_STATE')) {
    if (config.phoneState === 'error') return print(permissionError(['READ_PHONE_STATE']), 0)
    if (slot !== DEFAULT_SIM) return 0
  }
  const body = trimmed(rest.length > 0 ? echo(rest) : readInput())
  const sim = simFor(config, slot)
  if (!sim) return 0

  let problem: string | undefined
  const hangs = transaction(db, () => {
    const now = Date.now()
    const left: RadioLine[] = []
    for (const [index, to] of numbers.entries()) {
      problem = javaProblem(to, body)
      if (problem) break
      const text = { to, body, slot: sim.slot, subId: sim.subId, ordinal: ordinal + index }
      left.push(...handToAndroid(db, config, text, now))
    }
    const hangs = left.length > 0 && strike(db, config, 'leaveButHang', ordinal, { to: numbers[0] ?? '' }) !== undefined
    appendRadio(dir, left)
    return hangs
  })
  if (problem) notifyError(db, problem)
  if (hangs) await hang(dir)
  return 0
}

/** Without `-s`, and for `-s -1` too, Android's default SIM is used. */
const DEFAULT_SIM = -1

function simFor(config: PhoneConfig, slot: number): Sim | undefined {
  return config.sims.find(sim => sim.slot === (slot === DEFAULT_SIM ? config.defaultSlot : slot))
}

/** Java's String.trim: everything up to the space, at both ends, and nothing else (a no-break space stays). */
function trimmed(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && text.charCodeAt(start) <= 0x20) start++
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--
  return text.slice(start, end)
}

/** The exception with which Android refuses a text; it aborts the recipients that follow. */
function javaProblem(to: string, body: string): string | undefined {
  if (!isDialable(to)) return `java.lang.IllegalArgumentException: Invalid destinationAddress`
  if (body === '') return `java.lang.IllegalArgumentException: Invalid message body`
  return undefined
}

const USAGE = `Usage: ${NAME} -n number[,number2,number3,...] [-s slot] [text]
Send a SMS message to the specified recipient number(s). The text to send is either supplied as arguments or read from stdin if no arguments are given.
  -n number(s)  recipient number(s) - separate multiple numbers by commas
  -s slot       sim slot to use - silently fails if slot number is invalid or if missing READ_PHONE_STATE permission
`

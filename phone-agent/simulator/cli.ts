import { parseArgs } from 'node:util'
import { COMMANDS } from './folder.ts'
import { createPhone, openPhone, type Phone, type PhoneOptions } from './phone.ts'

type Values = Record<string, string | undefined>

/** One thing that can be done to a phone from the command line. */
interface Verb {
  usage: string
  about: string
  /** Options that take a value. */
  options?: readonly string[]
  run(phone: Phone, words: readonly string[], values: Values): unknown
}

const VERBS: Record<string, Verb> = {
  show: {
    usage: 'show',
    about: 'settings, gate, dialogs, notifications: everything but the texts',
    run: phone => ({
      ...phone.config(),
      gate: phone.gateUsage(),
      wakeLockHeld: phone.wakeLockHeld(),
      dialogs: phone.dialogs(),
      notifications: phone.notifications(),
      env: phone.env,
    }),
  },
  configure: {
    usage: 'configure JSON',
    about: `change options, such as '{"battery":{"percentage":5},"people":{"replyShare":0.3,"stopShare":0.5}}'`,
    run: (phone, [json]) => phone.configure(parsed(json)),
  },
  faults: {
    usage: 'faults JSON',
    about: `switch faults on or off, such as '{"silentLoss":{"share":0.1},"hang":{"count":1},"airplane":false}'`,
    run: (phone, [json]) => phone.setFaults(parsed(json)),
  },
  receive: {
    usage: 'receive FROM BODY [--slot N] [--in MS] [--late MS] [--id early|late]',
    about: 'a text arrives, perhaps later, perhaps visible to other apps later',
    options: ['slot', 'in', 'late', 'id'],
    run: (phone, [from, body], values) =>
      phone.receive({
        from: required(from, 'FROM'),
        body: required(body, 'BODY'),
        ...optional('slot', number(values, 'slot')),
        ...optional('atOffsetMs', number(values, 'in')),
        ...optional('lateMs', number(values, 'late')),
        ...(values['id'] ? { idAssigned: oneOf(values['id'], ['early', 'late'] as const) } : {}),
      }),
  },
  'owner-texts': {
    usage: 'owner-texts TO BODY [--slot N]',
    about: 'the owner texts by hand',
    options: ['slot'],
    run: (phone, [to, body], values) =>
      phone.ownerTexts({
        to: required(to, 'TO'),
        body: required(body, 'BODY'),
        ...optional('slot', number(values, 'slot')),
      }),
  },
  delete: {
    usage: 'delete ID|newest',
    about: 'the owner deletes a row; the id of the newest one is used again',
    run: (phone, [id]) =>
      required(id, 'ID') === 'newest' ? { deleted: phone.deleteNewest() ?? null } : phone.deleteRow(Number(id)),
  },
  'factory-reset': {
    usage: 'factory-reset',
    about: 'empty the SMS store and restart its ids',
    run: phone => phone.factoryReset(),
  },
  'swap-sim': {
    usage: 'swap-sim SLOT [--number +N] [--carrier NAME] [--country CC]',
    about: 'put another card into the slot',
    options: ['number', 'carrier', 'country'],
    run: (phone, [slot], { number: own, carrier, country }) =>
      phone.swapSim(Number(required(slot, 'SLOT')), {
        ...optional('number', own),
        ...optional('carrier', carrier),
        ...optional('country', country),
      }),
  },
  'remove-sim': {
    usage: 'remove-sim SLOT',
    about: 'take the card out of the slot',
    run: (phone, [slot]) => phone.removeSim(Number(required(slot, 'SLOT'))),
  },
  clock: {
    usage: 'clock MS',
    about: 'how far the phone is ahead of the real time (negative: behind)',
    run: (phone, [ms]) => phone.setClockOffset(wholeNumber(required(ms, 'MS'))),
  },
  'pass-time': {
    usage: 'pass-time MS',
    about: 'what is on its way comes that much sooner, and the gate forgets',
    run: (phone, [ms]) => phone.passTime(wholeNumber(required(ms, 'MS'))),
  },
  zone: {
    usage: 'zone NAME',
    about: 'the time zone of the phone, such as America/New_York',
    run: (phone, [zone]) => phone.setZone(required(zone, 'NAME')),
  },
  revoke: {
    usage: 'revoke PERMISSION...',
    about: 'take permissions from the Termux:API app, such as SEND_SMS',
    run: (phone, names) => phone.permissions.revoke(...names),
  },
  grant: {
    usage: 'grant PERMISSION...',
    about: 'give permissions back',
    run: (phone, names) => phone.permissions.grant(...names),
  },
  dialogs: {
    usage: 'dialogs allow|deny',
    about: "the owner answers the gate's dialogs",
    run: (phone, [answer]) => phone.answerDialogs(oneOf(required(answer, 'allow or deny'), ['allow', 'deny'] as const)),
  },
  radio: { usage: 'radio', about: 'what truly left, one JSON line each', run: phone => phone.radioLog() },
  rows: { usage: 'rows', about: 'the SMS store as it truly is, one JSON line each', run: phone => phone.rows() },
  arrivals: { usage: 'arrivals', about: 'what truly arrived, one JSON line each', run: phone => phone.arrivals() },
  pending: { usage: 'pending', about: 'what is still on its way, one JSON line each', run: phone => phone.pending() },
  people: { usage: 'people', about: 'who was texted, one JSON line each', run: phone => phone.people() },
}

/** The command line of the simulator itself: `sim PHONE VERB ...`. @returns the exit code. */
export async function simulatorCommand(command: string, dir: string, args: string[]): Promise<number> {
  const [name = '', ...rest] = args
  if (command !== 'sim' || !dir || !name || name === 'help' || name === '--help') {
    const asked = command === '' || command === 'help' || command === '--help' || command === 'sim'
    process[asked ? 'stdout' : 'stderr'].write(asked ? help() : `There is no command "${command}".\n\n${help()}`)
    return asked ? 0 : 1
  }
  if (name === 'create') {
    createPhone(dir, parsed<PhoneOptions>(rest[0] ?? '{}')).close()
    return 0
  }
  const verb = VERBS[name]
  if (!verb) throw new Error(`There is no verb "${name}". Run "sim --help" to see all of them.`)
  const options = Object.fromEntries((verb.options ?? []).map(option => [option, { type: 'string' as const }]))
  const { words, values } = split(rest, options)
  const most = verb.usage.includes('...')
    ? Number.POSITIVE_INFINITY
    : verb.usage.replace(/ \[.*/, '').split(' ').length - 1
  if (words.length > most) throw new Error(`"${words[most]}" is too much. It is used so: ${verb.usage}`)
  const phone = openPhone(dir)
  try {
    const result = verb.run(phone, words, values)
    const lines = Array.isArray(result) ? result : result === undefined ? [] : [result]
    for (const line of lines) process.stdout.write(`${JSON.stringify(line)}\n`)
    return 0
  } finally {
    phone.close()
  }
}

/** Options are known by name, so that a negative number or a body that begins with a dash is a word. */
function split(
  args: readonly string[],
  options: Record<string, { type: 'string' }>,
): { words: string[]; values: Values } {
  const words: string[] = []
  const named: string[] = []
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string
    const name = word.startsWith('--') ? (word.slice(2).split('=')[0] ?? '') : ''
    if (!name || !(name in options)) words.push(word)
    else if (word.includes('=')) named.push(word)
    else named.push(`${word}=${args[++i] ?? ''}`)
  }
  return { words, values: parseArgs({ args: named, options }).values as Values }
}

function parsed<T>(json: string | undefined): T {
  try {
    return JSON.parse(required(json, 'JSON')) as T
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error(`This is no JSON: ${json}`)
    throw error
  }
}

function required(word: string | undefined, name: string): string {
  if (word === undefined) throw new Error(`${name} is missing. Run "sim --help" to see how it is used.`)
  return word
}

function number(values: Values, name: string): number | undefined {
  const word = values[name]
  return word === undefined ? undefined : wholeNumber(word)
}

function wholeNumber(word: string): number {
  if (!/^-?[0-9]+$/.test(word)) throw new Error(`"${word}" is no whole number.`)
  return Number(word)
}

function oneOf<T extends string>(word: string, allowed: readonly T[]): T {
  const found = allowed.find(value => value === word)
  if (!found) throw new Error(`Say ${allowed.join(' or ')}, not "${word}".`)
  return found
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>)
}

function help(): string {
  const lines = Object.values(VERBS).map(({ usage, about }) => `  ${usage}\n      ${about}`)
  return `A simulated phone: a folder with the commands of Termux over a small SMS store.

Usage: sim PHONE VERB ...        PHONE is the folder of the phone
       COMMAND PHONE ...         what the scripts in PHONE/usr run:
                                 ${[...COMMANDS.bin, ...COMMANDS.libexec].join('\n                                 ')}

  create [JSON]
      make a new phone in the folder, with options such as '{"sims":[{"number":"+14155550100"}],"seed":7}'
${lines.join('\n')}

What truly left the phone stands in PHONE/radio.log.
`
}

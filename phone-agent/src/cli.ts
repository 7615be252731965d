import { parseArgs } from 'node:util'
import {
  type Call,
  doctor,
  PROBLEM,
  pairCommand,
  resumeLane,
  rotateKey,
  runAgent,
  say,
  service,
  showStatus,
  USAGE,
  UsageError,
  unpair,
} from './commands.ts'
import { folderOf, readEnvironment } from './config.ts'
import { armFault } from './faults.ts'
import { errorText } from './files.ts'
import { AGENT_VERSION } from './version.ts'

/** Runs one command. @returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args)
  } catch (error) {
    console.error(errorText(error))
    return error instanceof UsageError ? USAGE : PROBLEM
  }
}

const OPTIONS = {
  dir: { type: 'string' },
  json: { type: 'boolean' },
  'json-log': { type: 'boolean' },
  name: { type: 'string' },
  slots: { type: 'string' },
  slot: { type: 'string' },
  number: { type: 'string' },
  yes: { type: 'boolean' },
  forget: { type: 'boolean' },
  remove: { type: 'boolean' },
  'phone-module': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const

/** The options of each command, besides `--dir` and `--phone-module`. */
const COMMANDS: Record<string, readonly (keyof typeof OPTIONS)[]> = {
  pair: ['name', 'slots'],
  run: ['json-log'],
  status: ['json'],
  doctor: ['json', 'slot', 'number', 'yes'],
  'rotate-key': [],
  'resume-lane': ['slot'],
  unpair: ['forget', 'yes'],
  'install-service': ['remove'],
  help: [],
}

async function dispatch(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args)
  const [command = 'help', ...rest] = positionals
  if (values.version) return say(AGENT_VERSION)
  if (values.help || command === 'help') return say(HELP)
  const allowed = COMMANDS[command]
  if (!allowed) throw new UsageError(`There is no command "${command}". Run "help" for all of them.`)
  for (const name of Object.keys(values)) {
    if (name !== 'dir' && name !== 'phone-module' && !allowed.includes(name as keyof typeof OPTIONS)) {
      throw new UsageError(`"${command}" has no option --${name}. Run "help" for all of them.`)
    }
  }
  const environment = readEnvironment()
  armFault(environment.dieAt)
  const call: Call = { options: values, rest, environment, folder: folderOf(environment, values.dir) }
  if (command !== 'pair' && rest.length > 0) throw new UsageError(`"${command}" takes no "${rest[0]}".`)
  switch (command) {
    case 'pair':
      return pairCommand(call)
    case 'run':
      return runAgent(call)
    case 'status':
      return showStatus(call)
    case 'doctor':
      return doctor(call)
    case 'rotate-key':
      return rotateKey(call)
    case 'resume-lane':
      return resumeLane(call)
    case 'unpair':
      return unpair(call)
    default:
      return service(call)
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${errorText(error)} Run "help" for what there is.`)
  }
}

const HELP = `Campaign Connector, phone agent ${AGENT_VERSION}

  pair LINK            pair this phone with a hub; LINK is shown there under "Pair a phone"
      --name NAME        how the phone is called in the hub
      --slots 0,1        the slots that hold a SIM, if it is not only the first
  run                  work: send, read replies, talk to the hub (until it is ended)
      --json-log         one JSON object for each event
  status               what the running agent does (--json)
  doctor               check everything this phone needs, with the way to mend it (--json)
      --number NUMBER    your own number: sends one text to it and looks whether that can be proved
      --slot 1           through the second SIM
      --yes              do not ask before that text
  resume-lane          let a SIM go on that has halted (--slot 1 for the second)
  rotate-key           get a new key from the hub
  unpair               forget the hub
      --forget           put the journal away too (--yes: without asking)
  install-service      start with the phone (Termux:Boot and termux-services; --remove takes it back)
  help, --version

Every command takes --dir FOLDER (default: ~/.campaign-connector-agent).
For tests, --phone-module FILE puts a module in the place of the Termux commands.
Exit codes: 0 fine, 1 a problem, 2 a wrong command line.`

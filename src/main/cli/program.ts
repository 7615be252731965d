import { Command } from 'commander'
import { addAnalytics } from './analytics.ts'
import { addAudit } from './audit.ts'
import { addBackup } from './backup.ts'
import { addCampaigns } from './campaigns.ts'
import { addContacts } from './contacts.ts'
import { addDatabase } from './database.ts'
import { addDoctor } from './doctor.ts'
import { EXIT_HELP, failureOf } from './exit.ts'
import { addGrants } from './grants.ts'
import { addImports } from './imports.ts'
import { addInbox } from './inbox.ts'
import { addKey } from './key.ts'
import { addKeys } from './keys.ts'
import { addLists } from './lists.ts'
import { addOptOuts } from './opt-outs.ts'
import { addPeople } from './people.ts'
import { addPerson } from './person.ts'
import { addPhones } from './phones.ts'
import { addRetention } from './retention.ts'
import { addRules } from './rules.ts'
import { addSegments } from './segments.ts'
import { addServe } from './serve.ts'
import { addServices } from './services.ts'
import { addLockouts, addLogins, addSessions } from './sessions.ts'
import { addSettings } from './settings.ts'
import { addSuppression } from './suppression.ts'
import { addUndo } from './undo.ts'
import { addUsers } from './users.ts'
import { addWebhooks } from './webhooks.ts'

const FIRST_STEPS = `
First steps:
  $ campaign-connector users create anna --role admin
  $ campaign-connector serve                                  # in a window of its own
  $ campaign-connector phones pair                            # scan the code in Termux
  $ campaign-connector import check people.csv --country US
  $ campaign-connector import run people.csv --country US --list Spring
  $ campaign-connector campaigns create --name Spring --list Spring --template 'Hi {{ first_name }}, ... Reply STOP to opt out.'
  $ campaign-connector campaigns review 1
  $ campaign-connector campaigns start 1
  $ campaign-connector campaigns progress 1 --follow

While a hub runs, every command goes through it; without one a command opens the data folder itself.

${EXIT_HELP}`

/** Runs one command. Resolves with the exit code; everything has been printed then. */
export async function runCli(argv: readonly string[], version: string): Promise<number> {
  try {
    await createProgram(version).parseAsync(argv as string[], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    const failure = failureOf(error)
    if (!failure) return 0
    const told = error instanceof Error && error.name === 'CommanderError'
    if (!told) process.stderr.write(`${failure.body.message}\n`)
    if (argv.includes('--json')) process.stdout.write(`${JSON.stringify({ error: failure.body })}\n`)
    return failure.exit
  }
}

function createProgram(version: string): Command {
  const program = new Command('campaign-connector')
    .description('Text-message campaigns, sent by your own Android phone.')
    .version(version)
    .option('--data-dir <folder>', 'the data folder (or CAMPAIGN_CONNECTOR_DATA)')
    .option('--json', 'print one JSON document on standard output')
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .showHelpAfterError('(add --help for more)')
    .addHelpText('after', FIRST_STEPS)
  program.commandsGroup('The main job:')
  addImports(program)
  addContacts(program)
  addLists(program)
  addSegments(program)
  addUndo(program)
  addCampaigns(program)
  addAnalytics(program)
  addInbox(program)
  addSuppression(program)
  addOptOuts(program)
  addRules(program)
  program.commandsGroup('The hub and its phones:')
  addServe(program)
  addPhones(program)
  addDoctor(program)
  program.commandsGroup('Administration:')
  addUsers(program)
  addSessions(program)
  addLogins(program)
  addLockouts(program)
  addKeys(program)
  addPeople(program)
  addServices(program)
  addGrants(program)
  addSettings(program)
  addPerson(program)
  addRetention(program)
  addAudit(program)
  addWebhooks(program)
  addBackup(program)
  addDatabase(program)
  addKey(program)
  neverExit(program)
  return program
}

/** Subcommands do not inherit this: without it commander would end the process in the middle of things. */
function neverExit(command: Command): void {
  command.exitOverride()
  for (const subcommand of command.commands) neverExit(subcommand)
}

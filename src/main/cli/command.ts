import type { Command } from 'commander'
import type { Config } from '../config.ts'
import { readConfig } from '../config.ts'
import { EXIT, type ExitCode } from './exit.ts'
import { type Session, withDispatch } from './session.ts'

/** What a command has to tell. `data` is the whole document of --json, `text` what a person reads. */
export interface Result {
  readonly data: unknown
  readonly text: () => string
  readonly exit?: ExitCode
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly dataDir?: string
  readonly json?: boolean
}

type Work<From, Arguments, Options> = (
  from: From,
  args: Arguments,
  options: Options & GlobalOptions,
) => Promise<Result | undefined>

/** The action of a command that uses operations. */
export function withSession<Arguments extends readonly unknown[] = [], Options = object>(
  work: Work<Session, Arguments, Options>,
): (...given: unknown[]) => Promise<void> {
  return action<Arguments, Options>((config, args, options, name) =>
    withDispatch(config, name, session => work(session, args, options)),
  )
}

/** The action of a command that touches no database, or the files of the folder themselves. */
export function withConfig<Arguments extends readonly unknown[] = [], Options = object>(
  work: Work<Config, Arguments, Options>,
): (...given: unknown[]) => Promise<void> {
  return action<Arguments, Options>((config, args, options) => work(config, args, options))
}

function action<Arguments, Options>(
  work: (
    config: Config,
    args: Arguments,
    options: Options & GlobalOptions,
    name: string,
  ) => Promise<Result | undefined>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command
    const options = command.optsWithGlobals<Options & GlobalOptions>()
    const result = await work(readConfig(options), command.processedArgs as Arguments, options, fullName(command))
    if (!result) return
    const text = options.json ? JSON.stringify(result.data) : result.text()
    if (text !== '') process.stdout.write(`${text}\n`)
    process.exitCode = result.exit ?? EXIT.ok
  }
}

/** Such as "contacts export". */
function fullName(command: Command): string {
  const parent = command.parent
  return parent?.parent ? `${fullName(parent)} ${command.name()}` : command.name()
}

/** Examples below the help of a command, each with what it does. */
export function examples(command: Command, lines: readonly (readonly [command: string, what: string])[]): Command {
  const shown = lines.map(([line, what]) => `  # ${what}\n  $ campaign-connector ${line}`)
  return command.addHelpText('after', `\nExamples:\n${shown.join('\n')}`)
}

import { type Command, Option } from 'commander'
import { runHub } from '../headless.ts'
import { examples, withConfig } from './command.ts'
import { aCount } from './options.ts'

interface ServeOptions {
  readonly linkHost?: string
  readonly linkPort?: number
  readonly log: 'file' | 'stderr'
  readonly json?: boolean
}

export function addServe(program: Command): void {
  const serve = program
    .command('serve')
    .description('run the hub: send, receive, serve the phones, until Ctrl-C')
    .option('--link-host <address>', 'where the phone link listens this time, instead of what the settings say')
    .option('--link-port <port>', 'the same for its port; 0 for any free one', aCount(0, 65_535))
    .addOption(new Option('--log <where>', 'where the log goes').choices(['file', 'stderr']).default('file'))
    .action(
      withConfig<[], ServeOptions>(async (config, _args, { linkHost, linkPort, log, json }) => {
        await runHub(config, {
          log,
          link: {
            ...(linkHost !== undefined && { host: linkHost }),
            ...(linkPort !== undefined && { port: linkPort }),
          },
          started: hub => {
            process.stdout.write(json ? `${JSON.stringify(hub)}\n` : `${startedText(hub)}\n`)
          },
        })
        return undefined
      }),
    )
  examples(serve, [
    ['serve', 'with the data folder of this user'],
    ['serve --data-dir /srv/campaigns', 'with another data folder'],
  ])
  serve.addHelpText(
    'after',
    '\nADMIN_USERNAME and ADMIN_PASSWORD in the environment make the first administrator, or give an administrator of that name a new password. Each pair of values is taken once.',
  )
}

interface Started {
  readonly pid: number
  readonly dataFolder: string
  readonly listening: readonly string[]
  readonly notices: readonly string[]
}

function startedText({ pid, dataFolder, listening, notices }: Started): string {
  return [
    ...notices,
    `Campaign Connector runs: process ${pid}, data folder ${dataFolder}`,
    listening.length === 0 ? 'The phone link does not listen.' : `The phone link listens on ${listening.join(', ')}`,
    'Stop it with Ctrl-C.',
  ].join('\n')
}

import { type Command, Option } from 'commander'
import { Refusal } from '../../shared/errors.ts'
import type { WantedHttp } from '../app-http.ts'
import { runHub, type Started } from '../headless.ts'
import { examples, withConfig } from './command.ts'
import { aCount, several } from './options.ts'

interface ServeOptions {
  readonly linkHost?: string
  readonly linkPort?: number
  readonly log: 'file' | 'stderr'
  readonly json?: boolean
  readonly api?: boolean
  readonly web?: boolean
  readonly host?: string
  readonly port?: number
  readonly tls?: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly insecureWithoutTls?: boolean
  readonly allowHost?: readonly string[]
}

export function addServe(program: Command): void {
  const serve = program
    .command('serve')
    .description('run the hub: send, receive, serve the phones, until Ctrl-C')
    .option('--link-host <address>', 'where the phone link listens this time, instead of what the settings say')
    .option('--link-port <port>', 'the same for its port; 0 for any free one', aCount(0, 65_535))
    .option('--api', 'also serve the headless API, for scripts with an API key')
    .option('--web', 'also serve the API with pages for a browser: signing in, sessions')
    .option('--host <address>', 'where the API listens; 127.0.0.1 when left out')
    .option('--port <port>', 'its port; 5000 when left out, 0 for any free one', aCount(0, 65_535))
    .option('--tls', 'serve the API with TLS and a certificate that the hub makes')
    .option('--tls-cert <file>', 'serve it with this certificate (PEM, with its chain)')
    .option('--tls-key <file>', 'the private key of that certificate (PEM)')
    .option('--insecure-without-tls', 'let others reach the API without TLS: keys and passwords can be read on the way')
    .option(
      '--allow-host <name>',
      'a name under which the API is reached, such as that of a proxy; repeatable',
      several,
    )
    .addOption(new Option('--log <where>', 'where the log goes').choices(['file', 'stderr']).default('file'))
    .action(
      withConfig<[], ServeOptions>(async (config, _args, options) => {
        const { linkHost, linkPort, log, json } = options
        const http = wantedHttp(options)
        await runHub(config, {
          log,
          ...(http && { http }),
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
    ['serve --api', 'with the headless API on http://127.0.0.1:5000'],
    ['serve --web --host 100.64.0.7 --tls', 'with pages for the browser of a teammate, reached over TLS'],
  ])
  serve.addHelpText(
    'after',
    `\nEnvironment:
  ADMIN_USERNAME, ADMIN_PASSWORD               make the first administrator, or give an administrator of that name a
                                               new password and end their lock; each pair of values is taken once
  ADMIN_API_KEY, USER_API_KEY, TERMUX_API_KEY  keys for the API beside the stored ones, one for each role: 64 hexadecimal
                                               digits, as "campaign-connector keys generate" prints them
  CAMPAIGN_CONNECTOR_PASSPHRASE                opens the data key where the key file is missing
  CAMPAIGN_CONNECTOR_DATA                      the data folder, where --data-dir is not given`,
  )
}

/** @throws Refusal for options that do not go together */
export function wantedHttp(options: ServeOptions): WantedHttp | null {
  const { api, web, tls, tlsCert, tlsKey, insecureWithoutTls } = options
  if (!api && !web) {
    const stray = HTTP_OPTIONS.find(([name]) => options[name] !== undefined)
    if (stray) throw new Refusal('invalid_input', `${stray[1]} goes with --api or --web.`)
    return null
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new Refusal('invalid_input', '--tls-cert and --tls-key go together.')
  }
  if (tls && tlsCert !== undefined) {
    throw new Refusal(
      'invalid_input',
      'Either --tls with a certificate that the hub makes, or --tls-cert and --tls-key.',
    )
  }
  if (insecureWithoutTls && (tls || tlsCert !== undefined)) {
    throw new Refusal('invalid_input', '--insecure-without-tls does not go with TLS. Leave one of them out.')
  }
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 5000,
    web: web ?? false,
    tls: tls ? 'own' : tlsCert !== undefined && tlsKey !== undefined ? { certFile: tlsCert, keyFile: tlsKey } : null,
    insecure: insecureWithoutTls ?? false,
    allowedHosts: options.allowHost ?? [],
  }
}

const HTTP_OPTIONS = [
  ['host', '--host'],
  ['port', '--port'],
  ['tls', '--tls'],
  ['tlsCert', '--tls-cert'],
  ['tlsKey', '--tls-key'],
  ['insecureWithoutTls', '--insecure-without-tls'],
  ['allowHost', '--allow-host'],
] as const

function startedText({ pid, dataFolder, listening, http, notices }: Started): string {
  return [
    ...notices,
    `Campaign Connector runs: process ${pid}, data folder ${dataFolder}`,
    listening.length === 0 ? 'The phone link does not listen.' : `The phone link listens on ${listening.join(', ')}`,
    ...(http ? [`The ${http.web ? 'API and the pages for a browser are' : 'API is'} served on ${http.url}`] : []),
    ...(http?.fingerprint ? [`Its certificate has the SHA-256 fingerprint ${http.fingerprint}`] : []),
    'Stop it with Ctrl-C.',
  ].join('\n')
}

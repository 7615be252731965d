import type { Command } from 'commander'
import { systemPorts } from '../app-ports.ts'
import { folderPaths } from '../services/folder.ts'
import { restoreKeyFile, setPassphrase } from '../services/keys.ts'
import { passphrase, type SecretOptions } from './ask.ts'
import { examples, withConfig } from './command.ts'

/** What is done to the data key itself, with the hub stopped. */
export function addKey(program: Command): void {
  const key = program.command('key').description('the key of the secrets in the data folder; the hub has to be stopped')
  examples(key, [
    ['key passphrase', 'so that a lost key file is no disaster'],
    ['key restore', 'make a new key file by the passphrase'],
  ])
  key
    .command('passphrase')
    .description('let the data key also be opened by a passphrase; backups then carry it, too')
    .option('--passphrase-stdin', 'read the passphrase from standard input')
    .action(
      withConfig<[], SecretOptions>(async (config, _args, options) => {
        const given = await passphrase(options, config, true)
        await setPassphrase({ paths: folderPaths(config.dataFolder), passphrase: given, ...systemPorts() })
        return {
          data: { done: true },
          text: () => 'The passphrase opens this data folder from now on. Keep it where the folder is not.',
        }
      }),
    )
  key
    .command('restore')
    .description('make a new key file by the passphrase, where the old one is lost')
    .option('--passphrase-stdin', 'read the passphrase from standard input')
    .action(
      withConfig<[], SecretOptions>(async (config, _args, options) => {
        const paths = folderPaths(config.dataFolder)
        const given = await passphrase(options, config, false)
        await restoreKeyFile({ paths, passphrase: given, ...systemPorts() })
        return { data: { done: true, keyFile: paths.keyFile }, text: () => `A new key file was made: ${paths.keyFile}` }
      }),
    )
}

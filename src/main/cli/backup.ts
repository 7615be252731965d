import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { OutputOf } from '../../shared/operations/index.ts'
import { systemPorts } from '../app-ports.ts'
import { createLog } from '../log.ts'
import { folderPaths } from '../services/folder.ts'
import { type Restored, restoreBackup } from '../services/restore.ts'
import { passphrase, type SecretOptions, sure } from './ask.ts'
import { examples, withConfig, withSession } from './command.ts'
import { EXIT } from './exit.ts'
import { counted, table, when } from './print.ts'

interface CreateOptions extends SecretOptions {
  readonly to?: string
  readonly withPassphrase?: boolean
}

interface RestoreOptions extends SecretOptions {
  readonly withPassphrase?: boolean
  readonly withoutSuppressionsSince?: boolean
  readonly yes?: boolean
}

export function addBackup(program: Command): void {
  const backup = program.command('backup').description('copies of the database')
  examples(backup, [
    ['backup create', 'into the folder of backups'],
    ['backup create --to /media/stick/spring.sqlite --with-passphrase', 'one that can be opened on another computer'],
    ['backup restore FILE', 'put one in the place of the database; stop the hub first'],
  ])
  backup
    .command('create')
    .description('make a verified copy')
    .option('--to <file>', 'where to; it must not exist yet')
    .option('--with-passphrase', 'so that it can be opened elsewhere; the passphrase is asked for')
    .option('--passphrase-stdin', 'the same, with the passphrase on standard input')
    .action(
      withSession<[], CreateOptions>(async (session, _args, options) => {
        const wanted = options.withPassphrase || options.passphraseStdin
        const secret = wanted ? await passphrase(options, session.config, true) : undefined
        const data = await session.do('backups.create', {
          ...(options.to !== undefined && { path: resolve(options.to) }),
          ...(secret !== undefined && { passphrase: secret }),
        })
        return { data, text: () => `Made and verified ${data.path} (${megabytes(data.bytes)}).` }
      }),
    )
  backup
    .command('list')
    .description('the copies in the folder of backups, newest first')
    .action(
      withSession(async session => {
        const data = await session.do('backups.list', {})
        const rows = data.backups.map(one => [when(one.createdAt), megabytes(one.bytes), one.schema, one.path])
        return { data, text: () => table(['time', 'size', 'schema', 'file'], rows) }
      }),
    )
  backup
    .command('verify <file>')
    .description('look whether a copy is sound; ends with 1 when it is not')
    .action(
      withSession<[string]>(async (session, [file]) => {
        const data = await session.do('backups.verify', { path: resolve(file) })
        const text = data.ok
          ? `Sound: schema ${data.schema}, ${counted(data.contacts, 'contact')}, ${counted(data.messages, 'message')}.`
          : `Not sound: ${data.faults.slice(0, 5).join('; ')}`
        return { data, text: () => text, exit: data.ok ? EXIT.ok : EXIT.failed }
      }),
    )
  backup
    .command('preview <file>')
    .description('what a copy holds, and what would be lost by restoring it; changes nothing')
    .action(
      withSession<[string]>(async (session, [file]) => {
        const data = await session.do('backups.preview', { path: resolve(file) })
        return { data, text: () => previewText(data), exit: data.ok ? EXIT.ok : EXIT.failed }
      }),
    )
  backup
    .command('restore <file>')
    .description('put a copy in the place of the database, which is kept beside it; stop the hub first')
    .option('--with-passphrase', 'the copy comes from another computer; its passphrase is asked for')
    .option('--passphrase-stdin', 'the same, with the passphrase on standard input')
    .option(
      '--without-suppressions-since',
      'go on although the present database cannot be read: people who said stop since the backup may be texted',
    )
    .option('-y, --yes', 'do not ask')
    .action(
      withConfig<[string], RestoreOptions>(async (config, [file], options) => {
        const paths = folderPaths(config.dataFolder)
        await sure(`Put ${file} in the place of the database in ${paths.root}?`, options.yes)
        const wanted = options.withPassphrase || options.passphraseStdin || config.passphrase !== undefined
        const log = createLog('stderr')
        const restored = await restoreBackup({
          paths,
          file: resolve(file),
          passphrase: wanted ? await passphrase(options, config, false) : undefined,
          withoutSuppressionsSince: options.withoutSuppressionsSince ?? false,
          log,
          ...systemPorts(),
        })
        return { data: restored, text: () => restoredText(restored) }
      }),
    )
}

function previewText({ ok, faults, until, holds, now, since, hasPassphrase }: OutputOf<'backups.preview'>): string {
  if (!ok) return `Not sound: ${faults.slice(0, 5).join('; ')}`
  const kinds = ['contacts', 'campaigns', 'messages', 'imports', 'users'] as const
  const rows = kinds.map(kind => [kind, holds[kind], now[kind], since[kind]])
  return [
    until === null ? 'It knows of nothing yet.' : `It knows of everything until ${when(until)}.`,
    table(['', 'in the copy', 'now', 'made since: lost'], rows),
    'Opt-outs, erasures, attempts, replies and phones of the present database are taken over. Accounts and settings are those of the copy.',
    ...(hasPassphrase ? ['A passphrase opens it on another computer.'] : []),
  ].join('\n')
}

function restoredText(restored: Restored): string {
  const lines = [
    `Restored: ${counted(restored.contacts, 'contact')}, ${counted(restored.messages, 'message')}. Accounts and settings are those of the backup.`,
    `Taken over from the replaced database: ${counted(restored.suppressionsMerged, 'opt-out')}, ${counted(restored.erasuresMerged, 'erasure')}, ${counted(restored.attemptsMerged, 'attempt')}, ${counted(restored.textsMerged, 'reply', 'replies')}, ${counted(restored.phonesMerged, 'phone')}.`,
  ]
  if (restored.replaced !== null) lines.push(`The replaced database is kept: ${restored.replaced}`)
  if (restored.phonesToReplay > 0) {
    lines.push(
      `Nothing is sent before ${counted(restored.phonesToReplay, 'phone')} told what they sent since the backup: start the hub and their agents, or: campaign-connector phones write-off ID`,
    )
  }
  if (restored.keyProblem !== null) lines.push(`Nothing is sent: ${restored.keyProblem}`)
  return lines.join('\n')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

import { readFile, stat, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { Refusal } from '../../shared/errors.ts'
import { type Branding, MOST_LOGO_BYTES } from '../../shared/operations/branding.ts'
import type { Settings } from '../../shared/operations/phones.ts'
import { examples, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { someHours } from './options.ts'
import { pairs } from './print.ts'
import type { Session } from './session.ts'

export function addSettings(program: Command): void {
  const settings = program.command('settings').description('what holds for all campaigns and phones')
  examples(settings, [
    ['settings get', 'every setting'],
    ['settings set organisation "Acme Market"', 'the name in the answers to STOP, START and HELP'],
    ['settings set hours 9:00-20:00', 'the hours in which anything is sent'],
    ['settings logo set logo.png', 'the picture beside the name where people sign in'],
    ['settings set linkHost 0.0.0.0', 'let phones of the network reach the link'],
  ])
  settings
    .command('get [key]')
    .description('show all settings, or one')
    .action(
      withSession<[string | undefined]>(async (session, [key]) => {
        const all = await session.do('settings.get', {})
        if (key === undefined) return { data: all, text: () => pairs(flat(all)) }
        const value = valueAt(all, key)
        return { data: value, text: () => plain(value) }
      }),
    )
  settings
    .command('set <key> <value>')
    .description('change one setting; the value is plain text or JSON')
    .action(
      withSession<[string, string]>(async (session, [key, value]) => {
        const [name] = key.split('.')
        const changed = changedAt(await session.do('settings.get', {}), key, value)
        const all = await session.do('settings.update', { [name!]: changed[name as keyof Settings] })
        const given = await givenAtStart(session, key)
        return { data: all, text: () => [`${key} is now ${plain(valueAt(all, key))}`, ...given].join('\n') }
      }),
    )
  addLogo(settings)
}

/** What a hub that runs was told at its start, and does instead of what the settings say. */
async function givenAtStart(session: Session, key: string): Promise<string[]> {
  if (key !== 'linkHost' && key !== 'linkPort') return []
  const { linkGiven } = await session.do('system.status', {})
  const [option, value] = key === 'linkHost' ? ['--link-host', linkGiven.host] : ['--link-port', linkGiven.port]
  return value === null ? [] : [`The hub that runs was started with ${option} ${value}: start it without, to use this.`]
}

function addLogo(settings: Command): void {
  const logo = settings.command('logo').description('the picture beside the name of the organisation')
  logo
    .command('show')
    .description('whether there is one')
    .option('--to <file>', 'also write it to this file, which must not exist yet')
    .action(
      withSession<[], { to?: string }>(async (session, _args, { to }) => {
        const { organisation, logo: found } = await session.do('branding.get', { image: to !== undefined })
        if (to !== undefined) {
          if (!found?.image) throw new Refusal('not_found', 'There is no logo.')
          await writeFile(to, Buffer.from(found.image, 'base64'), { flag: 'wx' })
        }
        const data = { organisation, logo: found && { ...found, image: undefined } }
        return { data, text: () => logoText(found) }
      }),
    )
  logo
    .command('set <file>')
    .description('take a PNG, JPEG or WebP image of at most 128 KiB and 1024 by 1024 pixels')
    .action(
      withSession<[string]>(async (session, [file]) => {
        if ((await stat(file)).size > MOST_LOGO_BYTES) throw new UsageError(TOO_LARGE)
        const image = (await readFile(file)).toString('base64')
        const data = await session.do('branding.set-logo', { image })
        return { data, text: () => logoText(data.logo) }
      }),
    )
  logo
    .command('remove')
    .description("show the product's own picture again")
    .action(
      withSession(async session => {
        const data = await session.do('branding.remove-logo', {})
        return { data, text: () => logoText(data.logo) }
      }),
    )
}

const TOO_LARGE = `A logo has ${MOST_LOGO_BYTES / 1024} KiB at most. Save it smaller, and name that file.`

function logoText(logo: Branding['logo']): string {
  if (!logo) return 'There is no logo.'
  return `The logo is a ${logo.type} of ${logo.width} by ${logo.height} pixels, ${logo.bytes} bytes.`
}

/** Every setting as a path and a text. Lists stay whole. */
function flat(value: object, prefix = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, item]) =>
    isGroup(item) ? flat(item, `${prefix}${key}.`) : [[`${prefix}${key}`, plain(item)] as [string, string]],
  )
}

function valueAt(settings: Settings, path: string): unknown {
  let value: unknown = settings
  for (const key of path.split('.')) {
    if (!isGroup(value) || !Object.hasOwn(value, key)) throw unknownKey(path)
    value = value[key]
  }
  return value
}

function changedAt(settings: Settings, path: string, text: string): Settings {
  const before = valueAt(settings, path)
  const copy = structuredClone(settings)
  const keys = path.split('.')
  const last = keys.pop()!
  const group = keys.reduce((value, key) => value[key] as Record<string, unknown>, copy as Record<string, unknown>)
  group[last] =
    path === 'hours' && !text.startsWith('{') ? { ...settings.hours, ...someHours(text) } : parsed(text, before)
  return copy
}

/** A text stays a text; anything else is read as JSON, and as a text where it is none, so that the schema can explain. */
function parsed(text: string, before: unknown): unknown {
  if (typeof before === 'string') return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function unknownKey(path: string): UsageError {
  return new UsageError(`There is no setting "${path}". See: campaign-connector settings get`)
}

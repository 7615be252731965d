import type { Command } from 'commander'
import type { Settings } from '../../shared/operations/phones.ts'
import { examples, withSession } from './command.ts'
import { UsageError } from './exit.ts'
import { someHours } from './options.ts'
import { pairs } from './print.ts'

export function addSettings(program: Command): void {
  const settings = program.command('settings').description('what holds for all campaigns and phones')
  examples(settings, [
    ['settings get', 'every setting'],
    ['settings set organisation "Acme Market"', 'the name in the answers to STOP, START and HELP'],
    ['settings set hours 9:00-20:00', 'the hours in which anything is sent'],
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
        return { data: all, text: () => `${key} is now ${plain(valueAt(all, key))}` }
      }),
    )
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

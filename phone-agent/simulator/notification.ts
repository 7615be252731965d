import { parseArgs } from 'node:util'
import { enter, open, print } from './call.ts'
import { take, transaction } from './store.ts'

/** Every option of the script, and whether it takes a value; those that change nothing here are read all the same. */
const VALUE_OPTIONS = [
  ...['action', 'button1', 'button1-action', 'button2', 'button2-action', 'button3', 'button3-action', 'channel'],
  ...['group', 'icon', 'image-path', 'led-color', 'led-off', 'led-on', 'media-next', 'media-pause', 'media-play'],
  ...['media-previous', 'on-delete', 'priority', 'vibrate', 'type'],
]

/** The command `termux-notification`. @returns its exit code. */
export async function notification(dir: string, args: readonly string[]): Promise<number> {
  const name = 'termux-notification'
  let values: Record<string, string | boolean | undefined>
  try {
    const text = { type: 'string' } as const
    const flag = { type: 'boolean' } as const
    const more = Object.fromEntries(VALUE_OPTIONS.map(option => [option, text]))
    const flags = { 'alert-once': flag, ongoing: flag, sound: flag, 'help-actions': flag }
    const known = { id: { ...text, short: 'i' }, title: { ...text, short: 't' }, content: { ...text, short: 'c' } }
    const options = { ...more, ...flags, ...known, help: { ...flag, short: 'h' } }
    values = parseArgs({ args: [...args], options, allowPositionals: false }).values as typeof values
  } catch (error) {
    process.stderr.write(`${name}: ${(error as Error).message}\n`)
    return 1
  }
  if (values['help'] || values['help-actions']) return print(`Usage: ${name} [options]\n`, 0)
  if (values['ongoing'] && !values['id']) {
    return print('Ongoing notifications without an ID are not removable.\nPlease set an id with --id "string".\n', 1)
  }
  const content = values['content'] ?? (await inputWithin(3000))
  const phone = open(dir)
  const { prints } = await enter(phone, name)
  if (prints !== undefined) return print(prints, 0)
  const { db, config } = phone
  if (config.denied.includes('POST_NOTIFICATIONS')) return 0
  transaction(db, () => {
    const id = values['id'] ?? `unnamed-${take(db, 'unnamed notifications')}`
    const shown = [String(values['title'] ?? ''), String(content).replace(/\n+$/, '')]
    const flags = [values['ongoing'] ? 1 : 0, values['alert-once'] ? 1 : 0]
    db.prepare('INSERT OR REPLACE INTO notifications VALUES (?, ?, ?, ?, ?, ?)').run(
      String(id),
      Date.now(),
      ...shown,
      ...flags,
    )
  })
  return 0
}

/** The command `termux-notification-remove`. @returns its exit code. */
export async function notificationRemove(dir: string, args: readonly string[]): Promise<number> {
  const name = 'termux-notification-remove'
  if (args[0] === '-h') return print(`Usage: ${name} notification-id\n`, 0)
  if (args.length !== 1) return print(`${name}: no notification id specified\n`, 1)
  const phone = open(dir)
  const { prints } = await enter(phone, name)
  if (prints !== undefined) return print(prints, 0)
  transaction(phone.db, () => phone.db.prepare('DELETE FROM notifications WHERE id = ?').run(args[0] as string))
  return 0
}

/** Standard input, as much of it as comes before its end or before the time is up. */
async function inputWithin(ms: number): Promise<string> {
  const chunks: Buffer[] = []
  const timer = setTimeout(() => process.stdin.destroy(), ms)
  try {
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  } catch {
    // Destroyed by the timer: what has come so far counts.
  }
  clearTimeout(timer)
  return Buffer.concat(chunks).toString('utf8')
}

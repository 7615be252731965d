import { isIP } from 'node:net'
import { Refusal } from '../../shared/errors.ts'
import { type Settings, settingsSchema } from '../../shared/operations/phones.ts'
import type { Database, Reader } from '../db/database.ts'
import { storedSettings, storeSetting } from '../db/settings.ts'
import { isKnownReload } from '../domain/reload-commands.ts'
import type { HandlersFor } from './operations/dispatch.ts'
import type { Clock } from './ports.ts'

/** The administrator's choices over the defaults. Cheap to ask at every turn. */
export interface SettingsView {
  current(): Settings
}

/** The same for the one who changes them, and for those who have to do something when they change. */
export interface SettingsStore extends SettingsView {
  /** Takes in what was stored, and tells the listeners. */
  reload(): void
  /** Called after a change, with the settings after and before it. Returns the function that ends it. */
  listen(listener: (now: Settings, before: Settings) => void): () => void
}

export function createSettings(db: Reader): SettingsStore {
  const listeners = new Set<(now: Settings, before: Settings) => void>()
  let current = readSettings(db)
  return {
    current: () => current,
    listen: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reload: () => {
      const before = current
      current = readSettings(db)
      for (const listener of listeners) listener(current, before)
    },
  }
}

export function settingsHandlers(parts: {
  db: Database
  clock: Clock
  settings: SettingsStore
}): HandlersFor<'settings.get' | 'settings.update'> {
  const { clock, settings } = parts
  return {
    'settings.get': () => settings.current(),
    'settings.update': (changes, { commit, source }) => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined)
      refuseOdd({ ...settings.current(), ...Object.fromEntries(given) } as Settings)
      if (source.ip !== null) refuseFromNetwork(changes.accessBans?.reload ?? null, settings.current())
      commit((tx, about) => {
        for (const [key, value] of given) {
          about('setting', key)
          storeSetting(
            tx,
            key,
            key === 'texts' ? ownTexts(value as Settings['texts'], changes, settings) : value,
            clock.now(),
          )
        }
      })
      settings.reload()
      return settings.current()
    },
  }
}

export const DEFAULTS: Omit<Settings, 'texts'> = {
  organisation: '',
  defaultCountry: 'US',
  hours: { from: 8 * 60, to: 21 * 60, days: [1, 2, 3, 4, 5, 6, 7] },
  // Careful on purpose: below Android's gate of 30 segments a minute, and below what carriers are known to bear.
  limits: {
    windows: [
      { segments: 25, windowMs: 60_000 },
      { segments: 100, windowMs: 3_600_000 },
      { segments: 400, windowMs: 24 * 3_600_000 },
    ],
    recipientsPerMonth: 250,
    pauseMs: [2000, 5000],
  },
  takeAllTexts: false,
  // A person asks a few things; what asks more is rather a robot.
  autoAnswers: { perHour: 5, perDay: 12 },
  linkHost: '127.0.0.1',
  linkPort: 8443,
  linkAddresses: [],
  proofSeconds: 120,
  pollSeconds: { active: 3, idle: 20 },
  backups: { keep: 14, daily: true },
  lockout: { failures: 5, withinMinutes: 10, lockMinutes: 60 },
  accessBans: { failures: 5, withinMinutes: 10, banMinutes: 60, denyFile: '', reload: null },
  personalPage: { enabled: false, host: '127.0.0.1', port: 8480, address: '', proxies: [] },
  window: { lockAfterMinutes: 15, notifications: true, notificationTexts: false },
}

/** The answers to STOP, START and HELP as the CTIA's principles ask for them: who speaks, what happens, how to stop. */
export function defaultTexts(organisation: string): Settings['texts'] {
  const sender = organisation === '' ? '' : `${organisation}: `
  return {
    stop: `${sender}You are unsubscribed and will receive no more messages. Reply START to subscribe again.`,
    start: `${sender}You are subscribed again. Reply HELP for help, STOP to unsubscribe.`,
    help: `${sender}Reply here with your question and a person will answer. Reply STOP to unsubscribe. Msg & data rates may apply.`,
  }
}

/** A value that no longer fits (an older version stored it) gives way to its default instead of stopping the hub. */
function readSettings(db: Reader): Settings {
  const chosen: Record<string, unknown> = { ...DEFAULTS }
  const stored = storedSettings(db)
  for (const [key, schema] of Object.entries(settingsSchema.shape)) {
    const parsed = key === 'texts' ? null : schema.safeParse(stored[key])
    if (parsed?.success) chosen[key] = parsed.data
  }
  const texts = { ...defaultTexts(String(chosen['organisation'])), ...(stored['texts'] as object | undefined) }
  const parsed = settingsSchema.shape.texts.safeParse(texts)
  chosen['texts'] = parsed.success ? parsed.data : defaultTexts(String(chosen['organisation']))
  return chosen as Settings
}

/** Only texts that differ from the default are stored, so that the others follow the organisation's name. */
function ownTexts(
  texts: Settings['texts'],
  changes: { organisation?: string | undefined },
  settings: SettingsView,
): Partial<Settings['texts']> {
  const before = defaultTexts(settings.current().organisation)
  const after = defaultTexts(changes.organisation ?? settings.current().organisation)
  const own = Object.entries(texts).filter(([key, text]) => {
    const name = key as keyof Settings['texts']
    return text !== before[name] && text !== after[name]
  })
  return Object.fromEntries(own)
}

function refuseOdd(settings: Settings): void {
  const [least, most] = settings.limits.pauseMs
  if (least > most) throw odd('limits', 'The longer pause comes second: pauseMs is [least, most].')
  if (settings.linkHost !== 'localhost' && isIP(settings.linkHost) === 0) {
    throw odd('linkHost', 'linkHost is the address of one interface such as 127.0.0.1, or 0.0.0.0 for all of them.')
  }
  const { host, address, proxies } = settings.personalPage
  if (isIP(host) === 0) {
    throw odd('personalPage.host', 'personalPage.host is the address of one interface such as 127.0.0.1.')
  }
  if (proxies.some(proxy => isIP(proxy) === 0)) {
    throw odd('personalPage.proxies', 'personalPage.proxies are the IP addresses of proxies.')
  }
  if (!/^(127\.|::1$)/.test(host) && !address.toLowerCase().startsWith('https://')) {
    throw odd(
      'personalPage.address',
      'Beyond this computer the personal page is for a proxy that speaks https: name the address under which people reach it.',
    )
  }
}

/** Whoever has got hold of an administrator's session must not have a shell with it. */
function refuseFromNetwork(reload: readonly string[] | null, { accessBans }: Settings): void {
  if (reload === null || isKnownReload(reload, [accessBans.reload])) return
  throw new Refusal(
    'local_only',
    'Through the network only the usual reload commands can be chosen. Set another one on the computer of the hub: campaign-connector settings set accessBans.reload ...',
  )
}

function odd(field: string, message: string): Refusal {
  return new Refusal('invalid_input', message, { [field]: message })
}

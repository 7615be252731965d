import {
  type PairingLink,
  PROTOCOL_VERSION,
  pairAnswerSchema,
  parsePairingLink,
} from '../../src/shared/phone-protocol.ts'
import type { Clock } from './clock.ts'
import { type Config, type Folder, writeConfig } from './config.ts'
import { Inbound } from './inbound.ts'
import type { Log } from './log.ts'
import { journalForPairing, openCore } from './open.ts'
import type { PhoneCommands } from './phone-commands.ts'
import { StoreUnreadable } from './rows.ts'
import { StoreReader } from './store-reader.ts'
import { connectionSentence, connectTrusted, fetchCertificate, requestOver, type Trusted } from './tls.ts'
import { AGENT_VERSION } from './version.ts'

export interface PairParts {
  readonly folder: Folder
  readonly commands: PhoneCommands
  readonly clock: Clock
  readonly log: Log
  /** Name of the phone in the hub; null: what Android calls it. */
  readonly name: string | null
  readonly slots: number[] | null
}

/**
 * Pairs this phone with the hub of a link. The lock of the folder must be held.
 * @throws Error with a sentence for the operator; nothing has changed then.
 */
export async function pair(text: string, parts: PairParts): Promise<Config> {
  const link = parsePairingLink(text)
  const { folder, commands, clock } = parts
  const { country } = await commands.device()
  const name = parts.name ?? (await commands.property('ro.product.model')) ?? 'Phone'
  const { address, trusted } = await findHub(link)
  const journal = await journalForPairing(folder, country, clock, link.pin)
  const answer = await ask(address, trusted, {
    v: PROTOCOL_VERSION,
    code: link.code,
    journal: journal.identity,
    name: name.slice(0, 100),
    agent: AGENT_VERSION,
  })
  const { textsSince } = answer
  const pairedAt = journal.commit()
  const config: Config = {
    v: 1,
    phone: answer.phone,
    key: answer.key,
    previousKey: null,
    ...trusted,
    addresses: [...new Set([address, ...answer.addresses, ...link.addresses])],
    name,
    pairedAt: textsSince === null ? pairedAt : Math.min(pairedAt, textsSince),
    slots: parts.slots,
    country,
    numbers: {},
    tested: {},
  }
  writeConfig(folder, config)
  await noteOldTexts(config, textsSince, parts)
  return config
}

/** The first address at which the hub with the link's key answers. */
async function findHub(link: PairingLink): Promise<{ address: string; trusted: Trusted }> {
  const problems: string[] = []
  for (const address of link.addresses) {
    try {
      return { address, trusted: await fetchCertificate(address, link.pin) }
    } catch (error) {
      problems.push(connectionSentence(address, error))
    }
  }
  throw new Error(`The hub was not found. ${problems.join(' ')}`)
}

async function ask(address: string, trusted: Trusted, body: object) {
  const socket = await connectTrusted(address, trusted)
  const answer = await requestOver(socket, address, '/pair', body)
  const parsed = parse(answer.body)
  if (answer.status !== 200) {
    const reason = sentenceIn(parsed) ?? `It answered with the status ${answer.status}.`
    throw new Error(`The hub did not pair this phone. ${reason} Show a new link with "Pair a phone" and try it again.`)
  }
  const checked = pairAnswerSchema.safeParse(parsed)
  if (!checked.success) throw new Error('The hub answered in a way that this agent does not understand. Update both.')
  return checked.data
}

/**
 * Texts from before the pairing are none of the hub's business, unless this may be a phone that it knew before: then those
 * `since`. Without permissions yet, the first `run` does this.
 */
async function noteOldTexts(config: Config, since: number | null, parts: PairParts): Promise<void> {
  const core = await openCore({ ...parts, config, random: Math.random })
  try {
    const reader = new StoreReader(core, new Inbound(core))
    await reader.prepare()
    if (core.state.inbound.store === '') await reader.readInbox(true, since)
  } catch (error) {
    if (!(error instanceof StoreUnreadable)) throw error
  } finally {
    await core.journal.close()
  }
}

/** What the hub says in an answer that is no success, wherever in it that stands. */
function sentenceIn(answer: unknown): string | null {
  const { message, error } = (answer ?? {}) as { message?: unknown; error?: unknown }
  if (typeof message === 'string') return message
  if (typeof error === 'string') return error
  return typeof error === 'object' && error !== null ? sentenceIn(error) : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

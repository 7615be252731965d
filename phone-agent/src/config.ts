import { readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { errorCode, makeFolder, writeWhole } from './files.ts'

/** Where the agent keeps what it knows. Everything in it is for its owner's eyes only. */
export interface Folder {
  readonly path: string
  readonly config: string
  readonly journal: string
  readonly status: string
  /** Socket by which commands reach a running agent. */
  readonly socket: string
}

/** What the environment says; nothing else reads it. */
export interface Environment {
  readonly all: Readonly<Record<string, string | undefined>>
  readonly home: string
  /** Termux's own root, where services and scripts lie. */
  readonly prefix: string
  /** A step at which a test lets the agent die. */
  readonly dieAt: string | null
}

/** What pairing has given the phone. */
const configSchema = z.strictObject({
  v: z.literal(1),
  phone: z.string(),
  key: z.string(),
  /** The key before a rotation, until the new one has been used. */
  previousKey: z.string().nullable(),
  /** SHA-256 of the hub's SPKI in base64url, and the one certificate that is trusted, as PEM. */
  pin: z.string(),
  cert: z.string(),
  addresses: z.array(z.string()),
  name: z.string(),
  /** Ms by the phone's clock. */
  pairedAt: z.number(),
  /** Slots that hold a SIM, where the operator has said so. */
  slots: z.array(z.int().min(0).max(3)).nullable(),
  /** The SIM's country, as Android last told it. */
  country: z.string().nullable(),
  /** Own numbers by slot, for the self-test. */
  numbers: z.record(z.string(), z.string()),
  /** Whether the last self-test through each slot was seen in the store. */
  tested: z.record(z.string(), z.boolean()),
})
export type Config = z.infer<typeof configSchema>

/** The configuration is there and cannot be used. */
export class ConfigError extends Error {}

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const isTest = env['CC_AGENT_TEST'] === '1'
  return {
    all: env,
    home: env['HOME'] || homedir(),
    prefix: env['PREFIX'] || '/data/data/com.termux/files/usr',
    dieAt: isTest ? (env['CC_AGENT_DIE_AT'] ?? null) : null,
  }
}

/** @param dir the folder that was asked for; otherwise the one in the home folder. */
export function folderOf(environment: Environment, dir: string | undefined): Folder {
  const path = resolve(dir ?? join(environment.home, '.campaign-connector-agent'))
  return {
    path,
    config: join(path, 'config.json'),
    journal: join(path, 'journal'),
    status: join(path, 'status.json'),
    socket: join(path, 'run.sock'),
  }
}

/** Null when the phone is not paired. @throws ConfigError with a sentence. */
export function readConfig(folder: Folder): Config | null {
  let text: string
  try {
    text = readFileSync(folder.config, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
  try {
    return configSchema.parse(JSON.parse(text))
  } catch {
    throw new ConfigError(`${folder.config} cannot be read. Run "unpair", and pair this phone again.`)
  }
}

export function writeConfig(folder: Folder, config: Config): void {
  makeFolder(folder.path)
  writeWhole(folder.config, `${JSON.stringify(config, null, 2)}\n`)
}

export function removeConfig(folder: Folder): void {
  rmSync(folder.config, { force: true })
  rmSync(folder.status, { force: true })
}

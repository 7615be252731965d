import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { Refusal } from '../shared/errors.ts'
import type { Services } from './app-services.ts'
import { belongTogether, endOf, fingerprintOf, type Identity, ownCertificate } from './http/certificate.ts'
import { staysHere } from './http/hosts.ts'
import type { Limits, SetAlarm } from './http/limits.ts'
import { startHttp } from './http/server.ts'
import type { FolderPaths } from './services/folder.ts'
import type { Dispatcher } from './services/operations/dispatch.ts'
import type { Clock, Happenings, Log, Randomness } from './services/ports.ts'
import type { Vault } from './services/vault.ts'
import { VERSION } from './version.ts'

/** The headless API as `serve` was asked for it. */
export interface WantedHttp {
  readonly host: string
  readonly port: number
  readonly web: boolean
  /** `own`: a certificate that the hub makes. Paths of PEM files. Null: none. */
  readonly tls: 'own' | { readonly certFile: string; readonly keyFile: string } | null
  /** Also without TLS where others can reach it. */
  readonly insecure: boolean
  readonly allowedHosts: readonly string[]
  readonly limits?: Partial<Limits>
  readonly setAlarm?: SetAlarm
}

/** What is told of the API that runs. */
export interface RunningHttp {
  readonly url: string
  readonly web: boolean
  /** SHA-256 of its certificate, as browsers show it; null without TLS. */
  readonly fingerprint: string | null
}

interface Parts {
  readonly dispatch: Dispatcher
  readonly services: Services
  readonly vault: Vault
  readonly happenings: Happenings
  readonly clock: Clock
  readonly random: Randomness
  readonly log: Log
  readonly paths: FolderPaths
}

/** Starts the API. @throws Error with a sentence when it may not or cannot listen there */
export async function openHttp(
  parts: Parts,
  wanted: WantedHttp,
): Promise<{ running: RunningHttp; close(): Promise<void> }> {
  const { dispatch, services, happenings, clock, random, log, paths } = parts
  const { host, port, web, limits, setAlarm } = wanted
  const loopback = await staysHere(host)
  if (!loopback && wanted.tls === null && !wanted.insecure) throw new Refusal('invalid_input', NO_TLS)
  const identity = await identityOf(parts, wanted)
  const tls = identity && { ...identity, known: wanted.tls !== 'own' }
  const server = await startHttp(
    {
      ...{ version: VERSION, dispatch, auth: services.auth, uploads: services.uploads, happenings, clock, random, log },
      brand: services.brand,
      downloads: join(paths.uploads, 'downloads'),
    },
    {
      ...{ host, port, loopback, web, tls },
      allowedHosts: wanted.allowedHosts,
      ...(limits && { limits }),
      ...(setAlarm && { setAlarm }),
    },
  )
  services.http.current = {
    url: server.url,
    listening: [...server.listening],
    web,
    tls: tls !== null,
    loopback,
    certificateUntil: identity && endOf(identity.cert),
  }
  services.http.keyFile = wanted.tls !== null && wanted.tls !== 'own' ? resolve(wanted.tls.keyFile) : null
  log.info('the API listens', { url: server.url, web })
  return {
    running: { url: server.url, web, fingerprint: identity && fingerprintOf(identity.cert) },
    close: async () => {
      services.http.current = null
      await server.close()
    },
  }
}

const NO_TLS =
  'Beyond this computer the API is served with TLS only, since keys and passwords would be readable on the way. Add --tls, or --tls-cert and --tls-key. Behind a tunnel that encrypts, such as WireGuard, --insecure-without-tls does without.'

async function identityOf({ vault, clock }: Parts, { tls, host, allowedHosts }: WantedHttp): Promise<Identity | null> {
  if (tls === null) return null
  if (tls === 'own') {
    const everywhere = host === '0.0.0.0' || host === '::'
    return ownCertificate(vault, clock, [...(everywhere ? [] : [host]), hostname(), ...allowedHosts])
  }
  const identity = { cert: readPem(tls.certFile, '--tls-cert'), key: readPem(tls.keyFile, '--tls-key') }
  if (belongTogether(identity)) return identity
  throw new Refusal(
    'invalid_input',
    'The files of --tls-cert and --tls-key are no PEM certificate and its private key.',
  )
}

function readPem(path: string, option: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Refusal('invalid_input', `The file of ${option} cannot be read: ${(error as Error).message}`)
  }
}

import { X509Certificate } from 'node:crypto'
import { statSync } from 'node:fs'
import { isIP } from 'node:net'
import type { DoctorFinding } from '../../shared/phone-protocol.ts'
import { LINK_IDENTITY } from '../domain/secret-names.ts'
import { validityOf } from './certificate-dates.ts'
import { fine, inDays, wrong } from './doctor-finding.ts'
import type { SystemParts } from './system.ts'

const DAY_MS = 24 * 3_600_000
/** A hub that starts with less makes a new one, so this is one that has run for long. */
const LINK_WARNING_MS = 365 * DAY_MS
const API_WARNING_MS = 21 * DAY_MS

/** What listens where, who can reach it, and how long its certificate is good. */
export function doorFindings(parts: SystemParts): DoctorFinding[] {
  return [
    linkFinding(parts),
    ...linkCertificate(parts),
    ...httpFindings(parts),
    ...httpKeyFile(parts),
    ...pageFindings(parts),
  ]
}

function linkFinding({ serving, link, linkProblem, linkGiven, settings }: SystemParts): DoctorFinding {
  const state = link()
  if (!serving) return fine('phone link', 'No hub runs on this folder, so nothing listens and nothing is sent.')
  const problem = linkProblem()
  if (problem !== null) return wrong('phone link', problem, 'It is tried again by itself every few seconds.')
  if (!state) {
    const { linkHost, linkPort } = settings.current()
    const { host, port } = linkGiven()
    return wrong(
      'phone link',
      `The phone link does not listen on ${host ?? linkHost}:${port ?? linkPort}.`,
      'Mend the data key if it is closed; else choose a free port (campaign-connector settings set linkPort 8444) and restart the hub.',
    )
  }
  const where = state.listening.join(', ')
  const opened = state.listening.some(address => !isLoopback(address))
  return fine(
    'phone link',
    opened
      ? `It listens on ${where}: phones of the network can reach it.`
      : `It listens on ${where}, for this computer only.`,
  )
}

/** None before the first start of a hub, and while the data key is closed, which is a finding of its own. */
function linkCertificate({ vault, clock }: SystemParts): DoctorFinding[] {
  const check = 'link certificate'
  const sealed = vault.problem === null ? vault.open(LINK_IDENTITY) : undefined
  if (!sealed) return []
  const { cert } = JSON.parse(Buffer.from(sealed).toString('utf8')) as { cert: string }
  const { from, to } = validityOf(new X509Certificate(cert))
  const now = clock.now()
  const left = to - now
  if (from > now) {
    return [
      wrong(
        check,
        'The certificate of the phone link is from the future.',
        "Look at this computer's clock: it is behind.",
      ),
    ]
  }
  if (left < LINK_WARNING_MS) {
    return [
      wrong(
        check,
        `The certificate of the phone link ${left < 0 ? `has ended (${inDays(left)})` : `ends ${inDays(left)}`}.`,
        "Look at this computer's clock. If it is right, restart the hub: it makes a new certificate for the same key, which the phones take by themselves.",
      ),
    ]
  }
  return [fine(check, `It is good from ${day(new Date(from))} to ${day(new Date(to))}.`)]
}

function httpFindings({ serving, http, clock }: SystemParts): DoctorFinding[] {
  const state = http()
  if (!serving) return []
  if (!state) return [fine('api', 'The headless API and the pages for a browser are off.')]
  const { url, listening, web, tls, loopback, certificateUntil } = state
  const what = web ? 'The API and the pages for a browser are' : 'The API is'
  const where = `${what} served on ${url} (${listening.join(', ')})`
  const reached = loopback ? 'for this computer only' : 'for the network'
  const door =
    !loopback && !tls
      ? wrong(
          'api',
          `${where}, ${reached}, without TLS: keys and passwords can be read on the way.`,
          'Restart with --tls, or --host 127.0.0.1, or make sure that only a tunnel that encrypts leads there.',
        )
      : fine('api', `${where}, ${reached}${tls ? ', with TLS' : ''}.`)
  if (certificateUntil === null) return [door]
  const left = certificateUntil - clock.now()
  const check = 'api certificate'
  if (left >= API_WARNING_MS) return [door, fine(check, `It ends ${inDays(left)}.`)]
  return [
    door,
    wrong(
      check,
      left < 0 ? `It has ended (${inDays(left)}).` : `It ends ${inDays(left)}.`,
      'Restart the hub: it makes its own one anew. Renew the files of --tls-cert and --tls-key before, where those are used.',
    ),
  ]
}

/** The hub's own key is sealed; one that an administrator has named lies in a file that they look after. */
function httpKeyFile(parts: SystemParts): DoctorFinding[] {
  const path = parts.httpKeyFile()
  const state = path === null ? undefined : statSync(path, { throwIfNoEntry: false })
  if (path === null || process.platform === 'win32') return []
  const check = 'api key file'
  if (!state) return [wrong(check, `${path} is gone: the next start fails.`, 'Put the file of --tls-key back.')]
  if ((state.mode & 0o007) === 0) return [fine(check, 'The private key of the API is not open to everybody.')]
  return [
    wrong(check, `Everybody on this computer can open ${path}, the private key of the API.`, `chmod o-rwx ${path}`),
  ]
}

/** Nothing of a page that nobody wants, or that another process would serve. */
function pageFindings({ serving, personalPage }: SystemParts): DoctorFinding[] {
  const check = 'personal page'
  const { listening, problem } = personalPage()
  if (!serving) return []
  if (problem !== '') {
    return [
      wrong(
        check,
        `People do not reach their personal pages: ${problem}`,
        'Choose a free port or an address of this computer, in the settings of services.',
      ),
    ]
  }
  return listening === null ? [] : [fine(check, `People reach their personal pages on ${listening}.`)]
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function isLoopback(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

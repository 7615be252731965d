import { createHash, X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { errorCode, errorText } from './files.ts'

/** The hub that a phone trusts: the hash of its public key, and the one certificate with that key. */
export interface Trusted {
  readonly pin: string
  /** PEM. */
  readonly cert: string
}

/** There is a TLS server, but it is not the hub of this pairing. */
export class WrongHub extends Error {}

const CONNECT_MS = 10_000

/** SHA-256 of a certificate's SPKI, in base64url. */
export function pinOf(certificate: X509Certificate): string {
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64url')
}

/**
 * Fetches the certificate of the server at an address, and nothing else: no byte of ours is sent after the handshake.
 * @throws WrongHub when its public key is not the one of the pin.
 */
export async function fetchCertificate(address: string, pin: string): Promise<Trusted> {
  const socket = await open(address, { rejectUnauthorized: false })
  try {
    const certificate = socket.getPeerX509Certificate()
    if (!certificate || pinOf(certificate) !== pin) throw wrongHub(address)
    return { pin, cert: certificate.toString() }
  } finally {
    socket.destroy()
  }
}

/**
 * A connection to the one server that is trusted. When it resolves the handshake is done, the certificate is the trusted
 * one and its key has the pin, so secrets may be sent.
 * @throws WrongHub, or an Error with a sentence.
 */
export async function connectTrusted(address: string, trusted: Trusted): Promise<TLSSocket> {
  const socket = await open(address, {
    ca: [trusted.cert],
    rejectUnauthorized: true,
    checkServerIdentity: (_host: string, peer: { raw: Buffer }) =>
      pinOf(new X509Certificate(peer.raw)) === trusted.pin ? undefined : wrongHub(address),
  })
  const certificate = socket.getPeerX509Certificate()
  if (!socket.authorized || !certificate || pinOf(certificate) !== trusted.pin) {
    socket.destroy()
    throw wrongHub(address)
  }
  return socket
}

export interface Answer {
  readonly status: number
  readonly body: string
  /** Ms by the server's clock (whole seconds), null where it does not say. */
  readonly date: number | null
}

/** One request over a connection that is open already. Ends the connection. */
export function requestOver(socket: TLSSocket, address: string, path: string, body: object | null): Promise<Answer> {
  const content = body && JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const call = request({
      method: content ? 'POST' : 'GET',
      host: hostOf(address),
      path,
      createConnection: () => socket,
      headers: {
        ...(content && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
        connection: 'close',
      },
      timeout: CONNECT_MS,
    })
    call.on('timeout', () => call.destroy(new Error(`${address} does not answer.`)))
    call.on('error', reject)
    call.on('response', response => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > 1024 * 1024) call.destroy(new Error(`${address} answers with too much.`))
        else chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () => {
        const date = Date.parse(response.headers.date ?? '')
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          date: Number.isNaN(date) ? null : date,
        })
      })
    })
    call.end(content ?? undefined)
  })
}

/** A sentence for why an address cannot be reached. */
export function connectionSentence(address: string, error: unknown): string {
  if (error instanceof WrongHub) return error.message
  const code = errorCode(error)
  if (code === 'CERT_NOT_YET_VALID') {
    return `The certificate of ${address} is not valid yet, so this phone's date is wrong. Set its date and time.`
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return `The certificate of ${address} has expired, or this phone's date is wrong. Check the date, then pair again.`
  }
  if (code === 'ECONNREFUSED') return `Nothing listens at ${address}.`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `The name in ${address} is not known here.`
  if (['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'].includes(code)) {
    return wrongHub(address).message
  }
  return `${address} cannot be reached: ${errorText(error)}`
}

function open(address: string, options: object): Promise<TLSSocket> {
  const host = hostOf(address)
  const port = Number(address.slice(address.lastIndexOf(':') + 1))
  if (!host || !Number.isInteger(port) || port < 1 || port > 65_535) {
    return Promise.reject(new Error(`"${address}" is no address. It has the form host:port.`))
  }
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      ...(isIP(host) === 0 && { servername: host }),
      ...options,
    })
    const timer = setTimeout(() => socket.destroy(new Error('it does not answer')), CONNECT_MS)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      reject(error)
    }
    socket.once('error', fail)
    socket.once('secureConnect', () => {
      clearTimeout(timer)
      socket.off('error', fail)
      socket.setNoDelay(true)
      // Whoever takes the socket over listens too; without any listener an error would end the process.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

/** The host of host:port, without the brackets of an IPv6 address. */
function hostOf(address: string): string {
  return address.slice(0, Math.max(0, address.lastIndexOf(':'))).replace(/^\[(.*)\]$/, '$1')
}

function wrongHub(address: string): WrongHub {
  return new WrongHub(
    `The computer at ${address} is not the hub of this pairing: its key is another one. Nothing was sent to it. ` +
      'If the hub was set up anew, pair this phone again.',
  )
}

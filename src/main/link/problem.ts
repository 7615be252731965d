import { networkInterfaces } from 'node:os'

/** Where the link listens, or is to. */
export interface Where {
  readonly host: string
  readonly port: number
}

const ANOTHER_PORT =
  'choose another port, in the window under Phones or with "campaign-connector settings set linkPort 8444"'
const ANOTHER_ADDRESS =
  'choose another address, in the window under Phones or with "campaign-connector settings set linkHost 127.0.0.1"'

/** Why the link does not listen there and what mends it, in a sentence or two. `code`: of Node, such as EADDRINUSE. */
export function linkProblem({ host, port }: Where, code: string): string {
  const where = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const begin = `The link for phones cannot listen on ${where}`
  switch (code) {
    case 'EADDRINUSE':
      return `${begin}: another program uses that port. End that program, or ${ANOTHER_PORT}.`
    case 'EACCES':
      return `${begin}: this system keeps port ${port} for itself. Instead ${ANOTHER_PORT}.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${begin}: this computer has no address ${host} at the moment. Connect that network again, or ${ANOTHER_ADDRESS}.`
    default:
      return `${begin} (${code}). If it stays so, ${ANOTHER_PORT}.`
  }
}

/** The certificate of the link lies sealed in the database, and cannot be read any more. */
export function identityProblem(reason: string): string {
  return `The certificate of the link for phones cannot be read, so no phone can connect. ${reason}`
}

/** Whether this computer still has the address, as when a cable is pulled or another Wi-Fi chosen. */
export function hasAddress(host: string): boolean {
  if (host === '0.0.0.0' || host === '::' || host === 'localhost' || host.startsWith('127.') || host === '::1')
    return true
  return Object.values(networkInterfaces()).some(list => list?.some(entry => entry.address === host) ?? false)
}

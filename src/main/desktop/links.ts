import type { Shell } from 'electron'
import type { Log } from '../services/ports.ts'

/** Pages on the web that the application sends people to, each by its topic. */
export const GUIDES = {
  termux: 'https://f-droid.org/packages/com.termux/',
  'termux-api': 'https://f-droid.org/packages/com.termux.api/',
  'termux-boot': 'https://f-droid.org/packages/com.termux.boot/',
  tailscale: 'https://tailscale.com/download',
  battery: 'https://dontkillmyapp.com/',
} as const satisfies Record<string, `https://${string}`>

/** Whether an address may be handed to the browser of the system: only those above, to the letter. */
export function mayOpen(address: string): boolean {
  return Object.values(GUIDES).some(guide => guide === address)
}

/** The one place that hands anything to the system to open. */
export function openOutside(shell: Pick<Shell, 'openExternal'>, address: string, log: Log): void {
  if (!mayOpen(address)) return log.warn('a link was not opened')
  shell.openExternal(address).catch(error => log.error('a link could not be opened', error))
}

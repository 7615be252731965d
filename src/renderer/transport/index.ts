import type { Connector } from '../../shared/bridge.ts'
import type { Transport } from './types.ts'
import { webTransport } from './web.ts'
import { windowTransport } from './window.ts'

declare global {
  interface Window {
    /** Only in the window of the application. */
    readonly connector?: Connector
  }
}

export const transport: Transport = window.connector ? windowTransport(window.connector) : webTransport()

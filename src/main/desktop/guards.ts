import type { App, Session, WebContents } from 'electron'
import type { Log } from '../services/ports.ts'
import { isOurs, parsed } from './address.ts'

/**
 * What no page may do, whatever it says: ask for a permission, use a device, see the screen, load or download anything
 * that is not ours.
 */
export function guardSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setUSBProtectedClassesHandler(() => [])
  session.setBluetoothPairingHandler((_details, decide) => decide({ confirmed: false }))
  session.setDisplayMediaRequestHandler((_request, decide) => decide({}))
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    const cancel = !mayLoad(url)
    if (cancel) log.warn('a request of the window was stopped', { url: addressOf(url) })
    decide({ cancel })
  })
  session.on('will-download', event => event.preventDefault())
}

/** The developer tools bring themselves along; they open in unpacked sources only. */
export function mayLoad(url: string): boolean {
  return isOurs(url) || url.startsWith('devtools://devtools/')
}

/** Every page that comes into being stays where it is and opens nothing. `opened` gets what it wanted to open. */
export function guardContents(app: Pick<App, 'on'>, log: Log, opened: (url: string) => void): void {
  app.on('web-contents-created', (_event, contents) => guardOne(contents, log, opened))
}

function guardOne(contents: WebContents, log: Log, opened: (url: string) => void): void {
  const stop = (event: { preventDefault(): void; readonly url?: string }): void => {
    event.preventDefault()
    log.warn('the window was to go elsewhere', { url: addressOf(event.url ?? '') })
  }
  contents.on('will-frame-navigate', stop)
  contents.on('will-navigate', stop)
  contents.on('will-redirect', stop)
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    opened(url)
    return { action: 'deny' }
  })
}

/** What is worth knowing of an address, without what it may carry. */
function addressOf(url: string): string {
  const address = parsed(url)
  return address ? `${address.protocol}//${address.host}` : 'no address'
}

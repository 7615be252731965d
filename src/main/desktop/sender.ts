import { isOurs } from './address.ts'

/** What is looked at of an event of Electron's IPC. */
export interface SenderEvent {
  readonly sender: { readonly id: number }
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
}

/**
 * Whether a call comes from the page of one of our windows: the frame is there, it is the main one, its address has our
 * scheme and host, and the window is one that we made. To be asked before anything is awaited, since a frame goes away.
 */
export function isOurPage({ sender, senderFrame }: SenderEvent, windows: ReadonlySet<number>): boolean {
  try {
    return senderFrame !== null && senderFrame.parent === null && isOurs(senderFrame.url) && windows.has(sender.id)
  } catch {
    // A frame that was disposed of meanwhile has no address any more.
    return false
  }
}

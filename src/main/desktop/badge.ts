import type { App, BrowserWindow, NativeImage } from 'electron'

const EDGE = 16

/** How many threads wait to be read, at the icon of the application: in the dock, or over the button in the taskbar. */
export function showUnread(
  parts: {
    readonly app: Pick<App, 'setBadgeCount'>
    readonly window: Pick<BrowserWindow, 'setOverlayIcon' | 'isDestroyed'>
    readonly platform: NodeJS.Platform
    readonly image: (bitmap: Buffer, size: { width: number; height: number }) => NativeImage
  },
  unread: number,
): void {
  const { app, window, platform, image } = parts
  if (platform !== 'win32') return void app.setBadgeCount(unread)
  if (window.isDestroyed()) return
  const words = unread === 1 ? '1 unread thread' : `${unread} unread threads`
  if (unread === 0) window.setOverlayIcon(null, '')
  else window.setOverlayIcon(image(dot(), { width: EDGE, height: EDGE }), words)
}

/** A red dot, as BGRA: Windows shows a picture of 16 pixels, too small for a number. */
function dot(): Buffer {
  const pixels = Buffer.alloc(EDGE * EDGE * 4)
  const middle = (EDGE - 1) / 2
  for (let y = 0; y < EDGE; y += 1) {
    for (let x = 0; x < EDGE; x += 1) {
      if (Math.hypot(x - middle, y - middle) <= middle) pixels.set([0x31, 0x31, 0xe0, 0xff], (y * EDGE + x) * 4)
    }
  }
  return pixels
}

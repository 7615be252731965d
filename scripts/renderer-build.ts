import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import type { InlineConfig } from 'vite'
import { NONCE_MARK } from '../src/main/services/pages.ts'

/** How the pages are built, for the window and for web mode alike. Everything is a file: the policy of content allows nothing else. */
export function rendererBuild(dir: string): InlineConfig {
  return {
    configFile: false,
    root: resolve('src/renderer'),
    base: './',
    plugins: [react()],
    html: { cspNonce: NONCE_MARK },
    build: {
      outDir: resolve(dir),
      emptyOutDir: true,
      // Electron 33 and newer, and browsers of the same age.
      target: ['chrome130', 'firefox132', 'safari18'],
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
    logLevel: 'warn',
  }
}

import { type ChildProcess, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findElectron } from '../../scripts/electron-dist.ts'
import { openScreen } from './display.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The packaged applications; null where there is no Electron or no display for them. */
    desktop: { readonly shipping: string; readonly inspectable: string; readonly display: string } | null
  }
}

/**
 * Packages the application twice: exactly as it ships, and in the variant that tests can drive. DESKTOP_PACKAGES names a
 * folder in which they stay for the next run.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const lasting = process.env['DESKTOP_PACKAGES']
  const folder = lasting ?? mkdtempSync(join(tmpdir(), 'cc-desktop-'))
  const stop = (screen: ChildProcess | null) => () => {
    screen?.kill()
    if (lasting === undefined) rmSync(folder, { recursive: true, force: true })
  }
  const electron = process.platform === 'linux' ? findElectron() : null
  const screen = electron && (await openScreen())
  if (!electron || !screen) {
    console.warn(`Desktop tests are skipped: there is no ${electron ? 'display and no Xvfb' : 'Electron'} here.`)
    project.provide('desktop', null)
    return stop(null)
  }
  const made = (name: string, ...args: string[]): string => {
    const output = join(folder, name)
    if (existsSync(join(output, 'linux-unpacked/resources/app.asar'))) return join(output, 'linux-unpacked')
    execFileSync(process.execPath, ['scripts/package.ts', '--output', output, ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    return join(output, 'linux-unpacked')
  }
  const { display, child } = screen
  try {
    project.provide('desktop', {
      shipping: made('shipping'),
      inspectable: made('inspectable', '--inspectable'),
      display,
    })
  } catch (error) {
    stop(child)()
    throw error
  }
  return stop(child)
}

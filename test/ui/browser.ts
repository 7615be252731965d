import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as playwright } from 'playwright-core'

/** Whether there is a browser for tests on this computer: the npm package carries one for Linux on x64 only. */
export function hasBrowser(): boolean {
  return ownBrowser() !== undefined || (process.platform === 'linux' && process.arch === 'x64')
}

function ownBrowser(): string | undefined {
  return process.env['CHROMIUM_PATH'] ?? SYSTEM.find(path => existsSync(path))
}

/** A browser for tests: CHROMIUM_PATH, one of the system, or the one of the npm package. Null where none can run. */
export async function launchBrowser(): Promise<Browser | null> {
  const own = ownBrowser()
  if (own !== undefined) return playwright.launch({ executablePath: own, args: ['--no-sandbox', '--disable-gpu'] })
  if (!hasBrowser()) return null
  const executablePath = await chromium.executablePath()
  const LD_LIBRARY_PATH = [libraries(), process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':')
  return playwright.launch({
    executablePath,
    args: [...chromium.args.filter(arg => !/single-process|zygote/.test(arg)), '--no-sandbox', '--disable-gpu'],
    env: { ...(process.env as Record<string, string>), LD_LIBRARY_PATH },
  })
}

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Unpacks the browser of the npm package where it is needed, before several processes want it at the same time. */
export async function prepareBrowser(): Promise<void> {
  if (ownBrowser() !== undefined || !hasBrowser()) return
  await chromium.executablePath()
  libraries()
}

/** A bare system lacks libraries that the browser of the package needs; the package carries them in an archive. */
function libraries(): string {
  const folder = join(tmpdir(), 'cc-chromium-libraries')
  const made = join(folder, 'lib')
  if (existsSync(made)) return made
  mkdirSync(folder, { recursive: true })
  const archive = new URL('../bin/al2023.tar.br', import.meta.resolve('@sparticuz/chromium'))
  execFileSync('tar', ['-x', '-C', folder], { input: brotliDecompressSync(readFileSync(archive)) })
  return made
}

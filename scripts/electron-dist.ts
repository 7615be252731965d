import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

export interface ElectronDist {
  /** The unpacked Electron. */
  readonly folder: string
  readonly version: string
  /** The tool that makes a packaged application run on it, where it is a stand-in. */
  readonly fit: string | null
}

/**
 * The Electron of this machine: ELECTRON_OVERRIDE_DIST_PATH, the one that `npx install-electron` has fetched, or a stand-in
 * for tests beside the checkout. Null where there is none.
 */
export function findElectron(): ElectronDist | null {
  const own = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  for (const folder of [own, resolve('node_modules/electron/dist')]) {
    if (folder !== undefined && existsSync(join(folder, 'version'))) return dist(folder, null)
  }
  const tool = standIn()
  return tool === null ? null : dist(execFileSync(tool, { encoding: 'utf8' }).trim(), tool)
}

function dist(folder: string, fit: string | null): ElectronDist {
  return { folder, version: readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, ''), fit }
}

function standIn(): string | null {
  const common = execFileSync('git', ['rev-parse', '--git-common-dir'], { encoding: 'utf8' }).trim()
  const places = [resolve('..'), dirname(dirname(resolve(common)))].map(place =>
    join(place, 'shared/tools/electron-runtime'),
  )
  return (process.platform === 'linux' && process.arch === 'x64' && places.find(place => existsSync(place))) || null
}

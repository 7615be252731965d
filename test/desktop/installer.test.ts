import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { desktop, newFolder, removeFolder, runInstalled } from './kit.ts'

/** What makes the .deb: the one of CUSTOM_FPM_PATH, a stand-in beside the checkout, or one of the system. */
function findFpm(): string | null {
  const common = resolve(execFileSync('git', ['rev-parse', '--git-common-dir'], { encoding: 'utf8' }).trim())
  const beside = [resolve('..'), dirname(dirname(common))].map(place => join(place, 'shared/tools/fpm'))
  return [process.env['CUSTOM_FPM_PATH'], ...beside, '/usr/bin/fpm'].find(path => path && existsSync(path)) ?? null
}

const fpm = desktop === null ? null : findFpm()
const mayInstall =
  process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && !existsSync('/usr/bin/campaign-connector')

describe.skipIf(fpm === null || !mayInstall)('the .deb', () => {
  const output = process.env['DESKTOP_PACKAGES'] ?? mkdtempSync(join(tmpdir(), 'cc-deb-'))
  let folder: string
  let deb: string

  beforeAll(async () => {
    folder = await newFolder()
    const found = () => globSync(join(output, 'deb/*.deb'))[0]
    if (!found()) {
      execFileSync(process.execPath, ['scripts/package.ts', '--target', 'deb', '--output', join(output, 'deb')], {
        env: { ...process.env, CUSTOM_FPM_PATH: fpm! },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
    }
    deb = found()!
  }, 400_000)
  afterAll(() => {
    spawnSync('apt-get', ['purge', '-y', 'campaign-connector'], { stdio: 'ignore' })
    removeFolder(folder)
    if (process.env['DESKTOP_PACKAGES'] === undefined) rmSync(output, { recursive: true, force: true })
  })
  const apt = (...args: string[]) =>
    execFileSync('apt-get', [...args, '-y', '-qq'], {
      stdio: 'pipe',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })

  it('installs, starts, and leaves the data when it is removed', async () => {
    apt('install', deb)
    const data = ['--data-dir', join(folder, 'data')]
    const { code, stdout } = await runInstalled('/usr/bin/campaign-connector', ['--selftest', ...data])
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, key: null })
    expect(code).toBe(0)
    expect(existsSync('/usr/share/applications/campaign-connector.desktop')).toBe(true)
    expect(existsSync('/usr/share/icons/hicolor/512x512/apps/campaign-connector.png')).toBe(true)
    apt('remove', 'campaign-connector')
    expect(existsSync('/usr/bin/campaign-connector')).toBe(false)
    expect(existsSync(join(folder, 'data', 'hub.sqlite'))).toBe(true)
  }, 400_000)
})

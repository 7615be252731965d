import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { afterThisTest, temporaryFolder } from '../support/folder.ts'

/** The names in the archive that `npm pack` would make of what is built. */
let names: string[]
beforeAll(() => {
  if (!existsSync('out/hub/cli.mjs')) throw new Error('There is no build: run npm run build first.')
  const told = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [packed] = Object.values(JSON.parse(told) as Record<string, { files: { path: string }[] }>)
  names = packed!.files.map(file => file.path)
})

describe('the npm package', () => {
  it('holds the hub, its pages and the agent, and nothing else', () => {
    const allowed =
      /^(package\.json|LICENSE|README\.md|bin\/campaign-connector\.mjs|scripts\/preflight\.mjs|out\/(hub\/|renderer\/|phone-agent\.mjs$)|resources\/systemd\/)/
    expect(names.filter(name => !allowed.test(name))).toEqual([])
    // Npm takes along whatever "main" names, which is the entry of the window.
    expect(names.filter(name => /\.(map|ts|tsx)$|simulator|\.test\.|preload|chunks\/window-/.test(name))).toEqual([])
    for (const needed of [
      'out/hub/cli.mjs',
      'out/phone-agent.mjs',
      'out/renderer/index.html',
      'scripts/preflight.mjs',
    ]) {
      expect(names).toContain(needed)
    }
    for (const worker of ['import-worker', 'chore-worker', 'score-worker']) {
      expect(names).toContain(`out/hub/${worker}.mjs`)
    }
  })

  it('runs from what is in it: pages, API and a phone link, on an empty folder', async () => {
    const folder = temporaryFolder('pack')
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { stdio: 'ignore' })
    const archive = readdirSync(folder).find(name => name.endsWith('.tgz'))!
    execFileSync('tar', ['-xzf', join(folder, archive), '-C', folder])
    const root = join(folder, 'package')
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'))
    const program = join(root, 'bin/campaign-connector.mjs')
    const { PATH = '', HOME = '' } = process.env
    const options = { encoding: 'utf8' as const, env: { PATH, HOME, TZ: 'UTC' } }
    expect(execFileSync(process.execPath, [program, '--version'], options)).toMatch(/^\d+\.\d+\.\d+/)
    const data = join(folder, 'data')
    const hub = spawn(
      process.execPath,
      [program, 'serve', '--json', '--link-port', '0', '--web', '--port', '0', '--data-dir', data],
      { env: options.env, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    afterThisTest(() => void hub.kill('SIGKILL'))
    const [line] = (await once(hub.stdout, 'data')) as [Buffer]
    const { http, listening } = JSON.parse(line.toString()) as { http: { url: string }; listening: string[] }
    expect(listening).toHaveLength(1)
    const page = await fetch(http.url)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('id="root"')])
    const made = execFileSync(process.execPath, [program, 'backup', 'create', '--data-dir', data], options)
    expect(made).toMatch(/^Made and verified/)
    hub.kill('SIGTERM')
    expect((await once(hub, 'exit'))[0]).toBe(0)
  })
})

/**
 * Packages the application for this system: `npm run package` makes the unpacked one in dist/, and
 * `npm run package -- --target deb` (nsis, dmg, AppImage) an installer. `--inspectable` makes the variant that tests drive
 * from outside; it is never shipped. `--output FOLDER` puts it elsewhere. Build first: npm run build.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build, type Configuration, Platform } from 'electron-builder'
import { findElectron } from './electron-dist.ts'
import { isOutside } from './hub-build.ts'

/** What native modules name only for those who compile them. */
const FOR_COMPILERS = new Set(['node-addon-api', 'cross-env'])

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true, default: ['dir'] },
    inspectable: { type: 'boolean', default: false },
    output: { type: 'string', default: 'dist' },
  },
})
for (const file of ['out/hub/desktop.mjs', 'out/preload/preload.cjs', 'out/renderer/index.html']) {
  if (!existsSync(file)) throw new Error(`${file} is missing: run npm run build first.`)
}

const electron = findElectron()
const output = resolve(values.output)
const config: Configuration = {
  extends: resolve('electron-builder.yml'),
  directories: { output },
  files: unneeded().map(pattern => `!${pattern}`),
  ...(electron && { electronDist: electron.folder, electronVersion: electron.version }),
  // A stand-in, which only test machines have, needs native modules of its own.
  ...(electron?.fit && {
    afterPack: async ({ appOutDir }) => void execFileSync(electron.fit!, ['fit', appOutDir], { stdio: 'inherit' }),
  }),
  ...(values.inspectable && {
    electronFuses: { enableNodeCliInspectArguments: true },
  }),
  extraMetadata: { homepage: homepage(), ...(values.inspectable && { inspectable: true }) },
}
const unpacked = join(
  output,
  { linux: 'linux-unpacked', darwin: 'mac-arm64', win32: 'win-unpacked' }[process.platform as 'linux'] ?? '',
)
rmSync(unpacked, { recursive: true, force: true })
const made = await build({
  config,
  publish: 'never',
  targets: Platform.current().createTarget(values.target),
})
console.log([unpacked, ...made].join('\n'))

/** Debian's packages have to name one. Only a release has it: the repository that publishes it. */
function homepage(): string {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository } = process.env
  return server && repository ? `${server}/${repository}` : 'http://localhost'
}

/** What electron-builder would take along from node_modules though nothing loads it: packages that are in the build, and builds for other systems. */
function unneeded(): string[] {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, { dev?: boolean; dependencies?: Record<string, string> }>
  }
  const shipped = Object.keys(packages).filter(path => path !== '' && !packages[path]!.dev)
  const needed = new Set<string>()
  const need = (name: string, from: string): void => {
    const path = nearest(name, from)
    if (path === null || needed.has(path) || FOR_COMPILERS.has(name)) return
    needed.add(path)
    for (const dependency of Object.keys(packages[path]!.dependencies ?? {})) need(dependency, path)
  }
  const nearest = (name: string, from: string): string | null => {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`
      if (packages[path]) return path
      if (at === '') return null
    }
  }
  for (const name of Object.keys(packages['']!.dependencies ?? {})) if (isOutside(name)) need(name, '')
  const { platform, arch } = process
  const systems = [
    'darwin-arm64',
    'darwin-x64',
    'linux-arm64',
    'linux-x64',
    'linuxmusl-arm64',
    'linuxmusl-x64',
    'win32-arm64',
    'win32-x64',
    'freebsd-arm64',
    'freebsd-x64',
    'linux-arm',
  ]
  const others = systems.filter(system => system !== `${platform}-${arch}`)
  return [
    ...shipped.filter(path => !needed.has(path)).map(path => `${path}{,/**/*}`),
    ...others.flatMap(system => [
      `node_modules/better-sqlite3/prebuilds/${system}.node`,
      `node_modules/better-sqlite3/lib/${system}.js`,
      `node_modules/argon2/prebuilds/${system}{,/**/*}`,
    ]),
    'node_modules/argon2/prebuilds/*/*.musl.node',
  ]
}

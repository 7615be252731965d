/**
 * Looks at a packaged application before it is published: `node scripts/check-package.ts FOLDER` (the unpacked application
 * in dist/). Its fuses, what its archive holds, and that it is not the variant of the tests.
 */
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { readArchive } from './asar.ts'

const [folder = ''] = process.argv.slice(2)
const bundle = globSync('*.app', { cwd: folder })[0]
const program = [
  bundle && join(folder, bundle),
  join(folder, 'campaign-connector.exe'),
  join(folder, 'campaign-connector'),
].find(path => path && existsSync(path))
const resources = bundle ? join(folder, bundle, 'Contents/Resources') : join(folder, 'resources')
const archive = join(resources, 'app.asar')
const faults: string[] = []
if (!program || !existsSync(archive))
  throw new Error(`There is no packaged application in ${folder || 'no folder at all'}.`)

const WANTED: readonly [keyof typeof FuseV1Options, FuseState][] = [
  ['RunAsNode', FuseState.DISABLE],
  ['EnableNodeOptionsEnvironmentVariable', FuseState.DISABLE],
  ['EnableNodeCliInspectArguments', FuseState.DISABLE],
  ['GrantFileProtocolExtraPrivileges', FuseState.DISABLE],
  ['EnableCookieEncryption', FuseState.ENABLE],
  ['OnlyLoadAppFromAsar', FuseState.ENABLE],
  ['EnableEmbeddedAsarIntegrityValidation', FuseState.ENABLE],
]
const wire = await getCurrentFuseWire(program)
for (const [name, wanted] of WANTED) {
  if (wire[FuseV1Options[name]] !== wanted) faults.push(`The fuse ${name} is not ${FuseState[wanted]}.`)
}

const { files, packageJson } = readArchive(archive)
const tops = new Set(files.map(path => path.split('/')[1]!))
for (const top of tops) {
  if (!['LICENSE', 'node_modules', 'out', 'package.json', 'resources'].includes(top))
    faults.push(`The archive holds ${top}.`)
}
for (const path of files) {
  if (/\.map$|\.tsx?$|\.gyp$|\.(c|cc|cpp|h)$|\/tests?\//.test(path)) faults.push(`The archive holds ${path}.`)
}
const { inspectable } = JSON.parse(packageJson) as { inspectable?: boolean }
if (inspectable !== undefined) faults.push('This is the variant for tests, which can be looked into.')

if (faults.length > 0) {
  console.error(faults.join('\n'))
  process.exit(1)
}
console.log(`${program}: fuses set, ${files.length} files in the archive, nothing that does not belong there.`)

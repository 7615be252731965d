import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** A change of the code's behaviour: in each file the first text, which must stand there once, becomes the second. */
export interface Sabotage {
  readonly about: string
  readonly patches: readonly { readonly file: string; readonly from: string; readonly to: string }[]
}

/** The programs of one run. */
export interface Programs {
  readonly hub: string
  readonly agent: string
  readonly simulator: string
}

const COPIED = ['bin', 'phone-agent', 'scripts', 'src', 'package.json', 'tsconfig.json']

/**
 * Copies the sources into a folder, changes them if that is asked for, and builds them there: what runs is what the
 * sources are at this moment, and the project itself carries nothing for it.
 */
export function makeCopy(folder: string, sabotage: Sabotage | null): Programs {
  const root = resolve(import.meta.dirname, '../../..')
  mkdirSync(folder, { recursive: true })
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const patch of sabotage?.patches ?? []) apply(folder, patch)
  const built = spawnSync(process.execPath, ['scripts/build.ts'], { cwd: folder, encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`The build failed.\n${built.stderr || built.stdout}`)
  return {
    hub: join(folder, 'bin/campaign-connector.mjs'),
    agent: join(folder, 'out/phone-agent.mjs'),
    simulator: join(folder, 'out/phone-simulator.mjs'),
  }
}

function apply(folder: string, { file, from, to }: Sabotage['patches'][number]): void {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  const found = text.split(from).length - 1
  if (found !== 1) throw new Error(`The sabotage does not fit ${file} any more: its text stands there ${found} times.`)
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
}

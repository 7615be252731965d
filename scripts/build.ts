/** Builds what runs outside the checkout into out/: the phone agent and the phone simulator, one file each, the hub, the bridge of the window, and the pages. */
import { existsSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { type BuildOptions, build } from 'rolldown'
import { build as buildPages } from 'vite'
import { preloadBuild } from './desktop-build.ts'
import { hubBuild } from './hub-build.ts'
import { rendererBuild } from './renderer-build.ts'

const shebang = '#!/usr/bin/env node'

/** The agent runs where npm is not: everything but Node's own modules is in the file, and nothing native. */
const alone: BuildOptions[] = [
  bundle('phone-agent/src/main.ts', 'out/phone-agent.mjs'),
  bundle('phone-agent/simulator/main.ts', 'out/phone-simulator.mjs'),
]

const made = ['out/phone-agent.mjs', 'out/phone-simulator.mjs', 'out/hub', 'out/preload']

for (const path of made) rmSync(path, { recursive: true, force: true })
for (const options of [...alone, hubBuild('out/hub'), preloadBuild('out/preload')]) {
  const missing = Object.values(typeof options.input === 'object' ? options.input : {}).filter(
    file => !existsSync(file),
  )
  if (missing.length > 0) throw new Error(`To build is missing: ${missing.join(', ')}`)
  await build(options)
}
await buildPages(rendererBuild('out/renderer'))

function bundle(input: string, file: string): BuildOptions {
  return {
    input: { main: input },
    platform: 'node',
    external: id => isBuiltin(id) || id === 'bufferutil' || id === 'utf-8-validate',
    output: { file, format: 'esm', banner: shebang, codeSplitting: false },
    logLevel: 'warn',
  }
}

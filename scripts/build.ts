/** Builds what runs outside the checkout into out/: the phone agent and the phone simulator, one file each, and the hub. */
import { existsSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { type BuildOptions, build } from 'rolldown'

const shebang = '#!/usr/bin/env node'

/** The agent runs where npm is not: everything but Node's own modules is in the file, and nothing native. */
const alone: BuildOptions[] = [
  bundle('phone-agent/src/main.ts', 'out/phone-agent.mjs'),
  bundle('phone-agent/simulator/main.ts', 'out/phone-simulator.mjs'),
]

/** The hub comes with its node_modules. Workers are entries of their own: they are started by path. */
const hub: BuildOptions = {
  input: {
    cli: 'src/main/cli.ts',
    headless: 'src/main/headless.ts',
    'import-worker': 'src/main/services/imports/worker.ts',
    'chore-worker': 'src/main/db/chore-worker.ts',
  },
  platform: 'node',
  external: id => !id.startsWith('.') && !id.startsWith('/'),
  // The package also serves Node 22, which does not know `using` yet.
  transform: { target: 'node22' },
  output: { dir: 'out/hub', format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
  logLevel: 'warn',
}

rmSync('out', { recursive: true, force: true })
for (const options of [...alone, hub]) {
  const missing = Object.values(typeof options.input === 'object' ? options.input : {}).filter(
    file => !existsSync(file),
  )
  if (missing.length > 0) throw new Error(`To build is missing: ${missing.join(', ')}`)
  await build(options)
}

function bundle(input: string, file: string): BuildOptions {
  return {
    input: { main: input },
    platform: 'node',
    external: id => isBuiltin(id) || id === 'bufferutil' || id === 'utf-8-validate',
    output: { file, format: 'esm', banner: shebang, codeSplitting: false },
    logLevel: 'warn',
  }
}

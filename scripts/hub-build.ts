import { isBuiltin } from 'node:module'
import type { BuildOptions } from 'rolldown'

/**
 * Packages that the hub loads from its node_modules: native ones, one that is a data file, and those that find parts of
 * themselves by path. All others are in its own files: looking for hundreds of small files takes longer than everything else
 * that a start does, and so does the index of an archive that lists them.
 */
const OUTSIDE = /^(better-sqlite3|argon2|libphonenumber-geo-carrier|fastify|@fastify\/[^/]+)(\/|$)/

export function isOutside(name: string): boolean {
  return OUTSIDE.test(name)
}

/** The hub as it ships. Workers are entries of their own: they are started by path. So are holidays, loaded when they are wanted. */
const ENTRIES = {
  cli: 'src/main/cli.ts',
  headless: 'src/main/headless.ts',
  desktop: 'src/main/index.ts',
  'import-worker': 'src/main/services/imports/worker.ts',
  'chore-worker': 'src/main/db/chore-worker.ts',
  'holiday-library': 'src/main/services/holiday-library.ts',
  'score-worker': 'src/main/services/auth/score-worker.ts',
}

/** What only the window needs has a name of its own, so that the npm package can leave it out. */
const OF_WINDOW = /src[\\/]main[\\/]desktop[\\/]|node_modules[\\/]electron-updater[\\/]/

/** How the hub is built into a folder of this project. `more`: further programs on the same parts, by the name of their file. */
export function hubBuild(dir: string, more: Readonly<Record<string, string>> = {}): BuildOptions {
  return {
    input: { ...ENTRIES, ...more },
    platform: 'node',
    external: id =>
      isBuiltin(id) || OUTSIDE.test(id) || id === 'electron' || id === 'bufferutil' || id === 'utf-8-validate',
    // The package also serves Node 22, which does not know `using` yet.
    transform: { target: 'node22' },
    output: {
      ...{ dir, format: 'esm' },
      entryFileNames: '[name].mjs',
      chunkFileNames: ({ moduleIds }) =>
        moduleIds.some(id => OF_WINDOW.test(id)) ? 'chunks/window-[name]-[hash].mjs' : 'chunks/[name]-[hash].mjs',
    },
    logLevel: 'warn',
  }
}
